"""What lies encrypted: no table has it readable, it is found all the same, and keys change, or are missed when lost."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.accounts.models import Authenticator
from core.actors import SYSTEM
from core.audit.models import AuditRow
from core.errors import Invalid
from core.kept.models import KeptText
from core.outbox.models import Message
from core.seal import seal, unseal
from core.sealed import resealing
from core.sealed.box import Unreadable
from core.sealed.known import lost, require_keys
from patients import access
from patients.actions import set_record_number
from patients.blind import phone_indexes
from patients.models import ContactStatement, Identifier, Merge, Patient
from referrals import actions as steps
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.factories.merging import merge, record
from tests.factories.patients import make_patient

pytestmark = pytest.mark.django_db

NUMBER = ("passport", "KZ", "CANARY778812")
CANARIES = {
    "address": "Canary street 4417",
    "phone": "+77017734417",
    "email": "canary4417@example.org",
    "next_of_kin_name": "Canary Kinsman",
    "next_of_kin_phone": "+77017734418",
}
SAID = "canarydischarge"


def everything_in_the_database() -> str:
    """Every row of every table, as the database itself writes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        rows = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def a_person_and_a_case(world: World) -> tuple[Patient, Any]:
    clinician = world.actor("clinician_kz")
    patient = make_patient(clinician, **CANARIES, identifiers=[NUMBER])
    set_record_number(by=clinician, patient_id=patient.pk, value="CANARY-OWN-1")
    referral = make.make_in_care(world, patient=patient)
    words = {**make.summary(), "care_given": f"{SAID} repaired"}
    steps.discharge(referral.pk, by=make.desk_of(world, referral), **words)
    return patient, referral


def test_nothing_lies_readable_and_all_is_found(world: World) -> None:
    clinician = world.actor("clinician_kz")
    patient, referral = a_person_and_a_case(world)
    ContactStatement.objects.create(patient=patient, recorder=world.taraz, phone="+77017734419")
    stored = everything_in_the_database()
    for canary in (*CANARIES.values(), NUMBER[2], "CANARY-OWN-1", SAID, "+77017734419"):
        assert canary not in stored
    assert patient.family_name in stored, "the trade-off of ADR 27: names are searched by what they are like"

    read = access.get_visible(clinician, patient.pk)
    assert {name: getattr(read, name) for name in CANARIES} == CANARIES
    referral.refresh_from_db()
    assert referral.discharge_summary.care_given == f"{SAID} repaired"
    for text in (NUMBER[2], "CANARY-OWN-1"):
        assert list(access.search_patients(clinician, text)) == [patient], text
    assert not access.search_patients(clinician, "CANARY778813").exists()
    assert Patient.objects.get(phone_index__in=phone_indexes(CANARIES["phone"])) == patient
    with pytest.raises(Invalid) as taken:
        make_patient(clinician, identifiers=[NUMBER])
    assert taken.value.code == "identifier_taken"

    # Nobody asks a sealed column by mistake, writes into it past the field, or moves its content elsewhere.
    for wrong in ({"phone": CANARIES["phone"]}, {"phone__contains": "77"}, {"identifiers__value": "1"}):
        with pytest.raises(FieldError):
            Patient.objects.filter(**wrong).exists()
    assert (
        Patient.objects.filter(phone="").count()
        == Patient.objects.exclude(pk=patient.pk).filter(phone="").count()
    )
    for statement in (
        "UPDATE patients_patient SET phone = '+77010000000' WHERE id = %s",
        "INSERT INTO patients_identifier (patient_id, system, country, value, value_index, warnings, created_at) "
        "VALUES (%s, 'passport', 'KZ', 'N1234567', 'x', '[]', now())",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [patient.pk])
    for change in ("next_of_kin_phone", "overlay(phone placing 'AA' from 40)"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE patients_patient SET phone = {change} WHERE id = %s", [patient.pk])
            with pytest.raises(Unreadable) as unreadable:
                Patient.objects.get(pk=patient.pk)
            assert "patients_patient.phone" in str(unreadable.value)
            assert CANARIES["next_of_kin_phone"] not in str(unreadable.value)
            transaction.set_rollback(True)


def test_a_key_is_changed_while_people_work_and_missed_when_it_is_gone(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinician = world.actor("clinician_kz")
    patient, referral = a_person_and_a_case(world)
    statement = ContactStatement.objects.create(patient=patient, recorder=world.taraz, phone="+77017734419")
    merged = merge(world, record(world), record(world, phone="+77017734420"))
    kept = KeptText.objects.create(
        owner=world.users["clinician_kz"], page="/", form="f", sealed=seal(["typed"], "core.kept.text"),
        saved_at=timezone.now(), expires_at=timezone.now() + timedelta(days=7),
    )  # fmt: skip
    app = Authenticator.objects.create(
        user=world.users["clinician_kz"], name="a", sealed=Authenticator.sealed_secret(b"1" * 20)
    )
    letters = Message.objects.exclude(address="").count()
    assert lost() == []
    old = settings.DATA_KEY, settings.INDEX_KEY

    settings.DATA_KEY, settings.INDEX_KEY = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    assert len(lost()) == 4, "two are lost, and of two no release knows"
    with pytest.raises(SystemExit, match="DATA_KEY_FALLBACKS"):
        require_keys()
    with pytest.raises(Unreadable, match="isn’t at hand"):
        Patient.objects.get(pk=patient.pk)
    with pytest.raises(CommandError, match="is lost"):
        call_command("reseal")

    settings.DATA_KEY_FALLBACKS, settings.INDEX_KEY_FALLBACKS = [old[0]], [old[1]]
    assert lost() == [], "the command has met the new ones"
    with pytest.raises(CommandError, match="before an earlier key"):
        call_command("reseal", check=True)
    # Between the keys: found by the old hash, and a number isn't given twice though its hashes differ.
    assert list(access.search_patients(clinician, NUMBER[2])) == [patient]
    with pytest.raises(Invalid) as taken:
        make_patient(clinician, identifiers=[NUMBER])
    assert taken.value.code == "identifier_taken"
    other = make_patient(clinician)
    with pytest.raises(Invalid) as given:
        set_record_number(by=clinician, patient_id=other.pk, value="CANARY-OWN-1")
    assert given.value.code == "record_number_taken"

    monkeypatch.setattr(resealing, "BATCH", 1)

    def interrupted(table: str, done: int, of: int) -> None:
        if table == "patients_patient" and done == 2:
            raise KeyboardInterrupt

    versions = dict(Patient.objects.values_list("pk", "version"))
    waiting = sum(resealing.left().values())
    with pytest.raises(KeyboardInterrupt):
        resealing.reseal(interrupted)
    assert 0 < sum(resealing.left().values()) < waiting
    call_command("reseal")
    call_command("reseal", check=True)
    done = AuditRow.objects.filter(action="data.resealed").latest("pk")
    assert len(done.details["retired"]) == 2
    assert done.actor_kind == SYSTEM.kind

    settings.DATA_KEY_FALLBACKS, settings.INDEX_KEY_FALLBACKS = [], []
    assert lost() == []
    read = access.get_visible(clinician, patient.pk)
    assert {name: getattr(read, name) for name in CANARIES} == CANARIES
    assert list(access.search_patients(clinician, NUMBER[2])) == [patient]
    assert dict(Patient.objects.values_list("pk", "version")) == versions
    assert Identifier.objects.filter(patient=patient).get().value == NUMBER[2]
    statement.refresh_from_db()
    assert statement.phone == "+77017734419"
    assert Merge.objects.get(pk=merged.pk).after is not None
    kept.refresh_from_db()
    app.refresh_from_db()
    assert unseal(kept.sealed, "core.kept.text") == ["typed"]
    assert unseal(app.sealed, "core.accounts.authenticator")
    assert len([one for one in Message.objects.all() if one.address]) == letters
    referral.refresh_from_db()
    assert referral.discharge_summary.care_given == f"{SAID} repaired"
