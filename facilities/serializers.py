"""Forms of the directory in the API: small pieces that other apps use too, and the descriptions of its answers."""

from typing import Any

from rest_framework import serializers

from core.api.fields import Choice, FieldList, ListQuery, QuerySerializer, Raw
from facilities.codesystems import ICD10
from facilities.models import AdminUnit, BorderCrossing, Facility, Icd10, Organisation, Specialty

COUNTRY_CODES = ("KG", "KZ", "UZ")


def facility_ref(facility: Facility | None) -> dict[str, Any] | None:
    """A facility as others point to it."""
    return organisation_ref(facility.organisation) if facility is not None else None


def organisation_ref(organisation: Organisation | None) -> dict[str, Any] | None:
    """An organisation as others point to it; for a facility `code` is the one to send."""
    if organisation is None:
        return None
    return {
        "id": organisation.pk,
        "code": organisation.code,
        "name": organisation.display_name,
        "country": organisation.country_id,
    }


def specialty_coding(specialty: Specialty | None) -> dict[str, str] | None:
    if specialty is None:
        return None
    return {"system": specialty.system, "code": specialty.code, "display": specialty.name}


def diagnosis_coding(
    diagnosis: Icd10 | None, system: str = ICD10.uri, version: str = ICD10.version
) -> dict[str, str] | None:
    if diagnosis is None:
        return None
    return {"system": system, "version": version, "code": diagnosis.pk, "display": diagnosis.title}


def district_coding(unit: AdminUnit | None) -> dict[str, str] | None:
    if unit is None:
        return None
    return {"system": unit.code_system, "country": unit.country_id, "code": unit.code, "display": unit.name}


def crossing_ref(crossing: BorderCrossing | None) -> dict[str, Any] | None:
    if crossing is None:
        return None
    return {"id": crossing.pk, "name": crossing.name, "mode": crossing.mode, "operating": crossing.operating}


class OrganisationRef(serializers.Serializer):
    """A facility or another organisation."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    country = serializers.CharField(allow_null=True)


class Coding(serializers.Serializer):
    """A code of a code system, with its words in the language asked for."""

    system = serializers.CharField()
    code = serializers.CharField()
    display = serializers.CharField()


class DiagnosisCoding(Coding):
    """An ICD-10 code with the version of the classification."""

    version = serializers.CharField()


class DistrictCoding(Coding):
    """A district in its country's classifier."""

    country = serializers.CharField()


class CrossingRef(serializers.Serializer):
    """A border crossing on the way."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    mode = serializers.CharField()
    operating = serializers.BooleanField(allow_null=True)


class Position(serializers.Serializer):
    """Degrees (WGS 84), and what the point is: a town's centre, not the building."""

    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    precision = serializers.CharField()


class ServiceRow(serializers.Serializer):
    """A specialty that a facility offers, and the ground for saying so."""

    specialty = Coding()
    basis = serializers.CharField()
    verified = serializers.BooleanField()
    licensed_from = serializers.DateField(allow_null=True)
    licensed_until = serializers.DateField(allow_null=True)
    wait_days = serializers.IntegerField(allow_null=True)


class FacilityRow(serializers.Serializer):
    """A facility in a list."""

    id = serializers.IntegerField(required=False)
    code = serializers.CharField(required=False)
    name = serializers.CharField(required=False)
    country = serializers.CharField(required=False)
    facility_type = serializers.CharField(required=False)
    care_level = serializers.CharField(required=False)
    settlement = serializers.CharField(required=False)
    district = DistrictCoding(allow_null=True, required=False)
    accepts_referrals = serializers.BooleanField(required=False)
    distance_km = serializers.FloatField(allow_null=True, required=False)
    specialties = Coding(many=True, required=False)
    self = serializers.CharField(required=False)


class HostRow(serializers.Serializer):
    """A facility across the border that offers the care, and the way there."""

    facility = OrganisationRef()
    distance_km = serializers.FloatField(allow_null=True)
    crossing = CrossingRef(allow_null=True)
    service = ServiceRow()


class FacilityDetail(serializers.Serializer):
    """A facility with what it offers and where that is known from."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    country = serializers.CharField()
    facility_type = serializers.CharField()
    care_level = serializers.CharField()
    settlement = serializers.CharField()
    address = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()
    district = DistrictCoding(allow_null=True)
    position = Position(allow_null=True)
    licence_valid_from = serializers.DateField(allow_null=True)
    licence_valid_until = serializers.DateField(allow_null=True)
    quality_concern = serializers.BooleanField()
    accepts_referrals = serializers.BooleanField()
    services = ServiceRow(many=True)
    source = serializers.CharField()  # type: ignore[assignment]
    self = serializers.CharField()


class DistrictRow(DistrictCoding):
    """A region or a district."""

    level = serializers.IntegerField()
    kind = serializers.CharField()
    region = serializers.CharField(allow_null=True)


class CrossingRow(serializers.Serializer):
    """A border crossing, as its sources describe it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    countries = serializers.ListField(child=serializers.CharField())
    mode = serializers.CharField()
    operating = serializers.BooleanField(allow_null=True)
    status = serializers.CharField()
    persons = serializers.CharField()
    as_of = serializers.CharField()
    sources = serializers.CharField()
    note = serializers.CharField()


class CodeSuggestion(serializers.Serializer):
    """Found diagnoses. For a code with a Cyrillic letter they stand in `meant`, for a person to choose from."""

    results = DiagnosisCoding(many=True)
    did_you_mean = serializers.ListField(child=serializers.CharField())
    meant = DiagnosisCoding(many=True)


FACILITY_FIELDS = frozenset(FacilityRow().fields)


class FacilityQuery(ListQuery):
    """How the directory is narrowed."""

    q = Raw(max_length=100, required=False, help_text="Words of a name, a place, a type or a specialty.")
    country = Choice(choices=COUNTRY_CODES, required=False)
    specialty = Raw(max_length=20, required=False, help_text="Code of a specialty.")
    district = Raw(
        max_length=30, required=False, help_text="Orders by distance: country and code, KZ-314800000."
    )
    accepts_referrals = serializers.BooleanField(required=False, allow_null=True, default=None)
    fields = FieldList(FACILITY_FIELDS)  # type: ignore[assignment]


class HostQuery(QuerySerializer):
    """Facilities across the border that offer a specialty, nearest first."""

    specialty = Raw(max_length=20)
    district = Raw(max_length=30, required=False)
    country = Choice(choices=COUNTRY_CODES, required=False)


class DistrictQuery(QuerySerializer):
    """Districts by a part of their name in any of the languages, or all of a country."""

    q = Raw(max_length=100, required=False)
    country = Choice(choices=COUNTRY_CODES, required=False)


class CrossingQuery(QuerySerializer):
    country = Choice(choices=COUNTRY_CODES, required=False)
    operating = serializers.BooleanField(required=False, allow_null=True, default=None)


class SearchQuery(QuerySerializer):
    q = Raw(max_length=100, help_text="A code, or words in English or Russian.")
    limit = serializers.IntegerField(min_value=1, max_value=50, default=20)
