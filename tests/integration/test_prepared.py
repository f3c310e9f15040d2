"""A query that is compiled once gives everybody what the access rule itself gives them."""

from typing import Any

import pytest
from django.db.models import QuerySet

from facilities.memberships import actor_for_client
from facilities.models import Organisation
from patients.access import visible_patients
from portal.core.actors import SYSTEM, Actor
from portal.core.prepared import AnyKey, Parameter, lent, prepared, values_of
from referrals.access import visible_referrals
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.api import ALL_SCOPES
from tests.factories.facilities import World, make_partner_client

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


def joined() -> QuerySet[Referral]:
    return Referral.objects.select_related("patient", "consent").filter(pk=Parameter("referral"))


def by_keys() -> QuerySet[Any, Any]:
    return Organisation.objects.filter(pk__in=AnyKey("keys")).values_list("pk", "name")


def test_models_come_whole_and_a_missing_value_is_an_error(
    world: World, django_assert_num_queries: Any
) -> None:
    draft = make.make_draft(world)
    with django_assert_num_queries(1):
        found = prepared(joined).first(referral=draft.pk)
        assert found is not None
        assert found.patient.family_name
    draft.refresh_from_db()
    for field in Referral._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(draft, field.attname), field.name
    with pytest.raises(KeyError):
        prepared(joined).first()
    assert prepared(by_keys).rows(keys=[]) == []
    assert prepared(by_keys).rows(keys=[world.operator.pk]) == [(world.operator.pk, world.operator.name)]
