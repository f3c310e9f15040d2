"""Access to a record that another facility made: with a ground, within a budget, and never without its rows.

This is the only way to learn whether anybody in the portal has a number. Registering and adding a number tell nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.audit.log import record
from core.db import action, keep
from core.errors import Invalid
from core.outbox.publish import publish
from core.partial import PartialDate
from core.placeholders import names_nobody
from core.walls.session import reaching
from facilities.models import Facility
from patients import access, budget, lookup, wording
from patients.actions.numbers import Number, check_number, store
from patients.cleaning import free_text
from patients.events import LINKED
from patients.known import country_of, portal_countries, show_lookup
from patients.models import Consent, Patient, Registration

LONGEST_REASON = 500
_NO_REASON: wording.Text = _("Say what the emergency is, and why the patient can’t be asked.")
_NO_REPRESENTATIVE: wording.Text = _("Enter the representative’s name and what they are to the patient.")


@dataclass(frozen=True, slots=True)
class Ground:
    """By what right a record of another facility is asked for.

    `kind` is consent or emergency. Of a consent: what it `covers` besides the identity (kinds of `Registration.Part`),
    `how` it was given and by whom (empty: the patient). Of an emergency: the `reason`.
    """

    kind: str = ""
    covers: Iterable[str] = field(default=())
    how: str = ""
    given_by: str = ""
    reason: str = ""


@action
def link_patient(
    *,
    by: Actor,
    system: str,
    country: str = "",
    value: str,
    birth_date: date | PartialDate,
    ground: Ground | None = None,
) -> Patient:
    """Let the actor's facility know a patient whom another facility registered: who it is, and what `ground` covers.

    Needs the exact number and the date of birth. One answer for "no such number" and "another date of birth", so that
    nobody learns from it whether a number is known. Where the record has a year or a month of birth alone, so must the
    question: a day in it proves nothing. Every look-up, in vain or not, is a row for each country concerned.
    Raises Invalid (`ground.…`, or without a field and with the code no_match), LookupsLocked.
    """
    facility = access.own_facility(by)
    checked, country = check_number(Number(system, country, value))
    terms = clean_ground(ground or Ground())
    number = Number(system, country, checked.value)
    patient = look_up(number, PartialDate.of(birth_date), terms, facility, by=by, here_too=True)
    if patient is None:
        raise Invalid(
            {"": [_("No patient with this number and this date of birth is known.")]}, code="no_match"
        )
    return patient


def look_up(
    number: Number,
    born: PartialDate,
    terms: dict[str, Any],
    facility: Facility,
    *,
    by: Actor,
    here_too: bool = False,
) -> Patient | None:
    """Find the patient elsewhere and link the record to the facility; None where there is none, which is counted.

    `terms` are of `clean_ground`. `here_too`: a patient whom the facility knows already is an answer. Raises
    LookupsLocked before anything is looked at.
    """
    budget.require(by)
    lookup.hold(number.key)
    known = lookup.known_anywhere(number.key)
    agreeing = [one for one in known if one.proves == born]
    here = {one.patient_id for one in known if one.facility_id == facility.pk}
    found = next((one for one in agreeing if one.patient_id not in here), None)
    if found is None and agreeing:
        return _known_here(agreeing[0].patient_id, terms, facility, here_too=here_too, by=by)
    countries = {number.country, *(one.country for one in known)}
    what = {"system": number.system, "ground": terms["ground"], "facility": facility.pk}
    if found is None:
        keep(partial(_leave_rows, "patient.link_refused", None, what, countries, by=by))
        keep(partial(budget.spend, by))
        return None
    with reaching("identity"):
        patient = Patient.objects.get(pk=found.patient_id)
    registration = Registration.objects.create(
        patient=patient, facility=facility, registered_by_id=by.user_id, **terms
    )
    _keep_number(patient, number, by=by)
    _leave_rows("patient.linked", patient, what | {"covers": terms["covers"]}, countries, by=by)
    publish(LINKED, subject=registration, payload={"patient": str(patient.pk)}, by=by)
    return patient


def _known_here(
    patient_id: UUID, terms: dict[str, Any], facility: Facility, *, here_too: bool, by: Actor
) -> Patient | None:
    """A patient whom the facility knows. A consent that was taken back there may be given anew: these are its terms."""
    if not here_too:
        return None
    patient = Patient.objects.get(pk=patient_id)
    over = Registration.objects.select_for_update().filter(
        patient=patient, facility=facility, withdrawn_at__isnull=False
    )
    for link in over:
        for name, value in (terms | {"withdrawn_at": None, "withdrawn_by_label": ""}).items():
            setattr(link, name, value)
        link.save()
        what = {"ground": terms["ground"], "facility": facility.pk, "covers": terms["covers"]}
        _leave_rows("patient.linked", patient, what, {country_of(patient.recorder_id)}, by=by)
        publish(LINKED, subject=link, payload={"patient": str(patient.pk)}, by=by)
    return patient


def _leave_rows(
    what: str, patient: Patient | None, details: dict[str, Any], countries: set[str], *, by: Actor
) -> None:
    """A row of the audit log for each country concerned, and one of the ledger. The number stands in none."""
    ground, concerned = details["ground"], {by.country, *portal_countries(countries)}
    for country in sorted(concerned):
        record(what, by=by, subject=patient, country=country, details=details)
    show_lookup(by, patient, emergency=ground == Registration.Ground.EMERGENCY, countries=concerned)


def _keep_number(patient: Patient, number: Number, *, by: Actor) -> None:
    """The number by which the patient was found is known here too, unless the facility's own record has it."""
    try:
        with transaction.atomic():
            store(patient, number, [], by=by)
    except (Invalid, IntegrityError):
        return


def clean_ground(ground: Ground) -> dict[str, Any]:
    """Values of a `Registration`; Invalid with `ground.kind`, `ground.covers`, `ground.how`, … ."""
    errors: dict[str, list[wording.Text]] = {}
    kinds, consent = Registration.Ground, ground.kind == Registration.Ground.CONSENT
    if ground.kind not in (kinds.CONSENT, kinds.EMERGENCY):
        errors["ground.kind"] = [
            _("Say why you may ask for another hospital’s record: the patient’s consent, or an emergency.")
        ]
    covers = list(dict.fromkeys(ground.covers)) if consent else []
    if set(covers) - set(Registration.Part.values):
        errors["ground.covers"] = [_("Choose one of the answers offered.")]
    if consent and ground.how not in Consent.How.values:
        errors["ground.how"] = [_("Say how the patient gave the consent.")]
    giver = ground.given_by if consent else ""
    given_by = free_text("ground.given_by", giver, 200, errors, says_none=names_nobody)
    if consent and not given_by and ground.how == Consent.How.REPRESENTATIVE:
        errors["ground.given_by"] = [_NO_REPRESENTATIVE]
    given = "" if consent else ground.reason
    reason = free_text("ground.reason", given, LONGEST_REASON, errors, instead=_NO_REASON)
    if ground.kind == kinds.EMERGENCY and not reason and "ground.reason" not in errors:
        errors["ground.reason"] = [_NO_REASON]
    if errors:
        raise Invalid(errors)
    return {
        "ground": ground.kind,
        "covers": covers,
        "how": ground.how if consent else "",
        "given_by": given_by,
        "reason": reason,
    }
