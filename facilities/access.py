"""What an actor may read of the directory and the reference data. The searches stand in `facilities.lookups`."""

from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from core import zones
from core.actors import Actor
from core.permissions import Permission
from core.prepared import Parameter, prepared
from facilities.lookups.desks import has_desk, with_desk
from facilities.lookups.directory import DirectoryFilter, directory_rows
from facilities.lookups.districts import district_by_value, search_districts
from facilities.lookups.hosts import Host, hosts_for, offers, stands_for
from facilities.lookups.icd10 import Icd10Search, search_icd10
from facilities.lookups.neighbourhood import Neighbour, crossings_near, districts_across
from facilities.lookups.organisations import organisation_refs
from facilities.memberships import memberships_of
from facilities.models import (
    AdminUnit,
    BorderCrossing,
    Country,
    Facility,
    FacilityService,
    Icd10,
    Organisation,
    PartnerClient,
    Specialty,
)

__all__ = [
    "DirectoryFilter",
    "Host",
    "Icd10Search",
    "Neighbour",
    "administers_all",
    "crossings_near",
    "diagnosis",
    "directory",
    "district_by_value",
    "districts_across",
    "has_desk",
    "hosts_for",
    "may_administer_person",
    "offers",
    "organisation_refs",
    "search_districts",
    "search_icd10",
    "services_of",
    "stands_for",
    "today_in",
    "visible_admin_units",
    "visible_clients",
    "visible_countries",
    "visible_crossings",
    "visible_facilities",
    "visible_organisations",
    "visible_specialties",
    "with_desk",
    "zone_of",
]


# What the reference files said: for the administration, and long to read in a list.
_NOT_SHOWN = (
    "loaded_values",
    "organisation__loaded_values",
    "organisation__country__loaded_values",
    "admin_unit__loaded_values",
    "admin_unit__parent__loaded_values",
)


def visible_facilities(actor: Actor | None) -> QuerySet[Facility]:
    """The directory: every active facility, for everybody who holds the permission to read it."""
    if not _may_read_directory(actor):
        return Facility.objects.none()
    return (
        Facility.objects.filter(organisation__active=True)
        .select_related("organisation__country", "admin_unit__parent")
        .defer("search", *_NOT_SHOWN)
    )


def visible_organisations(actor: Actor | None) -> QuerySet[Organisation]:
    """Active organisations (facilities, ministries, funds, the operator), under the directory's permission."""
    if not _may_read_directory(actor):
        return Organisation.objects.none()
    return Organisation.objects.filter(active=True).select_related("country")


def visible_countries(actor: Actor | None) -> QuerySet[Country]:
    """The countries, for everybody signed in."""
    return Country.objects.all() if actor is not None else Country.objects.none()


def visible_admin_units(actor: Actor | None) -> QuerySet[AdminUnit]:
    """Regions and districts with country and region, for everybody signed in."""
    if actor is None:
        return AdminUnit.objects.none()
    return AdminUnit.objects.select_related("country", "parent")


def visible_crossings(actor: Actor | None) -> QuerySet[BorderCrossing]:
    """Border crossings, for everybody signed in."""
    if actor is None:
        return BorderCrossing.objects.none()
    return BorderCrossing.objects.select_related("country_a", "country_b", "admin_unit_a", "admin_unit_b")


def visible_specialties(actor: Actor | None) -> QuerySet[Specialty]:
    """The specialties that can be asked for, for everybody signed in."""
    if actor is None:
        return Specialty.objects.none()
    return Specialty.objects.filter(selectable=True).defer("loaded_values", "name_sources")


def visible_clients(actor: Actor | None) -> QuerySet[PartnerClient]:
    """The partner systems that the actor administers: the operator's administrator all, another their own."""
    if actor is None or not actor.has(Permission.ADMINISTER) or actor.organisation_id is None:
        return PartnerClient.objects.none()
    clients = PartnerClient.objects.select_related("organisation__country").order_by(
        "organisation__code", "revoked_at", "name", "pk"
    )
    return clients if administers_all(actor) else clients.filter(organisation_id=actor.organisation_id)


def administers_all(actor: Actor) -> bool:
    """Whether the actor administers the systems of every facility: the operator's administrator does."""
    own = actor.organisation_id or 0
    return Organisation.objects.filter(pk=own, kind=Organisation.Kind.OPERATOR).exists()


def may_administer_person(actor: Actor, user: Any) -> bool:
    """Whether the actor may reset how somebody signs in: the operator's administrator everybody's, another one that of
    people who work in their organisation and nowhere else, and who don't run the portal.
    """
    if not actor.has(Permission.ADMINISTER):
        return False
    if administers_all(actor):
        return True
    places = {membership.organisation_id for membership in memberships_of(user)}
    return places == {actor.organisation_id} and not (user.is_staff or user.is_superuser)


def directory(actor: Actor | None, wanted: DirectoryFilter) -> QuerySet[Facility]:
    """Visible facilities as `wanted`, with `distance_km` and `specialty_ids` (`lookups.directory`)."""
    return directory_rows(visible_facilities(actor), wanted)


def services_of(facility: Facility) -> QuerySet[FacilityService]:
    """What a facility that the actor was shown offers, with the specialties."""
    return facility.services.filter(active=True).select_related("specialty")


def diagnosis(code: str) -> Icd10 | None:
    """The category or subcategory with exactly this code (any case), None when there is no such diagnosis."""
    return prepared(_diagnosis).first(code=code.strip().upper()[:8])


@lru_cache(maxsize=16)
def zone_of(country_code: str) -> ZoneInfo:
    """The time zone in which a country's time limits are counted; asked once in a process."""
    return ZoneInfo(Country.objects.get(pk=country_code).time_zone)


def today_in(country_code: str) -> date:
    """The day that it is in a country: by it rules, agreements and consents are read that somebody else reads too."""
    return zones.today(zone_of(country_code))


def _diagnosis() -> QuerySet[Icd10]:
    found = Icd10.objects.filter(pk=Parameter("code"), level__in=Icd10.SELECTABLE).order_by()
    return found.defer("search", "loaded_values")


def _may_read_directory(actor: Actor | None) -> bool:
    return actor is not None and (actor.is_system or actor.has(Permission.SEE_DIRECTORY))
