"""Who reads which agreement, which version a referral rests on, and by whose calendar a limit ends.

Pages and the API get their querysets here alone.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from agreements.clocks import Calendar, Limit, add_working_time, working_time
from agreements.models import AgreementVersion
from core.actors import Actor
from core.errors import NotKnown
from core.permissions import Permission
from core.prepared import Parameter, prepared
from facilities.administrators import is_operator
from facilities.models import Country, Organisation, Specialty

Standing = AgreementVersion.Standing


def visible_versions(actor: Actor) -> QuerySet[AgreementVersion]:
    """The approved versions are everybody's; those in work are read by who may keep the register."""
    rows = AgreementVersion.objects.select_related("agreement")
    if not may_keep(actor):
        rows = rows.filter(standing=Standing.APPROVED)
    return rows.order_by("agreement__precedence", "agreement__code", "number", "pk")


def may_keep(actor: Actor) -> bool:
    """Whether the actor writes and approves versions: the operator's administrators, and officers of a ministry."""
    return actor.kind == "person" and (actor.has(Permission.DECIDE) or is_operator(actor))


def concerns(actor: Actor, version: AgreementVersion) -> bool:
    """Whether who keeps the register may keep this version: a ministry's officers those of their own country's."""
    if not may_keep(actor):
        return False
    return not actor.has(Permission.DECIDE) or actor.country in version.parties or is_operator(actor)


def register(day: date) -> list[AgreementVersion]:
    """The version of each agreement that counts on a day, in the order in which agreements are looked at."""
    return one_each(_approved().select_related("agreement"), day)


def choose(
    *,
    directing_country: str,
    host_country: str,
    emergency: bool,
    day: date,
    specialty: str = "",
    priority: str = "",
    care_mode: str = "",
    payer: str = "",
) -> AgreementVersion | None:
    """The version of the agreement with the lowest precedence number that covers the care on that day."""
    found = fitting(directing_country=directing_country, host_country=host_country, emergency=emergency)
    return next(
        (
            version
            for version in found
            if version.in_force_on(day)
            and not version.leaves_out(
                directing=directing_country,
                host=host_country,
                specialty=specialty,
                priority=priority,
                care_mode=care_mode,
                payer=payer,
            )
        ),
        None,
    )


def fitting(*, directing_country: str, host_country: str, emergency: bool) -> list[AgreementVersion]:
    """The approved versions that have both countries and cover the care, whenever; the first to be chosen first."""
    return prepared(_fitting, emergency).rows(directing=directing_country, host=host_country)


def _fitting(emergency: bool) -> QuerySet[AgreementVersion]:
    found = _approved().filter(parties__contains=[Parameter("directing"), Parameter("host")])
    found = found.filter(covers_emergency=True) if emergency else found.filter(covers_planned=True)
    found = found.select_related("agreement").defer(
        "agreement__loaded_values", "agreement__says_in", "impact", "source", "note"
    )
    return found.order_by(
        "agreement__precedence", "agreement__code", F("in_force_from").asc(nulls_first=True), "pk"
    )


def version_on(agreement_id: int, day: date) -> AgreementVersion:
    """The version of an agreement that counts on a day: the one in force, else the last before it, else the first."""
    rows = prepared(_versions).rows(agreement=agreement_id)
    assert rows, "an agreement on which a referral rests has an approved version"
    return one_each(rows, day)[0]


def _versions() -> QuerySet[AgreementVersion]:
    rows = _approved().filter(agreement_id=Parameter("agreement")).select_related("agreement")
    return rows.defer("agreement__loaded_values").order_by("number", "pk")


def one_each(versions: Iterable[AgreementVersion], day: date) -> list[AgreementVersion]:
    """Of each agreement the version that counts on a day, in the order in which the agreements come."""
    found: dict[int, AgreementVersion] = {}
    for version in versions:
        before = found.get(version.agreement_id)
        if before is None or _counts_more(version, before, day):
            found[version.agreement_id] = version
    return list(found.values())


def _counts_more(version: AgreementVersion, before: AgreementVersion, day: date) -> bool:
    def rank(one: AgreementVersion) -> tuple[int, date]:
        begins = one.in_force_from or date.min
        if one.in_force_on(day):
            return 2, begins
        return (
            (1, begins)
            if begins <= day
            else (0, date.fromordinal(date.max.toordinal() - begins.toordinal() + 1))
        )

    return rank(version) > rank(before)


def _approved() -> QuerySet[AgreementVersion]:
    return AgreementVersion.objects.filter(standing=Standing.APPROVED).order_by(
        "agreement__precedence", "agreement__code", "number", "pk"
    )


def end_of(limit: Limit, start: datetime, *, country: str, zone: ZoneInfo | None = None) -> datetime:
    """When a limit ends that begins at `start`, by the calendar of the country whose body has the clock.

    `zone`: where that body is, unless its country has one clock. Only a limit in working days asks the database.
    """
    if not limit.working_days:
        return start + timedelta(hours=limit.hours)
    return limit.after(start, _calendar(country, zone))


def end_after_stop(
    limit: Limit, due: datetime, stopped: datetime, now: datetime, *, country: str
) -> datetime:
    """When a limit ends whose clock stood still from `stopped` to `now`: what was left then is left now.

    Of a limit in working days that is time on working days: a weekend of the standstill gives nobody days.
    """
    if not limit.working_days or due <= stopped:
        return due + (now - stopped)
    calendar = _calendar(country)
    return add_working_time(now, working_time(stopped, due, calendar), calendar)


def calendar_of(country: Country, zone: ZoneInfo | None = None) -> Calendar:
    """The working days of a country that was read, in `zone` where its body there has another clock."""
    kept = country.working_calendar
    return Calendar(
        zone or ZoneInfo(country.time_zone),
        off=frozenset(map(date.fromisoformat, kept.get("off", ()))),
        worked=frozenset(map(date.fromisoformat, kept.get("worked", ()))),
        years=frozenset(kept.get("years", ())),
    )


def _calendar(country: str, zone: ZoneInfo | None = None) -> Calendar:
    found = prepared(_country).first(code=country)
    assert found is not None, "a referral's countries are never deleted"
    return calendar_of(found, zone)


def _country() -> QuerySet[Country]:
    return Country.objects.filter(pk=Parameter("code")).order_by()


def get_version(actor: Actor, code: str, number: int) -> AgreementVersion:
    """One version that the actor may read; raises NotKnown."""
    found = visible_versions(actor).filter(agreement__code=code, number=number).first()
    if found is None:
        raise NotKnown()
    return found


def specialty_choices() -> list[tuple[str, str]]:
    """The specialties that a referral can ask for, by name."""
    rows = Specialty.objects.filter(selectable=True)
    return sorted(((row.code, row.name) for row in rows), key=lambda one: one[1])


def body_choices(countries: Iterable[str]) -> list[tuple[str, str]]:
    """The bodies of these countries that can decide a stage, by name."""
    kinds = (Organisation.Kind.MINISTRY, Organisation.Kind.FUND, Organisation.Kind.COMMISSION)
    rows = Organisation.objects.filter(kind__in=kinds, active=True, country_id__in=list(countries))
    return [(row.code, row.display_name) for row in rows.order_by("country_id", "kind", "code", "pk")]


def body_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of bodies by code."""
    rows = Organisation.objects.filter(code__in=list(codes)).order_by("code", "pk")
    return {row.code: row.display_name for row in rows}
