"""Slow clients against a real gunicorn with the portal's own configuration: they wait, and nobody waits for them."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.machine_clock]
APP = """
def application(environ, start_response):
    body = environ["wsgi.input"].read()
    size = int(environ["PATH_INFO"].strip("/") or 0)
    answer = b"x" * size or b"%d bytes" % len(body)
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("slow")
    (folder / "slow_app.py").write_text(APP)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "portal/gunicorn.py", "slow_app:application"]
    environment = {
        **os.environ,
        "PYTHONPATH": f"{folder}:{ROOT}",
        "WEB_BIND": f"127.0.0.1:{number}",
        "WEB_CONCURRENCY": "1",
        "WEB_THREADS": "2",
        "WEB_HEADERS_WITHIN": "2.5",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", number), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield number
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0, "half-sent requests must not hold up the end"
        assert "Traceback" not in (folder / "log").read_text()
    finally:
        process.kill()
        process.wait()


def connect(port: int, sent: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), 10)
    client.sendall(sent)
    return client


def ask(port: int, sent: bytes) -> bytes:
    """The whole answer to a request that ends with `Connection: close`."""
    with connect(port, sent) as client:
        return b"".join(iter(lambda: client.recv(65_536), b""))


def quick(port: int) -> float:
    """How long a normal request takes, in seconds."""
    started = time.monotonic()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for body in (b"", b"y" * 5000):  # the second on the same connection
        client.request("POST", "/", body)
        assert client.getresponse().read() == b"%d bytes" % len(body)
    client.close()
    return time.monotonic() - started


def test_two_hundred_half_sent_requests_and_slow_readers_hold_up_nobody(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\n"
    kinds = [
        b"",
        b"GE",
        head,
        head + b"Content-Length: 1000\r\n\r\nhalf",
        head + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
        head + b"Expect: 100-continue\r\nContent-Length: 10\r\n\r\n",
    ]
    slow = [connect(port, kinds[number % len(kinds)]) for number in range(200)]
    # Readers who ask for more than a socket's buffers hold, and take nothing of it.
    slow += [connect(port, b"GET /9000000 HTTP/1.1\r\nHost: a\r\n\r\n") for _ in range(4)]
    # And some who have their answer and don't close.
    slow += [connect(port, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") for _ in range(4)]
    time.sleep(0.3)
    times = [quick(port) for _ in range(20)]
    assert max(times) < 1.0, times
    # Whoever goes on is answered.
    for number, rest, answer in (
        (3, b"x" * 996, b"1000 bytes"),
        (4, b"lo\r\n0\r\n\r\n", b"5 bytes"),
        (5, b"x" * 10, b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"),
    ):
        slow[number].sendall(rest)
        taken = b""
        while answer not in taken:
            taken += (piece := slow[number].recv(1000))
            assert piece, taken
    size = 0
    while size < 9_000_000:
        size += len(piece := slow[200].recv(1_000_000))
        assert piece
    for client in slow[6:]:  # the first six don't close: the end of the server comes to them
        client.close()


def test_what_is_too_large_or_too_late_is_told_so(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    late = [connect(port, head), connect(port, b"")]
    assert b" 431 " in ask(port, head + b"X-Long: " + b"x" * 40_000)
    assert b" 431 " in ask(port, head + b"X: y\r\n" * 2000 + b"\r\n")
    for length in (5_000, 40_000):
        long = ask(port, b"GET /" + b"1" * length + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert b" 414 " in long, length
        assert json.loads(long.partition(b"\r\n\r\n")[2])["code"] == "uri_too_long"
    many = head + b"".join(b"X-%d: y\r\n" % number for number in range(150)) + b"\r\n"
    assert json.loads(ask(port, many).partition(b"\r\n\r\n")[2])["code"] == "headers_too_large"
    refused = ask(port, head + b"Content-Length: 30000000\r\n\r\n" + b"z" * 100)
    assert b" 413 " in refused
    assert b"application/problem+json" in refused
    endless = head + b"Transfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b"z" * 65_536 + b"\r\n") * 40
    assert b" 413 " in ask(port, endless)
    wrongs = [
        b"GET / HTTP/1.1\r\n\r\n\x00",
        b"\x00\x01 / HTTP/1.1\r\n\r\n",
        head + b"Content-Length: -1\r\n\r\n",
        head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ]
    for wrong in wrongs:
        told = ask(port, wrong + b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert b"<html" not in told
    two = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" + head + b"\r\n"
    assert ask(port, two).count(b"200 OK") == 2, "two requests sent in one piece"
    assert quick(port) < 1
    said = [b"".join(iter(lambda client=client: client.recv(1000), b"")) for client in late]  # type: ignore[misc]
    assert b" 408 " in said[0]
    assert said[1] == b""
