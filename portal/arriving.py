"""A request as far as it has arrived: whether it is whole, too large, or too late. Nothing here is read off a line."""

import re
import time
from typing import Any

#: Seconds from the connection, or from the last answer's end, to the end of the headers; from there to the body's end.
HEADERS_WITHIN, BODY_WITHIN = 10.0, 60.0
#: Bytes of a request's headers and of its body. The portal itself takes half of that, and says so in words.
LARGEST_HEAD, LARGEST_BODY = 32 * 1024, 2 * 1024 * 1024
#: Of the first line, method and address; gunicorn's own default.
LONGEST_LINE = 4094
_LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding[ \t]*:[^\r\n]*chunked", re.IGNORECASE)
_CONTINUE = re.compile(rb"\r\nexpect[ \t]*:[ \t]*100-continue", re.IGNORECASE)


class Arriving:
    """A request as far as it has arrived. `body_at` is -1 while headers are missing, `length` -1 for a chunked body."""

    __slots__ = ("body_at", "buffer", "chunk_at", "conn", "continued", "deadline", "length")

    def __init__(self, conn: Any, buffer: bytes) -> None:
        self.conn = conn
        self.buffer = bytearray(buffer)
        self.deadline = time.monotonic() + HEADERS_WITHIN
        self.body_at = self.length = -1
        self.chunk_at = 0
        self.continued = False

    def refusal(self) -> int:
        """The status of a request that is too large, else 0."""
        head = self.body_at if self.body_at >= 0 else len(self.buffer)
        if head > LARGEST_HEAD:
            return 431 if 0 <= self.buffer.find(b"\r\n") < LONGEST_LINE else 414
        if self.body_at < 0:
            return 0
        return 413 if max(self.length, len(self.buffer) - self.body_at) > LARGEST_BODY else 0

    def is_whole(self) -> bool:
        """Whether everything is there. What can't be read is whole too: gunicorn's parser says what is wrong."""
        if self.body_at < 0 and not self._find_body():
            return False
        if self.length >= 0:
            return len(self.buffer) - self.body_at >= self.length
        return self._has_last_chunk()

    def wants_to_be_told_to_go_on(self) -> bool:
        """Whether the client holds its body back until it is asked for; True once."""
        if self.body_at < 0 or self.continued:
            return False
        self.continued = True
        return _CONTINUE.search(self.buffer, 0, self.body_at) is not None

    def _find_body(self) -> bool:
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        self.body_at = self.chunk_at = end + 4
        self.deadline = time.monotonic() + BODY_WITHIN
        found = _LENGTH.search(self.buffer, 0, end + 2)
        if not _CHUNKED.search(self.buffer, 0, end):
            self.length = int(found[1]) if found else 0
        elif (
            found
        ):  # which of the two holds nobody knows: gunicorn refuses it, and nothing more is waited for
            self.length = 0
        return True

    def _has_last_chunk(self) -> bool:
        while (end := self.buffer.find(b"\r\n", self.chunk_at)) >= 0:
            try:
                size = int(bytes(self.buffer[self.chunk_at : end]).partition(b";")[0], 16)
            except ValueError:
                return True
            if size < 0 or size > LARGEST_BODY:
                return True
            if size == 0:  # trailers may follow, then an empty line
                return self.buffer.find(b"\r\n\r\n", end) >= 0
            if len(self.buffer) < end + 4 + size:
                return False
            self.chunk_at = end + 4 + size
        return len(self.buffer) - self.chunk_at > 100
