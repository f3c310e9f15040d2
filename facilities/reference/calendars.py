"""The days off of each country: seeded for years ahead, kept by people, and written down where limits are counted."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import holidays

from core import languages, zones
from facilities.models import CalendarDay, Country
from facilities.reference.report import TableReport

YEARS_AHEAD = 5


def seeded_years() -> range:
    """Last year, this one, and those ahead."""
    this = zones.today().year
    return range(this - 1, this + YEARS_AHEAD + 1)


def load(report: TableReport) -> None:
    """Bring the days of every country up to the seed, and each country's calendar up to its days. Safe to repeat.

    What a person wrote stays. A day that the seed has taken back (an estimate that was wrong) goes, unless it was
    a person's.
    """
    for country in Country.objects.order_by("pk"):
        _wait_for_others(country)
        _load_country(country, report)
        write_calendar(country)


def _load_country(country: Country, report: TableReport) -> None:
    years = seeded_years()
    existing = {
        row.day: row
        for row in CalendarDay.objects.filter(
            country=country, day__range=(date(years[0], 1, 1), date(years[-1], 12, 31))
        )
    }
    created = []
    for day, kind, names in seed(country.pk, years):
        report.total += 1
        row = existing.pop(day, None)
        if row is None:
            created.append(CalendarDay(country=country, day=day, kind=kind, names=names))
        elif not row.by_person and (row.kind, row.names) != (kind, names):
            row.kind, row.names = kind, names
            row.save(update_fields=["kind", "names"])
            report.updated += 1
    CalendarDay.objects.bulk_create(created)
    report.created += len(created)
    gone = [row.pk for row in existing.values() if not row.by_person]
    report.updated += CalendarDay.objects.filter(pk__in=gone).delete()[0]


def seed(country: str, years: range) -> Iterator[tuple[date, str, dict[str, str]]]:
    """Each day of the years that isn't what its day of the week says, with its kind and its names by language.

    Nothing of a country that the package doesn't know.
    """
    names = _names_in(country)
    by_language: dict[str, Any] = {
        code: holidays.country_holidays(country, years=years, language=theirs)
        for code, theirs in names.items()
    }
    if not by_language:
        return
    known = by_language[languages.SOURCE]
    for day in sorted(known):
        yield day, CalendarDay.Kind.OFF, {code: found[day] for code, found in by_language.items()}
    for day in sorted(known.weekend_workdays):
        if day.year in years and day not in known:
            yield day, CalendarDay.Kind.WORKED, {languages.SOURCE: "Working day in exchange for a day off"}


def _names_in(country: str) -> dict[str, str]:
    """Those of the portal's languages in which the package names a country's days, with its own word for each."""
    theirs = holidays.list_localized_countries().get(country, [])
    spelled = {name.partition("_")[0]: name for name in theirs}  # “en_US”, “ru_KG”, “kk”
    return {code: spelled[code] for code in languages.CODES if code in spelled}


def write_calendar(country: Country) -> None:
    """Write what of a country's days changes its working days into its row, where every limit reads it along."""
    _wait_for_others(country)
    rows = CalendarDay.objects.filter(country=country, day__year__gte=seeded_years()[0])
    off, worked = CalendarDay.Kind.OFF, CalendarDay.Kind.WORKED
    found: dict[str, list[str]] = {off.value: [], worked.value: []}
    years: set[int] = set()
    for day, kind in rows.order_by("day", "pk").values_list("day", "kind"):
        if (kind == off) == (day.weekday() < 5):  # a holiday on a Sunday changes nothing
            found[kind].append(day.isoformat())
        if kind == off:
            years.add(day.year)
    Country.objects.filter(pk=country.pk).update(working_calendar={**found, "years": sorted(years)})


def _wait_for_others(country: Country) -> None:
    """Let two who write days of one country wait for each other: what one drew the other must not draw without."""
    Country.objects.select_for_update(no_key=True).only("pk").get(pk=country.pk)


def years_unknown() -> list[tuple[Country, int]]:
    """The countries and years, of this one and the next, of which no day off is known: nobody has so few."""
    this = zones.today().year
    known = set(
        CalendarDay.objects.filter(kind=CalendarDay.Kind.OFF)
        .values_list("country_id", "day__year")
        .distinct()
    )
    return [
        (country, year)
        for country in Country.objects.order_by("pk")
        for year in (this, this + 1)
        if (country.pk, year) not in known
    ]
