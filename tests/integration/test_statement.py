"""A patient is given the paper that says to whom their data were shown; nobody else is."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from core import languages
from core.audit.models import AuditRow
from disclosure.models import Disclosure
from patients.models import Patient
from tests.factories import referrals as make
from tests.factories.facilities import World

pytestmark = pytest.mark.django_db


def browser(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(answer: Any) -> str:
    """The paper's text in one line; what archives ask of it is looked at too."""
    paper = PdfReader(BytesIO(answer.content))
    assert "pdfaid" in paper.root_object["/Metadata"].get_object().get_data().decode()
    return " ".join(" ".join(page.extract_text() for page in paper.pages).split())


def test_the_patient_is_told_who_was_shown_what(world: World) -> None:
    referral = make.make_sent(world)
    clinician, desk = browser(world, "clinician_kz"), browser(world, "host_desk_kg")
    patient = referral.patient
    Patient.objects.filter(pk=patient.pk).update(family_name="Test #let *A*")
    for _ in range(3):
        desk.get(reverse("referrals:detail", args=[referral.pk]))
    url = reverse("web:statement", args=[patient.pk])
    before = Disclosure.objects.count()
    page = clinician.get(url)
    assert page.status_code == 200
    assert "Bishkek" not in page.content.decode(), "nothing of the paper stands on a page"
    for wrong in ({}, {"asked_by": "neighbour", "language": "en"}, {"asked_by": "patient", "language": "tt"}):
        assert clinician.post(url, wrong).status_code == 422
    for other, status in (("host_desk_kg", 403), ("officer_kz", 403), ("clinician_uz", 404)):
        assert (
            browser(world, other).post(url, {"asked_by": "patient", "language": "en"}).status_code == status
        )
    assert not Disclosure.objects.filter(what="patients.statement").exists()
    assert not AuditRow.objects.filter(action="patient.statement_given").exists()

    answer = clinician.post(url, {"asked_by": "patient", "language": "en"})
    assert answer["Content-Type"] == "application/pdf"
    assert patient.given_name not in answer["Content-Disposition"]
    text = text_of(answer)
    assert "Test #let *A*" in text, "what a person typed is no markup"
    assert str(world.bishkek.organisation.name) in text
    assert "3 times" in text
    assert "with clinical content" in text
    row = Disclosure.objects.get(what="patients.statement")
    assert (row.purpose, row.basis, row.patients) == ("request", ["right_to_know"], [patient.pk])
    told = AuditRow.objects.get(action="patient.statement_given")
    assert told.details == {"asked_by": "patient", "language": "en"}
    assert Disclosure.objects.count() > before


def test_the_paper_speaks_the_patients_language(world: World) -> None:
    referral = make.make_sent(world)
    clinician = browser(world, "clinician_kz")
    clinician.get(reverse("patients:detail", args=[referral.patient_id]))
    url = reverse("web:statement", args=[referral.patient_id])
    titles = {
        "kk": "Деректеріңіз кімге көрсетілді",
        "ru": "Кому показывали ваши данные",
        "uz": "Maʼlumotlaringiz kimga koʻrsatilgan",
        "ky": "Маалыматыңыз кимге көрсөтүлгөн",
        "en": "To whom your data were shown",
    }
    assert set(titles) == set(languages.CODES)
    for language, title in titles.items():
        text = text_of(clinician.post(url, {"asked_by": "representative", "language": language}))
        assert title in text
