"""The ministry's list and the page of decision."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.actors import SYSTEM
from referrals import actions
from referrals.models import Authorisation
from tests.clock import SUNDAY, WEDNESDAY, Clock
from tests.counting import readings, statements
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.factories.many import make_many
from tests.integration.decision_pages import LIST, grant_data, numbers, page_of, signed_in

pytestmark = pytest.mark.in_turn


def test_who_sees_the_list_and_whose_cases(clock: Clock, world: World) -> None:
    clock.set(WEDNESDAY)
    leaving = make.make_in_review(world)
    entering = make.make_in_review(world, world.actor("clinician_kg"), host_facility=world.korday)
    answer = signed_in(world, "officer_kz").get(LIST)
    assert numbers(answer) == [leaving.number]
    assert numbers(signed_in(world, "officer_kz").get(LIST + "?part=all")) == [
        leaving.number,
        entering.number,
    ]
    assert numbers(signed_in(world, "officer_uz").get(LIST + "?part=all")) == []
    for name in ("clinician_kz", "host_desk_kg", "auditor_kz", "administrator", "outsider"):
        assert signed_in(world, name).get(LIST).status_code == 403, name
        assert signed_in(world, name).get(page_of(leaving)).status_code == 403, name
    assert signed_in(world, "officer_uz").get(page_of(leaving)).status_code == 404


def test_the_host_countrys_ministry_sees_that_there_is_a_case_and_no_more(world: World) -> None:
    referral = make.make_in_review(world)
    kyrgyz = signed_in(world, "officer_kg")
    listed = kyrgyz.get(LIST + "?part=all").content.decode()
    assert referral.number in listed
    assert referral.patient.family_name not in listed
    assert "I34.0" not in listed
    read = kyrgyz.get(page_of(referral))
    text = read.content.decode()
    assert read.status_code == 200
    assert referral.patient.family_name not in text
    assert "I34.0" not in text
    assert "Kazakhstan" in str(read.context["panel"].may_not)
    assert kyrgyz.post(page_of(referral), grant_data(referral)).status_code == 403
    found = kyrgyz.post(LIST + "?part=all", {"q": referral.patient.family_name}, follow=True)
    assert numbers(found) == []
    found = kyrgyz.post(LIST + "?part=all", {"q": referral.number}, follow=True)
    assert numbers(found) == [referral.number]


@pytest.mark.in_turn
@pytest.mark.parametrize(
    ("day", "first_with_hosts"),
    [
        # A host that was asked earlier answers earlier; an emergency is reviewed within a day even at the weekend.
        pytest.param(WEDNESDAY, "with_host", id="on a Wednesday"),
        pytest.param(SUNDAY, "emergency", id="on a Sunday"),
    ],
)
def test_parts_and_counts(clock: Clock, world: World, day: datetime, first_with_hosts: str) -> None:
    clock.set(day)
    officer = world.actor("officer_kz")
    to_decide = make.make_in_review(world)
    stopped = make.make_in_review(world)
    actions.request_information(stopped.pk, by=officer, questions=["Fit for the road?"])
    with_host = make.make_sent(world)
    declined = make.make_sent(world)
    actions.decline(
        declined.pk, by=world.actor("host_desk_kg"), reason_code="no_capacity", reason_text="Full."
    )
    emergency = make.make_submitted(world, priority="stat", triage_note="Shock.")
    refused = make.make_in_review(world)
    actions.refuse(refused.pk, by=officer, reason_code="available_home", reason_text="There is room.")
    appealed = make.make_in_review(world)
    actions.refuse(appealed.pk, by=officer, reason_code="available_home", reason_text="There is room.")
    actions.appeal(appealed.pk, by=world.actor("clinician_kz"), text="There is none.")
    withdrawn = make.make_in_review(world)
    actions.withdraw(withdrawn.pk, by=world.actor("clinician_kz"), reason_code="patient_wish")

    client = signed_in(world, "officer_kz")
    expected = {
        "to_decide": [to_decide],
        "stopped": [stopped],
        "declined": [declined],
        "emergencies": [emergency],
        "appeals": [appealed],
        "with_hosts": [with_host, emergency] if first_with_hosts == "with_host" else [emergency, with_host],
    }
    for part, referrals in expected.items():
        answer = client.get(f"{LIST}?part={part}")
        assert numbers(answer) == [referral.number for referral in referrals], part
        assert answer.context["counts"][part] == len(referrals), part
    assert len(numbers(client.get(LIST + "?part=all"))) == 8
    assert numbers(client.get(LIST + "?part=nonsense&direction=x&page=-3")) == [to_decide.number]


@pytest.mark.in_turn
@pytest.mark.parametrize(
    ("day", "to_decide", "all_"),
    [
        pytest.param(
            WEDNESDAY, "first second third", "first second third", id="limits end one after the other"
        ),
        pytest.param(SUNDAY, "third first second", "third second first", id="limits end together"),
    ],
)
def test_equal_limits_leave_the_order_to_the_next_key(
    clock: Clock, world: World, day: datetime, to_decide: str, all_: str
) -> None:
    """Filed at a weekend, equal limits in working days end at the same moment."""
    clock.set(day)
    made = {name: make.make_submitted(world) for name in ("first", "second", "third")}
    for name in (
        "third",
        "first",
        "second",
    ):  # what waits longest for the ministry isn't what was filed first
        actions.begin_screening(made[name].pk, by=SYSTEM)
        actions.finish_screening(made[name].pk, by=SYSTEM)
    client = signed_in(world, "officer_kz")
    assert numbers(client.get(LIST)) == [made[name].number for name in to_decide.split()]
    assert numbers(client.get(LIST + "?part=all")) == [made[name].number for name in all_.split()]


def test_order_by_clock_filters_and_search(world: World) -> None:
    routine = make.make_in_review(world, priority="routine")
    urgent = make.make_in_review(world, priority="urgent")
    overdue = make.make_in_review(world, priority="routine", host_facility=world.andijan)
    Authorisation.objects.filter(referral=overdue).update(due_at=timezone.now() - timedelta(hours=3))
    client = signed_in(world, "coordinator_kz")
    assert numbers(client.get(LIST)) == [overdue.number, urgent.number, routine.number]
    assert "over the limit" in client.get(LIST).content.decode()
    assert numbers(client.get(LIST + "?sort=filed")) == [overdue.number, urgent.number, routine.number]
    assert numbers(client.get(LIST + "?priority=urgent")) == [urgent.number]
    assert numbers(client.get(LIST + "?direction=out-UZ")) == [overdue.number]
    assert numbers(client.get(LIST + "?direction=in")) == []

    found = client.post(LIST + "?priority=urgent", {"q": urgent.patient.name_latin, "priority": "urgent"})
    assert urgent.patient.name_latin not in found["Location"]
    assert urgent.patient.family_name not in found["Location"]
    assert numbers(client.get(found["Location"])) == [urgent.number]
    again = client.get(LIST)
    assert len(numbers(again)) == 3
    broken = client.post(LIST, {"q": "x" * 101})
    assert broken.status_code == 422
    assert "Search is too long" in broken.content.decode()


@pytest.mark.in_turn
def test_a_list_of_a_thousand_costs_as_many_queries_as_one_of_ten(world: World) -> None:
    client = signed_in(world, "officer_kz")
    seen = []
    for more in (10, 990):
        make_many(world, more)
        for address in (LIST, LIST + "?part=all&direction=out-KG&page=2"):
            client.get(address)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                answer = client.get(address)
            assert answer.status_code == 200
            seen.append(readings(queries))
    assert len(numbers(client.get(LIST))) == 20
    assert max(seen) == seen[0]  # a page beyond the last one has nothing to ask for
    assert max(seen) <= 9  # two of them: the page's keys by an index, and the tabs' counts


def test_the_page_of_decision_costs_the_same_in_a_long_list(world: World) -> None:
    client = signed_in(world, "officer_kz")
    referral = make.make_in_review(world)
    with CaptureQueriesContext(connection) as short:
        client.get(page_of(referral))
    make_many(world, 200)
    with CaptureQueriesContext(connection) as long:
        client.get(page_of(referral))
    assert len(statements(long)) == len(statements(short)) <= 16, [query["sql"][:90] for query in long]
