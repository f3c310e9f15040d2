from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import days, zones
from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import IllegalTransition, Invalid, NotKnown
from core.outbox.publish import publish
from patients import access, wording
from patients.actions.coverage import lock_patient
from patients.contact import clean_text
from patients.models import Consent
from patients.models.consent import LONGEST_YEARS


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
) -> Consent:
    """Record what the patient consented to. `given_by` may be empty when the patient spoke for themselves.

    A new consent never changes an older one; both stand. Invalid names the argument.
    """
    access.require_write(by)
    patient = access.get_visible(by, patient_id)
    errors: dict[str, list[wording.Text]] = {}
    if purpose not in Consent.Purpose.values:
        errors["purpose"] = [_("Choose one of the answers offered.")]
    _check_recipient(recipient_country, by, errors)
    _check_period(valid_from, valid_to, errors)
    giver = _clean_giver(how, given_by, patient.full_name, errors)
    if errors:
        raise Invalid(errors)
    terms = {
        "purpose": purpose,
        "recipient_country_id": recipient_country,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "how": how,
        "given_by": giver,
    }
    lock_patient(patient)
    same = Consent.objects.filter(patient=patient, withdrawn_at__isnull=True, **terms).first()
    if same is not None:  # the same form sent twice
        return same
    recorder = {"recorded_by_id": by.user_id, "recorded_by_label": label_of(by)}
    consent = Consent.objects.create(patient=patient, **terms, **recorder)
    details = {
        "consent": consent.pk,
        "purpose": purpose,
        "recipient_country": recipient_country,
        "valid_from": valid_from.isoformat(),
        "valid_to": valid_to.isoformat(),
        "how": how,
    }
    record("patient.consent_recorded", by=by, subject=patient, details=details)
    publish("consent.recorded", subject=consent, payload={"patient": str(patient.pk)}, by=by)
    return consent


@action
def withdraw_consent(*, by: Actor, patient_id: UUID, consent_id: int) -> Consent:
    """End a consent from this moment on. What was passed on before isn't undone by it."""
    access.require_write(by)
    patient = access.get_visible(by, patient_id)
    consent = Consent.objects.select_for_update().filter(pk=consent_id, patient=patient).first()
    if consent is None:
        raise NotKnown(_("There is no such consent of this patient."))
    if consent.withdrawn_at is not None:
        raise IllegalTransition(_("This consent was withdrawn already."))
    consent.withdrawn_at = timezone.now()
    consent.withdrawn_by_label = label_of(by)
    consent.save(update_fields=["withdrawn_at", "withdrawn_by_label"])
    details = {"consent": consent.pk, "recipient_country": consent.recipient_country_id}
    record("patient.consent_withdrawn", by=by, subject=patient, details=details)
    publish("consent.withdrawn", subject=consent, payload={"patient": str(patient.pk)}, by=by)
    return consent


def label_of(actor: Actor) -> str:
    """Who recorded something and for whom they work, as it stood then."""
    return f"{actor.label}, {actor.organisation_name}"[:300] if actor.organisation_name else actor.label[:300]


def _check_recipient(code: str, by: Actor, errors: dict[str, list[wording.Text]]) -> None:
    if code == by.country:
        errors["recipient_country"] = [_("Choose the country to which the data go, not your own.")]
    elif not access.countries().filter(pk=code).exists():
        errors["recipient_country"] = [_("Choose one of the countries offered.")]


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


def _clean_giver(how: str, given_by: str, patient_name: str, errors: dict[str, list[wording.Text]]) -> str:
    if how not in Consent.How.values:
        errors["how"] = [_("Choose one of the answers offered.")]
    giver = clean_text(given_by) if len(given_by) <= 2000 else given_by
    if giver is None:
        errors["given_by"] = [wording.HIDDEN_CHARACTER]
    elif len(giver) > 200:
        errors["given_by"] = [_("The text is too long: use at most 200 characters.")]
    elif not giver and how == Consent.How.REPRESENTATIVE:
        errors["given_by"] = [_("Enter the representative’s name and what they are to the patient.")]
    return giver or patient_name[:200]
