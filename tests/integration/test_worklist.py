"""The clinician's worklist: where each referral stands, what its row ends in, and what a page of it costs."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.outbox import work
from referrals import actions
from referrals.models import Authorisation, Referral
from referrals.presentation.next_step import next_step
from referrals.reading import for_list
from referrals.worklist import TABS, counts, under
from referrals.worklist import found as found_by
from tests.counting import statements
from tests.factories import referrals as make
from tests.factories.facilities import World

pytestmark = pytest.mark.in_turn

MOST_QUERIES = 9


def signed_in(world: World, name: str = "clinician_kz") -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def text_of(answer: Any) -> str:
    """The page without tags, spaces folded."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def one_in_each_place(world: World) -> dict[str, Referral]:
    """A referral in each of the states that sort it into another place."""
    clinician, officer, desk = (
        world.actor("clinician_kz"),
        world.actor("officer_kz"),
        world.actor("host_desk_kg"),
    )
    found = {
        "draft": make.make_draft(world),
        "in_review": make.make_in_review(world),
        "asked": make.make_in_review(world),
        "accepted": make.make_accepted(world),
        "discharged": make.make_in_care(world),
        "refused": make.make_in_review(world),
        "appealed": make.make_in_review(world),
        "refused_for_good": make.make_in_review(world),
        "withdrawn": make.make_submitted(world),
        "discarded": make.make_draft(world),
    }
    actions.request_information(found["asked"].pk, by=officer, questions=["Fit for the road?", "Since when?"])
    actions.discharge(found["discharged"].pk, by=desk, **make.summary())
    for name in ("refused", "appealed", "refused_for_good"):
        actions.refuse(
            found[name].pk, by=officer, reason_code="available_home", reason_text="It is available."
        )
    actions.appeal(found["appealed"].pk, by=clinician, text="It is not available in time.")
    Authorisation.objects.filter(referral=found["refused_for_good"]).update(
        appeal_due_at=timezone.now() - timedelta(hours=1)
    )
    actions.withdraw(found["withdrawn"].pk, by=clinician, reason_code="patient_wish")
    actions.discard(found["discarded"].pk, by=clinician)
    return found


def test_every_referral_stands_in_one_place_and_its_row_ends_in_an_action(world: World) -> None:
    found = one_in_each_place(world)
    clinician = world.actor("clinician_kz")
    now = timezone.now()
    own = found_by(clinician, "")
    assert counts(own, now) == {"mine": 4, "others": 3, "over": 2}
    places = {tab: set(under(tab, own, now).keys(100)) for tab in TABS}
    assert places["mine"] == {found[name].pk for name in ("draft", "asked", "discharged", "refused")}
    assert places["others"] == {found[name].pk for name in ("in_review", "accepted", "appealed")}
    assert places["over"] == {found[name].pk for name in ("refused_for_good", "withdrawn")}
    for tab in TABS:
        for referral in for_list(Referral.objects.filter(pk__in=places[tab])):
            assert next_step(referral, clinician, now=now).needs_me == (tab == "mine"), referral.state

    client = signed_in(world)
    mine = text_of(client.get(reverse("referrals:worklist")))
    for words in (
        "4 need you now",
        "Need me (4)",
        "Answer 2 questions",
        "Read the summary and close",
        "Check and file",
    ):
        assert words in mine
    others = text_of(client.get(reverse("referrals:worklist") + "?tab=others"))
    for words in (
        "The ministry decides",
        "The host hospital confirms the date",
        "The ministry decides the appeal",
    ):
        assert words in others
    over = text_of(client.get(reverse("referrals:worklist") + "?tab=over"))
    assert "Read the case" in over
    assert "Withdrawn" in over
    assert "Need me (4)" in text_of(client.get(reverse("referrals:worklist") + "?tab=nonsense&page=x"))


def test_only_clinicians_have_it_and_only_of_their_own_facility(world: World) -> None:
    referral = make.make_in_review(world)
    address = reverse("referrals:worklist") + "?tab=others"
    assert referral.number in text_of(signed_in(world).get(address))
    for name in ("outsider", "clinician_kg", "clinician_uz"):
        answer = signed_in(world, name).get(address)
        assert answer.status_code == 200
        assert referral.number not in text_of(answer)
    for name in ("officer_kz", "coordinator_kz", "host_desk_kg", "auditor_kz", "administrator"):
        assert signed_in(world, name).get(address).status_code == 403, name
    assert signed_in(world).delete(address).status_code == 405
    assert Client().get(address).status_code == 302


def test_the_search_narrows_and_an_empty_list_says_what_to_do(world: World) -> None:
    client = signed_in(world)
    address = reverse("referrals:worklist")
    empty = client.get(address)
    assert "Your hospital hasn’t filed any referral yet." in empty.content.decode()
    assert reverse("patients:find") in empty.content.decode()
    one, other = make.make_in_review(world), make.make_in_review(world)
    assert one.number
    assert other.number
    nothing = text_of(client.get(address))
    assert "Nothing needs you now." in nothing

    def search(text: str) -> str:
        answer = client.post(f"{address}?tab=others", {"q": text})
        assert answer.status_code == 302
        assert text not in answer["Location"]  # a name must not stand in an address
        return text_of(client.get(answer["Location"]))

    found = search(one.number)
    assert one.number in found
    assert other.number not in found
    by_name = search(one.patient.full_name)
    assert one.number in by_name
    none = search("nobody")
    assert "fits “nobody”" in none
    assert "fits “%”" in search("%")
    # A sign that no text has is turned away before any page; what a person can type or paste is told what is wrong.
    for odd, status in (("\x00", 400), ("\u200b", 422), ("x" * 10_000, 422)):
        assert client.post(f"{address}?tab=others", {"q": odd}).status_code == status


def test_news_lead_to_the_referral_and_are_read_by_it(world: World) -> None:
    referral = make.make_in_review(world)
    actions.request_information(referral.pk, by=world.actor("officer_kz"), questions=["Fit for the road?"])
    work.drain()
    client = signed_in(world)
    html = client.get(reverse("referrals:worklist")).content.decode()
    assert "News" in html
    assert "The ministry needs information before it decides." in html
    assert (
        "The ministry needs information"
        not in signed_in(world, "outsider").get(reverse("referrals:worklist")).content.decode()
    )


def copies(referral: Referral, number: int, start: int) -> None:
    """More rows like this one, for other care, written straight into the table."""
    rows = []
    for serial in range(start, start + number):
        row = Referral.objects.get(pk=referral.pk)
        row.pk, row.number, row.diagnosis = None, f"KZ-26-9{serial:05}", None
        row.state, row.over_at = "withdrawn", timezone.now()
        row._state.adding = True
        rows.append(row)
    for row in rows:
        row.diagnosis_id = referral.diagnosis_id
    Referral.objects.bulk_create(rows)


@pytest.mark.in_turn
@pytest.mark.parametrize("tab", TABS)
def test_a_page_costs_the_same_with_ten_rows_and_a_thousand(world: World, tab: str) -> None:
    make.make_draft(world)
    make.make_in_review(world)
    gone = make.make_submitted(world)
    actions.withdraw(gone.pk, by=world.actor("clinician_kz"), reason_code="patient_wish")
    gone.refresh_from_db()
    client = signed_in(world)
    address = reverse("referrals:worklist") + f"?tab={tab}"
    client.get(address)
    costs = []
    for number, start in ((10, 0), (990, 10)):
        copies(gone, number, start)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert answer.status_code == 200
        costs.append(len(statements(queries)))
    assert costs[0] == costs[1]
    assert costs[1] <= MOST_QUERIES
    assert "Over (99+)" in text_of(answer)
