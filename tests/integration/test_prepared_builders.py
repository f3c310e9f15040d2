"""Every builder of a prepared query is compared with its ordinary queryset, for everybody; none may be left out."""

import ast
import hashlib
import importlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from core import zones
from core.actors import SYSTEM, Actor
from core.outbox import work
from core.outbox.models import Job, Message
from core.permissions import Role
from core.prepared import Parameter, lent, prepared, values_of
from facilities.memberships import actor_for_client
from facilities.models import CrossingHours
from referrals import actions
from referrals.api.collection import _FILTERS, _KEYSETS, _SEVERAL
from referrals.machines import REFERRAL
from referrals.models import Consilium, RecordNumber, Referral
from referrals.queues import with_outcomes
from referrals.reading.lists import nothing_more
from tests.architecture.test_streets import APPS, ROOT, sources, tree
from tests.factories import referrals as make
from tests.factories.api import ALL_SCOPES, make_api
from tests.factories.facilities import World, make_partner_client
from tests.integration.compiled import content, filled_in

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
Builder = Callable[..., QuerySet[Any]]
#: Stands in a shape for the actor, with whom the query is built.
ACTOR: Any = object()
Case = tuple[tuple[Any, ...], dict[str, Any]]


def builders() -> Iterator[str]:
    """Every function that is handed to `prepared(…)`, as module:name. One that isn't a function's own name fails."""
    for path in sources("core", *APPS, "portal"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "prepared":
                assert isinstance(node.args[0], ast.Name), f"{module}: name the builder in the call"
                yield f"{module}:{node.args[0].id}"


def the_builder(name: str) -> Builder:
    module, _colon, function = name.partition(":")
    found: Builder = getattr(importlib.import_module(module), function)
    return found


@pytest.fixture
def stock(world: World) -> dict[str, Any]:
    """One of everything that a query can look for."""
    asked = make.make_in_review(world)
    actions.request_information(asked.pk, by=world.actor("officer_kz"), questions=["Fit for the road?"])
    emergency = make.make_submitted(world, priority="stat", triage_note="Chest pain.", needed_by=None)
    referrals = [make.make_draft(world), asked, make.make_in_care(world), emergency]
    work.drain()
    make.make_emergency_access(world, referrals[2])
    CrossingHours.objects.create(crossing=world.akzhol, traffic="all", hours="00:00-24:00")
    token = make_api(world.korday).token
    return {"world": world, "referrals": referrals, "token": token}


def _of_referrals(stock: dict[str, Any], **more: Any) -> list[Case]:
    return [((ACTOR,), {"referral": row.pk, **more}) for row in stock["referrals"]]


def _parts(stock: dict[str, Any]) -> list[Case]:
    return [((), {"referral": row.pk}) for row in stock["referrals"]]


def _of_patients(stock: dict[str, Any]) -> list[Case]:
    return [
        ((), {"patient": row.patient_id, "facility": row.directing_facility_id}) for row in stock["referrals"]
    ]


def _locks(stock: dict[str, Any]) -> list[Case]:
    return [((REFERRAL, ACTOR), {"key": row.pk}) for row in stock["referrals"]]


def _pages(stock: dict[str, Any]) -> list[Case]:
    """Each order and each filter of the API's list, alone and from a place on."""
    moment = timezone.now() - timedelta(days=400)
    filters = {
        "state_0": "in_review",
        "priority_0": "routine",
        "updated_since": moment,
        "country": "KG",
        "number": stock["referrals"][0].number,
        "record_number": stock["referrals"][0].pk,
        "patient": stock["referrals"][0].patient_id,
    }
    assert set(filters) == {*_FILTERS, *(f"{name}_0" for name in _SEVERAL)}
    own = {"own_organisation", "own_country"}
    cases: list[Case] = []
    for sort in _KEYSETS:
        for side in range(5):
            for given in ({}, *({name: filters[name]} for name in filters if sort == "-updated_at")):
                shape = (ACTOR, "ru", sort, side, "", frozenset({*own, *given}), 21)
                cases.append((shape, dict(given)))
    last = Referral.objects.earliest("created_at")
    place = {"last": last.created_at, "tie": last.pk}
    cases.append(((ACTOR, "en", "created_at", 0, "", frozenset({*own, *place}), 2), place))
    return cases


def _own_numbers(stock: dict[str, Any]) -> list[Case]:
    for row in stock["referrals"]:
        RecordNumber.objects.get_or_create(
            referral=row, facility=row.directing_facility, defaults={"value": str(row.pk)}
        )
    return [((ACTOR,), {"referral": row.pk}) for row in stock["referrals"]]


def _consilia(stock: dict[str, Any]) -> list[Case]:
    for row in stock["referrals"]:
        if not Consilium.objects.filter(referral=row).exists():
            Consilium.objects.create(
                referral=row,
                held_on=zones.today(),
                members="A. Testova",
                members_count=1,
                finding="fit",
                text="Fit.",
            )
    return _parts(stock)


def _notices(stock: dict[str, Any]) -> list[Case]:
    world: World = stock["world"]
    return [
        (((Role.CLINICIAN,), "organisation_id"), {"place": world.korday.pk}),
        (((Role.OFFICER, Role.COORDINATOR), "organisation__country_id"), {"place": "KZ"}),
    ]


def _token(stock: dict[str, Any]) -> list[Case]:
    checksum = hashlib.sha256(stock["token"].encode()).hexdigest()
    return [
        ((), {"checksum": checksum, "now": now}) for now in (timezone.now(), timezone.now() + timedelta(1))
    ]


def _messages(stock: dict[str, Any]) -> list[Case]:
    patient = Message.objects.filter(recipient__startswith="patient:").select_related("event").first()
    assert patient is not None
    about = patient.event
    values = {"subject_type": about.subject_type, "subject_id": about.subject_id}
    return [((), {**values, "recipient": patient.recipient})]


CASES: dict[str, Callable[[dict[str, Any]], list[Case]]] = {
    "agreements.access:_country": lambda stock: [((), {"code": code}) for code in ("KZ", "KG")],
    "agreements.access:_fitting": lambda stock: [
        ((emergency,), {"directing": "KZ", "host": host})
        for emergency in (True, False)
        for host in ("KG", "UZ")
    ],
    "agreements.access:_versions": lambda stock: [
        ((), {"agreement": pk}) for pk in {row.agreement_id for row in stock["referrals"] if row.agreement_id}
    ],
    "core.outbox.undelivered:_about": _messages,
    "facilities.feed:_facilities": lambda stock: [((ACTOR,), {"ids": [stock["world"].bishkek.pk]})],
    "disclosure.policy:_of_country": lambda stock: [((), {"country": code}) for code in ("KG", "UZ")],
    "referrals.reading.papers:_papers": _parts,
    "referrals.reading.parts:_accesses": _parts,
    "referrals.reading.parts:_record_number": _own_numbers,
    "facilities.lookups.people:_with": _notices,
    "patients.feed:_consents": lambda stock: [
        ((ACTOR,), {"ids": [row.consent_id for row in stock["referrals"] if row.consent_id]})
    ],
    "patients.feed:_patients": lambda stock: [
        ((ACTOR,), {"ids": [str(row.patient_id) for row in stock["referrals"]]})
    ],
    "referrals.feed:_numbers": lambda stock: [
        ((ACTOR,), {"ids": [str(row.pk) for row in stock["referrals"]]})
    ],
    "referrals.reading.parts:_hours": lambda stock: [
        ((), {"crossing": row.pk}) for row in (stock["world"].akzhol, stock["world"].karasuu)
    ],
    "core.outbox.work:_with_event": lambda stock: [((), {"job": Job.objects.latest("pk").pk})],
    "core.road:_lockable": _locks,
    "facilities.access:_diagnosis": lambda stock: [
        ((), {"code": code}) for code in (stock["referrals"][0].diagnosis_id, "Z99.9")
    ],
    "facilities.lookups.organisations:_named": lambda stock: [
        ((code,), {"keys": [stock["world"].korday.pk, stock["world"].bishkek.pk]})
        for code in ("ru", "kk", "en")
    ],
    "facilities.memberships:_memberships": lambda stock: [
        ((), {"user": user.pk}) for user in stock["world"].users.values()
    ],
    "facilities.tokens:_valid_token": _token,
    "patients.access:_consent": lambda stock: [
        ((ACTOR,), {"patient": row.patient_id, "consent": row.consent_id}) for row in stock["referrals"]
    ],
    "patients.access:_one": lambda stock: [
        ((ACTOR,), {"patient": row.patient_id}) for row in stock["referrals"]
    ],
    "referrals.api.collection:_page": _pages,
    "referrals.api.content:_facilities": lambda stock: [
        ((ACTOR,), {"code": code}) for code in (stock["world"].bishkek.organisation.code, "nothing")
    ],
    "referrals.api.content:_specialties": lambda stock: [
        ((ACTOR,), {"code": code}) for code in (stock["referrals"][0].specialty.code, "nothing")
    ],
    "referrals.notifications:_concerned": _parts,
    "referrals.reading.case:_answer": _of_referrals,
    "referrals.reading.case:_page": _of_referrals,
    "referrals.reading.lists:_rows": lambda stock: [
        ((ACTOR, adding), {"keys": [row.pk for row in stock["referrals"]]})
        for adding in (nothing_more, with_outcomes)
    ],
    "referrals.reading.parts:_active_appointment": _parts,
    "referrals.reading.parts:_consilia": _consilia,
    "referrals.reading.parts:_coverages": _of_patients,
    "referrals.reading.parts:_evidence": _parts,
    "referrals.reading.parts:_facility": lambda stock: [
        ((), {"facility": row.directing_facility_id}) for row in stock["referrals"]
    ],
    "referrals.reading.parts:_history": _parts,
    "referrals.reading.parts:_identifiers": _of_patients,
    "referrals.reading.parts:_latest_results": _parts,
    "referrals.reading.parts:_questions": _parts,
    "referrals.reading.parts:_stages": _parts,
}


def test_every_builder_is_compared() -> None:
    assert set(builders()) == set(CASES)


def everybody(world: World) -> list[Actor]:
    """Each role as a person, two partners' systems, and the portal."""
    actors = [SYSTEM, *(world.actor(name) for name in world.users)]
    for facility in (world.korday, world.bishkek):
        client = make_partner_client(facility.organisation, secret="x", scopes=ALL_SCOPES)
        actor = actor_for_client(client, scopes=frozenset(ALL_SCOPES))
        assert actor is not None
        actors.append(actor)
    assert {role for actor in actors for role in actor.roles} == set(Role)
    return actors


def differs(build: Builder, shape: tuple[Any, ...], values: dict[str, Any], actor: Actor) -> tuple[bool, int]:
    """Whether the prepared query gives this actor other rows than the ordinary queryset, and how many it gives."""
    lent_shape = tuple(lent(actor) if one is ACTOR else one for one in shape)
    own_shape = tuple(actor if one is ACTOR else one for one in shape)
    found = prepared(build, *lent_shape).rows(**values, **values_of(actor))
    with filled_in(values):
        ordinary = list(build(*own_shape))
    keys = [content(row) for row in found], [content(row) for row in ordinary]
    return keys[0] != keys[1], len(found)


@pytest.mark.in_turn
def test_a_prepared_query_gives_everybody_what_the_ordinary_one_gives(stock: dict[str, Any]) -> None:
    actors, wrong, empty = everybody(stock["world"]), [], []
    for name, cases_of in CASES.items():
        build, rows = the_builder(name), set()
        for shape, values in cases_of(stock):
            for actor in actors if ACTOR in shape else [SYSTEM]:
                other, number = differs(build, shape, values, actor)
                rows.add(number)
                if other:
                    wrong.append(f"{name} for {actor.label}: {values}")
        if not max(rows):
            empty.append(name)
    assert not wrong
    assert not empty, "two queries that find nothing are equal and prove nothing"


def frozen(actor: Actor) -> QuerySet[Referral]:
    """A builder as it must not be: of what the rule says of everybody it keeps the first one's answer."""
    found = Referral.objects.filter(pk=Parameter("referral")).order_by()
    return found if "officer_kz" in actor.label else found.none()


def test_a_builder_that_answers_for_one_alone_is_found(stock: dict[str, Any]) -> None:
    officer = stock["world"].actor("officer_kz")
    values = {"referral": stock["referrals"][0].pk}
    assert differs(frozen, (ACTOR,), values, officer) == (True, 0)
