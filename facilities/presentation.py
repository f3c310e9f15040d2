"""Facts of a facility in the shape and the words that the pages show."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from facilities.models import BorderCrossing, CrossingHours, Facility, FacilityService, ServiceBasis
from facilities.textsearch import reading_key

_SOURCE_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_BASIS_ORDER = [ServiceBasis.PERSON, ServiceBasis.SOURCE, ServiceBasis.NAME, ServiceBasis.TYPE]


def place_of(facility: Facility) -> str:
    """Town, district and region, each once, from the smallest."""
    unit = facility.admin_unit
    town = facility.settlement
    if unit and _is_city_of_that_name(unit.name, town):
        town = ""
    names = [unit.name for unit in (unit, unit.parent if unit else None) if unit]
    # "Taraz, city of Taraz" says it twice.
    names = [name for name in names if not (town and reading_key(name).startswith(reading_key(town)))]
    return ", ".join(dict.fromkeys(name for name in (town, *names) if name))


def _is_city_of_that_name(unit: str, town: str) -> bool:
    """Whether the unit is the town itself, as “город Бишкек” or “г.Алматы” are Bishkek and Almaty."""
    word, _dot, name = reading_key(unit).replace(".", " ").partition(" ")
    return bool(town) and word in {"g", "gorod"} and name == reading_key(town)


def facility_rows(facility: Facility) -> list[dict[str, Any]]:
    """Rows of a summary list: what the facility is, where, and how to reach it."""
    organisation = facility.organisation
    accepts = _("Yes") if facility.accepts_referrals else _("No")
    return [
        {"key": _("Registered name"), "value": organisation.name},
        {"key": _("Short name"), "value": facility.short_name},
        {"key": _("Code"), "value": organisation.code},
        {
            "key": _("Belongs to"),
            "value": facility.parent.name if facility.parent_id and facility.parent else "",
        },
        {"key": _("Type"), "value": facility.get_facility_type_display()},
        {"key": _("Level of care"), "value": facility.get_care_level_display()},
        {"key": _("Country"), "value": facility.country.name},
        {"key": _("Place"), "value": place_of(facility)},
        {"key": _("Address"), "value": facility.address},
        {"key": _("Position"), "value": facility.get_coord_precision_display()},
        {"key": _("Telephone"), "value": organisation.phone},
        {"key": _("E-mail"), "value": organisation.email},
        {"key": _("Part in referrals"), "value": facility.get_role_display()},
        {"key": _("Accepts referrals"), "value": accepts},
        {"key": _("State of the listing"), "value": facility.get_status_display()},
        {"key": _("Equipment in the words of the source"), "value": equipment_words(facility)},
        {"key": _("Licence"), "value": licence_words(facility)},
    ]


def equipment_words(facility: Facility) -> str:
    """The source's words with how firm they are."""
    return ": ".join(text for text in (facility.capabilities, facility.capability_note) if text)


def hours_words(row: CrossingHours) -> str:
    """One dated sentence of what a source said of the hours: never without its date and its source."""
    dates = source_dates(row.as_of)
    said = ", ".join(text for text in (row.hours, row.days, row.status) if text)
    if not dates:
        return _("%(traffic)s: %(said)s (no date given, source: %(source)s)") % {
            "traffic": row.get_traffic_display(),
            "said": said,
            "source": row.source,
        }
    return _("%(traffic)s: %(said)s (as of %(date)s, source: %(source)s)") % {
        "traffic": row.get_traffic_display(),
        "said": said,
        "date": dates[0],
        "source": row.source,
    }


def licence_words(facility: Facility) -> str:
    """A sentence on the licence's dates; no source of the reference data gives any."""
    start, end = facility.licence_valid_from, facility.licence_valid_until
    if start and end:
        return _("Valid from %(start)s to %(end)s.") % {"start": date_format(start), "end": date_format(end)}
    if end:
        return _("Valid to %(end)s.") % {"end": date_format(end)}
    if start:
        return _("Valid from %(start)s.") % {"start": date_format(start)}
    return _("No dates known.")


def services_by_basis(services: Iterable[FacilityService]) -> list[dict[str, Any]]:
    """Groups of services on the same ground, the firmest first: dicts of `basis`, `label` and `services`."""
    rows = sorted(services, key=lambda row: row.specialty.name.casefold())
    groups = []
    for basis in _BASIS_ORDER:
        own = [row for row in rows if row.basis == basis]
        if own:
            groups.append({"basis": basis.value, "label": basis.label, "services": own})
    return groups


def operating_words(crossing: BorderCrossing) -> tuple[str, str]:
    """Kind of tag and word for whether a crossing operates."""
    if crossing.operating is None:
        return "warn", _("Not known whether it operates")
    return ("ok", _("Operating")) if crossing.operating else ("bad", _("Closed"))


def source_dates(text: str) -> list[str]:
    """The dates that sources give as `2024-09-12`, `2024-09` or `2024`, in words, the newest first."""
    return [_date_words(found) for found in sorted(set(_SOURCE_DATE.findall(text)), reverse=True)]


def _date_words(found: str) -> str:
    """A day, a month or a year in words; what is no date stays as it stands."""
    try:
        if len(found) == len("2024-09-12"):
            return date_format(date.fromisoformat(found))
        if len(found) == len("2024-09"):
            text = date_format(date.fromisoformat(f"{found}-01"), "F Y")
            return text if get_language() == "en" else text[0].lower() + text[1:]
    except ValueError:
        pass
    return found


def crossing_row(crossing: BorderCrossing) -> dict[str, Any]:
    """A crossing for a list: name, countries, mode, what its source says, of when, and our reading of it."""
    kind, text = operating_words(crossing)
    return {
        "name": crossing.name,
        "countries": f"{crossing.country_a_id} – {crossing.country_b_id}",
        "mode": crossing.get_mode_display(),
        "kind": kind,
        "text": text,
        "status": crossing.status,
        "as_of": ", ".join(source_dates(crossing.as_of)),
        "computed": crossing.operating_is_computed,
        "hours": [hours_words(row) for row in crossing.hours.all()],
    }
