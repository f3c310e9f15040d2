"""Every list and search reads its page by an index: no plan reads a large table whole, or sorts it."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oauth2_provider.models import get_application_model

from core.outbox import work
from demo.scale.fill import grow
from demo.scale.plans import faults, plan_of
from demo.scale.questions import Reader, Readers, questions
from facilities.memberships import actor_for_client
from facilities.models import Facility
from patients.models import SearchWord
from referrals import actions
from referrals.models import Referral
from tests.counting import statements
from tests.factories import referrals as make
from tests.factories.api import ALL_SCOPES, make_api
from tests.factories.facilities import World

MANY = 2000
#: With a few thousand rows reading and joining wholes is often quicker: what can be read by an index shall be.
WITHOUT = ("enable_seqscan", "enable_mergejoin", "enable_hashjoin")
#: Most referrals are of one hospital here, whose list is read along the index of all.
KNOWN = {("large hospital: referrals/?state=", "Index Scan referrals_referral")}
PLACES = ("rank", "turn", "hosting", "work", "unreviewed", "clock_at", "appeal_until")


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
    work.drain()  # who is told of it
    with connection.cursor() as cursor:
        grow(cursor, MANY)


def system_of(facility: Facility) -> Reader:
    token = make_api(facility).token
    actor = actor_for_client(get_application_model().objects.latest("pk"), scopes=frozenset(ALL_SCOPES))
    assert actor is not None
    return Reader(actor, Client(headers={"authorization": f"Bearer {token}"}))


def readers_of(world: World) -> Readers:
    def person(name: str) -> Reader:
        browser = Client()
        browser.force_login(world.users[name])
        return Reader(world.actor(name), browser)

    return Readers(
        clinician=person("clinician_kz"),
        officer=person("officer_kz"),
        coordinator=person("coordinator_kz"),
        officer_there=person("officer_kg"),
        desk=person("host_desk_kg"),
        auditor=person("auditor_kz"),
        large=system_of(world.korday),
        small=system_of(world.taraz),
        host=system_of(world.bishkek),
    )


def asked_by(ask: Any) -> list[str]:
    """The questions to the database of one answer."""
    with CaptureQueriesContext(connection) as queries:
        answer = ask()
    assert answer.status_code in (200, 201, 409), answer.content
    return [sql for sql in statements(queries) if sql.startswith(("SELECT", "WITH"))]


@pytest.mark.in_turn
@pytest.mark.django_db
def test_no_list_and_no_search_reads_or_sorts_a_large_table(world: World) -> None:
    fill(world)
    copied = Referral.objects.order_by("pk")
    before = list(copied.values_list("pk", *PLACES))
    assert len(before) > MANY
    wrong: dict[str, str] = {}
    number, planned = 0, set()
    for question in questions(readers_of(world)):
        number += 1
        for sql in asked_by(question.ask):
            # One that differs in its values alone has the same plan here.
            if (shape := (question.actor.roles, re.sub(r"'[^']*'|\d+", "", sql))) in planned:
                continue
            planned.add(shape)
            for fault in faults(plan_of(sql, question.actor, *WITHOUT)):
                if any(name in question.name and fault.startswith(of) for name, of in KNOWN):
                    continue
                wrong.setdefault(f"{fault}\n  {sql}", question.name)
    assert not wrong, "\n".join(f"{name}: {fault}" for fault, name in wrong.items())
    assert number > 100
    # The copies are what the database's own triggers would have made of them.
    words = SearchWord.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE referrals_referral SET rank = 99")
        cursor.execute("UPDATE patients_registration SET facility_id = facility_id WHERE id % 20 = 0")
    assert list(copied.values_list("pk", *PLACES)) == before
    assert SearchWord.objects.count() == words
