"""The ministry's list and the page of decision."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.actors import SYSTEM
from referrals import actions
from referrals.models import Authorisation, Referral, StatusChange
from tests.clock import SUNDAY, WEDNESDAY, Clock
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.factories.many import make_many

LIST = reverse("referrals:decisions")


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def page_of(referral: Referral) -> str:
    return reverse("referrals:decide", args=[referral.pk])


def numbers(answer: Any) -> list[str]:
    return [item["row"].number for item in answer.context["rows"]]


def day(name: str, ahead: int) -> dict[str, int]:
    value = timezone.localdate() + timedelta(days=ahead)
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def grant_data(referral: Referral, **changes: Any) -> dict[str, Any]:
    return {
        "choice": "grant",
        "version": referral.version,
        **day("valid_from", 0),
        **day("valid_until", 40),
        "grant_code": "undue_delay",
        "reason_text": "The wait at home is too long.",
        **changes,
    }


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


def test_an_officer_grants_and_goes_on_to_the_next_case(world: World) -> None:
    first, second, third = (make.make_in_review(world, priority=p) for p in ("asap", "urgent", "routine"))
    client = signed_in(world, "officer_kz")
    row = client.get(LIST + "?direction=out-KG").context["rows"][1]
    assert row["row"].number == second.number
    page = client.get(row["next_url"])
    assert page.context["place"] == "2 of 3"
    assert page.context["next_url"] == f"{page_of(third)}?part=to_decide&direction=out-KG"
    text = page.content.decode()
    for words in (
        "Why across the border",
        "Mitral valve repair",
        "Agreement of 26 June 1998",
        "not verified",
    ):
        assert words in text
    form = page.context["form"]
    assert form["valid_until"].value() == second.needed_by + timedelta(days=30)

    answer = client.post(
        row["next_url"], grant_data(second, ceiling_amount="2 500 000,50", ceiling_currency="KZT")
    )
    assert answer["Location"] == f"{page_of(third)}?part=to_decide&direction=out-KG"
    assert str(next(iter(get_messages(answer.wsgi_request)))).startswith(str(second.number))
    granted = Authorisation.objects.get(referral=second)
    assert (granted.state, str(granted.ceiling_amount), granted.ceiling_currency) == (
        "granted",
        "2500000.50",
        "KZT",
    )
    assert Referral.objects.get(pk=second.pk).state == "sent"

    answer = client.post(page_of(third), grant_data(third))
    assert answer["Location"] == f"{LIST}?part=to_decide"
    assert Referral.objects.get(pk=first.pk).state == "in_review"


def test_granting_in_part_refusing_and_asking(world: World) -> None:
    client = signed_in(world, "officer_kz")
    partly = make.make_in_review(world)
    data = grant_data(partly, choice="partly_grant", grant_code="in_part")
    assert set(client.post(page_of(partly), data).context["form"].errors) == {"care_text"}
    assert client.post(page_of(partly), data | {"care_text": "The operation only."}).status_code == 302
    assert Authorisation.objects.get(referral=partly).care_text == "The operation only."

    refused = make.make_in_review(world)
    data = {"choice": "refuse", "version": refused.version, "reason_text": "Astana has room next week."}
    assert set(client.post(page_of(refused), data).context["form"].errors) == {"refusal_code"}
    assert client.post(page_of(refused), data | {"refusal_code": "undue_delay"}).status_code == 422
    assert client.post(page_of(refused), data | {"refusal_code": "available_home"}).status_code == 302
    assert Referral.objects.get(pk=refused.pk).state == "refused"

    asked = make.make_in_review(world)
    data = {"choice": "request_information", "version": asked.version}
    assert set(client.post(page_of(asked), data).context["form"].errors) == {"question_1"}
    assert client.post(page_of(asked), data | {"question_2": "Fit for the road?"}).status_code == 302
    assert Referral.objects.get(pk=asked.pk).state == "info_requested"
    page = client.get(page_of(asked))
    assert "The clock stands still until the answer." in str(page.context["panel"].may_not)


@pytest.mark.in_turn
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"choice": ""}, "choice"),
        ({"choice": "enter_in_error"}, "choice"),
        ({"reason_text": "   "}, "reason_text"),
        ({"reason_text": "x" * 2001}, "reason_text"),
        ({"grant_code": ""}, "grant_code"),
        ({"grant_code": "in_part"}, "grant_code"),
        ({"grant_code": "available_home"}, "grant_code"),
        ({"valid_until_month": "13"}, "valid_until"),
        ({"valid_until_year": "2020"}, "valid_until"),
        ({"ceiling_amount": "much"}, "ceiling_amount"),
        ({"ceiling_amount": "0", "ceiling_currency": "KZT"}, "ceiling_amount"),
        ({"ceiling_amount": "500"}, "ceiling_currency"),
        ({"ceiling_currency": "KZT"}, "ceiling_amount"),
        ({"ceiling_currency": "EUR"}, "ceiling_currency"),
    ],
)
def test_a_decision_that_lacks_something_decides_nothing(
    world: World, changes: dict[str, str], field: str
) -> None:
    referral = make.make_in_review(world)
    answer = signed_in(world, "officer_kz").post(page_of(referral), grant_data(referral, **changes))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert Referral.objects.get(pk=referral.pk).state == "in_review"


def test_who_may_not_decide(world: World) -> None:
    referral = make.make_in_review(world)
    coordinator = signed_in(world, "coordinator_kz")
    page = coordinator.get(page_of(referral))
    assert page.status_code == 200
    assert page.context["form"] is None
    assert "request_information" in [row["event"] for row in page.context["actions"]]
    assert coordinator.post(page_of(referral), grant_data(referral)).status_code == 403

    Referral.objects.filter(pk=referral.pk).update(filed_by=world.users["officer_kz"])
    own = signed_in(world, "officer_kz")
    page = own.get(page_of(referral))
    assert page.context["form"] is None
    assert "another officer must decide it" in page.content.decode()
    assert own.post(page_of(referral), grant_data(referral)).status_code == 403
    assert Referral.objects.get(pk=referral.pk).state == "in_review"
    assert signed_in(world, "officer2_kz").post(page_of(referral), grant_data(referral)).status_code == 302


def test_two_officers_and_two_clicks(world: World) -> None:
    referral = make.make_in_review(world)
    one, two = signed_in(world, "officer_kz"), signed_in(world, "officer2_kz")
    data = grant_data(referral)
    assert one.post(page_of(referral), data).status_code == 302
    calm = one.post(page_of(referral), data)
    assert calm.status_code == 302
    assert "The second click changed nothing." in str(next(reversed(list(get_messages(calm.wsgi_request)))))
    assert two.post(page_of(referral), data | {"choice": "refuse"}).status_code == 409
    assert StatusChange.objects.filter(referral=referral, event="grant").count() == 1

    changed = make.make_in_review(world)
    data = grant_data(changed, reason_text="Typed with care.")
    actions.request_information(changed.pk, by=world.actor("officer2_kz"), questions=["Fit?"])
    actions.answer(changed.pk, by=world.actor("clinician_kz"), answers={1: "Yes."})
    assert one.post(page_of(changed), data).status_code == 409
    actions.finish_screening(changed.pk, by=SYSTEM)
    stale = one.post(page_of(changed), data)
    assert stale.status_code == 412
    assert "Typed with care." in stale.content.decode()
    version = Referral.objects.get(pk=changed.pk).version
    assert one.post(page_of(changed), data | {"version": version}).status_code == 302


def test_an_appeal_is_decided_on_the_same_page(world: World) -> None:
    referral = make.make_in_review(world)
    actions.refuse(
        referral.pk,
        by=world.actor("officer_kz"),
        reason_code="available_home",
        reason_text="Astana has room.",
    )
    actions.appeal(referral.pk, by=world.actor("clinician_kz"), text="Astana has none.")
    version = Referral.objects.get(pk=referral.pk).version
    data = {"choice": "overturn", "version": version, "reason_text": "New facts."}
    first = signed_in(world, "officer_kz")
    assert "another officer must decide the appeal" in first.get(page_of(referral)).content.decode()
    assert first.post(page_of(referral), data).status_code == 403
    second = signed_in(world, "officer2_kz")
    assert "Astana has none." in second.get(page_of(referral)).content.decode()
    assert second.post(page_of(referral), data | {"reason_text": ""}).status_code == 422
    assert second.post(page_of(referral), data).status_code == 302
    page = second.get(page_of(referral))
    assert page.context["form"] is not None
    assert Referral.objects.get(pk=referral.pk).state == "in_review"


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
            seen.append(len(queries))
    assert len(numbers(client.get(LIST))) == 20
    assert max(seen) == min(seen)
    assert max(seen) <= 8


def test_the_page_of_decision_costs_the_same_in_a_long_list(world: World) -> None:
    client = signed_in(world, "officer_kz")
    referral = make.make_in_review(world)
    with CaptureQueriesContext(connection) as short:
        client.get(page_of(referral))
    make_many(world, 200)
    with CaptureQueriesContext(connection) as long:
        client.get(page_of(referral))
    assert len(long) == len(short) <= 15, [query["sql"][:90] for query in long]
