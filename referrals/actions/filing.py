"""Filing: a complete draft becomes a referral with a number, a legal basis and a running clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements import clocks
from agreements.access import end_of
from agreements.models import AgreementVersion
from core import zones
from core.actors import SYSTEM, Actor
from core.db import action
from core.errors import Invalid, Text
from core.prepared import insert
from core.walls.session import reaching
from facilities.access import zone_of
from patients.models import Patient
from referrals import stages
from referrals.actions.drafting import DECEASED, add_evidence, new_draft
from referrals.actions.road import check, lock, move
from referrals.content import Mistakes, consent_problem, need_problem, payer_mistakes
from referrals.legal_basis import NO_AGREEMENT, basis_of, require_chain
from referrals.models import (
    ONE_ACTIVE,
    Authorisation,
    AuthorisationStage,
    Referral,
    ReferralNumber,
    StatusChange,
)
from referrals.states import ACTIVE_STATES, AuthorisationState, ReferralEvent, StageState

__all__ = ["file_new", "submit"]

_REQUIRED: dict[str, Text] = {
    "specialty": _("Choose the specialty that is needed."),
    "service": _("Say which service is needed."),
    "care_mode": _("Choose the form of care."),
    "diagnosis": _("Choose the diagnosis."),
    "clinical_reason": _("Give the clinical reason."),
    "goal": _("Say what the treatment should achieve."),
    "host_facility": _("Choose the hospital across the border."),
    "payer": _("Say who pays."),
}


class _SecondOfACare(Exception):
    """The database lets one active referral for a patient and a care in, also of two at the same moment."""

    def __init__(self, referral: Referral) -> None:
        super().__init__(referral.pk)
        self.same_care = Referral.objects.filter(
            patient_id=referral.patient_id,
            specialty=referral.specialty,
            diagnosis_id=referral.diagnosis_id,
            state__in=ACTIVE_STATES,
        )


@contextmanager
def _naming_the_first() -> Iterator[None]:
    """Say which referral is in the way, once the second one's writing is undone."""
    try:
        yield
    except _SecondOfACare as second:
        text: Text = _("This patient already has an active referral for the same care.")
        with reaching("identity"):
            number = second.same_care.values_list("number", flat=True).first()
        if number:
            text = _("This patient already has an active referral for the same care: %(number)s.") % {
                "number": number
            }
        raise Invalid({"": [text]}) from second


@_naming_the_first()
@action
def submit(referral_id: UUID | str, *, by: Actor, version: int | None = None) -> Referral:
    """File a complete draft. Raises Invalid with every field that is missing or wrong.

    An emergency (stat) goes to the host in the same transaction; the check and the ministry's review follow.
    """
    referral = lock(referral_id, by=by, version=version)
    _submit(referral, by=by, has_evidence=referral.evidence.exists())
    return referral


@_naming_the_first()
@action
def file_new(
    *, patient_id: UUID | str, by: Actor, content: dict[str, Any], evidence: dict[str, Any] | None = None
) -> Referral:
    """Write a referral and file it in one: all or nothing. Raises what `start_draft` and `submit` raise.

    It is one row and one step; the draft that it never was leaves no trace.
    """
    referral = new_draft(patient_id=patient_id, by=by, content=content)
    referral.known_history = _submit(referral, by=by, has_evidence=bool(evidence))
    referral.known_evidence = [add_evidence(referral, evidence, by=by)] if evidence else []
    return referral


def _submit(referral: Referral, *, by: Actor, has_evidence: bool) -> list[StatusChange]:
    check(referral, ReferralEvent.SUBMIT, by=by)
    hold_patient(referral)
    _require_complete(referral, has_evidence)
    now = timezone.now()
    _rest_on(referral, basis_of(referral))
    laid_out = _lay_out(referral, now)
    referral.number = _next_number(referral, now)
    referral.submitted_at = now
    referral.filed_by_id = by.user_id
    referral.filed_by_label = by.label
    referral.draft_text = {}
    try:
        changes = [move(referral, ReferralEvent.SUBMIT, by=by)]
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != ONE_ACTIVE:  # type: ignore[union-attr]
            raise
        raise _SecondOfACare(referral) from error
    _start_authorisation(referral, laid_out, now)
    if referral.is_emergency:
        mark_sent(referral, now)
        changes.append(move(referral, ReferralEvent.SEND_AT_ONCE, by=SYSTEM))
    return changes


def hold_patient(referral: Referral) -> None:
    """Let a death that is recorded at this moment wait for what is written here, or be seen by it."""
    held = Patient.objects.select_for_update(of=("self",)).filter(pk=referral.patient_id)
    referral.patient.deceased_on = held.values_list("deceased_on", flat=True).get()


def mark_sent(referral: Referral, now: datetime) -> None:
    """Set the moment of sending and the host's time limit on the referral, unsaved."""
    referral.sent_at = now
    referral.host_reply_due_at = host_reply_due(referral, now)


def host_reply_due(referral: Referral, now: datetime) -> datetime:
    """Until when the host answers what it gets now, by its own country's working days."""
    assert referral.host_country_id is not None, "a referral that is sent has a host"
    limit = clocks.HOST_REPLY[referral.priority]
    return end_of(limit, now, country=referral.host_country_id, zone=referral.host_zone)


def missing_fields(referral: Referral, *, has_evidence: bool) -> dict[str, list[Text]]:
    """What a draft still needs before it can be filed, by field. `has_evidence`: whether any is recorded."""
    missing: dict[str, list[Text]] = {
        name: [message] for name, message in _REQUIRED.items() if not getattr(referral, name)
    }
    today = zones.today()
    missing |= payer_mistakes(referral)
    lacks = _emergency_lacks if referral.is_emergency else _planned_lacks
    missing |= lacks(referral, consent_problem(referral, today=today), today)
    if not referral.is_emergency and not has_evidence:
        missing["report"] = [_("Add the specialist’s report.")]
    if referral.patient.deceased_on is not None:
        missing["patient"] = [DECEASED]
    return missing


def _emergency_lacks(referral: Referral, wrong_consent: Text | None, today: date) -> Mistakes:
    """An emergency is never sent blind: it has a consent by which the host reads it today, or the ground without."""
    missing: Mistakes = {}
    if not referral.triage_note:
        missing["triage_note"] = [_("An emergency needs a triage note: what threatens the patient’s life.")]
    if not referral.emergency_ground:
        if wrong_consent:
            missing["consent"] = [wrong_consent]
        if wrong_consent or referral.consent is None:
            missing["emergency_ground"] = [
                _("Record the patient’s consent, or the ground for acting without it in this emergency.")
            ]
    return missing


def _planned_lacks(referral: Referral, wrong_consent: Text | None, today: date) -> Mistakes:
    missing: Mistakes = {}
    if referral.needed_by is None:
        missing["needed_by"] = [_("Give the date by which the care is needed.")]
    elif problem := need_problem(referral.needed_by, today=today):
        missing["needed_by"] = [problem]
    if not referral.needed_by_reason:
        missing["needed_by_reason"] = [_("Say why the care is needed by then.")]
    if referral.consent is None:
        missing["consent"] = [_("Record the patient’s consent to pass their data to the host country.")]
    elif wrong_consent:
        missing["consent"] = [wrong_consent]
    if referral.patient.is_unknown:
        missing["patient"] = [
            _("Only an emergency can be filed for an unknown patient. Register who the patient is.")
        ]
    return missing


def _require_complete(referral: Referral, has_evidence: bool) -> None:
    missing = missing_fields(referral, has_evidence=has_evidence)
    if missing:
        raise Invalid(missing)
    if referral.consent is not None and consent_problem(referral, today=zones.today()):
        # An emergency that has its ground goes on that: with the consent the host would get a case that it can't read.
        referral.consent = None


def _next_number(referral: Referral, now: datetime) -> str:
    """Country, two digits of the year in the directing country's zone, and a serial of six: KZ-26-004817."""
    year = now.astimezone(zone_of(referral.directing_country_id)).year
    serial = ReferralNumber.take_next(referral.directing_country_id, year)
    return f"{referral.directing_country_id}-{year % 100:02d}-{serial:06d}"


def _rest_on(referral: Referral, version: AgreementVersion | None) -> None:
    if version is None:
        raise Invalid({"host_facility": [NO_AGREEMENT]})
    referral.agreement, referral.agreement_version = version.agreement, version


def _lay_out(referral: Referral, now: datetime) -> list[AuthorisationStage]:
    """The stages of its chain; with the first body's the referral is, from its filing on."""
    assert referral.agreement_version is not None
    if referral.is_emergency:
        return []
    laid_out = stages.lay_out(referral, require_chain(referral, referral.agreement_version))
    first = stages.first_of(laid_out, referral, now)
    stages.give_to(referral, first.country_id, first.organisation_id)
    return laid_out


def _start_authorisation(referral: Referral, laid_out: list[AuthorisationStage], now: datetime) -> None:
    state = AuthorisationState.PENDING if laid_out else AuthorisationState.NOT_REQUIRED
    authorisation = Authorisation(referral=referral, state=state, stages_in_all=len(laid_out))
    first = next((stage for stage in laid_out if stage.state == StageState.WAITING), None)
    if first is not None:
        stages.begin(referral, authorisation, first, now)
        assert referral.agreement_version is not None
        authorisation.hard_due_at = stages.hard_stop(referral.agreement_version, referral, now)
    else:
        stages.start_clock(authorisation, referral, now, None)
    insert(authorisation)
    if laid_out:
        stages.write(referral, authorisation, laid_out)
