from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import days, zones
from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import IllegalTransition, Invalid, NotKnown
from core.forms.text import STANDS_FOR_NONE
from core.outbox.publish import publish
from core.placeholders import names_nobody
from disclosure.models import DataKind
from facilities.models import Facility
from patients import access, hospitals, wording
from patients.actions.coverage import lock_patient
from patients.cleaning import free_text
from patients.events import STATED_ELSEWHERE
from patients.known import consents_of, country_of, is_recorder, require_recorder
from patients.models import Consent, Patient
from patients.models.consent import LONGEST_YEARS

#: Without these kinds of data a consent for the purpose is of no use to anybody.
_NEEDED = {
    Consent.Purpose.TREATMENT: DataKind.CARE,
    Consent.Purpose.SECOND_OPINION: DataKind.CARE,
    Consent.Purpose.PAYMENT: DataKind.PAYMENT,
}


@action
def record_consent(
    *,
    by: Actor,
    patient_id: UUID,
    purpose: str,
    recipient_country: str,
    valid_from: date,
    valid_to: date,
    how: str,
    given_by: str = "",
    recipient: str = "",
    kinds: Iterable[str] | None = None,
) -> Consent:
    """Record what the patient consented to. `given_by` may be empty when the patient spoke for themselves.

    `recipient` is the code of the one hospital that may have the data; left out, any in the country. `kinds` are those
    of the data; left out, all. A new consent never changes an older one; both stand. Invalid names the argument.
    """
    access.require_write(by)
    patient = access.get_visible(by, patient_id)
    errors: dict[str, list[wording.Text]] = {}
    if purpose not in Consent.Purpose.values:
        errors["purpose"] = [_("Choose one of the answers offered.")]
    _check_recipient(recipient_country, by, errors)
    facility = _recipient(recipient, recipient_country, errors)
    covered = _kinds(purpose, kinds, errors)
    _check_period(valid_from, valid_to, errors)
    if problem := wording.outside_life(patient, valid_from):
        errors.setdefault("valid_from", [problem])
    giver = clean_giver(how, given_by, patient.full_name, errors)
    if errors:
        raise Invalid(errors)
    terms = {
        "purpose": purpose,
        "recipient_country_id": recipient_country,
        "recipient": facility,
        "kinds": covered,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "how": how,
        "given_by": giver,
    }
    lock_patient(patient)
    standing = Consent.objects.standing().filter(patient=patient, recorder_id=by.organisation_id)
    same = standing.filter(**terms).first()
    if same is not None:  # the same form sent twice
        return same
    consent = Consent.objects.create(patient=patient, **terms, **_recorder(by))
    details = {
        "consent": consent.pk,
        "purpose": purpose,
        "recipient_country": recipient_country,
        "recipient": facility.pk if facility else None,
        "kinds": covered,
        "valid_from": valid_from.isoformat(),
        "valid_to": valid_to.isoformat(),
        "how": how,
    }
    record("patient.consent_recorded", by=by, subject=patient, details=details)
    publish("consent.recorded", subject=consent, payload={"patient": str(patient.pk)}, by=by)
    return consent


@action
def withdraw_consent(*, by: Actor, patient_id: UUID, consent_id: int) -> Consent:
    """End a consent from this moment on. What was passed on before isn't undone by it.

    Denied with the code `other_recorder` for a consent that another facility recorded: there is `state_withdrawal`.
    """
    patient, consent = _standing(by, patient_id, consent_id)
    require_recorder(by, consent)
    consent.withdrawn_at = timezone.now()
    consent.withdrawn_by_label = label_of(by)
    consent.save(update_fields=["withdrawn_at", "withdrawn_by_label"])
    details = {"consent": consent.pk, "recipient_country": consent.recipient_country_id}
    record("patient.consent_withdrawn", by=by, subject=patient, details=details)
    publish("consent.withdrawn", subject=consent, payload={"patient": str(patient.pk)}, by=by)
    return consent


@action
def state_withdrawal(
    *, by: Actor, patient_id: UUID, consent_id: int, how: str, given_by: str = ""
) -> Consent:
    """Record that the patient takes back, here, a consent that another facility recorded.

    That row stays as it is; the statement is a row of its own, by which the consent is over. The other facility is
    told.
    For the facility's own consent it's `withdraw_consent`. Invalid names `how` or `given_by`.
    """
    patient, consent = _standing(by, patient_id, consent_id)
    if is_recorder(by, consent):
        raise Invalid({"": [_("Your own hospital recorded this consent: withdraw it.")]})
    errors: dict[str, list[wording.Text]] = {}
    giver = clean_giver(how, given_by, patient.full_name, errors)
    if errors:
        raise Invalid(errors)
    statement = Consent.objects.create(
        patient_id=patient.pk,
        purpose=consent.purpose,
        recipient_country_id=consent.recipient_country_id,
        recipient_id=consent.recipient_id,
        kinds=consent.kinds,
        valid_from=consent.valid_from,
        valid_to=consent.valid_to,
        how=how,
        given_by=giver,
        withdrawn_at=timezone.now(),
        withdrawn_by_label=label_of(by),
        supersedes=consent,
        **_recorder(by),
    )
    details = {"consent": statement.pk, "supersedes": consent.pk, "how": how}
    for country in sorted({by.country, country_of(consent.recorder_id)} - {""}):
        record("patient.withdrawal_stated", by=by, subject=patient, country=country, details=details)
    publish("consent.withdrawn", subject=consent, payload={"patient": str(patient.pk)}, by=by)
    publish(STATED_ELSEWHERE, subject=patient, payload={"recorder": consent.recorder_id}, by=by)
    return statement


def _standing(by: Actor, patient_id: UUID, consent_id: int) -> tuple[Patient, Consent]:
    """A consent that nobody took back, locked, and its patient. Raises NotKnown, IllegalTransition."""
    access.require_write(by)
    patient = access.get_visible(by, patient_id)
    mine = consents_of(by).filter(patient_id=patient.pk)
    consent = mine.select_for_update(of=("self",)).filter(pk=consent_id).first()
    if consent is None:
        raise NotKnown(_("There is no such consent of this patient."))
    if Consent.objects.standing().filter(pk=consent.pk).first() is None:
        raise IllegalTransition(_("This consent was withdrawn already."))
    return patient, consent


def _recorder(by: Actor) -> dict[str, Any]:
    return {
        "recorded_by_id": by.user_id,
        "recorded_by_label": label_of(by),
        "recorder_id": by.organisation_id,
    }


def label_of(actor: Actor) -> str:
    """Who recorded something and for whom they work, as it stood then."""
    return f"{actor.label}, {actor.organisation_name}"[:300] if actor.organisation_name else actor.label[:300]


def _check_recipient(code: str, by: Actor, errors: dict[str, list[wording.Text]]) -> None:
    if code == by.country:
        errors["recipient_country"] = [_("Choose the country to which the data go, not your own.")]
    elif not access.countries().filter(pk=code).exists():
        errors["recipient_country"] = [_("Choose one of the countries offered.")]


def _recipient(code: str, country: str, errors: dict[str, list[wording.Text]]) -> Facility | None:
    """The hospital with that code; None for any in the country."""
    if not code.strip():
        return None
    found = hospitals.by_code(code.strip())
    if found is None:
        errors["recipient"] = [_("No hospital with this code takes referrals. Choose one of the directory.")]
    elif found.country_code != country:
        errors["recipient"] = [
            _("This hospital is in another country than the one that receives the data. Choose one there.")
        ]
    return found


def _kinds(purpose: str, kinds: Iterable[str] | None, errors: dict[str, list[wording.Text]]) -> list[str]:
    """The kinds of data in their own order."""
    said = set(DataKind.values if kinds is None else kinds)
    if said - set(DataKind.values):
        errors["kinds"] = [_("Choose one of the answers offered.")]
    elif purpose in _NEEDED and (needed := _NEEDED[Consent.Purpose(purpose)]) not in said:
        text = _("For this purpose the consent must cover at least: %(kind)s.")
        errors["kinds"] = [text % {"kind": needed.label}]
    return [kind for kind in DataKind.values if kind in said]


def _check_period(start: date, end: date, errors: dict[str, list[wording.Text]]) -> None:
    today = zones.today()
    if end < start:
        errors["valid_to"] = [_("The consent ends before it begins. Check both dates.")]
    elif end < today:
        errors["valid_to"] = [_("The consent is over already. Enter a day that is still to come.")]
    elif start > today + days.PLANNED:
        errors["valid_from"] = [_("The consent begins more than two years ahead. Check the year.")]
    elif (end - start).days > LONGEST_YEARS * 366:
        errors["valid_to"] = [_("A consent lasts five years at most. Check the year.")]


def clean_giver(how: str, given_by: str, patient_name: str, errors: dict[str, list[wording.Text]]) -> str:
    """Who gave it, as it is written down; the patient where nobody is named."""
    if how not in Consent.How.values:
        errors["how"] = [_("Choose one of the answers offered.")]
    represented = how == Consent.How.REPRESENTATIVE
    missing = _("Enter the representative’s name and what they are to the patient.")
    instead = missing if represented else STANDS_FOR_NONE
    giver = free_text("given_by", given_by, 200, errors, says_none=names_nobody, instead=instead)
    if not giver and represented:
        errors.setdefault("given_by", [missing])
    return giver or patient_name[:200]
