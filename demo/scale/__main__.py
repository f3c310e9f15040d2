"""`./dev scale [--rows N]`: what lists and searches cost with N/100, N/10 and N referrals, on servers of its own.

For each page and answer: its statements, the p95 of its time at each size, and what its plans read whole or sort.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from demo import places
from demo.embedded import Servers
from demo.errors import Stop

REPEATS = 20
NEVER = 4_000_000_000
SCOPES_OF_READING = ["directory:read", "patients:read", "referrals:read"]
TEXTS = (
    "Familiab 1955",
    "Familiab Imiac",
    "N10000400",
    "+7 705 000 01 20",
    "KZ-90-000120",
    "120",
    "I34",
    "Бишкек",
)

Ask = Callable[..., Any]


def main(arguments: list[str]) -> int:
    """Fill, measure, print; the exit code."""
    parser = argparse.ArgumentParser(prog="./dev scale", description="Measure lists at three sizes.")
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args(arguments).rows
    servers = Servers(places.throw_away_folder(), durable=False, given={})
    try:
        servers.start()
        assert servers.postgres is not None
        environment = {**servers.environment, "DATABASE_URL": servers.postgres.url()}
        # The owner's login alone: it fills the tables, and each reader's transaction takes the role of the web.
        del environment["DATABASE_OWNER_URL"], environment["DATABASE_WORKER_URL"]
        os.environ.update(
            environment,
            DJANGO_ENV="demo",
            DJANGO_SETTINGS_MODULE="portal.settings",
            STATE_DIR=str(servers.places.base),
            STATIC_ROOT=str(servers.places.base / "static"),
            PUBLIC_URL="http://127.0.0.1",
            ALLOWED_HOSTS="127.0.0.1,localhost,testserver",
            API_REQUESTS_PER_MINUTE="100000000",
            LOG_LEVEL="ERROR",
        )
        _set_up()
        print(_table(_measured(sorted({max(100, rows // 100), max(100, rows // 10), rows}))))
    except RuntimeError as error:
        raise Stop(str(error)) from None
    finally:
        servers.stop()
        servers.places.remove()
    return 0


def _set_up() -> None:
    from portal import release

    release.set_up()
    release.run(release.steps())
    from django.core.management import call_command

    from demo.prepare import collect_static

    collect_static()
    call_command("load_demo", verbosity=0)


def _measured(sizes: list[int]) -> dict[str, list[tuple[int, float, list[str]]]]:
    """For each question: at each size the number of statements, the p95 in milliseconds, and the plans' faults."""
    from django.db import connection, transaction

    from demo.scale.fill import grow

    found: dict[str, list[tuple[int, float, list[str]]]] = {}
    filled = 0
    for size in sizes:
        began = time.monotonic()
        with transaction.atomic():
            grow(size - filled, filled)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        filled = size
        print(f"  {size} referrals are there{time.monotonic() - began:24.1f} s", flush=True)
        for name, actor, ask in _questions():
            found.setdefault(name, []).append(_cost(name, actor, ask))
    return found


def _cost(name: str, actor: Any, ask: Ask) -> tuple[int, float, list[str]]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from demo.scale.plans import faults

    ask()
    with CaptureQueriesContext(connection) as caught:
        answer = ask()
    assert answer.status_code == 200, (name, answer.status_code, answer.content[:300])
    asked = [query["sql"] for query in caught.captured_queries if query["sql"].startswith("SELECT")]
    times = []
    for _repeat in range(REPEATS):
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return (
        len(asked),
        times[int(len(times) * 0.95) - 1],
        [fault for sql in asked for fault in faults(sql, actor)],
    )


def _questions() -> Iterator[tuple[str, Any, Ask]]:
    """Every list and search, by people of large hospitals and ministries, and a small hospital's system."""
    from django.contrib.auth import get_user_model
    from django.urls import reverse

    from facilities.memberships import actor_for_user

    people = {name: _client(name) for name in ("clinician.kz", "officer.kz", "coordinator.kz", "desk.kg")}
    pages = (
        (
            "clinician.kz",
            "referrals:worklist",
            ("?tab=mine", "?tab=others", "?tab=over", "?tab=over&page=50"),
        ),
        (
            "officer.kz",
            "referrals:decisions",
            ("", "?part=with_hosts", "?part=all", "?part=all&sort=filed", "?part=all&direction=in-KG"),
        ),
        ("coordinator.kz", "referrals:decisions", ("?part=declined",)),
        ("desk.kg", "referrals:desk", ("?part=answer", "?part=preparation", "?part=over")),
        ("clinician.kz", "patients:find", ("", "?page=20")),
    )
    actors = {name: actor_for_user(get_user_model().objects.get(username=name)) for name in people}
    for person, page, tabs in pages:
        client = people[person]
        for tab in tabs:
            yield f"{person} {reverse(page)}{tab}", actors[person], partial(client.get, reverse(page) + tab)
        for text in TEXTS:
            address = client.post(reverse(page), {"q": text})["Location"]
            yield f"{person} {reverse(page)} “{text}”", actors[person], partial(client.get, address)
    for size, (actor, api) in (("large", _api(0)), ("small", _api(57))):
        for query in (
            "",
            "?sort=created_at",
            "?state=sent",
            "?updated_since=2026-01-01T00:00:00Z&sort=updated_at",
        ):
            yield f"API of a {size} hospital {query}", actor, partial(api, f"/api/v1/referrals/{query}")
        yield f"API of a {size} hospital, patients", actor, partial(api, "/api/v1/patients/")


def _client(username: str) -> Any:
    """A browser in which that person has shown both factors."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from core.accounts.sessions import SIGN_IN

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(get_user_model().objects.get(username=username))
    session = client.session
    known = {"started": NEVER, "seen": NEVER, "verified": NEVER, "idle": 3600, "longest": 36_000}
    session[SIGN_IN] = known | {"address": "", "agent": "", "second": True, "by": "app"}
    session.save()
    return client


def _api(place: int) -> tuple[Any, Ask]:
    """The system of a Kazakh hospital, that with the most referrals or one further down, and what asks as it."""
    from django.db.models import Count
    from django.test import Client

    from core.actors import SYSTEM
    from demo.bench.scenarios import _token as token_of
    from facilities.actions import create_partner_client
    from facilities.memberships import actor_for_client
    from facilities.models import Facility

    own = Facility.objects.filter(organisation__country_id="KZ").annotate(number=Count("referrals_sent"))
    facility = own.order_by("-number", "pk")[place]
    made = create_partner_client(
        organisation_id=facility.pk,
        name=f"Scale {time.monotonic_ns()}",
        scopes=SCOPES_OF_READING,
        by=SYSTEM,
    )
    token = token_of(made.client.client_id, made.secret)
    client = Client(
        headers={"host": "127.0.0.1", "authorization": f"Bearer {token}", "accept": "application/json"}
    )
    return actor_for_client(made.client, scopes=frozenset(SCOPES_OF_READING)), client.get


def _table(found: dict[str, list[tuple[int, float, list[str]]]]) -> str:
    lines = ["", f"{'':<66}{'queries':>8}{'p95 ms at each size':>32}{'×':>7}"]
    for name, costs in found.items():
        times = "".join(f"{time:10.1f}" for _queries, time, _faults in costs)
        ratio = costs[-1][1] / max(costs[-2][1] if len(costs) > 1 else costs[-1][1], 0.1)
        lines.append(f"{name[:65]:<66}{costs[-1][0]:>8}{times:>32}{ratio:>7.1f}")
        lines += [f"    {fault}" for fault in costs[-1][2]]
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(f"dev: {stop}", file=sys.stderr)
        sys.exit(1)
