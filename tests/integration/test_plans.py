"""Every list and search reads its page by an index: no plan reads a large table whole, or sorts it."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oauth2_provider.models import get_application_model

from core.actors import Actor
from demo.scale.fill import grow
from demo.scale.plans import faults
from facilities.memberships import actor_for_client
from referrals import actions
from referrals.models import Referral
from tests.counting import statements
from tests.factories import referrals as make
from tests.factories.api import ALL_SCOPES, make_api
from tests.factories.facilities import World

MANY = 2500
TEXTS = (
    "Familiab 1955",
    "Familiab Imiac",
    "N10000400",
    "8 705 000 01 20",
    "KZ-90-000120",
    "120",
    "I34",
    "Бишкек",
)


def fill(world: World) -> None:
    """Some thousand referrals in every place of the lists, by two hospitals of one country."""
    clinician, officer = world.actor("clinician_kz"), world.actor("officer_kz")
    make.make_draft(world)
    make.make_in_review(world)
    make.make_sent(world)
    make.make_in_care(world)
    gone, refused = make.make_submitted(world), make.make_in_review(world)
    actions.withdraw(gone.pk, by=clinician, reason_code="patient_wish")
    actions.refuse(refused.pk, by=officer, reason_code="available_home", reason_text="It is available.")
    grow(MANY)


def asked_of(world: World) -> Iterator[tuple[str, Actor, Any]]:
    """Every list and search, as a name, who asks, and what asks for it."""
    for name, page, tabs in (
        ("clinician_kz", "referrals:worklist", ("?tab=mine", "?tab=others", "?tab=over", "?tab=over&page=9")),
        (
            "officer_kz",
            "referrals:decisions",
            tuple(
                f"?part={part}{sort}"
                for part in (
                    *("to_decide", "stopped", "declined", "emergencies", "appeals", "with_hosts", "all"),
                    *("all&direction=out-KG", "all&direction=in"),
                )
                for sort in ("", "&sort=filed")
            ),
        ),
        ("officer_kg", "referrals:decisions", ("?part=all", "?part=with_hosts")),
        (
            "host_desk_kg",
            "referrals:desk",
            ("?part=answer", "?part=preparation", "?part=in_care", "?part=over"),
        ),
        ("clinician_kz", "patients:find", ("", "?page=3")),
    ):
        client = Client()
        client.force_login(world.users[name])
        actor = world.actor(name)
        for tab in tabs:
            yield f"{name} {tab}", actor, partial(client.get, reverse(page) + tab)
        for text in TEXTS:
            address = client.post(reverse(page), {"q": text})["Location"]
            yield f"{name} {page} {text}", actor, partial(client.get, address)
    for facility in (world.korday, world.bishkek):
        api = make_api(facility)
        row = get_application_model().objects.latest("pk")
        actor = actor_for_client(row, scopes=frozenset(ALL_SCOPES))
        assert actor is not None
        for query in ("", "?sort=created_at", "?state=sent", "?direction=received", "?sort=updated_at"):
            yield f"API {query}", actor, partial(api.get, f"referrals/{query}")
        yield "API patients", actor, partial(api.get, "patients/")
        yield "API patients by day", actor, partial(api.get, "patients/?birth_date=1951-01-01")


@pytest.mark.in_turn
@pytest.mark.django_db
def test_no_list_and_no_search_reads_or_sorts_a_large_table(world: World) -> None:
    fill(world)
    assert Referral.objects.count() > MANY
    wrong = []
    for name, actor, ask in asked_of(world):
        ask()
        with CaptureQueriesContext(connection) as queries:
            assert ask().status_code == 200
        asked = [sql for sql in statements(queries) if sql.startswith("SELECT")]
        wrong += [f"{name}: {fault}\n  {sql}" for sql in asked for fault in faults(sql, actor)]
    assert not wrong, "\n".join(wrong)
