"""`./dev bench [--referrals N] [--seconds S] [--write]`: measure on servers of its own, and print a table.

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
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo import children, places
from demo.bench import load
from demo.embedded import Servers
from demo.errors import Stop

ROOT = places.ROOT
PAPER = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
THREADS = 4
PORTS = (18731, 18732)


@dataclass
class Scenario:
    """A request that is measured: what it is called, and how it's made."""

    name: str
    path: str
    headers: dict[str, str]
    method: str = "GET"
    bodies: list[bytes] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    used: int = 0

    def shots(self) -> Iterator[load.Shot]:
        """Requests without end, or as long as there are contents."""
        if not self.bodies:
            shot = load.Shot(self.method, self.path, self.headers)
            while True:
                yield shot
        while self.used < len(self.bodies):
            self.used += 1
            yield load.Shot(self.method, self.path, self.headers, self.bodies[self.used - 1])

    def floor_shots(self) -> Iterator[load.Shot]:
        """The same for the floor, which takes the first content again and again."""
        headers = {"Content-Type": "application/json"} if self.bodies else {}
        shot = load.Shot(self.method, self.floor_path, headers, self.bodies[0] if self.bodies else None)
        while True:
            yield shot

    @property
    def floor_path(self) -> str:
        return "/" + self.name.replace(" ", "-")


def main(arguments: list[str]) -> int:
    """Run the measurements; the exit code."""
    options = _options(arguments)
    servers = Servers(places.throw_away_folder(), durable=True, given={})
    started: list[subprocess.Popen[bytes]] = []
    folder = servers.places.base
    try:
        servers.start()
        _environment(servers)
        scenarios = _prepare(options.referrals)
        floor_file = folder / "floor.json"
        floor_file.write_text(json.dumps({one.floor_path: one.statements for one in scenarios}), "utf-8")
        os.environ["BENCH_FLOOR"] = str(floor_file)
        for port, module in zip(PORTS, ("portal.wsgi", "demo.bench.floor"), strict=True):
            started.append(_serve(port, module, folder))
        _wait(PORTS[0])
        assert servers.postgres is not None
        assert servers.postgres.process is not None
        rows = _measure(scenarios, options.seconds, started, servers.postgres.process.pid)
    except RuntimeError as error:
        raise Stop(f"{error}\n{_last_lines(folder)}") from None
    finally:
        for process in reversed(started):
            children.stop(process, signal.SIGTERM, 10)
        servers.stop()
        servers.places.remove()
    table = _table(rows, options.referrals)
    print("\n" + table)
    if options.write:
        _write(table)
    return 0


def _last_lines(folder: Path) -> str:
    """The ends of the servers' logs."""
    return "\n".join(log.read_text("utf-8", errors="replace")[-2000:] for log in folder.glob("1*.log"))


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measure how quick the portal is.")
    parser.add_argument("--referrals", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=5.0, help="for each measurement")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
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


def _prepare(number: int) -> list[Scenario]:
    from demo.prepare import collect_static
    from portal import release

    release.set_up()
    release.run(release.steps())
    from django.db import connection

    from demo.bench.fill import fill

    began = time.monotonic()
    collect_static()
    data = fill(number)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"  {number} referrals are made{time.monotonic() - began:24.1f} s", flush=True)
    scenarios = _scenarios(data)
    for scenario in scenarios:
        scenario.statements = _sql_of(scenario)
    os.environ["BENCH_DSN"] = _dsn(connection.get_connection_params())
    connection.close()
    return scenarios


def _scenarios(data: Any) -> list[Scenario]:
    token = _token(data.client_id, data.client_secret)
    api = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    page = {"Cookie": f"sessionid={data.session}", "Accept": "text/html"}
    bodies = [json.dumps(body).encode() for body in data.bodies]
    return [
        Scenario("list of 20", "/api/v1/referrals/?limit=20", api),
        Scenario("one referral", f"/api/v1/referrals/{data.referral}/", api),
        Scenario(
            "create and submit",
            "/api/v1/referrals/",
            {**api, "Content-Type": "application/json"},
            method="POST",
            bodies=bodies,
        ),
        Scenario("worklist page", "/referrals/", page),
        Scenario("directory search", "/api/v1/facilities/?q=hospital&limit=20", api),
        Scenario("ICD-10 search", "/api/v1/icd10/?q=mitral+insufficiency", api),
    ]


def _token(client_id: str, secret: str) -> str:
    """A token that lasts for the whole run."""
    from datetime import timedelta

    from django.test import Client
    from django.utils import timezone
    from oauth2_provider.models import get_access_token_model

    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    response = Client(headers={"host": "127.0.0.1"}).post(
        "/oauth/token",
        "&".join(f"{name}={value}" for name, value in form.items()),
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 200, response.content
    get_access_token_model().objects.update(expires=timezone.now() + timedelta(hours=6))
    token: str = response.json()["access_token"]
    return token


def _sql_of(scenario: Scenario) -> list[str]:
    """The statements of one request, with their values; what it wrote is taken back."""
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    headers = {**scenario.headers, "host": "127.0.0.1"}
    http = Client(headers={name: value for name, value in headers.items() if name != "Content-Type"})
    body: dict[str, Any] = (
        {"data": scenario.bodies[0], "content_type": "application/json"} if scenario.bodies else {}
    )
    if not body:
        http.generic(scenario.method, scenario.path)  # what is kept between requests is filled
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        response = http.generic(scenario.method, scenario.path, **body)
        transaction.set_rollback(True)
    assert response.status_code in (200, 201), response.content[:500]
    skipped = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    return [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(skipped)]


def _dsn(parameters: dict[str, Any]) -> str:
    from psycopg2.extensions import make_dsn

    known = {
        name: parameters[name]
        for name in ("dbname", "user", "password", "host", "port", "options")
        if parameters.get(name)
    }
    return str(make_dsn(**known))


def _serve(port: int, module: str, folder: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "WEB_BIND": f"127.0.0.1:{port}", "WEB_THREADS": "2", "PYTHONPATH": str(ROOT)}
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
) -> list[tuple[Scenario, load.Figures, load.Figures]]:
    rows = []
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
        cpu = f"{own.application_cpu:.2f} + {own.database_cpu:.2f} ms of processor time"
        print(f"  {scenario.name:<20}{own.per_second:8.0f} requests/s {cpu}", flush=True)
    return rows


def _table(rows: list[tuple[Scenario, load.Figures, load.Figures]], number: int) -> str:
    """The figures as a table in Markdown."""
    heads = (
        "request", "requests/s", "p50 ms", "p95 ms", "queries", "bytes", "CPU ms app", "CPU ms database",
        "floor: requests/s", "floor: CPU ms app", "floor: CPU ms database", "CPU × floor",
    )  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    for scenario, own, floor in rows:
        ratio = (own.application_cpu + own.database_cpu) / max(
            0.01, floor.application_cpu + floor.database_cpu
        )
        cells = (
            scenario.name,
            f"{own.per_second:.0f}",
            f"{own.p50:.1f}",
            f"{own.p95:.1f}",
            str(len(scenario.statements)),
            str(own.size),
            f"{own.application_cpu:.2f}",
            f"{own.database_cpu:.2f}",
            f"{floor.per_second:.0f}",
            f"{floor.application_cpu:.2f}",
            f"{floor.database_cpu:.2f}",
            f"{ratio:.1f}",
        )
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


def _loop() -> float:
    """How quick the processor is just now: other work on the machine shows here too. Milliseconds."""
    total, began = 0, time.process_time()
    for number in range(1_000_000):
        total += number
    return (time.process_time() - began) * 1000


def _write(table: str) -> None:
    text = PAPER.read_text("utf-8")
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    PAPER.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", "utf-8")
    print(f"  Written: {PAPER.relative_to(ROOT)}")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(f"dev: {stop}", file=sys.stderr)
        sys.exit(1)
