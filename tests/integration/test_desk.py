"""The host desk's list."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from patients.actions import withdraw_consent
from referrals import actions
from referrals.models import Referral
from tests.counting import readings
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.factories.many import make_many

pytestmark = pytest.mark.in_turn

LIST = reverse("referrals:desk")


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def numbers(answer: Any) -> list[str]:
    return [row.number for row in answer.context["rows"]]


def test_parts_counts_and_who_sees_them(world: World) -> None:
    make.make_in_review(world)  # not sent yet: the desk knows nothing of it
    later, first = make.make_sent(world), make.make_sent(world, priority="asap")
    accepted = make.make_accepted(world)
    in_care = make.make_in_care(world)
    over = make.make_in_care(world)
    desk = world.actor("host_desk_kg")
    actions.discharge(over.pk, by=desk, **make.summary())
    client = signed_in(world, "host_desk_kg")
    expected = {"answer": [first, later], "preparation": [accepted], "in_care": [in_care], "over": [over]}
    for part, referrals in expected.items():
        answer = client.get(f"{LIST}?part={part}")
        assert numbers(answer) == [referral.number for referral in referrals], part
        assert answer.context["counts"][part] == len(referrals), part
    assert numbers(signed_in(world, "host_desk_uz").get(LIST)) == []
    for name in ("clinician_kz", "clinician_kg", "officer_kg", "auditor_kg", "administrator"):
        assert signed_in(world, name).get(LIST).status_code == 403, name


def test_a_late_answer_stands_on_top_and_says_so(world: World) -> None:
    urgent, late = make.make_sent(world), make.make_sent(world, priority="routine")
    Referral.objects.filter(pk=late.pk).update(host_reply_due_at=timezone.now() - timedelta(hours=2))
    answer = signed_in(world, "host_desk_kg").get(LIST)
    assert numbers(answer) == [late.number, urgent.number]
    assert "Less than one working day over the limit" in answer.content.decode()


def test_a_search_is_posted_and_stays_out_of_the_address(world: World) -> None:
    one, two = make.make_sent(world), make.make_sent(world)
    client = signed_in(world, "host_desk_kg")
    found = client.post(LIST, {"q": one.number})
    assert one.number not in found["Location"]
    assert numbers(client.get(found["Location"])) == [one.number]
    assert set(numbers(client.get(LIST))) == {one.number, two.number}
    assert numbers(signed_in(world, "host_desk_kg").get(found["Location"])) == [one.number, two.number]
    assert client.post(LIST, {"q": "a\u200bb"}).status_code == 422


def test_a_withdrawn_consent_hides_the_patient(world: World) -> None:
    referral = make.make_sent(world)
    client = signed_in(world, "host_desk_kg")
    assert referral.patient.full_name in client.get(LIST).content.decode()
    withdraw_consent(
        by=world.actor("clinician_kz"), patient_id=referral.patient_id, consent_id=referral.consent_id
    )
    text = client.get(LIST).content.decode()
    assert referral.patient.full_name not in text
    assert referral.number in text


@pytest.mark.in_turn
def test_a_list_of_a_thousand_costs_as_many_queries_as_one_of_ten(world: World) -> None:
    pattern = make.make_sent(world)
    client = signed_in(world, "host_desk_kg")
    seen = []
    for more in (30, 970):
        make_many(world, more, pattern)
        for address in (LIST, LIST + "?page=2", LIST + "?part=preparation"):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            seen.append(readings(queries))
    assert seen[:3] == seen[3:]
    assert max(seen) <= 9  # two of them: what the law lets a host read, and how many cases went elsewhere
