"""What a referral's content must be, wherever it comes from: pages, the API and the filing all ask here.

Each function answers with what is wrong by the field's name, in sentences that say what to do; empty when nothing is.
What is missing altogether is the filing's question (`actions.filing.missing_fields`).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import days
from core.errors import Text
from core.forms.text import STANDS_FOR_NONE
from core.placeholders import names_nobody, stands_for_none
from facilities.access import services_of, stands_for
from facilities.models import Facility
from patients.care import Stay, papers, stays
from patients.models import Consent, Patient
from patients.wording import BEFORE_BIRTH
from referrals.models import Consilium, DischargeSummary, EvidenceItem, Payer, Referral
from referrals.models.circumstances import BY_NAME

OLDEST_REPORT = timedelta(days=3653)
#: What of a referral is written in one's own words.
TEXTS = {
    *(
        "service",
        "clinical_reason",
        "goal",
        "triage_note",
        "emergency_ground",
        "needed_by_reason",
        "payer_note",
    )
}
Mistakes = dict[str, list[Text]]

TOO_FAR_AHEAD: Text = _("The day lies more than two years ahead. Check the year.")
DAY_PASSED: Text = _("The day must not be in the past.")
NO_CARE_ABROAD: Text = _("Choose a hospital in another country than your own.")
NOT_AN_ANSWER: Text = _("%(label)s: choose one of the answers that are offered, or leave it empty.")
NOT_OFFERED: Text = _("This hospital doesn’t offer the specialty, or takes no referrals. Choose another one.")


def mistakes_in(content: Mapping[str, Any], referral: Referral, *, today: date) -> Mistakes:
    """What is wrong with the fields just set on the referral; those that were not sent are left alone."""
    wrong: Mistakes = {}
    for name in TEXTS & content.keys():
        if stands_for_none(content[name] or ""):
            wrong[name] = [STANDS_FOR_NONE]
    if "needed_by" in content and (problem := need_problem(referral.needed_by, today=today)):
        wrong["needed_by"] = [problem]
    if {"host_facility", "specialty"} & content.keys() and (problem := host_problem(referral)):
        wrong["host_facility"] = [problem]
    if (
        "estimate_amount" in content
        and referral.estimate_amount is not None
        and referral.estimate_amount <= 0
    ):
        wrong["estimate_amount"] = [_("The estimated cost must be more than zero.")]
    for name, value in content.get("circumstances", {}).items():
        if (field := BY_NAME.get(name)) is None:
            raise ValueError(f"nobody states {name} of a referral")
        if field.wrong(value):
            wrong[f"circumstances.{name}"] = [NOT_AN_ANSWER % {"label": field.label}]
    return wrong


def consilium_mistakes(given: Mapping[str, Any], patient: Patient, *, today: date) -> Mistakes:
    """What is wrong with the record of a consilium: its day, its members, an escort that nobody named."""
    wrong = {
        {"dated_on": "held_on", "author": "members"}.get(name, name): texts
        for name, texts in report_mistakes(
            {"dated_on": given["held_on"], "author": given["members"], "text": given["text"]},
            patient,
            today=today,
        ).items()
    }
    if "members" in wrong:
        wrong["members"] = [_("Name the members, one on each line.")]
    if given["finding"] not in Consilium.Finding.values:
        wrong["finding"] = [_("Choose what the consilium found.")]
    elif given["finding"] == Consilium.Finding.WITH_ESCORT and not given["escort"].strip():
        wrong["escort"] = [_("Say who goes along with the patient.")]
    return wrong


def need_problem(day: date | None, *, today: date) -> Text | None:
    """What is wrong with the day by which the care is needed."""
    if day is None:
        return None
    if day < today:
        return DAY_PASSED
    if day > today + days.PLANNED:
        return TOO_FAR_AHEAD
    return None


def host_problem(referral: Referral) -> Text | None:
    """Why the chosen host can't be it: at home, not for patients, or without the care that is asked for."""
    host: Facility | None = referral.host_facility
    if host is None:
        return None
    if host.country_code == referral.directing_country_id:
        return NO_CARE_ABROAD
    if not host.may_host:
        return NOT_OFFERED
    if (other := stands_for(host)) is not None:
        return _("The directory lists this hospital a second time. Choose %(name)s (%(code)s).") % {
            "name": other.name,
            "code": other.organisation.code,
        }
    if referral.specialty_id is not None:
        offers = services_of(host).filter(specialty_id=referral.specialty_id)
        return None if offers.exists() else NOT_OFFERED
    return None


def payer_mistakes(referral: Referral) -> Mistakes:
    """Another payer needs a name, a sum its currency."""
    if referral.payer == Payer.OTHER and not referral.payer_note:
        return {"payer_note": [_("About the payer: say who pays.")]}
    return {}


def report_mistakes(evidence: Mapping[str, Any], patient: Patient, *, today: date) -> Mistakes:
    """What is wrong with a report or another document: its date, an empty author or text."""
    wrong: Mistakes = {}
    day: date = evidence["dated_on"]
    if day > today:
        wrong["dated_on"] = [_("The date must not be in the future.")]
    elif day < today - OLDEST_REPORT:
        wrong["dated_on"] = [_("The date lies more than ten years back. Check the year.")]
    elif patient.birth_date is not None and not patient.birth_date_estimated and day < patient.birth_date:
        wrong["dated_on"] = [BEFORE_BIRTH]
    if not evidence["author"].strip() or names_nobody(evidence["author"]):
        wrong["author"] = [_("Say who wrote it.")]
    if not evidence["text"].strip() or stands_for_none(evidence["text"]):
        wrong["text"] = [_("Say what it says.")]
    return wrong


def consent_problem(referral: Referral, *, today: date) -> Text | None:
    """Why the referral's consent doesn't let the host read the case today."""
    consent = referral.consent
    if consent is None:
        return None
    fits = (
        consent.patient_id == referral.patient_id
        and consent.recipient_country_id == referral.host_country_id
        and consent.purpose == Consent.Purpose.TREATMENT
        and consent.ended_at is None
    )
    if not fits:
        return _("The consent doesn’t fit this patient and host country, or it was withdrawn.")
    if consent.recipient_id not in (None, referral.host_facility_id):
        return _("The patient consented to another hospital alone. Record a consent for this one.")
    if consent.valid_from > today:
        return _("The consent isn’t valid yet today. Record one that is, or wait for its first day.")
    if consent.valid_to < today:
        return _("The consent is over. Record a new one.")
    return None


@stays
def _stays_of(patient_id: UUID) -> list[Stay]:
    """The days in hospital that the discharge summaries of a patient name."""
    rows = DischargeSummary.objects.filter(referral__patient_id=patient_id).order_by("pk")
    return [Stay(*row) for row in rows.values_list("admitted_on", "discharged_on")]


@papers
def _papers_of(patient_id: UUID) -> list[date]:
    """The days of the reports, other documents and consilia of a patient's referrals."""
    rows = EvidenceItem.objects.filter(referral__patient_id=patient_id).order_by("pk")
    held = Consilium.objects.filter(referral__patient_id=patient_id).order_by("pk")
    return [*rows.values_list("dated_on", flat=True), *held.values_list("held_on", flat=True)]


def stay_mistakes(first: date, last: date, referral: Referral, *, today: date) -> Mistakes:
    """A stay begins after the referral was filed and after the birth, and ends before the death and not tomorrow.

    An emergency may have arrived before somebody filed it.
    """
    if last < first:
        return {"discharged_on": [_("The day of discharge must not be before the admission.")]}
    if last > today:
        return {"discharged_on": [_("The day of discharge must not be in the future.")]}
    died = referral.patient.deceased_on
    if died is not None and last > died:
        return {"discharged_on": [_("The day of discharge lies after the patient’s death.")]}
    patient = referral.patient
    if patient.birth_date is not None and not patient.birth_date_estimated and first < patient.birth_date:
        return {"admitted_on": [_("The day of admission lies before the patient’s birth. Check it.")]}
    filed = referral.submitted_at
    early = timedelta(days=30 if referral.is_emergency else 1)
    if filed is not None and first < timezone.localdate(filed, referral.host_zone) - early:
        return {"admitted_on": [_("The day of admission lies before the referral was filed. Check it.")]}
    return {}
