"""Reasoned letters, and the patient's journey on paper: from the facts of then, by the host's clock."""

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals import actions
from referrals.models import Paper, Referral
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.factories.situations import SITUATIONS
from tests.integration.test_papers import checked, outcome, url
from tests.integration.test_statement import browser, text_of

pytestmark = pytest.mark.django_db


def test_letters_say_why_and_how_to_appeal(world: World) -> None:
    referral = SITUATIONS["refused"](world)
    paper, clinician = Paper.objects.get(referral=referral), browser(world, "clinician_kz")
    assert paper.code is None
    assert clinician.get(url(paper)).status_code == 404, "a refusal has no certificate"
    text = text_of(clinician.get(url(paper, "patient")))
    for said in (
        "The authorisation was refused",
        "Ask Your doctor to appeal for You.",
        "Another officer than the one who refused",
        "An appeal is possible until",
        paper.facts["reason_text"],
    ):
        assert said in text
    assert "Appeal for the patient on the page" in text_of(clinician.get(url(paper, "clinician")))
    assert browser(world, "host_desk_kg").get(url(paper, "patient")).status_code == 404
    page = clinician.get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    assert url(paper, "patient", referral.patient.preferred_language) in page
    assert reverse("referrals:papers", args=[referral.pk]) in page
    appealed = actions.appeal(referral.pk, by=world.actor("clinician_kz"), text="Look again.")
    assert appealed.authorisation.due_at is not None
    assert appealed.authorisation.due_at > timezone.now()
    page = browser(world, "officer2_kz").get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    assert "The decision is due by" in page, "the appeal has a clock of its own"
    actions.uphold(referral.pk, by=world.actor("officer2_kz"), reason_text="Nothing new was shown.")
    upheld = text_of(clinician.get(url(Paper.objects.get(kind="upheld"), "patient")))
    assert "Nothing new was shown." in upheld
    assert "officer2_kz" in upheld
    Referral.objects.filter(pk=referral.pk).update(service="Another care")
    again = text_of(clinician.get(url(paper, "patient")))
    assert "Another care" not in again, "it says what was decided, whatever is changed since"


def test_the_journey_is_told_by_the_hosts_clock(world: World) -> None:
    referral = make.make_sent(world)
    clinician, page = browser(world, "clinician_kz"), reverse("referrals:itinerary", args=[referral.pk])
    paper = reverse("referrals:itinerary_paper", args=[referral.pk, "en"])
    assert clinician.get(page).status_code == clinician.get(paper).status_code == 409, "no date yet"
    actions.accept(referral.pk, by=make.desk_of(world, referral), **make.dates())
    appointment = referral.appointments.get(active=True)
    shown, printed = clinician.get(page).content.decode(), clinician.get(paper)
    at = appointment.period.lower.astimezone(referral.host_zone)
    for text in (shown, text_of(printed)):
        assert f"{at:%H:%M}, by the host hospital’s clock: Bishkek time (UTC+6)" in text
        assert "Your passport or identity document" in text
        assert str(world.bishkek.name) in text
    assert clinician.get(paper).content == printed.content
    assert "сапарыңыз" in text_of(clinician.get(paper.replace("/en/", "/kk/")))
    for name, status in (("host_desk_kg", 200), ("officer_kg", 403), ("clinician_uz", 404)):
        assert browser(world, name).get(paper).status_code == status
    assert clinician.get(paper.replace("/en/", "/tt/")).status_code == 404
    actions.withdraw(referral.pk, by=world.actor("clinician_kz"), reason_code="patient_wish")
    assert clinician.get(page).status_code == 409, "whoever doesn't travel has no journey"
    assert outcome(checked(Paper.objects.get(kind="grant").code or "")) == "revoked"
