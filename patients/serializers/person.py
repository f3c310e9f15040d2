"""A patient: what may be sent, and what is answered."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from core import languages
from core.api.answers import Answer, OneOf
from core.api.fields import Choice, Day, Flag, ListQuery, PartialDay, Raw, StrictSerializer, Whole
from core.api.items import Items
from core.api.parts import RecordNumber
from facilities.serializers.answers import DistrictCoding
from facilities.serializers.inputs import COUNTRY_CODES, AnyCountry
from patients.actions.death import DEATH_CORRECTIONS
from patients.cleaning import MOST_CITIZENSHIPS
from patients.identifiers import SYSTEMS
from patients.models import Consent, Identifier, Patient, Registration
from patients.serializers.records import (
    ConsentRow,
    CoverageInput,
    CoverageRow,
    IdentifierInput,
    IdentifierRow,
)
from patients.wording import ONE_OF_A_KIND

PARTIAL = "YYYY-MM-DD; YYYY-MM or YYYY where only that is known."
BASE = "/api/v1/patients/"


# --- What may be sent -----------------------------------------------------------------------------------------------


class DistrictInput(StrictSerializer):
    """A district by its country's classifier; what else was read with it isn't looked at."""

    country = Choice(choices=COUNTRY_CODES)
    code = Raw(max_length=20)
    system = Raw(max_length=60, required=False, allow_null=True)
    display = Raw(max_length=200, required=False, allow_null=True)


class NextOfKinInput(StrictSerializer):
    """Whom to call. Null takes away what stood there."""

    name = Raw(max_length=400, required=False, allow_null=True)
    phone = Raw(max_length=40, required=False, allow_null=True)
    relation = Raw(max_length=200, required=False, allow_null=True)


class PersonInput(StrictSerializer):
    """What may be said of a patient. Names as in the document, in Cyrillic or Latin.

    Null, and an empty text, takes away what stood there.
    """

    family_name = Raw(max_length=200, required=False, allow_null=True)
    given_name = Raw(max_length=200, required=False, allow_null=True)
    patronymic = Raw(max_length=200, required=False, allow_null=True)
    birth_date = PartialDay(required=False, allow_null=True)
    birth_date_estimated = Flag(required=False)
    sex = Choice(choices=Patient.Sex.choices, required=False)
    citizenship_status = Choice(
        choices=Patient.Citizenship.choices,
        required=False,
        help_text="Follows from citizenships where it is left out: known with any, not_known without.",
    )
    citizenships = Items(
        child=AnyCountry(),
        required=False,
        max_length=MOST_CITIZENSHIPS,
        help_text="Every country whose citizen the patient is (ISO 3166-1).",
    )
    citizenship = AnyCountry(
        required=False, allow_null=True, help_text="Instead of citizenships where there is one."
    )
    residence_district = DistrictInput(required=False, allow_null=True)
    residence_country = AnyCountry(
        required=False,
        allow_null=True,
        help_text="Any country (ISO 3166-1), where the district isn’t known. A district brings its own.",
    )
    address = Raw(max_length=400, required=False, allow_null=True)
    phone = Raw(max_length=40, required=False, allow_null=True)
    email = Raw(max_length=254, required=False, allow_null=True)
    preferred_language = Choice(choices=languages.own_names(), required=False)
    is_unknown = Flag(required=False)
    description = Raw(max_length=600, required=False, allow_null=True)
    next_of_kin = NextOfKinInput(required=False, allow_null=True)
    is_synthetic = Flag(required=False)
    record_number = RecordNumber()


class PatientChangeInput(PersonInput):
    """The fields to change; the others stay. A `deceased_on` of null takes back a death recorded by mistake; that, and
    another day, needs its `death_correction`.

    A name or a day of birth that makes somebody else likely to be the same person is refused once, as for a new
    patient; `duplicate_checked` says that somebody looked and it is another person.
    """

    deceased_on = Day(required=False, allow_null=True)
    death_correction = Choice(choices=list(DEATH_CORRECTIONS.items()), required=False)
    duplicate_checked = Flag(required=False)


class GroundInput(StrictSerializer):
    """By what right another hospital's record is asked for.

    Of a consent: `how` it was given, by whom (left out: the patient), and what it `covers` besides who the patient is.
    Of an emergency: the `reason`.
    """

    kind = Choice(choices=[("consent", "consent"), ("emergency", "emergency")])
    covers = serializers.ListField(
        child=Choice(choices=Registration.Part.choices), required=False, max_length=4
    )
    how = Choice(choices=Consent.How.choices, required=False)
    given_by = Raw(max_length=400, required=False)
    reason = Raw(max_length=1000, required=False)


class LinkInput(StrictSerializer):
    """A patient who is known elsewhere: the exact number, the date of birth, and the ground."""

    identifier = IdentifierInput()
    birth_date = PartialDay()
    ground = GroundInput()


class PatientInput(PersonInput):
    """A patient to register, with numbers and coverage, wholly or not at all.

    A likely duplicate is refused once with the patients that it may be; `duplicate_checked` says that somebody
    looked and it is another person.
    """

    sex = Choice(choices=Patient.Sex.choices)
    preferred_language = Choice(choices=languages.own_names(), default="ru")
    identifiers = Items(child=IdentifierInput(), required=False, max_length=10)
    coverage = CoverageInput(required=False)
    ground = GroundInput(
        required=False,
        help_text="Look for the record of another hospital first: as for linking, counted alike.",
    )
    duplicate_checked = Flag(required=False)

    def validate_identifiers(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """One number of each kind, before anything is looked up."""
        seen: set[str] = set()
        errors: dict[str, Any] = {}
        for index, one in enumerate(value):
            if one["system"] in seen:
                errors[str(index)] = [ErrorDetail(str(ONE_OF_A_KIND), code="rule")]
            seen.add(one["system"])
        if errors:
            raise ValidationError(errors)
        return value


class PatientQuery(ListQuery):
    """The latest registered; or by a name and the date of birth, which belong into the content of a search.

    A number is refused here: an address is written down on its way.
    """

    name = Raw(max_length=200, required=False, help_text="Deprecated: search by POST patients/search/.")
    birth_date = PartialDay(required=False, help_text="Deprecated: search by POST patients/search/.")


class PatientSearchInput(StrictSerializer):
    """By a number, `identifier`, of one `system` or of any; by one's own `record_number`; or by a name and the date of
    birth. Of these one way at a time.
    """

    identifier = Raw(max_length=60, required=False)
    system = Choice(choices=SYSTEMS, required=False)
    record_number = Raw(max_length=60, required=False)
    name = Raw(max_length=200, required=False, help_text="In either script; needs birth_date.")
    birth_date = PartialDay(required=False, help_text="A year finds everybody of that year.")
    limit = Whole(min_value=1, max_value=100, default=20, help_text="Rows on a page.")
    cursor = Raw(max_length=600, required=False, help_text="Where the last page ended: its next_cursor.")


# --- What is answered -----------------------------------------------------------------------------------------------


class Person(Answer):
    """Who a patient is. `citizenship` is the first of `citizenships`, for readers of one alone."""

    id: UUID
    version: int
    family_name: str
    given_name: str
    patronymic: str
    name_latin: str
    birth_date: Annotated[str | None, PARTIAL]
    birth_date_estimated: bool
    sex: Annotated[str, OneOf(Patient.Sex)]
    citizenship_status: Annotated[str, OneOf(Patient.Citizenship)]
    citizenships: list[str]
    citizenship: str | None
    residence_district: DistrictCoding | None
    residence_country: Annotated[
        str | None, "The district’s country, or the one that is known without a district."
    ]
    is_unknown: bool
    is_synthetic: bool
    deceased_on: date | None
    identifiers: list[IdentifierRow]

    @classmethod
    def of(cls, patient: Patient, identifiers: Iterable[Identifier] | None = None, **more: Any) -> Self:
        """`identifiers` where they aren't prefetched with the patient; `more` is what a subclass adds."""
        district = patient.residence_district
        numbers = patient.identifiers.all() if identifiers is None else identifiers
        return cls.filled(
            patient,
            id=patient.pk,
            birth_date=str(patient.born) if patient.born else None,
            citizenship=patient.citizenships[0] if patient.citizenships else None,
            residence_district=DistrictCoding.of(district) if district else None,
            residence_country=patient.lives_in or None,
            identifiers=[IdentifierRow.of(row) for row in numbers],
            **more,
        )


class PatientRow(Person):
    """A patient in a list."""

    record_number: Annotated[str, "Your own organisation’s number of the patient; empty where it gave none."]
    self: str

    @classmethod
    def of(cls, patient: Patient, identifiers: Iterable[Identifier] | None = None, **more: Any) -> Self:
        """`patient` as `known.own_numbers` gives it."""
        return super().of(patient, identifiers, self=f"{BASE}{patient.pk}/", **more)


class Candidate(PatientRow):
    """A patient that a new one may be, and why."""

    reason: str


class NextOfKin(Answer):
    """Whom to call."""

    name: str
    phone: str
    relation: str

    @classmethod
    def of(cls, patient: Patient) -> Self:
        return cls(
            name=patient.next_of_kin_name,
            phone=patient.next_of_kin_phone,
            relation=patient.next_of_kin_relation,
        )


class PatientDetail(PatientRow):
    """A patient's whole record at this facility."""

    address: str
    phone: str
    email: str
    preferred_language: Annotated[str, OneOf(languages.CODES)]
    description: str
    death_confirmed: Annotated[
        bool, "False while a death that another hospital recorded waits to be confirmed."
    ]
    next_of_kin: NextOfKin
    coverages: list[CoverageRow]
    consents: list[ConsentRow]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, patient: Patient, identifiers: Iterable[Identifier] | None = None, **more: Any) -> Self:
        """The whole record of `access.get_whole`."""
        return super().of(
            patient,
            identifiers,
            death_confirmed=patient.death_confirmer_id is None,
            next_of_kin=NextOfKin.of(patient),
            coverages=[CoverageRow.of(row) for row in patient.coverages.all()],
            consents=[ConsentRow.of(row) for row in patient.consents.all()],
            **more,
        )
