"""What may be sent about patients."""

from rest_framework import serializers

from core import languages
from core.api.fields import Choice, Day, Flag, ListQuery, Raw, StrictSerializer
from facilities.serializers.inputs import COUNTRY_CODES
from patients.identifiers import ALL, SYSTEMS
from patients.models import Consent, Coverage, Patient

GIVEN_SYSTEMS = [system.code for system in ALL if not system.given_by_portal]


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
