"""What is answered about the directory: small pieces that other apps use too, and the rows of its lists."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self

from core.api.answers import Answer, Row
from facilities.asking import open_request
from facilities.codesystems import ICD10
from facilities.confirming import confirmed
from facilities.crossing_day import read_day
from facilities.lookups.desks import has_desk
from facilities.lookups.hosts import Host
from facilities.models import (
    AdminUnit,
    Facility,
    FacilityService,
    Icd10,
    Organisation,
    Specialty,
)
from facilities.serializers.asked import AskedRow
from facilities.serializers.crossings import CrossingDayPart, CrossingRef

BASE = "/api/v1/facilities/"


class OrganisationRef(Answer):
    """A facility or another organisation."""

    id: int
    code: Annotated[str, "Of a facility or a fund: the code to send."]
    name: Annotated[str, "Facilities of one name carry what tells them apart."]
    country: str | None

    @classmethod
    def of(cls, organisation: Organisation) -> Self:
        """An organisation as others point to it."""
        return cls.filled(
            organisation, id=organisation.pk, name=organisation.display_name, country=organisation.country_id
        )


class Coding(Answer):
    """A code of a code system, with its words in the language asked for."""

    system: str
    code: str
    display: str

    @classmethod
    def of(cls, specialty: Specialty) -> Self:
        return cls(system=specialty.system, code=specialty.code, display=specialty.name)


class DiagnosisCoding(Answer):
    """An ICD-10 code with the version of the classification."""

    system: str
    version: str
    code: str
    display: str

    @classmethod
    def of(cls, diagnosis: Icd10, system: str = ICD10.uri, version: str = ICD10.version) -> Self:
        return cls(system=system, version=version, code=diagnosis.pk, display=diagnosis.title)


class DistrictCoding(Answer):
    """A district in its country's classifier."""

    system: str
    country: str
    code: str
    display: str

    @classmethod
    def of(cls, unit: AdminUnit, **more: Any) -> Self:
        """`more` is what a subclass adds."""
        return cls(
            system=unit.code_system, country=unit.country_id, code=unit.code, display=unit.name, **more
        )


class DistrictRow(DistrictCoding):
    """A region or a district."""

    level: int
    kind: str
    region: str | None
    population: int | None
    population_year: int | None

    @classmethod
    def of(cls, unit: AdminUnit, **more: Any) -> Self:
        region = unit.parent.name if unit.parent else None
        return super().of(
            unit,
            level=unit.level,
            kind=unit.kind,
            region=region,
            population=unit.population,
            population_year=unit.population_year,
            **more,
        )


class Position(Answer):
    """Degrees (WGS 84), and what the point is: a town's centre, not the building."""

    latitude: float
    longitude: float
    precision: str

    @classmethod
    def of(cls, facility: Facility) -> Self | None:
        """None where no source gives a position."""
        if facility.point is None:
            return None
        latitude, longitude = facility.point
        return cls(latitude=latitude, longitude=longitude, precision=facility.coord_precision)


class ServiceRow(Answer):
    """A specialty that a facility offers, and the ground for saying so."""

    specialty: Coding
    basis: str
    verified: bool
    licensed_from: date | None
    licensed_until: date | None
    wait_days: int | None

    @classmethod
    def of(cls, service: FacilityService) -> Self:
        return cls.filled(service, specialty=Coding.of(service.specialty))


class _FacilityHead(Answer):
    """What a facility in a list and one alone have in common."""

    id: int
    code: str
    name: Annotated[str, "The facility's own name, in the language asked for where it has one."]
    short_name: str
    label: Annotated[str, "The name with what tells the facility from its namesakes."]
    country: str
    facility_type: str
    care_level: str
    role: Annotated[str, "origin, host, both or none: who may only send, receive, or do either."]
    status: Annotated[str, "listed, older_list or under_construction, as the list says."]
    confirmation: Annotated[str, "listed (nobody confirmed the data), partly_confirmed or confirmed."]
    settlement: str
    district: DistrictCoding | None
    accepts_referrals: bool
    self: str

    @classmethod
    def _with(cls, facility: Facility, **more: Any) -> Self:
        return cls.filled(
            facility,
            id=facility.pk,
            code=facility.organisation.code,
            name=facility.organisation.own_name,
            label=facility.organisation.display_name,
            confirmation=confirmed(facility).standing.value,
            country=facility.country_code,
            district=DistrictCoding.of(facility.admin_unit) if facility.admin_unit else None,
            self=f"{BASE}{facility.pk}/",
            **more,
        )


class FacilityRow(_FacilityHead, Row):
    """A facility in a list."""

    distance_km: float | None
    specialties: list[Coding]

    @classmethod
    def of(cls, facility: Any, specialties: Mapping[int, Coding]) -> Self:
        """A facility of `access.directory`, with those of its specialties that are among these, by key."""
        return cls._with(
            facility,
            distance_km=_kilometres(facility.distance_km),
            specialties=[specialties[pk] for pk in facility.specialty_ids if pk in specialties],
        )


class FacilityDetail(_FacilityHead):
    """A facility with what it offers and where that is known from."""

    address: str
    phone: str
    email: str
    position: Position | None
    licence_valid_from: date | None
    licence_valid_until: date | None
    quality_concern: bool
    parent: OrganisationRef | None
    capabilities: Annotated[str, "Equipment in the words of the source."]
    capability_note: str
    confirmed_at: datetime | None
    confirmed_fields: list[str]
    retired_on: date | None
    answers_in_portal: Annotated[bool, "Whether anybody there can answer a referral in the portal."]
    possible_duplicate_of: int | None
    asked: Annotated[AskedRow | None, "The request of the last seven days to confirm its data."]
    services: list[ServiceRow]
    source: str

    @classmethod
    def of(cls, facility: Facility, services: Iterable[FacilityService]) -> Self:
        return cls._with(
            facility,
            phone=facility.organisation.phone,
            email=facility.organisation.email,
            position=Position.of(facility),
            quality_concern=facility.quality_flag,
            parent=OrganisationRef.of(facility.parent.organisation) if facility.parent else None,
            confirmed_fields=sorted(confirmed(facility).fields),
            answers_in_portal=has_desk(facility.pk),
            possible_duplicate_of=facility.possible_duplicate_of_id,
            asked=AskedRow.of(request) if (request := open_request(facility)) else None,
            services=[ServiceRow.of(row) for row in services],
        )


class HostRow(Answer):
    """A facility across the border that offers the care, and the way there."""

    facility: OrganisationRef
    short_name: str
    settlement: str
    phone: str
    confirmation: str
    answers_in_portal: bool
    distance_km: float | None
    crossing: CrossingRef | None
    crossing_on_day: Annotated[CrossingDayPart | None, "On the day that was asked for."]
    service: ServiceRow

    @classmethod
    def of(cls, host: Host, day: date | None = None) -> Self:
        crossing = host.crossing
        found = read_day(crossing, crossing.hours.all(), day) if crossing and day else None
        return cls(
            facility=OrganisationRef.of(host.facility.organisation),
            short_name=host.facility.short_name,
            settlement=host.facility.settlement,
            phone=host.facility.organisation.phone,
            confirmation=confirmed(host.facility).standing.value,
            answers_in_portal=host.has_desk,
            distance_km=_kilometres(host.distance_km),
            crossing=CrossingRef.of(crossing) if crossing else None,
            crossing_on_day=CrossingDayPart.of(found) if found else None,
            service=ServiceRow.of(host.service),
        )


class CodeSuggestion(Answer):
    """Found diagnoses. For a code with a Cyrillic letter they stand in `meant`, for a person to choose from."""

    results: list[DiagnosisCoding]
    did_you_mean: list[str]
    meant: list[DiagnosisCoding]


def _kilometres(distance: float | None) -> float | None:
    """To a hundred metres: the points are towns' centres."""
    return None if distance is None else round(distance, 1)
