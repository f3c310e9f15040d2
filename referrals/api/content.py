"""From the codes of a request to the rows that the actions take; Invalid names the field with an unknown code."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Invalid, Text
from core.prepared import Parameter, lent, prepared
from facilities import access as directory
from facilities.codesystems import ICD10
from facilities.models import Facility, Icd10, Specialty
from patients import access as patients
from patients.models import Consent
from referrals.models.circumstances import BY_NAME

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


def draft_content(given: dict[str, Any], *, patient_id: UUID, by: Actor) -> dict[str, Any]:
    """The arguments of `save_draft` for the checked content of a request about that patient."""
    content = {name: given[name] for name in _PLAIN if name in given}
    for name, value in content.items():
        if value is None and name != "needed_by":
            content[name] = ""  # no column of text has a null
    errors: dict[str, list[Text]] = {}
    if "specialty" in given:
        coding = given["specialty"]
        content["specialty"] = _specialty(coding, by, errors) if coding else None
    if "diagnosis" in given:
        coding = given["diagnosis"]
        content["diagnosis"] = _diagnosis(coding, errors) if coding else None
    if "circumstances" in given:
        content["circumstances"] = dict(given["circumstances"] or dict.fromkeys(BY_NAME))
    if "consent" in given:
        key = given["consent"]
        content["consent"] = _consent(key, patient_id, by, errors) if key else None
    if "host_facility" in given:
        code = given["host_facility"]
        content["host_facility"] = _host(code, by, errors) if code else None
    if "estimate" in given:
        estimate = given["estimate"]
        content["estimate_amount"] = estimate["amount"] if estimate else None
        content["estimate_currency"] = estimate["currency"] if estimate else ""
    if errors:
        raise Invalid(errors, code="unknown_code")
    return content


def report_of(given: dict[str, Any]) -> dict[str, Any] | None:
    """The report of a request: None where it says nothing of one, empty where it takes it away."""
    return (given["report"] or {}) if "report" in given else None


def _specialty(coding: dict[str, str], by: Actor, errors: dict[str, list[Text]]) -> Specialty | None:
    found = prepared(_specialties, lent(by)).first(code=coding["code"])
    if found is None or coding.get("system") not in (None, "", found.system):
        errors["specialty.code"] = [_("The directory has no specialty with this system and code.")]
        return None
    return found


def _diagnosis(coding: dict[str, str], errors: dict[str, list[Text]]) -> Icd10 | None:
    found = directory.diagnosis(coding["code"])
    if found is None:
        errors["diagnosis.code"] = [_("ICD-10 has no category or subcategory with this code.")]
    elif coding.get("system") not in (None, "", ICD10.uri):
        errors["diagnosis.system"] = [
            _("Diagnoses are coded by ICD-10 here: http://hl7.org/fhir/sid/icd-10.")
        ]
    return found


def _host(code: str, by: Actor, errors: dict[str, list[Text]]) -> Facility | None:
    found = prepared(_facilities, lent(by)).first(code=code)
    if found is None:
        errors["host_facility"] = [_("The directory has no facility with this code.")]
    return found


def _consent(pk: int, patient_id: UUID, by: Actor, errors: dict[str, list[Text]]) -> Consent | None:
    found = patients.consent_of(by, patient_id, pk)
    if found is None:
        patients.get_visible(by, patient_id)  # of an unknown patient nothing more is said
        errors["consent"] = [_("The patient has no consent with this id.")]
    return found


def _specialties(by: Actor) -> QuerySet[Specialty]:
    return directory.visible_specialties(by).filter(code=Parameter("code")).defer("loaded_values").order_by()


def _facilities(by: Actor) -> QuerySet[Facility]:
    return directory.visible_facilities(by).filter(organisation__code=Parameter("code")).order_by()
