"""A referral's page, for each of those who follow it: what they see, what they don't, and what it costs."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.actors import SYSTEM
from core.audit.models import AuditRow
from core.outbox import work
from disclosure.models import Disclosure
from patients.actions import withdraw_consent
from referrals import actions
from referrals.models import Referral
from tests.counting import statements
from tests.factories import referrals as make
from tests.factories.facilities import World

MOST_QUERIES = 18
CLINICAL = (
    "Progressive breathlessness",
    "Severe mitral insufficiency; repair advised.",
    "I34.0",
    "Mitral valve repair",
)


def signed_in(world: World, name: str = "clinician_kz") -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def address(referral: Referral) -> str:
    return reverse("referrals:detail", args=[referral.pk])


def text_of(answer: Any) -> str:
    """The page without tags, spaces folded."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def read(world: World, referral: Referral, name: str) -> str:
    answer = signed_in(world, name).get(address(referral))
    assert answer.status_code == 200, name
    return text_of(answer)


def test_each_reader_sees_what_concerns_them(world: World) -> None:
    referral = make.make_sent(world)
    name = referral.patient.full_name
    for reader in ("clinician_kz", "officer_kz", "coordinator_kz", "host_desk_kg"):
        text = read(world, referral, reader)
        for words in (
            *CLINICAL,
            name,
            "Korday district hospital",
            "National Hospital",
            "Where it is",
            "Legal basis",
        ):
            assert words in text, (reader, words)
    for reader in ("officer_kg", "coordinator_kg"):
        text = read(world, referral, reader)
        assert "You see that this referral exists, its direction and its state." in text
        assert referral.number in text
        assert "National Hospital" in text
        for words in (*CLINICAL, name, referral.patient.family_name, "Cardiac surgery", "The wait at home"):
            assert words not in text, (reader, words)
    for reader in (
        "outsider",
        "clinician_kg",
        "clinician_uz",
        "officer_uz",
        "host_desk_uz",
        "auditor_kz",
        "administrator",
    ):
        assert signed_in(world, reader).get(address(referral)).status_code == 404, reader
    assert signed_in(world).post(address(referral)).status_code == 405
    assert Client().get(address(referral)).status_code == 302


def test_the_host_sees_only_what_the_consent_covers(world: World) -> None:
    referral = make.make_sent(world)
    before = read(world, referral, "host_desk_kg")
    assert CLINICAL[0] in before
    clinician = world.actor("clinician_kz")
    withdraw_consent(by=clinician, patient_id=referral.patient_id, consent_id=referral.consent_id)
    after = read(world, referral, "host_desk_kg")
    assert "The patient has withdrawn the consent" in after
    assert referral.patient.full_name not in after
    for words in CLINICAL:
        assert words not in after
    assert CLINICAL[0] in read(world, referral, "clinician_kz")


def test_numbers_are_masked(world: World) -> None:
    referral = make.make_sent(world)
    number = referral.patient.identifiers.get().value
    for reader in ("clinician_kz", "officer_kz", "host_desk_kg"):
        text = read(world, referral, reader)
        assert number not in text
        assert f"•••• {number[-4:]}" in text


def test_a_reading_leaves_one_row_in_the_ledger(world: World) -> None:
    referral = make.make_sent(world)

    def rows() -> Any:
        return Disclosure.objects.filter(what="referrals.case", subject_id=str(referral.pk))

    read(world, referral, "host_desk_kg")
    read(world, referral, "officer_kg")
    assert list(rows().order_by("id").values_list("clinical", flat=True)) == [True, False]
    row = rows().order_by("id").first()
    assert (row.countries, row.country, row.actor_label) == (["KG", "KZ"], "KG", "Test host_desk_kg")
    assert (row.patients, row.purpose, row.basis) == ([referral.patient_id], "care", ["consent"])
    assert not AuditRow.objects.filter(action="referral.read").exists(), "one ledger, not two"
    signed_in(world, "outsider").get(address(referral))
    signed_in(world).get(reverse("referrals:check_fragment", args=[referral.pk]))
    assert rows().count() == 2


def test_the_check_is_seen_to_happen_with_and_without_a_script(world: World) -> None:
    referral = make.make_submitted(world)
    client = signed_in(world)
    fragment = reverse("referrals:check_fragment", args=[referral.pk])
    page = client.get(address(referral)).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="3; url=?look=1"></noscript>' in page
    assert 'content="3; url=?look=10"' in client.get(address(referral), {"look": "9"}).content.decode()
    for ended in ("10", "11", "999999", "-1", "x"):
        last = client.get(address(referral), {"look": ended}).content.decode()
        assert "http-equiv" not in last, "it stops by itself"
        assert f'href="{address(referral)}">Look again' in last
    assert f'data-poll-url="{fragment}"' in page
    assert "waits for its check" in page
    actions.begin_screening(referral.pk, by=SYSTEM)
    running = client.get(fragment)
    assert "The rules are being checked now." in running.content.decode()
    assert "X-Poll" not in running
    assert "<html" not in running.content.decode()
    actions.finish_screening(referral.pk, by=SYSTEM)
    done = client.get(fragment)
    assert done["X-Poll"] == "reload"
    page = client.get(address(referral)).content.decode()
    assert "http-equiv" not in page
    assert "data-poll-url" not in page
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    for words in (
        "Eligibility: 8 passed, 1 to review",
        "The agreement names no basis; the rule is the portal’s. (CIT-01)",
    ):
        assert words in text
    assert "Ask the hospital to confirm that it offers the care." in text
    assert text.index("To review") < text.index("Passed"), "what needs somebody stands first"
    for reader in ("outsider", "host_desk_kg"):
        assert signed_in(world, reader).get(fragment).status_code == 404


def test_an_emergency_waits_for_its_check_at_the_host(world: World) -> None:
    referral = make.make_submitted(
        world, priority="stat", triage_note="Cardiogenic shock.", needed_by=None, needed_by_reason=""
    )
    client = signed_in(world)
    page = client.get(address(referral)).content.decode()
    assert "data-poll-url" in page
    assert "Filed and sent at once" in page
    work.drain()
    page = client.get(address(referral)).content.decode()
    assert "data-poll-url" not in page
    assert "no prior authorisation is needed" in page
    assert "Review the emergency" in read(world, referral, "officer_kz")
    assert "Accept or decline" in read(world, referral, "host_desk_kg")


def test_the_next_step_comes_first_for_whoever_has_it(world: World) -> None:
    desk, officer = world.actor("host_desk_kg"), world.actor("officer_kz")
    asked = make.make_in_review(world)
    actions.request_information(
        asked.pk, by=officer, questions=["Is the patient fit for four hours by road?"]
    )
    text = read(world, asked, "clinician_kz")
    assert "The ministry asks you a question" in text
    assert "Is the patient fit for four hours by road?" in text
    assert "Clock stopped" in text
    assert "The clinician answers" in read(world, asked, "officer_kz")

    discharged = make.make_in_care(world)
    actions.discharge(discharged.pk, by=desk, **make.summary())
    text = read(world, discharged, "clinician_kz")
    assert "Read the summary below, then close the referral." in text
    assert "Echocardiography in a month." in text
    assert "Echocardiography" not in read(world, discharged, "officer_kg")

    refused = make.make_in_review(world)
    actions.refuse(
        refused.pk, by=officer, reason_code="available_home", reason_text="Almaty offers it in time."
    )
    text = read(world, refused, "clinician_kz")
    assert "The ministry refused the authorisation" in text
    assert "Almaty offers it in time." in text
    assert "Appeal against the refusal" in text


def test_a_draft_opens_where_it_was_left(world: World) -> None:
    draft = make.make_draft(world)
    answer = signed_in(world).get(address(draft))
    assert answer["Location"] == reverse("referrals:file_page", args=[draft.pk, "check"])
    for reader in ("officer_kz", "host_desk_kg", "outsider"):
        assert signed_in(world, reader).get(address(draft)).status_code == 404


def test_an_ended_referral_says_how_it_ended_and_no_step_follows(world: World) -> None:
    referral = make.make_in_review(world)
    actions.withdraw(
        referral.pk, by=world.actor("clinician_kz"), reason_code="other_withdraw", reason_text="Moved away."
    )
    text = read(world, referral, "clinician_kz")
    assert "Withdrawn by the directing hospital" in text
    assert "Moved away." in text
    assert "Journey and admission" not in text
    assert "Withdraw the referral" not in text


@pytest.mark.in_turn
@pytest.mark.parametrize("reader", ["clinician_kz", "officer_kz", "host_desk_kg", "officer_kg"])
def test_a_page_costs_a_constant_number_of_queries(world: World, reader: str) -> None:
    referral = make.make_in_review(world)
    officer, clinician = world.actor("officer_kz"), world.actor("clinician_kz")
    for _round in range(3):
        actions.request_information(referral.pk, by=officer, questions=["One?", "Two?", "Three?"])
        actions.answer(referral.pk, by=clinician, answers={1: "Yes.", 2: "Yes.", 3: "Yes."})
        actions.finish_screening(referral.pk, by=SYSTEM)
    actions.grant(
        referral.pk, by=officer, reason_code="undue_delay", reason_text="Too long a wait.", **make.window()
    )
    actions.accept(referral.pk, by=world.actor("host_desk_kg"), **make.dates())
    small = make.make_accepted(world)
    client = signed_in(world, reader)
    client.get(address(small))
    costs = []
    for shown in (small, referral):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(shown)).status_code == 200
        costs.append(len(statements(queries)))
    assert costs[0] == costs[1]
    assert costs[1] <= MOST_QUERIES


def test_wherever_the_distance_is_shown_the_page_says_between_what(world: World) -> None:
    draft, case = make.make_draft(world), make.make_in_review(world)
    pages = {
        address(case): "clinician_kz",
        reverse("referrals:decide", args=[case.pk]): "officer_kz",
        reverse("referrals:file_page", args=[draft.pk, "check"]): "clinician_kz",
    }
    for path, name in pages.items():
        text = text_of(signed_in(world, name).get(path))
        assert f"{case.distance_km} km" in text, path
        assert text.count("the distance is a straight line, not a road") == 1, path
