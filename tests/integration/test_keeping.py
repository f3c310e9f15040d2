"""How long data are kept, and what must not be erased, whoever asks; that a correction loses nothing."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from core.actors import SYSTEM
from core.audit.models import AuditRow
from core.db import as_actor
from core.errors import IllegalTransition
from core.walls.session import working
from patients import actions as patients
from patients.models import Consent, ErasedRecord, Identifier, LegalHold, Patient
from referrals.models import ErasedReferral, Referral
from retention import actions as keeping
from retention.models import Erasure, Period, State
from tests.factories.facilities import World
from tests.factories.keeping import (
    CANARY,
    CLINICAL,
    NUMBER,
    closed_case,
    everything,
    long_ago,
    namesake,
    periods,
    run,
    singing,
)
from tests.factories.patients import make_merge, make_patient
from tests.factories.sign_ins import signed_in_as

__all__ = ["periods"]  # a fixture
pytestmark = pytest.mark.django_db


def test_nothing_under_a_legal_hold_goes_whoever_asks_and_whenever_it_was_placed(periods: World) -> None:
    world = periods
    officer, clinician = (signed_in_as(world.users[name]) for name in ("officer_kz", "clinician_kz"))
    referral = closed_case(world)
    long_ago(referral)
    url = reverse("retention:hold_new")
    said = {"reference": referral.number, "ground": "court", "reason": "Order 12 of the court"}
    for wrong in (
        {},
        {**said, "reference": "KZ-0000-0"},
        {**said, "ground": "whim"},
        {**said, "reason": " "},
    ):
        assert officer.post(url, wrong).status_code == 422
    assert signed_in_as(world.users["officer_uz"]).post(url, said).status_code == 422, "not that country's"
    assert clinician.post(url, said).status_code == 403
    assert not LegalHold.objects.exists()
    assert officer.post(url, said).status_code == 302
    hold = LegalHold.objects.get()
    for name, page in (
        ("clinician_kz", reverse("patients:detail", args=[referral.patient_id])),
        ("clinician_kz", reverse("referrals:detail", args=[referral.pk])),
        ("officer_kz", reverse("retention:overview")),
    ):
        assert 'id="legal-hold"' in (text := signed_in_as(world.users[name]).get(page).content.decode()) or (
            str(hold.patient_id) in text
        )
    run()
    assert not Erasure.objects.exists(), "what is held isn't due"

    # Decided before it was placed, and carried out after; then placed between the look and the erasing.
    row = Erasure.objects.create(
        record_id=referral.patient_id, country=world.countries["KZ"], origin="period", state=State.GRANTED,
        asked_at=timezone.now(), recorded_by_label="x", decided_at=timezone.now(),
    )  # fmt: skip
    with working():
        assert keeping.carry_out(by=SYSTEM, erasure_id=row.pk) is False
    for tombstone in (
        lambda: ErasedRecord.objects.create(
            record_id=hold.patient_id, erased_at=timezone.now(), ground="period"
        ),
        lambda: ErasedReferral.objects.create(
            referral_id=referral.pk, erased_at=timezone.now(), ground="period"
        ),
    ):
        with pytest.raises(IntegrityError, match="legal hold"), transaction.atomic():
            tombstone()
    lift = reverse("retention:hold_lift", args=[hold.pk])
    assert officer.post(lift, {"reason": ""}).status_code == 422
    assert signed_in_as(world.users["officer_kg"]).post(lift, {"reason": "x"}).status_code == 404
    assert officer.post(lift, {"reason": "The court has closed the case"}).status_code == 302
    assert officer.post(lift, {"reason": "again"}).status_code == 409
    run()
    row.refresh_from_db()
    assert row.state == State.DONE
    assert singing(everything()) == []
    with pytest.raises(IntegrityError, match="erased"), transaction.atomic():
        LegalHold.objects.create(
            patient_id=referral.patient_id, country=world.countries["KZ"], ground="court", reason="x",
            placed_by=world.users["officer_kz"], placed_by_label="x", placed_at=timezone.now(),
        )  # fmt: skip
    assert officer.post(url, {**said, "reference": str(referral.patient_id)}).status_code == 422

    # A hold goes along with a merge, and stands against parting the two again.
    one, two = (namesake(world, birth_date=date(1960, 1, 2), sex="female") for _ in "ab")
    assert officer.post(url, {**said, "reference": str(two.pk)}).status_code == 302
    merge = make_merge(world.actor("clinician_kz"), one, two)
    assert LegalHold.objects.get(lifted_at=None).patient_id == one.pk
    with pytest.raises(IllegalTransition):
        patients.undo_merge(
            by=world.actor("clinician_kz"), survivor_id=one.pk, merge_id=merge.pk, reason="two_persons",
            expected_version=Patient.objects.get(pk=one.pk).version,
        )  # fmt: skip


def test_a_period_is_changed_by_two_persons_and_an_unverified_one_erases_nothing_alone(
    periods: World,
) -> None:
    world = periods
    second = world.users["officer2_kz"]
    first, other = signed_in_as(world.users["officer_kz"]), signed_in_as(second)
    case = Period.objects.get(country="KZ", kind="case")
    url = reverse("retention:period", args=[case.pk])
    said = {"months": "12", "obliges": "on", "source": "Order 175, article 3", "verified": "on"}
    for wrong in ({**said, "months": "0"}, {**said, "months": "1e9"}, {**said, "source": ""}):
        assert first.post(url, wrong).status_code == 422
    assert signed_in_as(world.users["officer_kg"]).post(url, said).status_code == 403
    assert first.post(url, said).status_code == 302
    new = Period.objects.get(country="KZ", kind="case", approved_at=None)
    assert first.post(url, said).status_code == 409, "one proposal at a time"
    approve = reverse("retention:period_approve", args=[new.pk])
    assert first.post(approve).status_code == 403
    assert Period.objects.get(pk=case.pk).over_at is None
    assert other.post(approve).status_code == 302
    assert other.post(approve).status_code == 409
    case.refresh_from_db()
    assert case.over_at is not None, "the version before stays, as over"
    assert AuditRow.objects.filter(action__startswith="retention.").count() == 2
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("UPDATE retention_period SET approved_by_id = made_by_id WHERE id = %s", [new.pk])

    # The longer one of the two countries counts, and one that nobody verified lets nothing go by itself.
    referral = closed_case(world)
    Referral.objects.filter(pk=referral.pk).update(over_at=timezone.now() - timedelta(days=400))
    run()
    assert not Erasure.objects.exists(), "Kyrgyzstan keeps it for longer"
    Period.objects.filter(kind="case").update(months=12, verified=True, source="x")
    run()
    row = Erasure.objects.get()
    assert (row.state, row.gone["cases"], row.gone["record"]) == (State.DONE, 1, 0)
    left = Patient.objects.get(pk=referral.patient_id)
    assert left.family_name == CANARY["family_name"], "the record has a period of its own"
    assert Identifier.objects.filter(patient=left).exists()
    assert (
        signed_in_as(world.users["clinician_kz"]).get(reverse("patients:detail", args=[left.pk])).status_code
        == 200
    )
    assert not [one for one in singing(everything()) if CLINICAL in one]


def test_a_correction_loses_nothing(world: World) -> None:
    by = world.actor("clinician_kz")
    patient = make_patient(by, **CANARY, identifiers=[NUMBER, ("identity-card", "KZ", "TYPED11")])
    patients.update_patient(
        by=by,
        patient_id=patient.pk,
        expected_version=patient.version,
        family_name="Иванова",
        phone="+77011112233",
    )
    wrong = next(one for one in patient.identifiers.all() if one.value == "TYPED11")
    patients.remove_identifier(by=by, patient_id=patient.pk, identifier_id=wrong.pk, reason="typing_error")
    page = (
        signed_in_as(world.users["clinician_kz"])
        .get(reverse("patients:detail", args=[patient.pk]))
        .content.decode()
    )
    for stood in (CANARY["family_name"], "TYPED11"):
        assert stood in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT before FROM patients_correction")
        assert all(value.startswith("s1.") for (value,) in cursor.fetchall()), "sealed"
    with as_actor(SYSTEM), pytest.raises(Exception, match=r"append|delete"), transaction.atomic():
        patient.corrections.all().delete()
    assert Consent.objects.filter(patient=patient).count() == 0
