"""From the codes of a request to the rows that the actions take; Invalid names the field with an unknown code."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from facilities import access as directory
from facilities.models import Facility, Icd10, Specialty
from patients import access as patients
from patients.models import Consent, Patient
from portal.core.actors import Actor
from portal.core.errors import Invalid, Text
from referrals.models import Referral

_PLAIN = (
    "priority",
    "service",
    "care_mode",
    "clinical_reason",
    "goal",
    "triage_note",
    "emergency_ground",
    "needed_by",
    "needed_by_reason",
    "payer",
    "payer_note",
)


def draft_content(
    given: dict[str, Any], *, referral: Referral, patient: Patient, by: Actor
) -> dict[str, Any]:
    """The arguments of `save_draft` for the checked content of a request."""
    content = {name: given[name] for name in _PLAIN if name in given}
    errors: dict[str, list[Text]] = {}
    if "specialty" in given:
        content["specialty"] = _specialty(given["specialty"], by, errors)
    if "diagnosis" in given:
        content["diagnosis"] = _diagnosis(given["diagnosis"], errors)
    if "consent" in given:
        content["consent"] = _consent(given["consent"], patient, by, errors)
    if "host_facility" in given:
        host = _host(given["host_facility"], by, errors)
        content["host_facility"] = host
    if "estimate" in given:
        estimate = given["estimate"]
        content["estimate_amount"] = estimate["amount"] if estimate else None
        content["estimate_currency"] = estimate["currency"] if estimate else ""
    if errors:
        raise Invalid(errors, code="unknown_code")
    return content


def _specialty(coding: dict[str, str], by: Actor, errors: dict[str, list[Text]]) -> Specialty | None:
    found = directory.visible_specialties(by).filter(code=coding["code"]).first()
    if found is None or coding.get("system", found.system) != found.system:
        errors["specialty.code"] = [_("The directory has no specialty with this system and code.")]
        return None
    return found


def _diagnosis(coding: dict[str, str], errors: dict[str, list[Text]]) -> Icd10 | None:
    found = directory.diagnosis(coding["code"])
    if found is None:
        errors["diagnosis.code"] = [_("ICD-10 has no category or subcategory with this code.")]
    elif coding.get("system") not in (None, "", "http://hl7.org/fhir/sid/icd-10"):
        errors["diagnosis.system"] = [
            _("Diagnoses are coded by ICD-10 here: http://hl7.org/fhir/sid/icd-10.")
        ]
    return found


def _host(code: str, by: Actor, errors: dict[str, list[Text]]) -> Facility | None:
    found = directory.visible_facilities(by).filter(organisation__code=code).first()
    if found is None:
        errors["host_facility"] = [_("The directory has no facility with this code.")]
    return found


def _consent(pk: int, patient: Patient, by: Actor, errors: dict[str, list[Text]]) -> Consent | None:
    found = patients.get_visible(by, patient.pk).consents.filter(pk=pk).first()
    if found is None:
        errors["consent"] = [_("The patient has no consent with this id.")]
    return found
