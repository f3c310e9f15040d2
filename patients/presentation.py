"""A patient's record as rows of words for pages. Reads what is prefetched; asks the database nothing."""

from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.actors import Actor
from core.partial import PartialDate
from facilities.countries import country_name
from patients import wording
from patients.identifiers import TEMPORARY
from patients.known import is_recorder
from patients.models import Consent, ContactStatement, Coverage, Identifier, Patient, Registration


def day(value: date | None) -> str:
    """A date in words of the active language; empty for none."""
    return formats.date_format(value, "DATE_FORMAT") if value else ""


def period(start: date, end: date | None) -> str:
    """From when to when."""
    if end is None:
        return _("from %(start)s, no end known") % {"start": day(start)}
    return _("from %(start)s to %(end)s") % {"start": day(start), "end": day(end)}


def birth_text(patient: Patient) -> str:
    """As much of the date of birth as is known, and how well; empty when nothing is."""
    born = patient.born
    if born is None:
        return ""
    words = partial_text(born)
    return _("%(date)s (estimate)") % {"date": words} if patient.birth_date_estimated else words


def partial_text(born: PartialDate) -> str:
    """“27 March 1984”, “March 1984, the day is not known”, “1984, the day and the month are not known”."""
    if born.precision == "year":
        return _("%(year)s, the day and the month are not known") % {"year": born.first.year}
    if born.precision == "month":
        return _("%(month)s, the day is not known") % {"month": partial_short(born)}
    return day(born.first)


def partial_short(born: PartialDate) -> str:
    """The same for a row of a list: “27 Mar 1984”, “March 1984”, “1984”."""
    if born.precision == "year":
        return str(born.first.year)
    return formats.date_format(born.first, "SHORT_DATE_FORMAT" if born.is_whole else "YEAR_MONTH_FORMAT")


def age_text(patient: Patient, today: date) -> str:
    """“34 years”, “about 40 years”, “6 weeks”; the age at death of somebody who has died; empty when unknown.

    In days under 4 weeks, in weeks under 3 months, in months under 2 years, then in years: coarser than, and with the
    order of, the guidance “Displaying age” of the NHS Common User Interface.
    """
    born = patient.birth_date
    day = min(today, patient.deceased_on or today)
    if born is None or day < born:
        return ""
    if patient.birth_precision != Patient.BirthPrecision.DAY:
        return _partial_age(born, patient.birth_precision == Patient.BirthPrecision.YEAR, day)
    days = (day - born).days
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    about = patient.birth_date_estimated
    if days < 28:
        text = _about_days(days) if about else _days(days)
    elif months < 3:
        text = _about_weeks(days // 7) if about else _weeks(days // 7)
    elif months < 24:
        text = _about_months(months) if about else _months(months)
    else:
        text = _about_years(months // 12) if about else _years(months // 12)
    return text


def _partial_age(first: date, year_alone: bool, day: date) -> str:
    """The age of somebody of whose date of birth a month or a year is known: never finer than that, never certain."""
    months = (day.year - first.year) * 12 + day.month - first.month
    years = day.year - first.year if year_alone else months // 12
    if year_alone and years == 0:
        return _("less than a year")
    if not year_alone and months == 0:
        return _("less than a month")
    return _about_months(months) if not year_alone and months < 24 else _about_years(years)


def _days(number: int) -> str:
    if number == 0:
        return pgettext("age", "newborn")
    return ngettext("%(number)s day", "%(number)s days", number) % {"number": number}


def _about_days(number: int) -> str:
    if number == 0:
        return _days(0)
    return ngettext("about %(number)s day", "about %(number)s days", number) % {"number": number}


def _weeks(number: int) -> str:
    return ngettext("%(number)s week", "%(number)s weeks", number) % {"number": number}


def _about_weeks(number: int) -> str:
    return ngettext("about %(number)s week", "about %(number)s weeks", number) % {"number": number}


def _months(number: int) -> str:
    return ngettext("%(number)s month", "%(number)s months", number) % {"number": number}


def _about_months(number: int) -> str:
    return ngettext("about %(number)s month", "about %(number)s months", number) % {"number": number}


def _years(number: int) -> str:
    return ngettext("%(number)s year", "%(number)s years", number) % {"number": number}


def _about_years(number: int) -> str:
    return ngettext("about %(number)s year", "about %(number)s years", number) % {"number": number}


def citizenship_text(patient: Patient) -> str:
    """The countries whose citizen the patient is; words for a stateless person, and for what isn't known."""
    if patient.citizenships:
        return ", ".join(country_name(code) for code in patient.citizenships)
    if patient.citizenship_status == Patient.Citizenship.STATELESS:
        return pgettext("citizenship", "Stateless")
    return pgettext("citizenship", "Not known")


def residence_text(patient: Patient) -> str:
    """District and region; the country alone where no district is known, and nothing where that isn't either."""
    unit = patient.residence_district
    if unit is None:
        return country_name(patient.residence_country) if patient.residence_country else ""
    return f"{unit.name}, {unit.parent.name}" if unit.parent else unit.name


def place_text(patient: Patient) -> str:
    """As `residence_text`, without the region."""
    return patient.residence_district.name if patient.residence_district else residence_text(patient)


def person_rows(patient: Patient) -> list[dict[str, Any]]:
    """Rows for the summary list of a patient's own data; empty ones are left out, except what a referral needs."""
    born = birth_text(patient)
    kin = [patient.next_of_kin_name, patient.next_of_kin_relation, patient.next_of_kin_phone]
    residence = [text for text in (residence_text(patient), patient.address) if text]
    rows: list[tuple[str, Any, bool]] = [
        (_("Name in Latin letters"), patient.name_latin if patient.name_differs_in_latin else "", False),
        (_("Date of birth"), born, True),
        (_("Sex"), patient.get_sex_display(), True),
        (_("Citizenship"), citizenship_text(patient), True),
        (_("Residence"), residence, True),
        (_("Telephone"), patient.phone, True),
        (_("E-mail"), patient.email, False),
        (_("Preferred language"), patient.get_preferred_language_display(), True),
        (_("Next of kin"), [text for text in kin if text], True),
        (_("Description"), patient.description, False),
        (_("Date of death"), day(patient.deceased_on), False),
        (_("Own record number"), patient.record_number, False),
    ]
    return [_row(key, value) for key, value, always in rows if value or always]


def _row(key: str, value: Any) -> dict[str, Any]:
    return (
        {"key": key, "lines": value}
        if isinstance(value, list) and value
        else {"key": key, "value": value or ""}
    )


def has_expired(identifier: Identifier, today: date) -> bool:
    """Whether the document was valid until a day that is over."""
    return identifier.expires_on is not None and identifier.expires_on < today


def number_rows(patient: Patient, today: date, actor: Actor) -> list[dict[str, Any]]:
    """The patient's numbers with their soft findings in words, and whether a document is over."""
    return [
        {
            "id": identifier.pk,
            "kind": identifier.get_system_display(),
            "country": identifier.country,
            "country_name": country_name(identifier.country),
            "value": identifier.value,
            "expires_on": day(identifier.expires_on),
            "expired": has_expired(identifier, today),
            "warnings": [wording.identifier_warning(code) for code in identifier.warnings],
            "own": identifier.system == TEMPORARY,
            "ours": is_recorder(actor, identifier),
        }
        for identifier in patient.identifiers.all()
    ]


def consent_rows(patient: Patient, today: date, actor: Actor) -> list[dict[str, Any]]:
    """The patient's consents with their state: (kind of tag, word)."""
    return [
        {
            "id": consent.pk,
            "purpose": consent.get_purpose_display(),
            "country": consent.recipient_country,
            "recipient": str(consent.recipient.name) if consent.recipient else _("any hospital there"),
            "kinds": wording.kinds_text(consent.kinds),
            "period": period(consent.valid_from, consent.valid_to),
            "how": consent.get_how_display(),
            "given_by": consent.given_by,
            "recorded_by": consent.recorded_by_label,
            "recorded_at": consent.recorded_at,
            "withdrawn_at": consent.withdrawn_at,
            "withdrawn_by": consent.withdrawn_by_label,
            "state": consent_state(consent, today),
            "may_withdraw": consent.ended_at is None and today <= consent.valid_to,
            "own": is_recorder(actor, consent),
            "taken_back": consent.ended_at if consent.withdrawn_at is None else None,
        }
        for consent in patient.consents.all()
    ]


def consent_state(consent: Consent, today: date) -> tuple[str, str]:
    """(kind of tag, word) of a consent on a day."""
    if consent.ended_at is not None:
        return "bad", _("Withdrawn")
    if today > consent.valid_to:
        return "wait", _("Over")
    return ("ok", _("Valid")) if consent.is_valid_on(today) else ("wait", _("Not yet valid"))


def coverage_rows(patient: Patient, today: date, actor: Actor) -> list[dict[str, Any]]:
    """The patient's coverages; `state`: (kind of tag, word)."""
    rows = []
    for coverage in patient.coverages.all():
        in_force = coverage.covers(today)
        ahead = today < coverage.valid_from
        word = _("In force") if in_force else _("Not yet in force") if ahead else _("Over")
        rows.append(
            {
                "id": coverage.pk,
                "kind": coverage.get_kind_display(),
                "country": coverage.country.name if coverage.country else "",
                "fund": coverage.fund.display_name if coverage.fund else "",
                "number": coverage.number,
                "period": period(coverage.valid_from, coverage.valid_to),
                "source": coverage.get_source_display(),
                "checked_on": day(coverage.checked_on),
                "state": ("ok" if in_force else "wait", word),
                "elsewhere": "" if is_recorder(actor, coverage) else _recorder_name(coverage),
            }
        )
    return rows


def _recorder_name(coverage: Coverage) -> str:
    return str(coverage.recorder.name) if coverage.recorder else ""


def facility_rows(patient: Patient, actor: Actor) -> list[dict[str, Any]]:
    """The facilities that know the patient, and on what ground; who didn't make the record reads of itself alone."""
    return [
        {
            "name": row.facility.name,
            "since": row.registered_at,
            "ground": "" if row.ground == Registration.Ground.REGISTERED else row.get_ground_display(),
            "covers": [str(Registration.Part(part).label) for part in row.covers],
            "reason": row.reason,
            "withdrawn_at": row.withdrawn_at,
            "link": row.pk
            if row.ground == Registration.Ground.CONSENT and row.withdrawn_at is None
            else None,
        }
        for row in patient.registrations.all()
        if row.facility_id == actor.organisation_id or is_recorder(actor, patient)
    ]


def contact_rows(statements: list[ContactStatement]) -> list[dict[str, Any]]:
    """What the patient stated at other facilities of how to reach them."""
    return [
        {
            "name": row.recorder.name,
            "at": row.recorded_at,
            "lines": [text for text in (row.phone, row.email, row.address, _kin(row)) if text],
        }
        for row in statements
    ]


def _kin(row: ContactStatement) -> str:
    kin = (row.next_of_kin_name, row.next_of_kin_relation, row.next_of_kin_phone)
    return ", ".join(text for text in kin if text)
