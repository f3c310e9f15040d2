"""Days stand in order wherever they are typed, and what nothing foresaw is still no failure of the portal."""

import logging
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from patients.models import Consent, Coverage, Patient
from referrals.models import Appointment, Authorisation, DischargeSummary, EvidenceItem, Referral
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.factories.patients import make_coverage
from tests.factories.referrals import make_consent
from tests.factories.situations import SITUATIONS
from tests.integration.filing_pages import day, signed_in
from tests.integration.step_pages import url

pytestmark = pytest.mark.django_db
IMPOSSIBLE = (date(1, 1, 1), date(2199, 1, 1))


def test_a_death_stands_between_birth_and_today(world: World) -> None:
    clinician = world.actor("clinician_kz")
    patient = make.make_patient(world, clinician, birth_date=date(1980, 1, 1), identifiers=[])
    in_care = make.make_in_care(world, patient=make.make_patient(world, clinician))
    Patient.objects.filter(pk=in_care.patient_id).update(birth_date=date(1980, 1, 1))
    api, host, desk = make_api(world.korday), make_api(world.bishkek), signed_in(world, "host_desk_kg")
    tomorrow = timezone.localdate() + timedelta(days=2)
    for wrong in (date(1926, 11, 20), tomorrow, *IMPOSSIBLE):
        edited = api.patch(
            f"patients/{patient.pk}/",
            {"deceased_on": wrong.isoformat()},
            If_Match=api.get(f"patients/{patient.pk}/")["ETag"],
        )
        assert (edited.status_code, edited.data["errors"][0]["field"]) == (422, "deceased_on"), wrong
        told = host.step(in_care, "record-death", {"deceased_on": wrong.isoformat()})
        assert (told.status_code, told.data["errors"][0]["field"]) == (422, "deceased_on"), wrong
        page = desk.post(
            url(in_care, "record_death"), {"version": in_care.version, **day("deceased_on", wrong)}
        )
        assert page.status_code == 422, wrong
        assert "id_deceased_on" in page.content.decode()
    assert not Patient.objects.exclude(deceased_on=None).exists()
    right = {"version": in_care.version, **day("deceased_on", timezone.localdate())}
    assert desk.post(url(in_care, "record_death"), right).status_code == 302


@pytest.mark.parametrize("wrong", IMPOSSIBLE)
def test_no_day_lies_in_another_age(world: World, wrong: date) -> None:
    clinician = world.actor("clinician_kz")
    patient = make.make_patient(world, clinician)
    api, page = make_api(world.korday), signed_in(world)
    text, today = wrong.isoformat(), timezone.localdate()
    coverage = {"kind": "self", "source": "stated", "valid_from": today.isoformat()}
    for field in ("valid_from", "valid_to", "checked_on"):
        answer = api.post(f"patients/{patient.pk}/coverages/", coverage | {field: text})
        assert (answer.status_code, answer.data["errors"][0]["field"]) == (422, field)
        typed = {"kind": "self", "source": "stated", **day("valid_from", today), **day("checked_on", today)}
        answer = page.post(
            reverse("patients:coverage", args=[patient.pk]), typed | {"valid_to": ""} | day(field, wrong)
        )
        assert answer.status_code == 422, field
    assert Coverage.objects.filter(patient=patient, kind="self").count() == 0
    assert api.post(f"patients/{patient.pk}/coverages/", coverage).status_code == 201
    consent = make_consent(patient, clinician)
    terms = {"purpose": consent.purpose, "recipient_country": consent.recipient_country, "how": consent.how}
    # Whoever writes past forms and actions is refused by the table.
    with pytest.raises(IntegrityError, match="consent_days_possible"), transaction.atomic():
        Consent.objects.create(
            patient=patient,
            valid_from=min(wrong, today),
            valid_to=max(wrong, today),
            given_by="x",
            recorded_by_label="x",
            **terms,
        )


def test_the_tables_hold_days_to_their_order(world: World) -> None:
    referral = SITUATIONS["discharged"](world)
    coverage = make_coverage(world.actor("clinician_kz"), referral.patient, world.funds["KZ"].pk)
    today = timezone.localdate()
    ahead, years_ahead = today + timedelta(days=3), today + timedelta(days=800)
    refused: list[tuple[Any, str, str, date]] = [
        (Patient, "birth_date", "patient_born_by_now", ahead),
        (Patient, "deceased_on", "patient_died_by_now", ahead),
        (Coverage, "valid_from", "coverage_begins_soon", years_ahead),
        (Coverage, "valid_to", "coverage_ends_in_a_life", date(2140, 1, 1)),
        (Referral, "needed_by", "referral_needed_soon", years_ahead),
        (Authorisation, "valid_until", "authorisation_lasts_a_year_at_most", years_ahead),
        (Patient, "deceased_on", "patient_days_possible", date(2199, 1, 1)),
        (Referral, "needed_by", "referral_days_possible", date(1, 1, 1)),
        (Authorisation, "valid_until", "authorisation_days_possible", date(2199, 1, 1)),
        (EvidenceItem, "dated_on", "evidence_day_possible", date(1, 1, 1)),
        (EvidenceItem, "dated_on", "evidence_dated_by_now", ahead),
        (DischargeSummary, "discharged_on", "discharged_by_now", ahead),
        (DischargeSummary, "admitted_on", "discharge_after_admission", ahead),
    ]
    for model, field, constraint, wrong in refused:
        more = {"valid_to": None} if field == "valid_from" else {}
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            model.objects.update(**{field: wrong}, **more)
    start = timezone.now() + timedelta(days=800)
    for ends, constraint in ((1, "appointment_is_soon"), (181, "appointment_lasts_180_days_at_most")):
        begins = start if ends == 1 else timezone.now()
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Appointment.objects.update(period=(begins, begins + timedelta(days=ends)))
    with pytest.raises(IntegrityError, match="coverage_checked_by_now"), transaction.atomic():
        Coverage.objects.filter(pk=coverage.pk).update(checked_on=ahead)
    Coverage.objects.filter(pk=coverage.pk).update(checked_on=timezone.localdate())


def test_a_stay_begins_after_the_birth(world: World) -> None:
    referral = make.make_in_care(world)
    today = timezone.localdate()
    Patient.objects.filter(pk=referral.patient_id).update(birth_date=today)
    words = {"care_given": "Repair.", "outcome": "Well.", "advice": "Rest."}
    host = make_api(world.bishkek)
    stay = {"admitted_on": (today - timedelta(days=1)).isoformat(), "discharged_on": today.isoformat()}
    refused = host.step(referral, "discharge", stay | words)
    assert (refused.status_code, refused.data["errors"][0]["field"]) == (422, "admitted_on")
    stay["admitted_on"] = today.isoformat()
    assert host.step(referral, "discharge", stay | words).status_code == 200


def test_nothing_begins_or_ends_in_another_generation(world: World) -> None:
    clinician, today = world.actor("clinician_kz"), timezone.localdate()
    patient = make.make_patient(world, clinician)
    far = today + timedelta(days=731)
    api, page = make_api(world.korday), signed_in(world)
    asked: list[tuple[str, str, dict[str, Any], dict[str, date]]] = [
        ("coverages", "coverage", {"kind": "self", "source": "stated"}, {"valid_from": far}),
        (
            "coverages",
            "coverage",
            {"kind": "self", "source": "stated"},
            {"valid_from": today, "valid_to": date(today.year + 76, 1, 1)},
        ),
        (
            "consents",
            "consent",
            {"purpose": "treatment", "recipient_country": "KG", "how": "written", "given_by": ""},
            {"valid_from": far, "valid_to": far + timedelta(days=1)},
        ),
    ]
    for path, name, terms, days in asked:
        wrong = list(days)[-1] if path == "coverages" else "valid_from"
        answer = api.post(f"patients/{patient.pk}/{path}/", terms | {k: str(v) for k, v in days.items()})
        assert (answer.status_code, [row["field"] for row in answer.data["errors"]]) == (422, [wrong])
        typed: dict[str, Any] = {**terms, **day("checked_on", today)}
        for field, value in days.items():
            typed |= day(field, value)
        shown = page.post(reverse(f"patients:{name}", args=[patient.pk]), typed)
        assert shown.status_code == 422
        assert f"id_{wrong}" in shown.content.decode()
    emergency = make.make_submitted(world, priority="stat", triage_note="Shock.", needed_by=None)
    host, begins = make_api(world.bishkek), timezone.now() + timedelta(days=732)
    stay = {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(days=2)).isoformat()}
    refused = host.step(emergency, "accept", stay)
    assert (refused.status_code, [row["field"] for row in refused.data["errors"]]) == (422, ["starts_at"])
    begins -= timedelta(days=600)
    stay = {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(days=2)).isoformat()}
    assert host.step(emergency, "accept", stay).status_code == 200


def test_a_birth_and_a_death_stand_around_every_stay(world: World) -> None:
    referral = SITUATIONS["closed"](world)
    patient, api = referral.patient, make_api(world.korday)
    last = timezone.localdate() - timedelta(days=10)
    after, before = last + timedelta(days=5), last - timedelta(days=5)
    DischargeSummary.objects.filter(referral=referral).update(admitted_on=last, discharged_on=last)
    other = make.make_sent(world, patient=patient)

    def patch(**changes: str) -> Any:
        version = api.get(f"patients/{patient.pk}/")["ETag"]
        return api.patch(f"patients/{patient.pk}/", changes, If_Match=version)

    for wrong in ({"deceased_on": str(before)}, {"birth_date": str(after)}):
        answer = patch(**wrong)
        assert (answer.status_code, [row["field"] for row in answer.data["errors"]]) == (422, list(wrong))
    told = api.step(other, "record-death", {"deceased_on": str(before)})
    assert (told.status_code, told.data["errors"][0]["field"]) == (422, "deceased_on")
    assert patch(deceased_on=str(last)).status_code == 200


def test_what_only_the_database_refuses_is_a_refusal(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    patient = make.make_patient(world, world.actor("clinician_kz"))
    today = timezone.localdate()
    before = today - timedelta(days=1)
    content = {"kind": "self", "source": "stated", "valid_from": str(today), "number": "Тайная"}
    typed = {"kind": "self", "source": "stated", **day("valid_from", today), **day("checked_on", today)}
    api, page = make_api(world.korday), signed_in(world)
    count = Coverage.objects.count()

    def forgetful(terms: Any, errors: Any) -> dict[str, Any]:
        return {"valid_from": terms["valid_from"], "valid_to": before, "checked_on": today}

    monkeypatch.setattr("patients.actions.coverage._clean_period", forgetful)
    with caplog.at_level(logging.ERROR):
        answer = api.post(f"patients/{patient.pk}/coverages/", content)
        shown = page.post(reverse("patients:coverage", args=[patient.pk]), typed)
    assert (answer.status_code, answer.data["code"]) == (422, "invalid")
    assert shown.status_code == 422
    for text in (answer.content.decode(), shown.content.decode()):
        assert "nothing was saved" in text
    assert Coverage.objects.count() == count
    told = [row for row in caplog.records if row.name == "core.refused"]
    assert ["coverage_period" in str(row.exc_info) for row in told] == [True, True]
    assert "Тайная" not in caplog.text
    monkeypatch.undo()
    assert api.post(f"patients/{patient.pk}/coverages/", content).status_code == 201
