"""How long data are kept, what must not be erased, and that what is erased is gone from every table and answer."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.actors import SYSTEM
from core.audit.models import AuditRow
from core.audit.tasks import seal
from core.db import as_actor
from core.errors import IllegalTransition
from core.outbox import work
from core.outbox.models import Message
from core.walls.session import working
from facilities.reference import LoadReport
from patients import actions as patients
from patients.models import Consent, ErasedRecord, Identifier, LegalHold, Patient, Registration, SearchWord
from referrals import actions
from referrals.models import ErasedReferral, Referral, StatusChange
from retention import actions as keeping
from retention import loading, tasks
from retention.models import Erasure, Period, State, Sweep
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.factories.patients import make_merge, make_patient
from tests.factories.sign_ins import signed_in_as

pytestmark = pytest.mark.django_db

CANARY = {
    "family_name": "Канареева",
    "given_name": "Кенарь",
    "patronymic": "Желтопёровна",
    "address": "Canary street 4417",
    "phone": "+77017734417",
    "email": "canary4417@example.org",
    "next_of_kin_name": "Canarykin Ovna",
    "next_of_kin_phone": "+77017734418",
    "next_of_kin_relation": "canarysister",
}
NUMBER, CLINICAL = ("passport", "KZ", "CANARY778812"), "canaryectomy"
SINGS = [*CANARY.values(), "Kanareeva", "kanareeva", NUMBER[2], CLINICAL, "canary"]


@pytest.fixture
def periods(world: World) -> World:
    loading.load(LoadReport())
    return world


def everything() -> list[str]:
    """Every value of every row of every model, as the portal reads it: sealed columns are opened."""
    from django.apps import apps

    found = []
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            for row in model._base_manager.all():
                values = {one.attname: getattr(row, one.attname) for one in model._meta.concrete_fields}
                found.append(f"{model._meta.label} {json.dumps(values, default=str, ensure_ascii=False)}")
    return found


def singing(rows: list[str]) -> list[str]:
    return [row for row in rows if any(one.casefold() in row.casefold() for one in SINGS)]


def long_ago(*referrals: Referral) -> None:
    """As if all that was over for thirty years."""
    was = timezone.now() - timedelta(days=30 * 366)
    Referral.objects.filter(pk__in=[one.pk for one in referrals]).update(over_at=was)
    for referral in referrals:
        Patient.objects.filter(pk=referral.patient_id).update(updated_at=was)
        family = Q(patient=referral.patient_id) | Q(patient__merged_into=referral.patient_id)
        Registration.objects.filter(family).update(registered_at=was)


def run() -> None:
    """The worker's day, in its role."""
    Sweep.objects.all().delete()
    with working():
        tasks.run()


def namesake(world: World, **person: Any) -> Patient:
    """Another record with the same words and no number."""
    return make_patient(world.actor("clinician_kz"), **{**CANARY, "phone": ""}, identifiers=[], **person)


def closed_case(world: World) -> Referral:
    """A whole journey of a person whose every word is known."""
    words = {"clinical_reason": f"{CLINICAL} advised", "service": CLINICAL, "goal": CLINICAL}
    patient = make.make_patient(world, world.actor("clinician_kz"), **CANARY, identifiers=[NUMBER])
    referral = make.make_in_care(world, patient=patient, **words)
    told = {**make.summary(), "care_given": CLINICAL, "outcome": CLINICAL, "advice": CLINICAL}
    actions.discharge(referral.pk, by=make.desk_of(world, referral), **told)
    actions.close(referral.pk, by=world.actor("clinician_kz"))
    patients.update_patient(
        by=world.actor("clinician_kz"),
        patient_id=patient.pk,
        expected_version=Patient.objects.get(pk=patient.pk).version,
        next_of_kin_relation="sister",
    )
    work.drain()
    return Referral.objects.get(pk=referral.pk)


def test_when_a_period_is_over_nothing_of_the_person_is_left_and_the_audit_log_stands(
    periods: World, settings: Any, tmp_path: Any
) -> None:
    world = periods
    settings.AUDIT_COPIES = tmp_path
    referral = closed_case(world)
    other = closed_case_of_another(world)
    merged = namesake(world, birth_date=referral.patient.birth_date, sex=referral.patient.sex)
    make_merge(world.actor("clinician_kz"), referral.patient, merged)
    work.drain()
    assert len(singing(everything())) > 10, "else nothing is proven"
    history = StatusChange.objects.filter(referral=referral).count()

    run()
    assert not Erasure.objects.exists(), "nothing is due yet"
    assert Sweep.objects.get().looked_at >= 2
    long_ago(referral)
    run()
    (row,) = Erasure.objects.all()
    assert (row.state, row.origin, row.record_id) == (State.WAITING, "period", referral.patient_id)
    run()
    assert Erasure.objects.count() == 1, "found once"
    assert Referral.objects.get(pk=referral.pk).clinical_reason, "nobody has verified the period"

    officer = signed_in_as(world.users["officer_kz"])
    page = reverse("retention:erasure", args=[row.pk])
    shown = officer.get(page).content.decode()
    assert str(row.record_id) in shown
    assert not singing([shown]), "whoever decides needs no name"
    assert officer.post(page, {"verdict": "refuse"}).status_code == 422
    assert signed_in_as(world.users["officer_kg"]).post(page, {"verdict": "erase"}).status_code == 404
    assert officer.post(page, {"verdict": "erase"}).status_code == 302
    assert officer.post(page, {"verdict": "erase"}).status_code == 409
    with working():
        work.drain()
    row.refresh_from_db()
    assert (row.state, row.gone) == (State.DONE, {"cases": 1, "drafts": 0, "record": 1})

    assert singing(everything()) == []
    assert not SearchWord.objects.filter(patient__in=[referral.patient_id, merged.pk]).exists()
    kept = StatusChange.objects.filter(referral=referral)
    assert kept.count() == history
    assert set(kept.values_list("reason_text", flat=True)) == {""}
    assert Referral.objects.get(pk=other.pk).clinical_reason, "another person's stay"
    seal()
    call_command("verify_audit")
    assert set(AuditRow.objects.filter(action="patient.erased").values_list("country", flat=True)) == {
        "KZ",
        "KG",
    }

    for name, path in (
        ("clinician_kz", reverse("patients:detail", args=[referral.patient_id])),
        ("clinician_kz", reverse("patients:edit", args=[merged.pk])),
        ("clinician_kz", reverse("referrals:detail", args=[referral.pk])),
        ("officer_kz", reverse("referrals:decide", args=[referral.pk])),
        ("host_desk_kg", reverse("referrals:papers", args=[referral.pk])),
    ):
        answer = signed_in_as(world.users[name]).get(path)
        assert answer.status_code == 410, path
    for name, path in (
        ("outsider", reverse("patients:detail", args=[referral.patient_id])),
        ("clinician_uz", reverse("referrals:detail", args=[referral.pk])),
    ):
        assert signed_in_as(world.users[name]).get(path).status_code == 404, path
    for name, path in (
        ("clinician_kz", reverse("referrals:worklist") + "?tab=over"),
        ("clinician_kz", reverse("patients:find")),
        ("officer_kz", reverse("referrals:decisions") + "?part=all"),
        ("host_desk_kg", reverse("referrals:desk") + "?part=over"),
    ):
        answer = signed_in_as(world.users[name]).get(path)
        assert answer.status_code == 200, path
        assert str(referral.number) not in answer.content.decode()
    api, host = make_api(world.korday), make_api(world.bishkek)
    gone = api.get(f"patients/{referral.patient_id}/")
    assert (gone.status_code, gone.data["code"]) == (410, "erased")
    assert (
        api.get(f"referrals/{referral.pk}/").status_code
        == host.get(f"referrals/{referral.pk}/").status_code
        == 410
    )
    assert str(referral.pk) not in api.get("referrals/").content.decode()
    events = api.get("events/").data["results"]
    last = [one for one in events if one["type"] in {"patient.erased", "referral.erased"}]
    assert len(last) == 2
    assert make_api(world.taraz).get(f"patients/{referral.patient_id}/").status_code == 404


def closed_case_of_another(world: World) -> Referral:
    referral = make.make_in_care(world)
    actions.discharge(referral.pk, by=make.desk_of(world, referral), **make.summary())
    return referral


def test_a_patient_asks_and_the_ministry_decides(periods: World) -> None:
    world, clinician = periods, signed_in_as(periods.users["clinician_kz"])
    referral = closed_case_of_another(world)
    alone = make_patient(world.actor("clinician_kz"), **CANARY)
    draft = make.make_draft(world, patient=alone)
    officer = signed_in_as(world.users["officer_kz"])
    kept, free = (reverse("erasure:ask", args=[one]) for one in (referral.patient_id, alone.pk))
    for url in (kept, free):
        assert clinician.post(url, {"asked_by": "neighbour"}).status_code == 422
        assert clinician.post(url, {"asked_by": "patient"}).status_code == 302
        assert clinician.post(url, {"asked_by": "patient"}).status_code == 409, "it is open"
    api = make_api(world.korday)
    assert api.post(f"patients/{alone.pk}/erasures/", {"asked_by": "patient"}).status_code == 409
    assert api.get(f"patients/{alone.pk}/erasures/").data["results"][0]["state"] == "waiting"
    assert api.post(f"patients/{alone.pk}/erasures/", {"asked_by": 1}).status_code == 422
    first, second = Erasure.objects.order_by("pk")
    work.drain()
    assert Message.objects.filter(kind="erasure.asked", user=world.users["officer_kz"]).exists()

    page = reverse("retention:erasure", args=[first.pk])
    refused = officer.post(page, {"verdict": "erase"})
    assert refused.status_code == 422, "a referral is under way"
    told = {"verdict": "refuse", "refusal": "law", "reason": "Medical records are kept for 25 years."}
    assert officer.post(page, {**told, "refusal": ""}).status_code == 422
    assert officer.post(page, told).status_code == 302
    shown = clinician.get(kept).content.decode()
    assert told["reason"] in shown
    assert clinician.get(reverse("patients:detail", args=[referral.patient_id])).status_code == 200

    page = reverse("retention:erasure", args=[second.pk])
    assert officer.post(page, {"verdict": "erase"}).status_code == 302
    with working():
        work.drain()
    second.refresh_from_db()
    assert second.gone == {"cases": 0, "drafts": 1, "record": 1}
    assert singing(everything()) == []
    assert clinician.get(free).status_code == 410
    assert clinician.get(reverse("referrals:detail", args=[draft.pk])).status_code == 410
    assert api.get(f"patients/{alone.pk}/erasures/").status_code == 410
    found = {row.action for row in AuditRow.objects.filter(action__startswith="patient.eras")}
    assert found == {"patient.erasure_asked", "patient.erasure_decided", "patient.erased"}


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
