"""From the reference files to the rows of each table: one function a table, keys resolved to primary keys."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.names import names_in_row
from facilities.reference.crossing_status import operating
from facilities.reference.files import number, read
from facilities.reference.service_rules import services_of

Row = dict[str, Any]


@dataclass(slots=True)
class Keys:
    """Primary keys by natural key, filled as the tables are loaded."""

    units: dict[tuple[str, str], int] = field(default_factory=dict)
    crossings: dict[tuple[str, str, str], int] = field(default_factory=dict)
    organisations: dict[str, int] = field(default_factory=dict)
    specialties: dict[str, int] = field(default_factory=dict)

    def unit(self, country: str, code: str) -> int | None:
        """The key of a unit, None for an empty code. KeyError for a code that no unit has."""
        return self.units[country, code] if code else None


def countries() -> Iterator[Row]:
    for row in read("countries.csv"):
        yield {
            "code": row["code"],
            "names": names_in_row(row),
            "currency": row["currency"],
            "time_zone": row["time_zone"],
            "phone_prefix": row["phone_prefix"],
        }


def admin_units(keys: Keys, level: int) -> Iterator[Row]:
    """Regions (level 1) or districts (level 2) with their population; districts need the regions' keys."""
    people = {(row["country"], row["admin_code"]): row for row in read("district_population.csv")}
    for row in read("admin_units.csv"):
        if int(row["level"]) != level:
            continue
        yield {
            "country_id": row["country"],
            "code": row["code"],
            "code_system": row["code_system"],
            "iso_code": row["iso_code"],
            "level": level,
            "parent_id": keys.unit(row["country"], row["parent_code"]),
            "kind": row["kind"],
            "names": names_in_row(row),
            "name_latin": row["name_latin"],
            "lat": number(row["lat"]),
            "lon": number(row["lon"]),
            "source": row["source"],
            **_population(people.get((row["country"], row["code"]))),
        }


def _population(row: dict[str, str] | None) -> Row:
    if row is None:
        return {"population": None, "population_year": None, "population_source": ""}
    return {
        "population": int(row["population"]),
        "population_year": int(row["year"]),
        "population_source": "; ".join(text for text in (row["source"], row["note"]) if text),
    }


def adjacencies(keys: Keys) -> Iterator[Row]:
    for row in read("adjacency.csv"):
        yield {
            "a_id": keys.unit(row["country_a"], row["code_a"]),
            "b_id": keys.unit(row["country_b"], row["code_b"]),
            "min_distance_km": number(row["min_distance_km"]),
            "contact_length_km": number(row["contact_length_km"]),
            "method": row["method"],
            "confidence": row["confidence"],
        }


def crossings(keys: Keys) -> Iterator[Row]:
    for row in read("border_crossings.csv"):
        yield {
            "country_a_id": row["country_a"],
            "country_b_id": row["country_b"],
            "name_a": row["name_a"],
            "name_b": row["name_b"],
            "mode": row["mode"],
            "admin_unit_a_id": keys.unit(row["country_a"], row["admin_code_a"]),
            "admin_unit_b_id": keys.unit(row["country_b"], row["admin_code_b"]),
            "status": row["status"],
            "operating": operating(row["status"]),
            "persons": row["persons"],
            "cargo": row["cargo"],
            "as_of": row["as_of"],
            "sources": row["sources"],
            "note": row["note"],
        }


def crossing_hours(keys: Keys) -> Iterator[Row]:
    for row in read("crossing_hours.csv"):
        yield {
            "crossing_id": keys.crossings[row["country_a"], row["country_b"], row["name_a"]],
            "traffic": row["traffic"],
            "hours": row["hours"],
            "days": row["days"],
            "status": row["status"],
            "as_of": row["as_of"],
            "source": row["source"],
            "verified": row["verified"] == "1",
            "words": row["words"],
        }


def specialties() -> Iterator[Row]:
    for row in read("specialties.csv"):
        yield {
            "system": row["system"],
            "code": row["code"],
            "display": row["display"],
            "names": names_in_row(row),
            "source": row["source"],
            "name_sources": dict(pair.split(":") for pair in row["name_sources"].split()),
            "selectable": row["selectable"] == "1",
        }


def icd10() -> Iterator[Row]:
    for part in ("icd10_part1.csv", "icd10_part2.csv"):
        for row in read(part):
            yield {
                "code": row["code"],
                "level": row["level"],
                "parent_id": row["parent_code"] or None,
                "titles": names_in_row(row, "title"),
                "origin": row["origin"],
            }


def organisations() -> Iterator[Row]:
    """Ministries, funds and the operator with names in every language, then the facilities' organisations."""
    for row in read("organisations.csv"):
        yield {
            "code": row["code"],
            "kind": row["kind"],
            "country_id": row["country"] or None,
            "name": row["name"],
            "name_lang": row["name_lang"],
            "names": names_in_row(row),
        }
    for row in read("facilities.csv"):
        yield {
            "code": row["code"],
            "kind": "facility",
            "country_id": row["country"],
            "name": row["name"],
            "name_lang": row["name_lang"],
            "names": names_in_row(row),
            "phone": row["phone"],
        }


def facilities(keys: Keys) -> Iterator[Row]:
    """One that only sends, or is being built, takes no referrals until a person says that it does.

    `parent_id` and `possible_duplicate_of_id` may name a row that stands later in the file: the keys are known before.
    """
    for row in read("facilities.csv"):
        role = row["role"] or "none"
        building = row["status"] == "under_construction"
        duplicate = row["possible_duplicate_of"]
        yield {
            "organisation_id": keys.organisations[row["code"]],
            "admin_unit_id": keys.unit(row["country"], row["admin_code"]),
            "facility_type": row["facility_type"],
            "care_level": row["care_level"],
            "role": role,
            "status": row["status"],
            "national_code": row["national_code"],
            "short_name": row["short_name"],
            "name_original": row["name_original"],
            "parent_id": keys.organisations[row["parent_code"]] if row["parent_code"] else None,
            "capabilities": row["capabilities"],
            "capability_note": row["capability_note"],
            "settlement": row["settlement"],
            "address": row["address"],
            "lat": number(row["lat"]),
            "lon": number(row["lon"]),
            "coord_precision": row["coord_precision"],
            "accepts_referrals": role in ("host", "both") and row["care_level"] != "support" and not building,
            "source": row["source"],
            "licence": row["licence"],
            "note": row["note"],
            "stated_services": row["stated_services"],
            "possible_duplicate_of_id": keys.organisations[duplicate] if duplicate else None,
        }


def services(keys: Keys) -> Iterator[Row]:
    for row in read("facilities.csv"):
        found = services_of(row["name"], row["facility_type"], row["care_level"], row["stated_services"])
        for code, basis in sorted(found.items()):
            yield {
                "facility_id": keys.organisations[row["code"]],
                "specialty_id": keys.specialties[code],
                "basis": basis,
            }
