"""Which rows the database shows while the application asks for all of them: the access layer is switched off here."""

from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import F, Q
from django.urls import get_resolver

from core.actors import SYSTEM, Actor
from core.audit.log import record
from core.audit.models import AuditRow
from core.db import as_actor
from core.permissions import Permission
from core.prepared import prepared
from core.walls.declared import tables
from core.walls.roles import WEB
from core.walls.session import tell, working
from disclosure.models import Disclosure
from patients.models import (
    ContactStatement,
    Correction,
    ErasedRecord,
    LegalHold,
    Merge,
    Patient,
    Registration,
    SearchWord,
)
from patients.models import RecordNumber as PatientNumber
from referrals import machines
from referrals.access import visible_referrals
from referrals.models import ErasedReferral, FormerHost, PaperCheck, Referral, StatusChange
from referrals.models import RecordNumber as ReferralNumberOfOwn
from retention.models import Erasure
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.factories.merging import merge
from tests.factories.merging import record as record_of_one
from tests.integration.addresses import COLUMNS, PARTS, address, addresses, ask, people, things
from tests.integration.test_walls import refused

__all__ = ["things"]  # a fixture

pytestmark = pytest.mark.django_db

OF_REFERRAL = (
    "Consilium",
    "Authorisation", "AuthorisationStage", "StatusChange", "EvidenceItem", "Appointment", "DischargeSummary",
    "EligibilityCheck", "InformationRequest", "EmergencyAccess", "Paper",
)  # fmt: skip
BENEATH = {
    "PaperCheck": "paper__referral",
    "Question": "request__referral",
    "RuleResult": "check_run__referral",
    "TelephoneAnswer": "change__referral",
}
OF_PATIENT = ("Identifier", "Consent", "Coverage", "ContactStatement", "Correction")


@pytest.fixture
def everything(world: World) -> World:
    """Referrals of each kind: over, in care, filed, drafts; of three hospitals in two countries."""
    from referrals import actions

    cared = make.make_in_care(world)
    actions.discharge(cared.pk, by=make.desk_of(world, cared), **make.summary())
    PaperCheck.objects.create(paper=cared.papers.get(), outcome="valid", at=cared.created_at)
    # A body of a chain sees what has reached it, whatever country's it is.
    reached = make.make_in_review(world)
    Referral.objects.filter(pk=reached.pk).update(bodies=[world.funds["UZ"].pk])
    make.make_draft(world)
    make.make_draft(world, by=world.actor("outsider"))
    patient = make.make_patient(world, world.actor("clinician_uz"))
    ContactStatement.objects.create(patient=patient, recorder=world.andijan)
    merge(world, record_of_one(world), record_of_one(world))
    PatientNumber.objects.create(patient=cared.patient, facility=world.korday, value="1")
    ReferralNumberOfOwn.objects.create(referral=cared, facility=world.korday, value="1")
    had = {
        "sent_at": cared.sent_at,
        "until": cared.sent_at,
        "last_state": "declined",
        "version": 1,
        "number": cared.number,
    }
    FormerHost.objects.create(
        referral=cared, facility=world.andijan, priority=cared.priority, submitted_at=cared.submitted_at,
        directing_country=cared.directing_country, directing_facility=cared.directing_facility,
        host_country=world.countries["UZ"], **had,
    )  # fmt: skip
    Disclosure.objects.create(
        at=cared.created_at, what="t", actor_kind="person", actor_id="1", actor_label="", purpose="care", basis=[],
        clinical=False, patients=[], countries=["KZ", "KG"],
    )  # fmt: skip
    record("test.elsewhere", by=SYSTEM, country="UZ")
    _kept_and_erased(world, cared)
    return world


def _kept_and_erased(world: World, cared: Referral) -> None:
    at = cared.created_at
    Correction.objects.create(patient=cared.patient, version=1, corrected_by_label="x", corrected_at=at)
    LegalHold.objects.create(
        patient=cared.patient, country=world.countries["UZ"], ground="court", reason="x", placed_at=at,
        placed_by=world.users["officer_uz"], placed_by_label="x",
    )  # fmt: skip
    for facility, country in ((world.korday, "KZ"), (world.bishkek, "KG")):
        told = {"erased_at": at, "ground": "period", "facilities": [facility.pk], "countries": [country]}
        ErasedRecord.objects.create(record_id=uuid4(), **told)
        ErasedReferral.objects.create(referral_id=uuid4(), **told)
        asked = {"origin": "request", "asked_at": at, "recorded_by_label": "x"}
        Erasure.objects.create(record_id=uuid4(), country_id=country, facility=facility, **asked)


def test_the_database_shows_to_each_what_the_access_layer_would(everything: World) -> None:
    world = everything
    actors = {name: world.actor(name) for name in world.users}
    actors["nobody"] = Actor(kind="person", id="0", label="No role yet")
    seen_at_all = 0
    for name, actor in actors.items():
        referrals = set(visible_referrals(actor).values_list("pk", flat=True))
        here = (
            Q(registrations__facility_id=actor.organisation_id or 0)
            if actor.has(Permission.SEE_PATIENTS)
            else Q(pk=None)
        )
        standing = Patient.objects.filter(here | Q(referrals__in=referrals))
        # Who sees a record sees what was merged into it.
        patients = set(
            Patient.objects.filter(Q(pk__in=standing) | Q(merged_into__in=standing)).values_list(
                "pk", flat=True
            )
        )
        expected: dict[Any, set[Any]] = {Referral: referrals, Patient: patients}
        for label in OF_REFERRAL:
            model = apps.get_model("referrals", label)
            expected[model] = set(model.objects.filter(referral__in=referrals).values_list("pk", flat=True))
        host = actor.organisation_id if actor.has(Permission.HOST) else None
        kept = Q(referral__former_hosts__facility=host, at__lte=F("referral__former_hosts__until"))
        expected[StatusChange] |= set(StatusChange.objects.filter(kept).values_list("pk", flat=True))
        for label, way in BENEATH.items():
            model = apps.get_model("referrals", label)
            expected[model] = set(
                model.objects.filter(**{f"{way}__in": referrals}).values_list("pk", flat=True)
            )
        for label in OF_PATIENT:
            model = apps.get_model("patients", label)
            expected[model] = set(model.objects.filter(patient__in=patients).values_list("pk", flat=True))
        ours = [actor.organisation_id]
        keeps = Q(country=actor.country if actor.has(Permission.KEEP) else None)
        expected[LegalHold] = set(
            LegalHold.objects.filter(keeps | Q(patient__in=patients)).values_list("pk", flat=True)
        )
        writes = Q(facility_id=actor.organisation_id if actor.has(Permission.WRITE_PATIENTS) else None)
        asked = Erasure.objects.filter(facility__isnull=False).filter(keeps | writes)
        expected[Erasure] = set(asked.values_list("pk", flat=True))
        knew = Q(facilities__contains=ours) if actor.has(Permission.SEE_PATIENTS) else Q(pk=None)
        kept = Q(countries__contains=[actor.country]) if actor.has(Permission.KEEP) else Q(pk=None)
        expected[ErasedRecord] = set(ErasedRecord.objects.filter(knew | kept).values_list("pk", flat=True))
        had = actor.has(Permission.FILE_REFERRALS) or actor.has(Permission.HOST)
        knew = Q(facilities__contains=ours) if had else Q(pk=None)
        ministry = actor.has(Permission.DECIDE) or actor.has(Permission.COORDINATE)
        kept = Q(countries__contains=[actor.country]) if ministry else Q(pk=None)
        expected[ErasedReferral] = set(
            ErasedReferral.objects.filter(knew | kept).values_list("pk", flat=True)
        )
        for model, of in ((PatientNumber, Permission.SEE_PATIENTS), (ReferralNumberOfOwn, None)):
            facilities = [actor.organisation_id] if of is None or actor.has(of) else []
            if of is None and not (actor.has(Permission.FILE_REFERRALS) or actor.has(Permission.HOST)):
                facilities = []
            expected[model] = set(model.objects.filter(facility__in=facilities).values_list("pk", flat=True))
        looks_up = actor.has(Permission.SEE_PATIENTS) or actor.has(Permission.HOST)
        looked_up = Q(facility=actor.organisation_id if looks_up else None)
        if any(actor.has(one) for one in (Permission.DECIDE, Permission.COORDINATE, Permission.APPROVE)):
            looked_up |= Q(country=actor.country, patient__referrals__in=referrals)
        expected[SearchWord] = set(SearchWord.objects.filter(looked_up).values_list("pk", flat=True))
        expected[FormerHost] = set(
            FormerHost.objects.filter(
                Q(referral__in=referrals)
                | Q(facility=actor.organisation_id if actor.has(Permission.HOST) else None)
            ).values_list("pk", flat=True)
        )
        known = Registration.objects.filter(patient__in=patients)
        expected[Registration] = set(known.values_list("pk", flat=True))
        merges = Merge.objects.filter(Q(survivor__in=patients) | Q(merged__in=patients))
        expected[Merge] = set(merges.values_list("pk", flat=True))
        audits = actor.has(Permission.SEE_AUDIT)
        log = (
            AuditRow.objects.all()
            if name == "administrator"
            else AuditRow.objects.filter(country__in=["", actor.country])
        )
        expected[AuditRow] = (
            set(log.values_list("pk", flat=True)) if audits or name == "administrator" else set()
        )
        ledger = Disclosure.objects.filter(countries__contains=[actor.country])
        expected[Disclosure] = set(ledger.values_list("pk", flat=True)) if audits else set()
        with as_actor(actor):
            for model, keys in expected.items():
                assert set(model.objects.values_list("pk", flat=True)) == keys, f"{model.__name__} to {name}"
                seen_at_all += len(keys)
    assert seen_at_all > 100
    walled = {
        name for name, table in tables().items() if table.rows is not None and table.rows.read != "true"
    }
    assert walled == {model._meta.db_table for model in expected}


def test_the_portal_itself_sees_all_in_a_worker_and_nothing_in_the_web(everything: World) -> None:
    every = Referral.objects.count()
    with working(), as_actor(SYSTEM):
        assert Referral.objects.count() == every
        assert AuditRow.objects.exists()
    with transaction.atomic():
        tell(SYSTEM)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', %s, true)", [WEB])
        assert not Referral.objects.exists()
        assert not Patient.objects.exists()
        assert not AuditRow.objects.exists()
        transaction.set_rollback(True)
    assert Referral.objects.count() == every


def test_another_s_writing_is_refused(everything: World) -> None:
    world = everything
    referral = Referral.objects.filter(directing_facility=world.korday, number__isnull=False).earliest(
        "number"
    )
    patient = referral.patient
    for name in ("outsider", "clinician_uz", "host_desk_uz", "officer_uz", "auditor_kz"):
        with as_actor(world.actor(name)):
            assert Patient.objects.filter(pk=patient.pk).update(version=99) == 0
            assert Referral.objects.filter(pk=referral.pk).update(version=99) == 0
            assert patient.consents.update(withdrawn_by_label="x") == 0
            with connection.cursor() as cursor:
                # A patient can't be pulled over to another hospital by a row either.
                deed = f"""INSERT INTO patients_registration (patient_id, facility_id, registered_at)
                VALUES ('{patient.pk}', {world.bishkek.pk}, now())"""
                assert refused(cursor.cursor, deed) == "InsufficientPrivilege"
    assert Patient.objects.get(pk=patient.pk).version != 99


@pytest.mark.in_turn
def test_no_page_shows_another_s_data_while_the_access_layer_is_off(
    world: World, things: dict[str, Any], settings: Any
) -> None:
    def everyone(actor: Any) -> Any:
        return Patient.objects.all()

    def every_referral(actor: Any) -> Any:
        return Referral.objects.all()

    patterns, wrong, asked = dict(addresses(get_resolver())), [], 0
    prepared.cache_clear()
    own = machines.REFERRAL.visible
    object.__setattr__(machines.REFERRAL, "visible", every_referral)
    try:
        with (
            patch("patients.access.visible_patients", everyone),
            patch("patients.duplicates.visible_patients", everyone),
            patch("referrals.access.visible_referrals", every_referral),
        ):
            clients = people(world)
            for name, row in PARTS["pages"].items():
                url = address(name, patterns[name], things)
                for column, person in enumerate(COLUMNS["pages"]):
                    if row.get("GET", [0] * 99)[column] == 404:
                        asked += 1
                        if (got := ask(clients[person], "GET", url)) not in {403, 404, 405}:
                            wrong.append(f"GET {name} by {person}: {got}")
    finally:
        object.__setattr__(machines.REFERRAL, "visible", own)
        prepared.cache_clear()
    assert asked > 30
    assert not wrong
