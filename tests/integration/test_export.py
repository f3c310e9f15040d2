"""A patient is given all that is held on them, on paper or as a file; nobody else is, nor without a second factor."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import languages
from core.accounts.sessions import SIGN_IN
from core.audit.models import AuditRow
from disclosure.models import Disclosure
from referrals import actions
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.integration.test_statement import browser, text_of

pytestmark = pytest.mark.django_db


def grown_old(client: Client) -> None:
    session = client.session
    session[SIGN_IN] = session[SIGN_IN] | {"verified": (timezone.now() - timedelta(minutes=16)).timestamp()}
    session.save()


def test_the_patient_is_given_all_that_is_held(world: World) -> None:
    referral = make.make_in_care(world, clinical_reason="Test #let *reason*")
    actions.discharge(referral.pk, by=make.desk_of(world, referral), **make.summary())
    patient = referral.patient
    number = patient.identifiers.get().value
    url = reverse("web:export", args=[patient.pk])
    clinician = browser(world, "clinician_kz")
    said: dict[str, Any] = {"asked_by": "patient", "language": "en", "as_format": "json"}
    for wrong in (
        {},
        {**said, "asked_by": "neighbour"},
        {**said, "language": "tt"},
        {**said, "as_format": "xml"},
    ):
        assert clinician.post(url, wrong).status_code == 422
    for other, status in (
        ("host_desk_kg", 403),
        ("officer_kz", 403),
        ("auditor_kz", 403),
        ("clinician_uz", 404),
    ):
        assert browser(world, other).post(url, said).status_code == status
    stale = browser(world, "clinician_kz")
    grown_old(stale)
    led = stale.post(url, said)
    assert led["Location"].startswith(
        (reverse("accounts:second_step"), reverse("accounts:second_factor_new"))
    )
    assert number not in clinician.get(url).content.decode(), "nothing of it stands on a page"
    assert not Disclosure.objects.filter(what="patients.export").exists()
    assert not AuditRow.objects.filter(action="patient.exported").exists()

    answer = clinician.post(url, said)
    assert answer["Content-Type"] == "application/json"
    assert patient.family_name not in answer["Content-Disposition"]
    found = json.loads(answer.content)
    assert [row["value"] for row in found["patient"]["identifiers"]] == [number]
    assert found["patient"]["phone"] == patient.phone
    case = found["referrals"][0]
    assert case["clinical"]["discharge_summary"]["care_given"] == make.summary()["care_given"]
    assert [row["what"] for row in found["shown_to"]].count("patients.export") == 1
    row = Disclosure.objects.get(what="patients.export")
    assert (row.patients, row.clinical, row.purpose) == ([patient.pk], True, "request")
    assert AuditRow.objects.get(action="patient.exported").details["format"] == "json"

    for language in sorted(languages.CODES):
        paper = clinician.post(url, {**said, "language": language, "as_format": "pdf"})
        assert paper["Content-Type"] == "application/pdf"
        text = text_of(paper)
        for held in (number, patient.phone, "Test #let *reason*", make.summary()["care_given"]):
            assert held in text, language
    assert Disclosure.objects.filter(what="patients.export").count() == 1 + len(languages.CODES)
