"""The table of addresses, what they speak of, and who asks for them."""

from collections.abc import Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from agreements import actions as agreements
from core.outbox import work
from core.outbox.models import Message
from core.permissions import Role
from facilities.models import Membership, RoleRequest
from facilities.reference import LoadReport
from patients.models import LegalHold, LookupBudget, Registration
from retention import loading as retention
from retention.models import Erasure, Period
from tests.factories import referrals as make
from tests.factories.alerts import make_alert
from tests.factories.facilities import World, make_member, make_partner_client, make_user
from tests.factories.patients import make_coverage, make_merge
from tests.factories.situations import ALL_SCOPES

TABLE = Path(__file__).with_name("url_table.txt")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
Declared = dict[str, dict[str, list[int]]]
Everybody = dict[str, tuple[Client, dict[str, Any]]]


def declared() -> tuple[dict[str, list[str]], dict[str, Declared]]:
    """The columns and the addresses of each part of the table: part → name → method → statuses."""
    columns: dict[str, list[str]] = {}
    parts: dict[str, Declared] = {}
    part = name = ""
    for line in TABLE.read_text("utf-8").splitlines():
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if line.startswith("["):
            part = words[0].strip("[]")
            columns[part], parts[part] = words[1:], {}
        elif not line.startswith(" "):
            name = words[0]
            assert name not in parts[part], f"{name} is declared twice"
            parts[part][name] = {}
        else:
            for method in words[0].rstrip(":").split("/"):
                parts[part][name][method] = [int(word) for word in words[1:]]
    return columns, parts


COLUMNS, PARTS = declared()


def addresses(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """The full name of every address, `namespace:name`, without the admin's."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join((*namespaces, pattern.name or f"({pattern.pattern})")), pattern
        elif pattern.namespace != "admin":
            yield from addresses(
                pattern, (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            )


@pytest.fixture
def things(world: World) -> dict[str, Any]:
    """What the addresses speak of, by the names of their parameters."""
    referral, draft = make.make_in_review(world), make.make_draft(world)
    work.drain()
    message = Message.objects.filter(user=world.users["clinician_kz"], channel="inbox").first()
    patient = referral.patient
    consent, number = patient.consents.first(), patient.identifiers.first()
    fund = world.funds["KZ"].pk
    coverage = make_coverage(world.actor("clinician_kz"), patient, fund)
    other, merged = (
        make.make_patient(world, world.actor("clinician_kz"), birth_date=patient.birth_date) for _ in "ab"
    )
    colleague, now = make_member("colleague", world.operator, Role.ADMINISTRATOR), timezone.now()
    assert message is not None
    assert consent is not None
    assert number is not None
    locked = {"organisation": world.korday.organisation, "locked_at": timezone.now()}
    budget = LookupBudget.objects.create(scope="client", subject="x", label="x", **locked)
    link = Registration.objects.create(
        patient=patient, facility=world.andijan, ground="consent", covers=["contact"], how="written"
    )
    opened = make.make_emergency_access(world, referral)
    agreements.draft("cis4-1998-care", by=world.actor("officer_kz"))
    retention.load(LoadReport())
    due = {"record_id": other.pk, "country": world.countries["KZ"], "origin": "period", "asked_at": now}
    held = {
        "ground": "court",
        "reason": "x",
        "placed_by": colleague,
        "placed_by_label": "x",
        "placed_at": now,
    }
    return {
        "registration": link.pk,
        "link": link.pk,
        "access": opened.pk,
        "erasure": Erasure.objects.create(**due, recorded_by_label="x").pk,
        "hold": LegalHold.objects.create(patient=other, country=world.countries["KZ"], **held).pk,
        "period": Period.objects.get(country="KZ", kind="draft").pk,
        "emergency": opened.pk,
        "alert": make_alert(world).pk,
        "budget": budget.pk,
        "facility": world.korday.pk,
        "person": world.users["clinician_kz"].pk,
        "client": make_partner_client(world.korday.organisation, secret="x", scopes=ALL_SCOPES).pk,
        "patient": patient.pk,
        "identifier": number.pk,
        "consent": consent.pk,
        "coverage": coverage.pk,
        "other": other.pk,
        "merge": make_merge(world.actor("clinician_kz"), patient, merged).pk,
        "referral": referral.pk,
        # Nothing is decided, so there is no paper; and no ministry has published a key.
        "paper": 1,
        "part": "certificate",
        "language": "en",
        "country": "KZ",
        "draft": draft.pk,
        "message": message.pk,
        "member": Membership.objects.get(user=colleague).pk,
        "role": RoleRequest.objects.create(
            user=make_user("newcomer"),
            organisation=world.korday.organisation,
            role=Role.CLINICIAN,
            asked_by=colleague,
            asked_for=world.operator,
            asked_at=now,
            expires_at=now + timedelta(days=1),
        ).pk,
    }


_NUMBERED = ("identifier", "coverage", "consent", "merge", "link", "emergency", "alert", "paper")


def address(name: str, pattern: URLPattern, things: dict[str, Any]) -> str:
    """The address with the ids of the things that it speaks of."""
    if name == "api:unknown":
        return "/api/v1/nothing-here/"
    values = {parameter: _value(name, parameter, things) for parameter in pattern.pattern.converters}
    return reverse(name, kwargs=values)


def _value(name: str, parameter: str, things: dict[str, Any]) -> Any:
    if parameter == "referral_id" and name in {
        "referrals:file_page",
        "referrals:autosave",
        "referrals:submit",
    }:
        return things["draft"]
    if name.startswith("agreements:"):
        spoken = {"code": "cis4-1998-care", "number": 2, "place": 1, "step": 1, "part": "terms"}
        return {**spoken, "deed": "hand-over"}[parameter]
    if parameter == "code":
        return "denied"
    if parameter in {"page", "event", "form"}:
        return {"page": "care", "event": "withdraw", "form": "nobodys"}[parameter]
    if name.startswith("accounts:"):
        return {"kind": "app", "number": things["person"] if "reset" in name else 1}[parameter]
    if parameter == "number":
        return things[next(kind for kind in _NUMBERED if kind in name)]
    if parameter == "pk":
        kind = name.split(":")[1].split("_")[0].removesuffix("s")
        return things[kind if kind in things else "facility"]
    return things[parameter.removesuffix("_id")]


def ask(client: Client, method: str, url: str, **extra: Any) -> int:
    """The status of one request, whose traces are undone."""
    cookies = SimpleCookie(client.cookies.output(header="", sep="; "))
    with transaction.atomic():
        status = client.generic(method, url, **extra).status_code
        transaction.set_rollback(True)
    client.cookies = cookies  # signing out ends the session in the browser too
    return status


def people(world: World) -> dict[str, Client]:
    """A browser for each column of the pages' table."""
    users = {
        "clinician": world.users["clinician_kz"],
        "outsider": world.users["outsider"],
        "desk": world.users["host_desk_kg"],
        "officer": world.users["officer_kz"],
        "coordinator": world.users["coordinator_kz"],
        "auditor": world.users["auditor_kz"],
        "administrator": world.users["administrator"],
        "no_role": make_user("no_role"),
    }
    clients = {"anonymous": Client(raise_request_exception=False)}
    for name, user in users.items():
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return clients


def check(part: str, who: Everybody, things: dict[str, Any]) -> None:
    """Ask for every address of a part with every method, as everybody; compare with the table."""
    assert list(who) == COLUMNS[part]
    patterns = dict(addresses(get_resolver()))
    wrong = []
    for name, row in PARTS[part].items():
        url = address(name, patterns[name], things)
        for method, statuses in row.items():
            for column, (person, (client, extra)) in enumerate(who.items()):
                got = ask(client, method, url, **extra)
                if got != statuses[column]:
                    wrong.append(f"{method} {name} by {person}: declared {statuses[column]}, got {got}")
    assert not wrong
