"""Sending requests and measuring: times as a client sees them, processor time as the kernel counts it."""

import http.client
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Shot:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None = None


@dataclass(frozen=True)
class Figures:
    """What one scenario came to. Times in milliseconds; processor time for each request."""

    requests: int
    per_second: float
    p50: float
    p95: float
    size: int
    application_cpu: float
    database_cpu: float


def cpu_of(root: int) -> float:
    """Seconds of processor time of a process, all below it, and those below that have ended."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(folder.name)
        parents[pid] = int(fields[1])
        own = int(fields[11]) + int(fields[12])
        ended = int(fields[13]) + int(fields[14]) if pid == root else 0
        used[pid] = (own + ended) / TICK
    below = {root}
    while more := {pid for pid, parent in parents.items() if parent in below and pid not in below}:
        below |= more
    return sum(used.get(pid, 0.0) for pid in below)


def measure(
    port: int,
    shots: Callable[[], Iterator[Shot]],
    *,
    seconds: float,
    threads: int,
    application: int,
    database: int,
) -> Figures:
    """Send shots over kept connections for so long; every answer must be a success."""
    source, lock = shots(), threading.Lock()
    times: list[float] = []
    sizes: list[int] = []
    failures: list[str] = []

    def next_shot() -> Shot | None:
        with lock:
            return next(source, None)

    def run(until: float) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.perf_counter() < until and not failures:
            shot = next_shot()
            if shot is None:
                break
            started = time.perf_counter()
            connection.request(shot.method, shot.path, shot.body, shot.headers)
            response = connection.getresponse()
            content = response.read()
            times.append(time.perf_counter() - started)
            sizes.append(len(content))
            if response.status not in (200, 201):
                failures.append(f"{shot.method} {shot.path}: {response.status} {content[:300]!r}")
        connection.close()

    def salvo(length: float) -> float:
        times.clear()
        sizes.clear()
        began = time.perf_counter()
        pool = [threading.Thread(target=run, args=(began + length,)) for _index in range(threads)]
        for thread in pool:
            thread.start()
        for thread in pool:
            thread.join()
        return time.perf_counter() - began

    salvo(min(1.0, seconds / 3))
    before = cpu_of(application), cpu_of(database)
    took = salvo(seconds)
    after = cpu_of(application), cpu_of(database)
    if failures:
        raise RuntimeError(failures[0])
    count = len(times)
    ordered = sorted(times)
    return Figures(
        requests=count,
        per_second=count / took,
        p50=statistics.median(ordered) * 1000,
        p95=ordered[int(count * 0.95)] * 1000,
        size=round(statistics.mean(sizes)),
        application_cpu=(after[0] - before[0]) / count * 1000,
        database_cpu=(after[1] - before[1]) / count * 1000,
    )
