"""What a check rests on may change while a referral is open: coverage, consent, the host, the patient's life."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.actors import SYSTEM
from core.audit.models import AuditRow
from core.db import as_actor
from core.errors import Invalid, Stale
from core.outbox import work
from core.outbox.models import Job, Message
from facilities.actions import follow_facts
from facilities.models import Facility, FacilityService
from patients import actions as patient_actions
from patients.models import Coverage, Patient
from referrals import actions
from referrals.models import EligibilityCheck, Referral, RuleResult
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.integration.patient_forms import day as date_parts

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


def browser(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def covered(world: World, country: str = "KZ") -> dict[str, Any]:
    today = timezone.localdate()
    start = today - timedelta(days=90)
    return {"kind": "insurance", "fund": world.funds[country].pk, "valid_from": start, "source": "register"}


def outcome(referral: Referral, rule: str) -> RuleResult:
    check = EligibilityCheck.objects.filter(referral=referral).latest("id")
    return check.results.get(rule=rule)


def test_a_coverage_is_corrected_and_ended_and_the_old_one_stays(world: World) -> None:
    clinician = world.actor("clinician_kz")
    patient = make.make_patient(world, clinician, covered=False)
    client, url = browser(world, "clinician_kz"), reverse("patients:detail", args=[patient.pk])
    api = make_api(world.korday)
    made = api.post(
        f"patients/{patient.pk}/coverages/",
        {"kind": "insurance", "fund": "MHIF", "valid_from": "2025-01-01", "source": "register"},
    )
    assert (made.status_code, made.data["country"]) == (201, "KG")
    one = f"patients/{patient.pk}/coverages/{made.data['id']}/correct/"
    # The country is the fund's; another one is a contradiction, and so is an end before the beginning.
    for wrong, name in (({"country": "KZ"}, "country"), ({"valid_to": "2024-12-31"}, "valid_to")):
        answer = api.post(one, wrong)
        assert (answer.status_code, answer.data["errors"][0]["field"]) == (422, name)
    corrected = api.post(one, {"fund": "FSMS"})
    assert (corrected.status_code, corrected.data["country"]) == (201, "KZ")
    assert corrected.data["valid_from"] == "2025-01-01"
    assert api.post(one, {"fund": "FSMS"}).status_code == 412, "it was corrected already"
    # On the page it is ended, by its last day.
    page = reverse("patients:coverage_correct", args=[patient.pk, corrected.data["id"]])
    assert page in client.get(url).content.decode()
    form = client.get(page).context["form"]
    last = timezone.localdate() - timedelta(days=1)
    sent = {"kind": "insurance", "fund": form["fund"].value(), "country": "", "source": "register"}
    for name, day in (("valid_from", date(2025, 1, 1)), ("valid_to", last), ("checked_on", last)):
        sent |= date_parts(name, day)
    assert client.post(page, sent).status_code == 302
    listed = api.get(f"patients/{patient.pk}/coverages/").data["results"]
    assert [(row["valid_to"], row["country"]) for row in listed] == [(last.isoformat(), "KZ")]
    assert Coverage.objects.filter(patient=patient).count() == 3
    assert AuditRow.objects.filter(action="patient.coverage_corrected").count() == 2
    # Who may not see the patient, and what isn't there.
    assert make_api(world.taraz).post(one, {"fund": "FSMS"}).status_code == 404
    assert api.post(f"patients/{patient.pk}/coverages/{2**70}/correct/", {"fund": "FSMS"}).status_code == 404


def test_a_private_insurance_says_its_country(world: World) -> None:
    clinician = world.actor("clinician_kz")
    patient = make.make_patient(world, clinician, covered=False)
    terms = {"kind": "private", "valid_from": timezone.localdate(), "source": "document"}
    with pytest.raises(Invalid) as refused:
        patient_actions.record_coverage(by=clinician, patient_id=patient.pk, **terms)
    assert set(refused.value.fields) == {"country"}
    made = patient_actions.record_coverage(by=clinician, patient_id=patient.pk, country="UZ", **terms)
    assert made.country_id == "UZ"
    purse = patient_actions.correct_coverage(
        by=clinician, patient_id=patient.pk, coverage_id=made.pk, kind="self"
    )
    assert (purse.country_id, purse.replaces_id) == (None, made.pk)
    with pytest.raises(Stale):
        patient_actions.correct_coverage(by=clinician, patient_id=patient.pk, coverage_id=made.pk, number="1")


def test_the_rules_are_run_again_when_a_fact_changes_and_say_what_did(world: World) -> None:
    clinician = world.actor("clinician_kz")
    patient = make.make_patient(world, clinician, covered=False)
    referral = make.make_in_review(world, patient=patient)
    work.drain()
    assert outcome(referral, "COV-01").outcome == "needs_review"
    first = EligibilityCheck.objects.filter(referral=referral).count()
    # A fund of another country pays nothing here, and that is said.
    elsewhere = patient_actions.record_coverage(by=clinician, patient_id=patient.pk, **covered(world, "KG"))
    work.drain()
    assert outcome(referral, "COV-01").message == "cov_elsewhere"
    patient_actions.correct_coverage(
        by=clinician, patient_id=patient.pk, coverage_id=elsewhere.pk, **covered(world)
    )
    work.drain()
    now = outcome(referral, "COV-01")
    assert (now.outcome, now.was, now.check_run.again) == ("pass", "needs_review", True)
    assert outcome(referral, "MED-01").was == ""
    assert EligibilityCheck.objects.filter(referral=referral).count() == first + 2
    # On the page, in the API, and to those concerned.
    page = (
        browser(world, "clinician_kz").get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    )
    assert "Before: To review." in page
    assert "Checked again on" in page
    row = next(
        row
        for row in make_api(world.korday)
        .get(f"referrals/{referral.pk}/")
        .data["clinical"]["check"]["results"]
        if row["rule"] == "COV-01"
    )
    assert (row["outcome"], row["was"]) == ("pass", "needs_review")
    told = Message.objects.filter(kind="referral.staff:referral.checked_again", channel="inbox")
    assert told.filter(user=world.users["officer_kz"]).exists()
    # What changes nothing leaves no check behind, and nothing runs in circles.
    patient_actions.record_coverage(
        by=clinician, patient_id=patient.pk, **(covered(world) | {"source": "document"})
    )
    work.drain()
    assert EligibilityCheck.objects.filter(referral=referral).count() == first + 2


def test_consent_and_host_are_facts_too_and_what_is_over_is_left_alone(world: World) -> None:
    clinician = world.actor("clinician_kz")
    referral, over = make.make_in_review(world), make.make_in_review(world)
    actions.withdraw(over.pk, by=clinician, reason_code="not_needed")
    work.drain()
    checks = EligibilityCheck.objects.filter(referral=over).count()
    assert outcome(referral, "CON-01").outcome == "pass"
    assert outcome(referral, "PRV-01").outcome == "needs_review"
    consent = referral.consent
    assert consent is not None
    patient_actions.withdraw_consent(by=clinician, patient_id=referral.patient_id, consent_id=consent.pk)
    service = FacilityService.objects.get(facility=world.bishkek, specialty=referral.specialty)
    service.basis, service.verified = "person", True
    service.licensed_until = timezone.localdate() + timedelta(days=30)
    with as_actor(SYSTEM):
        service.save()
        Facility.objects.filter(pk=world.bishkek.pk).update(licence_number="24000123")
        follow_facts(service, by=SYSTEM)
    work.drain()
    assert (outcome(referral, "CON-01").outcome, outcome(referral, "CON-01").was) != ("pass", "")
    assert outcome(referral, "PRV-01").outcome == "pass"
    assert EligibilityCheck.objects.filter(referral=over).count() == checks


@pytest.mark.parametrize("how", ["page", "api", "host"])
def test_a_death_ends_the_other_referrals_and_nobody_writes_to_the_dead(world: World, how: str) -> None:
    clinician = world.actor("clinician_kz")
    patient = make.make_patient(world, clinician)
    waiting = make.make_in_review(world, patient=patient)
    draft = make.make_draft(world, patient=patient)
    in_care = make.make_in_care(world, patient=patient, specialty=world.specialties["oncology"])
    told = Message.objects.filter(recipient=f"patient:{patient.pk}")
    work.drain()
    before = told.count()
    assert before
    today = timezone.localdate()
    if how == "page":
        client = browser(world, "clinician_kz")
        page = client.get(reverse("patients:edit", args=[patient.pk])).context["form"]
        sent = {name: page[name].value() or "" for name in page.fields}
        for name in ("birth_date", "deceased_on"):
            day = page[name].value() if name == "birth_date" else today
            sent |= date_parts(name, day)
        sent.pop("birth_date_estimated", None)
        assert client.post(reverse("patients:edit", args=[patient.pk]), sent).status_code == 302
    elif how == "api":
        api = make_api(world.korday)
        etag = api.get(f"patients/{patient.pk}/")["ETag"]
        died = api.patch(f"patients/{patient.pk}/", {"deceased_on": today.isoformat()}, If_Match=etag)
        assert died.status_code == 200
    else:
        actions.record_death(in_care.pk, by=world.actor("host_desk_kg"), deceased_on=today)
        patient_actions.confirm_death(by=clinician, patient_id=patient.pk)
    work.drain()
    for one in (waiting, draft, in_care):
        one.refresh_from_db()
    assert waiting.state == "deceased"
    assert draft.state == "draft"
    assert in_care.state == ("deceased" if how == "host" else "in_care")
    flagged = Message.objects.filter(kind="referral.staff:referral.patient_died", channel="inbox")
    assert flagged.filter(user=world.users["host_desk_kg"]).exists() == (how != "host")
    assert told.count() == before, "nobody wrote to the dead"
    with pytest.raises(Invalid) as refused:
        actions.submit(draft.pk, by=clinician)
    assert "patient" in refused.value.fields


def test_what_waited_to_be_sent_to_the_dead_is_withdrawn_and_a_mistake_is_corrected(world: World) -> None:
    clinician = world.actor("clinician_kz")
    patient = make.make_patient(world, clinician)
    referral = make.make_in_review(world, patient=patient)
    for job in Job.objects.filter(handler="referrals.tell"):
        work.run_job(job.pk)
    unsent = Message.objects.filter(recipient=f"patient:{patient.pk}", sent_at=None)
    assert unsent.exists()
    fields = {"deceased_on": timezone.localdate()}
    patient.refresh_from_db()
    patient_actions.update_patient(
        by=clinician, patient_id=patient.pk, expected_version=patient.version, **fields
    )
    assert not unsent.exists()
    work.drain()
    referral.refresh_from_db()
    assert referral.state == "deceased"
    patient.refresh_from_db()
    # A death is taken back, or gets another day, with a reason alone: on the page and by the API.
    client, api = browser(world, "clinician_kz"), make_api(world.korday)
    url, path = reverse("patients:edit", args=[patient.pk]), f"patients/{patient.pk}/"
    form = client.get(url).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields if form[name].value()}
    sent |= date_parts("birth_date", form["birth_date"].value())
    assert "death_correction" in form.fields
    assert {*client.post(url, sent).context["form"].errors} == {"death_correction"}
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    for change in ({"deceased_on": None}, {"deceased_on": yesterday}):
        for more in ({}, {"death_correction": "whim"}):
            refused = api.patch(path, change | more, If_Match=f'"{patient.version}"')
            assert (refused.status_code, refused.data["errors"][0]["field"]) == (422, "death_correction")
    moved = api.patch(
        path,
        {"deceased_on": yesterday, "death_correction": "wrong_day"},
        If_Match=f'"{patient.version}"',
    )
    assert moved.status_code == 200
    sent |= {"version": patient.version + 1, "death_correction": "alive"}
    assert client.post(url, sent).status_code == 302
    assert "death_correction" not in client.get(url).context["form"].fields
    work.drain()
    referral.refresh_from_db()
    assert referral.state == "deceased", "what ended stays ended"
    rows = AuditRow.objects.filter(action="patient.death_corrected", subject_id=str(patient.pk)).order_by(
        "id"
    )
    assert [(row.details["reason"], row.details["taken_back"]) for row in rows] == [
        ("wrong_day", False),
        ("alive", True),
    ]
    again = make.make_in_review(world, patient=Patient.objects.get(pk=patient.pk))
    assert again.state == "in_review"


def test_an_impossible_day_of_death_is_refused_at_its_field(world: World) -> None:
    referral = make.make_in_care(world)
    patient = referral.patient
    assert patient.birth_date is not None
    host, home = make_api(world.bishkek), make_api(world.korday)
    etag = home.get(f"patients/{patient.pk}/")["ETag"]
    for day in (
        patient.birth_date - timedelta(days=1),
        date(1, 1, 1),
        timezone.localdate() + timedelta(days=2),
    ):
        for answer in (
            host.step(referral, "record-death", {"deceased_on": day.isoformat()}),
            home.patch(f"patients/{patient.pk}/", {"deceased_on": day.isoformat()}, If_Match=etag),
        ):
            assert (answer.status_code, answer.data["errors"][0]["field"]) == (422, "deceased_on"), day
        form = date_parts("deceased_on", day)
        desk = browser(world, "host_desk_kg")
        referral.refresh_from_db()
        page = desk.post(
            reverse("referrals:step", args=[referral.pk, "record_death"]),
            {"version": referral.version, **form},
        )
        assert (page.status_code, list(page.context["form"].errors)) == (422, ["deceased_on"]), day
    assert (
        host.step(referral, "record-death", {"deceased_on": patient.birth_date.isoformat()}).status_code
        == 200
    )
