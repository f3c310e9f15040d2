"""The text in which a facility is searched."""

from functools import lru_cache

from django.utils import translation

from core import languages
from facilities.models import AdminUnit, CareLevel, Facility, FacilityType, Organisation
from facilities.textsearch import reading_key


def facility_search_text(facility: Facility, organisation: Organisation, unit: AdminUnit | None) -> str:
    """Name, code, place and type of a facility in every language of the portal, as one reading key.

    Both scripts meet in one spelling, so that Бишкек finds what a source calls Bishkek. The caller gives the
    related rows, with the unit's region loaded, so that a bulk load needs no query for each row.
    """
    parts = [
        organisation.name,
        organisation.code,
        facility.short_name,
        facility.national_code,
        facility.settlement,
        facility.address,
    ]
    parts += organisation.names.values()
    for place in (unit, unit.parent if unit and unit.parent_id else None):
        if place:
            parts += place.every_name
    parts += _kind_words(facility.facility_type, facility.care_level)
    words = dict.fromkeys(" ".join(reading_key(part) for part in parts if part).split())
    return " " + " ".join(words)


@lru_cache(maxsize=256)
def _kind_words(facility_type: str, care_level: str) -> tuple[str, ...]:
    """A type and a level of care in every language: few pairs, asked for thousands of rows by a load."""
    words = []
    for code in languages.CODES:
        with translation.override(code):
            words += [str(FacilityType(facility_type).label), str(CareLevel(care_level).label)]
    return tuple(words)
