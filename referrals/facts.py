"""Gathering the facts of a referral for the eligibility rules, in a handful of queries."""

from datetime import date

from django.conf import settings
from django.utils import translation

from agreements.access import fitting, one_each
from agreements.models import AgreementVersion
from core.walls.session import reaching
from disclosure.policy import EVERYTHING, rows_for
from eligibility import (
    AgreementFact,
    CircumstancesFact,
    ConsentFact,
    ConsiliumFact,
    CoverageFact,
    DocumentFact,
    EquipmentFact,
    Facts,
    HostFact,
    IdentifierFact,
    OtherReferralFact,
    PatientFact,
    PolicyFact,
    ReportFact,
)
from facilities.access import today_in
from facilities.models import AdminUnit, DistrictAdjacency, FacilityService
from patients import identifiers
from patients.known import known_to
from patients.models import Consent, Coverage, Identifier, Patient, may_be_born
from referrals import surroundings
from referrals.consents import successors
from referrals.models import EvidenceItem, Referral
from referrals.models.circumstances import home_from, value_of
from referrals.states import ACTIVE_STATES


def gather(referral: Referral, version: AgreementVersion, *, today: date | None = None) -> Facts:
    """The facts as they're known now, under that version of an agreement.

    `today` is the day in the directing country unless given.
    """
    today = today or today_in(referral.directing_country_id)
    given = list(referral.evidence.order_by("-dated_on", "-pk"))
    listed, list_is_kept = surroundings.listed(referral)
    return Facts(
        today=today,
        priority=referral.priority,
        directing_country=referral.directing_country_id,
        host_country=referral.host_country_id or "",
        agreement_code=version.agreement.code,
        agreement_parties=tuple(sorted(version.parties)),
        diagnosis_code=referral.diagnosis_id or "",
        goal_given=bool(referral.goal),
        reason_given=bool(referral.clinical_reason),
        triage_note_given=bool(referral.triage_note),
        emergency_ground_given=bool(referral.emergency_ground),
        needed_by=referral.needed_by,
        patient=_patient(referral, version),
        coverages=tuple(
            CoverageFact(item.kind, item.valid_from, item.valid_to, item.source, item.country_id or "")
            for item in referral.patient.coverages.current().filter(
                known_to(referral.directing_facility_id, Coverage)
            )
        ),
        consents=_consents(referral),
        report=_report(given),
        host=_host(referral),
        other_referrals=_other_referrals(referral),
        agreements=_agreements(referral, version, today),
        policies=tuple(
            PolicyFact(
                row.purpose,
                tuple(sorted(row.kinds)),
                frozenset(row.kinds) >= EVERYTHING,
                row.in_force_from,
                row.in_force_until,
                row.verified,
            )
            for row in rows_for(referral.directing_country_id, referral.host_country_id or "").order_by("pk")
        ),
        care_mode=referral.care_mode,
        payer=referral.payer,
        estimate=f"{referral.estimate_amount:f}" if referral.estimate_amount is not None else "",
        currency=referral.estimate_currency,
        documents=tuple(DocumentFact(item.kind, item.dated_on) for item in given),
        circumstances=_circumstances(referral),
        consilium=_consilium(referral),
        offer=surroundings.offer(referral),
        authorised=surroundings.authorised(referral),
        quota=surroundings.quota(referral),
        alerts=surroundings.alerts(referral),
        listed=listed,
        list_is_kept=list_is_kept,
    )


def _circumstances(referral: Referral) -> CircumstancesFact:
    stated = referral.circumstances
    texts = ("home_lacks", "risk", "in_basket", "eaeu", "translations", "commission")
    return CircumstancesFact(
        home_from=home_from(stated),
        equipment=tuple(sorted(value_of(stated, "equipment") or ())),
        **{name: value_of(stated, name) or "" for name in texts},
    )


def _consilium(referral: Referral) -> ConsiliumFact | None:
    newest = referral.consilia.order_by("-held_on", "-pk").first()
    return ConsiliumFact(newest.held_on, newest.finding, newest.members_count) if newest else None


def _patient(referral: Referral, version: AgreementVersion) -> PatientFact:
    patient = referral.patient
    numbers = patient.identifiers.filter(known_to(referral.directing_facility_id, Identifier))
    district = patient.residence_district
    borders: set[str] = set()
    if district is not None:
        for pair in DistrictAdjacency.objects.filter(a=district).select_related("b"):
            borders.add(pair.b.country_id)
        for pair in DistrictAdjacency.objects.filter(b=district).select_related("a"):
            borders.add(pair.a.country_id)
        if f"{district.country_id}:{district.code}" in version.zones:
            borders.add(referral.host_country_id or "")
    return PatientFact(
        is_unknown=patient.is_unknown,
        birth_date=str(patient.born) if patient.born else "",
        citizenship_status=patient.citizenship_status,
        citizenships=tuple(sorted(patient.citizenships)),
        residence_country=patient.lives_in,
        residence_district=district.code if district else "",
        residence_name=_in_every_language(district) if district else {},
        borders=tuple(sorted(borders)),
        identifiers=tuple(_identifier(item, patient) for item in numbers),
        of_age_on=_of_age_on(patient),
    )


def _of_age_on(patient: Patient) -> date | None:
    """The eighteenth birthday, of a birth on 29 February 1 March; where only a year or month is known, the latest."""
    if patient.born is None:
        return None
    born = patient.born.last
    try:
        return born.replace(year=born.year + 18)
    except ValueError:
        return date(born.year + 18, 3, 1)


def _agreements(referral: Referral, own: AgreementVersion, today: date) -> tuple[AgreementFact, ...]:
    """Those that fit the referral, by the version that counts today, and its own wherever it would stand among them."""
    found = fitting(
        directing_country=referral.directing_country_id,
        host_country=referral.host_country_id or "",
        emergency=referral.is_emergency,
    )
    rows = [row for row in one_each(found, today) if row.agreement_id != own.agreement_id]
    rows = sorted([*rows, own], key=lambda row: (row.agreement.precedence, row.agreement.code))
    return tuple(
        AgreementFact(row.agreement.code, row.agreement.names, row.in_force_from, row.in_force_until)
        for row in rows
    )


def _in_every_language(district: AdminUnit) -> dict[str, str]:
    names = {}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            names[language] = district.name
    return names


def _identifier(item: Identifier, patient: Patient) -> IdentifierFact:
    checked = identifiers.check(item.system, item.value)
    warnings = identifiers.all_warnings(checked, patient.born, patient.sex)
    return IdentifierFact(
        system=item.system,
        errors=tuple(checked.errors),
        warnings=tuple(warnings),
        expires_on=item.expires_on,
    )


def _consents(referral: Referral) -> tuple[ConsentFact, ...]:
    """The consent that the referral names and those that may follow it; without one, whatever the patient gave."""
    named = referral.consent
    known = known_to(referral.directing_facility_id, Consent)
    given = referral.patient.consents.filter(known).select_related("superseded_by")
    rows = [named, *successors(referral)] if named else list(given)
    return tuple(
        ConsentFact(
            item.purpose,
            item.recipient_country_id,
            item.valid_from,
            item.valid_to,
            item.ended_at is not None,
            item.how == Consent.How.REPRESENTATIVE,
            item.recipient_id in (None, referral.host_facility_id),
        )
        for item in rows
    )


def _report(given: list[EvidenceItem]) -> ReportFact | None:
    newest = next((item for item in given if item.kind == EvidenceItem.Kind.SPECIALIST_REPORT), None)
    return ReportFact(newest.dated_on, newest.author, newest.author_position) if newest else None


def _host(referral: Referral) -> HostFact:
    host = referral.host_facility
    assert host is not None, "a filed referral has its host: a constraint holds it"
    service = FacilityService.objects.filter(facility=host, specialty=referral.specialty, active=True).first()
    return HostFact(
        name=host.organisation.name,
        country=host.country_code,
        active=host.organisation.active,
        accepts_referrals=host.may_host,
        offer_basis=service.basis if service else "",
        offer_verified=service.verified if service else False,
        licence_from=_later(host.licence_valid_from, service.licensed_from if service else None),
        licence_until=_earlier(host.licence_valid_until, service.licensed_until if service else None),
        licence_number=host.licence_number,
        equipment=tuple(
            EquipmentFact(item.kind, item.since, item.until, item.for_group)
            for item in host.equipment.order_by("kind", "pk")
        ),
        quality_concern=host.quality_flag,
        confirmed=host.confirmed_at is not None,
        wait_days=service.wait_days if service else None,
    )


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day), default=None)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day), default=None)


def _other_referrals(referral: Referral) -> tuple[OtherReferralFact, ...]:
    """Active referrals of this record, and of another record that looks like the same person."""
    patient = referral.patient
    same_person = {patient.pk}
    with reaching("identity"):
        if patient.born is not None and not patient.is_unknown:
            namesakes = Patient.objects.filter(name_key=patient.name_key, is_unknown=False)
            same_person |= set(namesakes.filter(may_be_born(patient.born)).values_list("pk", flat=True))
        active = Referral.objects.filter(patient_id__in=same_person, state__in=ACTIVE_STATES)
        others = list(active.exclude(pk=referral.pk).order_by("number", "id"))
    return tuple(
        OtherReferralFact(
            number=other.number or "",
            same_care=other.specialty_id == referral.specialty_id
            and other.diagnosis_id == referral.diagnosis_id,
            same_record=other.patient_id == patient.pk,
            elsewhere=other.directing_facility_id != referral.directing_facility_id,
        )
        for other in others
    )
