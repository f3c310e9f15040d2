"""A query that is compiled once gives everybody what the access rule itself gives them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import F, Model, QuerySet
from django.utils import timezone

from core.actors import SYSTEM, Actor
from core.outbox.models import Event
from core.permissions import Role
from core.prepared import OneOf, Parameter, Prepared, insert, lent, prepared, values_of
from facilities.memberships import actor_for_client
from facilities.models import Organisation
from patients.access import visible_patients
from referrals.access import visible_referrals
from referrals.models import Appointment, EvidenceItem, Referral
from tests.factories import referrals as make
from tests.factories.api import ALL_SCOPES
from tests.factories.facilities import World, make_partner_client

pytestmark = pytest.mark.in_turn

RULES = {"referrals": visible_referrals, "patients": visible_patients}


def keys(actor: Actor, rule: str) -> QuerySet[Any, Any]:
    found = RULES[rule](actor)
    return found.values_list("pk").order_by()


def test_everybody_sees_by_it_what_the_rule_lets_them_see(world: World) -> None:
    make.make_draft(world)
    make.make_in_review(world)
    make.make_sent(world)
    actors = [SYSTEM, *(world.actor(name) for name in world.users)]
    for facility in (world.korday, world.bishkek):
        client = make_partner_client(facility.organisation, secret="x", scopes=ALL_SCOPES)
        actor = actor_for_client(client, scopes=frozenset(ALL_SCOPES))
        assert actor is not None
        actors.append(actor)
    seen = set()
    for actor in actors:
        for rule in RULES:
            plain = set(keys(actor, rule))
            assert set(prepared(keys, lent(actor), rule).rows(**values_of(actor))) == plain, (
                actor.label,
                rule,
            )
            seen.add(len(plain))
    assert min(seen) == 0
    assert max(seen) >= 3


def test_two_who_have_the_same_roles_share_the_query_and_not_the_rows(world: World) -> None:
    make.make_draft(world)
    one, other = world.actor("clinician_kz"), world.actor("outsider")
    query = prepared(keys, lent(one), "referrals")
    assert query is prepared(keys, lent(other), "referrals")
    assert len(query.rows(**values_of(one))) == 1
    assert query.rows(**values_of(other)) == []


def columns_of(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def joined() -> QuerySet[Referral]:
    return Referral.objects.select_related("patient", "consent").filter(pk=Parameter("referral"))


def by_keys() -> QuerySet[Any, Any]:
    return Organisation.objects.filter(OneOf("pk", "keys", "bigint")).values_list("pk", "name")


def test_models_come_whole_and_a_missing_value_is_an_error(
    world: World, django_assert_num_queries: Any
) -> None:
    draft = make.make_draft(world)
    with django_assert_num_queries(1):
        found = prepared(joined).first(referral=draft.pk)
        assert found is not None
        assert found.patient.family_name
    draft.refresh_from_db()
    assert columns_of(found) == columns_of(draft)
    with pytest.raises(KeyError):
        prepared(joined).first()


def test_rows_are_written_as_save_writes_them(world: World, django_assert_num_queries: Any) -> None:
    draft = make.make_draft(world)
    draft.refresh_from_db()  # with its places in the lists, which the database finds
    evidence = draft.evidence.get()
    details = {"reason": "“quoted”", "number": 7, "nothing": None}
    with django_assert_num_queries(2):
        referral = insert(Referral(**{**columns_of(draft), "id": uuid4()}))
        one, two = (
            EvidenceItem(
                referral=referral, kind=evidence.kind, dated_on=evidence.dated_on, author=author, text="50 %s"
            )
            for author in ("first", "second")
        )
        assert insert(one, two) is one
    assert one.pk < two.pk
    for row in (referral, one, two):
        assert not row._state.adding
        kept = type(row).objects.get(pk=row.pk)
        assert columns_of(kept) == columns_of(row)
    assert referral.created_at is not None
    event = insert(
        Event(kind="x", subject_type="y", subject_id="z", payload=details, created_at=timezone.now())
    )
    assert Event.objects.get(pk=event.pk).payload == details
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Referral(pk=referral.pk, patient=draft.patient))
    with pytest.raises(ProgrammingError), transaction.atomic():
        insert(Event(kind="x", subject_type="y", subject_id="z"))  # its moment is the database's to give


def test_keys_are_given_as_a_list(world: World) -> None:
    assert prepared(by_keys).rows(keys=[]) == []
    assert prepared(by_keys).rows(keys=[world.operator.pk]) == [(world.operator.pk, world.operator.name)]


@pytest.mark.parametrize(
    "ask",
    [
        lambda actor: actor.country == "KZ",
        lambda actor: actor.country != "KZ",
        lambda actor: actor.country < "KZ",
        lambda actor: actor.country in {"KZ", "KG"},
        lambda actor: actor.country in ("KZ", "KG"),
        lambda actor: bool(actor.country),
        lambda actor: actor.organisation_id or 0,
        lambda actor: actor.organisation_id > 5,
        lambda actor: {actor.organisation_id: 1},
        lambda actor: f"{actor.country}",
        lambda actor: str(actor.country),
        lambda actor: f"in {actor.country}",
        lambda actor: actor.country + "-26",
        lambda actor: "KZ".startswith(actor.country),
    ],
)
def test_a_lent_value_is_known_to_the_database_alone(ask: Callable[[Actor], Any]) -> None:
    actor = Actor(
        "person", "7", "Test officer", frozenset({Role.OFFICER}), organisation_id=7, country="KZ", user_id=7
    )
    ask(actor)
    with pytest.raises(TypeError):
        ask(lent(actor))
    # What doesn't differ between those who share the query can be asked.
    nobody = lent(Actor("person", "8", "Test person", frozenset()))
    assert (nobody.organisation_id, nobody.country) == (None, "")
    assert lent(actor).organisation_id is not None
    assert lent(actor).is_role(Role.OFFICER)


def _of_today() -> list[QuerySet[Any]]:
    now = timezone.now()
    return [
        Referral.objects.filter(created_at__gt=now),
        Referral.objects.filter(needed_by=now.date()),
        Referral.objects.filter(created_at__in=[now]),
        Referral.objects.filter(created_at__range=(now, now)),
        Referral.objects.filter(created_at__gt=F("updated_at") - timedelta(days=1)),
        Appointment.objects.filter(period__overlap=(now, now + timedelta(days=1))),
    ]


@pytest.mark.django_db
@pytest.mark.in_turn
@pytest.mark.parametrize("number", range(len(_of_today())))
def test_a_moment_is_not_kept(number: int) -> None:
    with pytest.raises(TypeError, match="give it as a Parameter"):
        Prepared(_of_today()[number])
    given = Referral.objects.filter(created_at__gt=Parameter("since"))
    assert Prepared(given).rows(since=timezone.now()) == []
