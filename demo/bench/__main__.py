"""`./dev bench [--referrals N] [--seconds S] [--walls | --rules] [--write]`: measure on own servers, print a table.

`--write` puts the table into docs/performance.md.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from demo import children, places
from demo.bench import load, rules, walls, worker
from demo.bench.scenarios import Scenario, prepare
from demo.embedded import Servers
from demo.errors import Stop

ROOT = places.ROOT
PAPER = ROOT / "docs" / "performance.md"
FIGURES = ("<!-- figures: begin -->", "<!-- figures: end -->")
WALLS = ("<!-- walls: begin -->", "<!-- walls: end -->")
THREADS = 4
PORTS = (18731, 18732)
Row = tuple[Scenario, load.Figures, load.Figures | None]
"""A request, what it costs, and its floor where it has one."""


def main(arguments: list[str]) -> int:
    """Run the measurements; the exit code."""
    options = _options(arguments)
    figure = rules.sentence(rules.measure())
    if options.rules:
        print(figure)
        return 0
    servers = Servers(places.throw_away_folder(), durable=True, given={})
    started: list[subprocess.Popen[bytes]] = []
    folder = servers.places.base
    try:
        servers.start()
        _environment(servers)
        scenarios = prepare(options.referrals)
        floor_file = folder / "floor.json"
        floor_file.write_text(json.dumps({one.floor_path: one.statements for one in scenarios}), "utf-8")
        os.environ["BENCH_FLOOR"] = str(floor_file)
        assert servers.postgres is not None
        assert servers.postgres.process is not None
        beside = "demo.bench.bare" if options.walls else "demo.bench.floor"
        for port, module in zip(PORTS, ("portal.wsgi", beside), strict=True):
            # Without the wall: the superuser, whom no policy holds.
            address = servers.postgres.url(role="postgres") if module == "demo.bench.bare" else ""
            started.append(_serve(port, module, folder, address))
            if module != "demo.bench.floor":
                _wait(port)
        database = servers.postgres.process.pid
        if options.walls:
            marks, table = (
                WALLS,
                walls.compare(
                    scenarios, options.seconds, THREADS, list(zip(PORTS, started, strict=True)), database
                ),
            )
        else:
            marks, table = (
                FIGURES,
                _table(_measure(scenarios, options.seconds, started, database), options.referrals),
            )
    except RuntimeError as error:
        raise Stop(f"{error}\n{_last_lines(folder)}") from None
    finally:
        for process in reversed(started):
            children.stop(process, signal.SIGTERM, 10)
        servers.stop()
        servers.places.remove()
    if marks is FIGURES:
        table = f"{table}\n\n{figure}"
    print("\n" + table)
    if options.write:
        write(table, *marks)
    return 0


def _last_lines(folder: Path) -> str:
    """The ends of the servers' logs."""
    return "\n".join(log.read_text("utf-8", errors="replace")[-2000:] for log in folder.glob("1*.log"))


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measure how quick the portal is.")
    parser.add_argument("--referrals", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=5.0, help="for each measurement")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument(
        "--walls", action="store_true", help="compare with and without the wall and the audit log"
    )
    parser.add_argument("--rules", action="store_true", help="only how many rules a second a core evaluates")
    return parser.parse_args(arguments)


def _environment(servers: Servers) -> None:
    """The settings of the demonstration, on the bench's own servers, without limits that would end a measurement."""
    os.environ.update(
        servers.environment,
        DJANGO_ENV="demo",
        DJANGO_SETTINGS_MODULE="portal.settings",
        STATE_DIR=str(servers.places.base),
        STATIC_ROOT=str(servers.places.base / "static"),
        PUBLIC_URL=f"http://127.0.0.1:{PORTS[0]}",
        ALLOWED_HOSTS="127.0.0.1,localhost",
        API_REQUESTS_PER_MINUTE="100000000",
        LOG_LEVEL="WARNING",
        PATH=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
    )


def _serve(port: int, module: str, folder: Path, address: str = "") -> subprocess.Popen[bytes]:
    environment = {**os.environ, "WEB_BIND": f"127.0.0.1:{port}", "WEB_THREADS": "2", "PYTHONPATH": str(ROOT)}
    environment.pop("DATABASE_AS", None)  # what filled the database was the owner's
    environment.pop("DATABASE_OWNER_URL", None)
    if address:
        environment |= {"DATABASE_URL": address, "DATABASE_AS": "owner"}
    command = ["gunicorn", "--config", "portal/gunicorn.py", "--max-requests", "0", f"{module}:application"]
    return children.start(command, env=environment, log=folder / f"{port}.log", cwd=ROOT)


def _wait(port: int) -> None:
    for _attempt in range(150):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise Stop("The measured server does not answer.")


def _measure(
    scenarios: list[Scenario], seconds: float, servers: list[subprocess.Popen[bytes]], database: int
) -> list[Row]:
    rows: list[Row] = []
    worker.run()  # what was left from filling
    for scenario in scenarios:
        # The floor first: what the portal then writes would stand in the way of the floor's statements.
        floor, own = (
            load.measure(
                port, shots, seconds=seconds, threads=THREADS, application=server.pid, database=database
            )
            for port, shots, server in (
                (PORTS[1], scenario.floor_shots, servers[1]),
                (PORTS[0], scenario.shots, servers[0]),
            )
        )
        rows.append((scenario, own, floor))
        if scenario.leaves_work:
            rows.append(_workers_share(scenario, database))
        cpu = f"{own.application_cpu:.2f} + {own.database_cpu:.2f} ms of processor time"
        print(f"  {scenario.name:<20}{own.per_second:8.0f} requests/s {cpu}", flush=True)
    return rows


def _workers_share(scenario: Scenario, database: int) -> Row:
    """What the workers do for each of the requests that were just made."""
    before = load.cpu_of(database)
    done = worker.run()
    number = scenario.used
    jobs, cpu = done["jobs"] / number, done["seconds"] / number * 1000
    spent = (load.cpu_of(database) - before) / number * 1000
    figures = load.Figures(number, 0, 0, 0, 0, cpu, spent)
    return Scenario(f"{scenario.name}: its {jobs:.0f} jobs", "", {}), figures, None


def _table(rows: list[Row], number: int) -> str:
    """The figures as a table in Markdown."""
    heads = (
        "request", "requests/s", "p50 ms", "p95 ms", "queries", "bytes", "CPU ms app", "CPU ms database",
        "floor: requests/s", "floor: CPU ms app", "floor: CPU ms database", "CPU × floor",
    )  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    for scenario, own, floor in rows:
        cells = [scenario.name, *_client_side(scenario, own)]
        cells += [f"{own.application_cpu:.2f}", f"{own.database_cpu:.2f}", *_beside(own, floor)]
        lines.append(f"| {' | '.join(cells)} |")
    cores = len(os.sched_getaffinity(0))
    busy = os.getloadavg()[1]
    lines.append("")
    lines.append(
        f"{number} referrals, {cores} cores, Python {platform.python_version()}, {THREADS} clients at a time on the "
        f"same machine. Load over five minutes {busy:.1f}; a loop of a million additions took {_loop():.0f} ms of "
        "processor time."
    )
    return "\n".join(lines)


def _client_side(scenario: Scenario, own: load.Figures) -> list[str]:
    if not own.size:  # nobody waits for the workers
        return [""] * 5
    numbers = (f"{own.per_second:.0f}", f"{own.p50:.1f}", f"{own.p95:.1f}")
    return [*numbers, str(len(scenario.statements)), str(own.size)]


def _beside(own: load.Figures, floor: load.Figures | None) -> list[str]:
    if floor is None:
        return [""] * 4
    ratio = (own.application_cpu + own.database_cpu) / max(0.01, floor.application_cpu + floor.database_cpu)
    numbers = (f"{floor.per_second:.0f}", f"{floor.application_cpu:.2f}", f"{floor.database_cpu:.2f}")
    return [*numbers, f"{ratio:.1f}"]


def _loop() -> float:
    """How quick the processor is just now: other work on the machine shows here too. Milliseconds."""
    total, began = 0, time.process_time()
    for number in range(1_000_000):
        total += number
    return (time.process_time() - began) * 1000


def write(table: str, begin: str, end: str) -> None:
    text = PAPER.read_text("utf-8")
    before, _begin, rest = text.partition(begin)
    _old, _end, after = rest.partition(end)
    PAPER.write_text(f"{before}{begin}\n{table}\n{end}{after}", "utf-8")
    print(f"  Written: {PAPER.relative_to(ROOT)}")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(f"dev: {stop}", file=sys.stderr)
        sys.exit(1)
