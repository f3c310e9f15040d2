"""Slow clients: half-sent requests, and readers that take nothing."""

import time
from collections.abc import Iterator

from tools.attack.target import PATIENCE, Target, Try, attack


@attack("200 half-sent requests, and normal ones beside them", "API4")
def half_sent(target: Target) -> Iterator[Try]:
    head = f"POST /oauth/token HTTP/1.1\r\nHost: {target.host}:{target.port}\r\n".encode()
    kinds = (
        b"",
        b"GET / HT",
        head,
        head + b"Content-Length: 100\r\n\r\nhalf",
        head + b"Transfer-Encoding: chunked\r\n\r\n5",
    )
    slow = [target.half_sent(kinds[number % len(kinds)]) for number in range(200)]
    try:
        times = []
        for _ in range(5):
            started = time.monotonic()
            answer = target.nobody().get("/healthz")
            times.append(time.monotonic() - started if answer.status == 200 else PATIENCE)
        yield Try("GET /healthz, five times", f"{max(times):.2f} s at most", max(times) < 5)
    finally:
        for connection in slow:
            connection.close()


@attack("six readers that ask and take nothing", "API4")
def slow_readers(target: Target) -> Iterator[Try]:
    request = f"GET /api/v1/schema/ HTTP/1.1\r\nHost: {target.host}:{target.port}\r\n\r\n".encode()
    slow = [target.half_sent(request) for _ in range(6)]
    try:
        started = time.monotonic()
        answer = target.nobody().get("/healthz")
        took = time.monotonic() - started
        yield Try(
            "GET /healthz", f"{answer.short} after {took:.2f} s", answer.status == 200 and took < PATIENCE
        )
    finally:
        for connection in slow:
            connection.close()


@attack("a request that never ends is let go of", "API4", quick=False)
def never_ending(target: Target) -> Iterator[Try]:
    connection = target.half_sent(f"GET / HTTP/1.1\r\nHost: {target.host}\r\nX: ".encode())
    connection.settimeout(25)
    started = time.monotonic()
    try:
        said = connection.recv(1000)
        came_back = said[9:12].decode() or "closed"
        held = said == b"" or b" 408 " in said
    except TimeoutError:
        came_back, held = "nothing", False
    yield Try("half of a header, then nothing", f"{came_back} after {time.monotonic() - started:.0f} s", held)
    connection.close()
