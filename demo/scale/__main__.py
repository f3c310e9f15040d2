"""`./dev scale [--rows N] [--repeats R] [--plans] [--write]`: what pages and answers cost with N/100, N/10 and N
referrals, on servers of its own.

For each: its statements, the p95 of its time at each size, and what its plans read whole or sort; `--plans` prints by
which indexes they read. `--write` puts the table into docs/performance.md. It asks by the login of the web, through
Django's handler: what a server would add doesn't grow.
"""

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import psycopg2

from demo import places
from demo.bench.__main__ import write
from demo.embedded import Servers
from demo.errors import Stop
from demo.postgres import ROLE, Postgres

MARKS = ("<!-- scale: begin -->", "<!-- scale: end -->")
ALLOWED = 1.5
"""How many times its p95 at a hundredth of the rows an answer may take."""


@dataclass(slots=True)
class Cost:
    """What one question costs at one size. Times in milliseconds, `database` of all statements together."""

    queries: int
    p95: float
    database: float
    faults: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    """Fill, measure, print; the exit code."""
    parser = argparse.ArgumentParser(prog="./dev scale", description="Measure lists at three sizes.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=20, help="how often each is asked at each size")
    parser.add_argument("--only", default="", help="ask only what has this text in its name")
    parser.add_argument("--plans", action="store_true", help="print by which indexes each reads")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    options = parser.parse_args(arguments)
    rows = options.rows
    sizes = sorted({max(100, rows // 100), max(100, rows // 10), rows})
    servers = Servers(places.throw_away_folder(), durable=False, given={})
    try:
        servers.start()
        assert servers.postgres is not None
        _environment(servers)
        systems = _prepared(servers)
        import django

        django.setup()
        found = measured(sizes, servers.postgres, systems, options)
    except (RuntimeError, psycopg2.Error) as error:
        raise Stop(str(error)) from None
    finally:
        servers.stop()
        servers.places.remove()
    print("\n" + _lines(sizes, found, plans=options.plans))
    if options.write:
        write(_table(sizes, found, options.repeats), *MARKS)
    return 0


def _environment(servers: Servers) -> None:
    os.environ.update(
        servers.environment,
        DJANGO_ENV="demo",
        DJANGO_SETTINGS_MODULE="portal.settings",
        STATE_DIR=str(servers.places.base),
        STATIC_ROOT=str(servers.places.base / "static"),
        PUBLIC_URL="http://127.0.0.1",
        ALLOWED_HOSTS="127.0.0.1,localhost,testserver",
        API_REQUESTS_PER_MINUTE="100000000",
        LOG_LEVEL="ERROR",
    )


def _prepared(servers: Servers) -> dict[str, Any]:
    """What `demo.scale.prepare` says, which has the owner's login."""
    ran = subprocess.run(
        [sys.executable, "-m", "demo.scale.prepare"], cwd=places.ROOT, stdout=subprocess.PIPE, text=True
    )
    if ran.returncode:
        raise Stop("The tables and the demonstration’s data can’t be made.")
    systems: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return systems


def measured(
    sizes: list[int], postgres: Postgres, systems: dict[str, Any], options: argparse.Namespace
) -> dict[str, list[Cost]]:
    """By question, its cost at each size."""
    from demo.scale.fill import FILLED, grow
    from demo.scale.questions import questions

    found: dict[str, list[Cost]] = {}
    filled = 0
    readers = None
    for place, size in enumerate(sizes):
        began = time.monotonic()
        with contextlib.closing(postgres.connect(ROLE)) as connection:
            connection.autocommit = False
            with connection.cursor() as cursor:
                grow(cursor, size - filled, filled)
            connection.commit()
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE " + ", ".join(FILLED))
        filled = size
        print(f"  {size} referrals are there{time.monotonic() - began:24.1f} s", flush=True)
        readers = readers or _readers(systems)
        for question in questions(readers):
            if options.only in question.name:
                costs = found.setdefault(question.name, [])
                # What a smaller size has nothing to open for costs nothing there.
                costs += [Cost(0, 0, 0)] * (place - len(costs))
                costs.append(_cost(question, options.repeats))
    return found


def _cost(question: Any, repeats: int) -> Cost:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from demo.scale.plans import faults, paths, plan_of

    question.ask()
    with CaptureQueriesContext(connection) as caught:
        answer = question.ask()
    if answer.status_code not in (200, 201, 409):  # 409 asks whether it is somebody known
        raise Stop(f"{question.name}: {answer.status_code} {answer.content[:500]!r}")
    asked = [query["sql"] for query in caught.captured_queries if query["sql"].startswith(("SELECT", "WITH"))]
    database = sum(float(query["time"]) for query in caught.captured_queries) * 1000
    times = []
    for _repeat in range(repeats):
        began = time.perf_counter()
        question.ask()
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    plans = [plan_of(sql, question.actor) for sql in asked]
    return Cost(
        queries=len(asked),
        p95=times[max(0, round(len(times) * 0.95) - 1)],
        database=database,
        faults=[fault for plan in plans for fault in faults(plan)],
        paths=[path for plan in plans for path in paths(plan)],
    )


def _readers(systems: dict[str, Any]) -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client
    from oauth2_provider.models import get_application_model

    from demo.bench.fill import browser_of
    from demo.scale.prepare import SCOPES
    from demo.scale.questions import Reader, Readers
    from facilities.memberships import actor_for_client, actor_for_user

    def person(username: str) -> Reader:
        actor = actor_for_user(get_user_model().objects.get(username=username))
        assert actor is not None
        return Reader(actor, browser_of(username))

    def system(name: str) -> Reader:
        known = systems[name]
        row = get_application_model().objects.get(pk=known["client"])
        actor = actor_for_client(row, scopes=frozenset(SCOPES))
        assert actor is not None
        headers = {"authorization": f"Bearer {known['token']}", "accept": "application/json"}
        return Reader(actor, Client(headers={"host": "127.0.0.1", **headers}))

    return Readers(
        clinician=person("clinician.kz"),
        officer=person("officer.kz"),
        coordinator=person("coordinator.kz"),
        officer_there=person("officer.kg"),
        desk=person("desk.kg"),
        auditor=person("auditor.kz"),
        large=system("large"),
        small=system("small"),
        host=system("host"),
    )


def _ratio(costs: list[Cost]) -> float:
    """The p95 of the largest size by that of a hundredth of it, or of the smallest at which it was asked."""
    asked = [cost.p95 for cost in costs if cost.queries] or [1.0]
    return costs[-1].p95 / max(asked[0], 0.1)


def _lines(sizes: list[int], found: dict[str, list[Cost]], *, plans: bool) -> str:
    heads = "".join(f"{size:>10}" for size in sizes)
    lines = [
        f"{'p95 in ms (of it in the database, the last)':<70}{'queries':>8}{heads}{'database':>10}{'×':>6}"
    ]
    for name, costs in found.items():
        times = "".join(f"{cost.p95:10.1f}" for cost in costs)
        ratio = _ratio(costs)
        mark = " <" if ratio > ALLOWED else ""
        lines.append(
            f"{name[:69]:<70}{costs[-1].queries:>8}{times}{costs[-1].database:>10.1f}{ratio:>6.1f}{mark}"
        )
        lines += [f"    {fault}" for fault in dict.fromkeys(costs[-1].faults)]
        lines += [f"      {path}" for path in dict.fromkeys(costs[-1].paths)] if plans else []
    over = sum(_ratio(costs) > ALLOWED for costs in found.values())
    lines.append(
        f"{over} of {len(found)} take more than {ALLOWED} × as long with {sizes[-1]} as with {sizes[0]}."
    )
    return "\n".join(lines)


def _table(sizes: list[int], found: dict[str, list[Cost]], repeats: int) -> str:
    """The figures as a table in Markdown."""
    heads = ["asked", "queries", *(f"p95 ms, {size:,}" for size in sizes), "ratio", "plans"]
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    for name, costs in found.items():
        faults = ", ".join(dict.fromkeys(costs[-1].faults)) or "by indexes"
        cells = [
            name,
            str(costs[-1].queries),
            *(f"{cost.p95:.0f}" for cost in costs),
            f"{_ratio(costs):.1f}",
            faults,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    load = os.getloadavg()[1]
    lines += [
        "",
        f"Each asked {repeats} times. {len(os.sched_getaffinity(0))} cores, Python "
        f"{platform.python_version()}, load over five minutes {load:.1f}.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(f"dev: {stop}", file=sys.stderr)
        sys.exit(1)
