"""Gunicorn's threads behind a waiting room: a thread is lent to a request that has arrived whole, and to no other.

Gunicorn's own `gthread` gives a thread to every connection and lets it read: as many half-sent requests as there are
threads stop the portal (ADR 20). Here one loop without threads reads all connections, and writes what a slow reader has
not taken yet. A connection costs a few kilobytes while it is slow, and nothing after its time is up.
"""

import contextlib
import selectors
import socket
import struct
import time
from functools import partial
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from portal import refusing
from portal.arriving import Arriving

#: Seconds for a reader to take an answer, and to close after it.
ANSWER_WITHIN, CLOSED_WITHIN = 60.0, 2.0
#: Bytes of all that waits in one worker; whoever would go over it is asked to come again.
MOST_HELD = 64 * 1024 * 1024
_PIECE = 64 * 1024
_A_MOMENT = struct.pack("ll", 5, 0)
_LOOK_EVERY = 0.5


class Connection(socket.socket):
    """A client's connection that never makes a thread wait: what can't be sent at once is kept in `unsent`."""

    __slots__ = ("unsent",)

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(fileno=accepted.detach())
        self.setblocking(True)
        # A thread reads only what is there already; should it ever look for more, then not for long.
        self.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _A_MOMENT)
        self.unsent = bytearray()

    def sendall(self, data: Any, flags: int = 0) -> None:
        rest = memoryview(data).cast("B")
        if not self.unsent:
            with contextlib.suppress(BlockingIOError):
                rest = rest[self.send(rest, socket.MSG_DONTWAIT) :]
        if rest:
            self.unsent += rest

    def flush(self) -> bool:
        """Send on as far as it goes; whether nothing is left. Raises OSError when the reader is gone."""
        with contextlib.suppress(BlockingIOError):
            while self.unsent:
                del self.unsent[: self.send(self.unsent, socket.MSG_DONTWAIT)]
        return not self.unsent


class Guest(TConn):
    """A connection that is closed by the loop: gunicorn's own way waits two seconds for the client to go first."""

    def __init__(self, worker: "Worker", sock: Connection, client: Any, server: Any) -> None:
        super().__init__(worker.cfg, sock, client, server)
        self.worker = worker
        self.parser = http.get_parser(worker.cfg, sock, client)

    def close(self, graceful: bool = False) -> None:
        if graceful:
            self.worker.nr_conns += 1
            self.worker.see_off(self)
        else:
            super().close()


class Worker(ThreadWorker):
    """The worker class that `portal/gunicorn.py` names. Everything but `handle` runs in the worker's main thread."""

    def init_process(self) -> None:
        self.waiting: dict[int, Arriving] = {}
        self.leaving: dict[int, tuple[Guest, float]] = {}
        self.next_look = 0.0
        super().init_process()

    # --- Requests that arrive ---------------------------------------------------------------------------------------

    def accept(self, listener: Any) -> None:
        try:
            accepted, address = listener.accept()
        except OSError:
            return  # somebody else's by now, or gone
        self.nr_conns += 1
        self.enqueue_req(Guest(self, Connection(accepted), address, listener.getsockname()))

    def enqueue_req(self, conn: Guest) -> None:
        """Called for every connection on which a request begins: wait for its end first."""
        one = Arriving(conn, conn.parser.unreader.take_buffered())
        conn.sock.setblocking(False)
        self.waiting[id(conn)] = one
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._read, one))
        self._go_on(one)

    def _read(self, one: Arriving, _sock: Any) -> None:
        try:
            piece = one.conn.sock.recv(_PIECE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            piece = b""
        if not piece:
            self._forget(one)
            self._close(one.conn)
            return
        one.buffer += piece
        self._go_on(one)

    def _go_on(self, one: Arriving) -> None:
        whole = one.is_whole()
        if refusal := one.refusal():
            self._refuse(one, refusal)
        elif whole:
            self._forget(one)
            one.conn.parser.unreader.unread(bytes(one.buffer))
            one.conn.data_ready = True
            super().enqueue_req(one.conn)
        elif one.wants_to_be_told_to_go_on():
            one.conn.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _forget(self, one: Arriving) -> None:
        if self.waiting.pop(id(one.conn), None) is not None:
            self.poller.unregister(one.conn.sock)

    def _refuse(self, one: Arriving, status: int) -> None:
        self._forget(one)
        try:
            one.conn.sock.sendall(refusing.answer(status))
        except OSError:
            self._close(one.conn)
            return
        self.see_off(one.conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """What gunicorn's parser refuses, and what fails outside of the portal: as a problem, not as a page."""
        status = refusing.status_of(exc)
        if status == 500:
            self.log.error("Error handling request", exc_info=exc)
        else:
            self.log.warning("Invalid request from ip=%s: %s", (addr or ("",))[0], type(exc).__name__)
        with contextlib.suppress(OSError):
            client.sendall(refusing.answer(status))

    def see_off(self, conn: Guest) -> None:
        """Close once the client has read its answer; what still arrives until then is thrown away."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
            return
        self.leaving[id(conn)] = conn, time.monotonic() + CLOSED_WITHIN
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._discard, conn))

    def _discard(self, conn: Guest, _sock: Any) -> None:
        try:
            if conn.sock.recv(_PIECE):
                return
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            pass
        self._leave(conn)

    # --- Answers that leave -----------------------------------------------------------------------------------------

    def finish_request(self, conn: Guest, future: Any) -> None:
        """An answer is written. What its reader has not taken goes out by itself, and the thread is free."""
        if not conn.sock.unsent or future.cancelled() or future.exception() is not None:
            super().finish_request(conn, future)
            return
        conn.sock.setblocking(False)
        self.leaving[id(conn)] = conn, time.monotonic() + ANSWER_WITHIN
        self.poller.register(conn.sock, selectors.EVENT_WRITE, partial(self._write, conn, future))

    def _write(self, conn: Guest, future: Any, _sock: Any) -> None:
        try:
            if not conn.sock.flush():
                return
        except OSError:
            self._leave(conn)
            return
        del self.leaving[id(conn)]
        self.poller.unregister(conn.sock)
        super().finish_request(conn, future)

    def _leave(self, conn: Guest) -> None:
        del self.leaving[id(conn)]
        self.poller.unregister(conn.sock)
        self._close(conn)

    def _close(self, conn: Guest) -> None:
        self.nr_conns -= 1
        conn.close()

    # --- Time and room ----------------------------------------------------------------------------------------------

    def murder_pending(self) -> None:
        """Twice a second: let go of those whose time is up, and of the slowest when room is short."""
        now = time.monotonic()
        if now < self.next_look and self.nr_conns < self.worker_connections - self.cfg.threads:
            return
        self.next_look = now + _LOOK_EVERY
        for one in list(self.waiting.values()):
            if not self.alive:
                one.deadline = min(one.deadline, now + STOP_KEEPALIVE_LINGER if one.buffer else now)
            if one.deadline <= now:
                self._give_up(one)
        for conn, deadline in list(self.leaving.values()):
            if deadline < now:
                self._leave(conn)
        self._make_room()

    def _give_up(self, one: Arriving) -> None:
        if one.buffer:
            self._refuse(one, 408)
        else:  # nothing was asked
            self._forget(one)
            self._close(one.conn)

    def _make_room(self) -> None:
        """New ones must always find a place: the one that has waited longest gives up its own."""
        while self.waiting and self.nr_conns >= self.worker_connections - self.cfg.threads:
            one = min(self.waiting.values(), key=lambda one: one.deadline)
            self._forget(one)
            self._close(one.conn)
        held = sum(len(one.buffer) for one in self.waiting.values())
        held += sum(len(conn.sock.unsent) for conn, _deadline in self.leaving.values())
        while self.waiting and held > MOST_HELD:
            one = max(self.waiting.values(), key=lambda one: len(one.buffer))
            held -= len(one.buffer)
            self._refuse(one, 503)
