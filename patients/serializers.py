"""Forms of patients in the API: what may be sent, and what is answered."""

from typing import Any

from rest_framework import serializers

from core import languages
from core.api.fields import Choice, Day, Flag, ListQuery, Raw, StrictSerializer
from facilities.serializers import (
    COUNTRY_CODES,
    DistrictCoding,
    OrganisationRef,
    district_coding,
    organisation_ref,
)
from patients import wording
from patients.identifiers import ALL, SYSTEMS
from patients.models import Consent, Coverage, Identifier, Patient

GIVEN_SYSTEMS = [system.code for system in ALL if not system.given_by_portal]


# --- What may be sent -----------------------------------------------------------------------------------------------


class IdentifierInput(StrictSerializer):
    """A number of a document. National numbers say their country by their system."""

    system = Choice(choices=GIVEN_SYSTEMS)
    country = Choice(choices=COUNTRY_CODES, required=False)
    value = Raw(max_length=60)


class DistrictInput(StrictSerializer):
    """A district by its country's classifier; what else was read with it isn't looked at."""

    country = Choice(choices=COUNTRY_CODES)
    code = Raw(max_length=20)
    system = Raw(max_length=60, required=False)
    display = Raw(max_length=200, required=False)


class NextOfKinInput(StrictSerializer):
    name = Raw(max_length=400, required=False)
    phone = Raw(max_length=40, required=False)
    relation = Raw(max_length=200, required=False)


class CoverageInput(StrictSerializer):
    """Who pays at home. `fund` is the code of a fund, needed for state and insurance."""

    kind = Choice(choices=Coverage.Kind.choices)
    fund = Raw(max_length=20, required=False)
    number = Raw(max_length=100, required=False)
    valid_from = Day()
    valid_to = Day(required=False)
    checked_on = Day(required=False)
    source = Choice(choices=Coverage.Source.choices)  # type: ignore[assignment]


class PersonInput(StrictSerializer):
    """What may be said of a patient. Names as in the document, in Cyrillic or Latin."""

    family_name = Raw(max_length=200, required=False)
    given_name = Raw(max_length=200, required=False)
    patronymic = Raw(max_length=200, required=False)
    birth_date = Day(required=False)
    birth_date_estimated = Flag(required=False)
    sex = Choice(choices=Patient.Sex.choices, required=False)
    citizenship = Choice(choices=COUNTRY_CODES, required=False)
    residence_district = DistrictInput(required=False)
    address = Raw(max_length=400, required=False)
    phone = Raw(max_length=40, required=False)
    email = Raw(max_length=254, required=False)
    preferred_language = Choice(choices=languages.own_names(), required=False)
    is_unknown = Flag(required=False)
    description = Raw(max_length=600, required=False)
    next_of_kin = NextOfKinInput(required=False)
    is_synthetic = Flag(required=False)


class PatientChangeInput(PersonInput):
    """The fields to change; the others stay."""


class PatientInput(PersonInput):
    """A patient to register, with numbers and coverage, wholly or not at all.

    A likely duplicate is refused once with the patients that it may be; `duplicate_checked` says that somebody
    looked and it is another person.
    """

    sex = Choice(choices=Patient.Sex.choices)
    preferred_language = Choice(choices=languages.own_names(), default="ru")
    identifiers = serializers.ListField(child=IdentifierInput(), required=False, max_length=10)
    coverage = CoverageInput(required=False)
    duplicate_checked = Flag(required=False)


class LinkInput(StrictSerializer):
    """A patient who is known elsewhere: the exact number and the date of birth."""

    identifier = IdentifierInput()
    birth_date = Day()


class RemoveIdentifierInput(StrictSerializer):
    reason = Choice(choices=["typing_error", "other_person", "replaced"])


class ConsentInput(StrictSerializer):
    """What the patient consented to. `given_by` may be left out when the patient spoke for themselves."""

    purpose = Choice(choices=Consent.Purpose.choices)
    recipient_country = Choice(choices=COUNTRY_CODES)
    valid_from = Day()
    valid_to = Day()
    how = Choice(choices=Consent.How.choices)
    given_by = Raw(max_length=400, required=False)


class PatientQuery(ListQuery):
    """By a number (`system` and `identifier`), or by a name and the date of birth, or the latest registered."""

    system = Choice(choices=SYSTEMS, required=False)
    identifier = Raw(max_length=60, required=False)
    name = Raw(max_length=200, required=False, help_text="In either script; needs birth_date.")
    birth_date = Day(required=False)


# --- What is answered -----------------------------------------------------------------------------------------------


def identifier_json(row: Identifier) -> dict[str, Any]:
    """A number with what is doubtful about it, in codes and in words."""
    return {
        "id": row.pk,
        "system": row.system,
        "country": row.country_id,
        "value": row.value,
        "warnings": [
            {"code": code, "detail": str(wording.identifier_warning(code))} for code in row.warnings
        ],
    }


def coverage_json(row: Coverage) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "fund": organisation_ref(row.fund),
        "number": row.number,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "checked_on": row.checked_on,
        "source": row.source,
        "recorded_at": row.recorded_at,
    }


def consent_version(row: Consent) -> int:
    """1, and 2 once it was withdrawn: nothing else of a consent ever changes."""
    return 1 if row.withdrawn_at is None else 2


def consent_json(row: Consent) -> dict[str, Any]:
    return {
        "id": row.pk,
        "version": consent_version(row),
        "purpose": row.purpose,
        "recipient_country": row.recipient_country_id,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "how": row.how,
        "given_by": row.given_by,
        "recorded_by": row.recorded_by_label,
        "recorded_at": row.recorded_at,
        "withdrawn_at": row.withdrawn_at,
        "withdrawn_by": row.withdrawn_by_label,
    }


def person_json(patient: Patient) -> dict[str, Any]:
    """Who the patient is and where they live, without numbers."""
    return {
        "id": patient.pk,
        "version": patient.version,
        "family_name": patient.family_name,
        "given_name": patient.given_name,
        "patronymic": patient.patronymic,
        "name_latin": patient.name_latin,
        "birth_date": patient.birth_date,
        "birth_date_estimated": patient.birth_date_estimated,
        "sex": patient.sex,
        "citizenship": patient.citizenship_id,
        "residence_district": district_coding(patient.residence_district),
        "is_unknown": patient.is_unknown,
        "is_synthetic": patient.is_synthetic,
        "deceased_on": patient.deceased_on,
    }


def patient_row(patient: Patient) -> dict[str, Any]:
    """A patient in a list. Expects prefetched identifiers."""
    return {
        **person_json(patient),
        "identifiers": [identifier_json(row) for row in patient.identifiers.all()],
        "self": f"/api/v1/patients/{patient.pk}/",
    }


def contact_json(patient: Patient) -> dict[str, Any]:
    return {
        "address": patient.address,
        "phone": patient.phone,
        "email": patient.email,
        "preferred_language": patient.preferred_language,
        "description": patient.description,
        "next_of_kin": {
            "name": patient.next_of_kin_name,
            "phone": patient.next_of_kin_phone,
            "relation": patient.next_of_kin_relation,
        },
    }


def patient_json(patient: Patient) -> dict[str, Any]:
    """The whole record of `access.get_whole`."""
    return {
        **patient_row(patient),
        **contact_json(patient),
        "coverages": [coverage_json(row) for row in patient.coverages.all()],
        "consents": [consent_json(row) for row in patient.consents.all()],
        "created_at": patient.created_at,
        "updated_at": patient.updated_at,
    }


class Warning(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()


class IdentifierRow(serializers.Serializer):
    """A number of the patient."""

    id = serializers.IntegerField()
    system = serializers.ChoiceField(choices=SYSTEMS)
    country = serializers.CharField()
    value = serializers.CharField()
    warnings = Warning(many=True)


class CoverageRow(serializers.Serializer):
    """Who pays at home."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Coverage.Kind.choices)
    fund = OrganisationRef(allow_null=True)
    number = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    checked_on = serializers.DateField()
    source = serializers.ChoiceField(choices=Coverage.Source.choices)  # type: ignore[assignment]
    recorded_at = serializers.DateTimeField()


class ConsentRow(serializers.Serializer):
    """The patient's permission to pass data to one country for one purpose during one period."""

    id = serializers.IntegerField()
    version = serializers.IntegerField()
    purpose = serializers.ChoiceField(choices=Consent.Purpose.choices)
    recipient_country = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()
    how = serializers.ChoiceField(choices=Consent.How.choices)
    given_by = serializers.CharField()
    recorded_by = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_by = serializers.CharField()


class Person(serializers.Serializer):
    """Who a patient is."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    family_name = serializers.CharField()
    given_name = serializers.CharField()
    patronymic = serializers.CharField()
    name_latin = serializers.CharField()
    birth_date = serializers.DateField(allow_null=True)
    birth_date_estimated = serializers.BooleanField()
    sex = serializers.ChoiceField(choices=Patient.Sex.choices)
    citizenship = serializers.CharField(allow_null=True)
    residence_district = DistrictCoding(allow_null=True)
    is_unknown = serializers.BooleanField()
    is_synthetic = serializers.BooleanField()
    deceased_on = serializers.DateField(allow_null=True)
    identifiers = IdentifierRow(many=True)


class PatientRow(Person):
    """A patient in a list."""

    self = serializers.CharField()


class NextOfKin(serializers.Serializer):
    name = serializers.CharField()
    phone = serializers.CharField()
    relation = serializers.CharField()


class PatientDetail(PatientRow):
    """A patient's whole record at this facility."""

    address = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()
    preferred_language = serializers.ChoiceField(choices=languages.own_names())
    description = serializers.CharField()
    next_of_kin = NextOfKin()
    coverages = CoverageRow(many=True)
    consents = ConsentRow(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
