"""The patient on a referral: who is treated, with no more of the record than the reader needs."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from disclosure.policy import EVERYTHING
from facilities.countries import country_name
from patients.identifiers import COUNTRY_OF, TEMPORARY
from patients.models import Identifier, Patient
from patients.presentation import age_text, birth_text, citizenship_text, place_text, residence_text
from referrals.outline import shown
from referrals.presentation import when

_SHOWN_DIGITS = 4


def person_lines(patient: Patient, today: date) -> list[str]:
    """Sex, age and district (or country) in short, for a row of a list."""
    texts = (patient.get_sex_display(), age_text(patient, today), place_text(patient))
    return [text for text in texts if text]


def person_rows(
    patient: Patient, identifiers: list[Identifier], today: date, kinds: frozenset[str] = EVERYTHING
) -> list[dict[str, Any]]:
    """Rows for a summary list, with the telephone for readers of contact details.

    Numbers are masked but for their end, enough to compare with a document.
    """
    born = birth_text(patient)
    age = age_text(patient, today)
    rows: list[dict[str, Any]] = [
        {"key": _("Name"), "value": patient.full_name},
        {
            "key": _("Name in Latin letters"),
            "value": patient.name_latin if patient.name_differs_in_latin else "",
        },
        {
            "key": _("Born"),
            "value": _("%(date)s, %(age)s") % {"date": born, "age": age} if born and age else born,
        },
        {"key": _("Sex"), "value": patient.get_sex_display()},
        {"key": _("Citizenship"), "value": citizenship_text(patient)},
        {"key": _("Residence"), "value": residence_text(patient) or _("Not known")},
        {"key": _("Numbers"), "lines": [masked(row) for row in identifiers]},
        {"key": _("Telephone"), "value": patient.phone if shown("clinical.patient.phone", kinds) else ""},
        {"key": _("Speaks"), "value": patient.get_preferred_language_display()},
        {"key": _("Date of death"), "value": when.day(patient.deceased_on)},
    ]
    return [row for row in rows if row.get("value") or row.get("lines")]


def masked(identifier: Identifier) -> str:
    """“IIN (Kazakhstan) •••• 4321”, “Passport (Tajikistan) •••• 4321”."""
    value = str(identifier.value)
    end = value[-_SHOWN_DIGITS:] if len(value) > 2 * _SHOWN_DIGITS else value[-2:]
    kind = str(identifier.get_system_display())
    if identifier.system not in (*COUNTRY_OF, TEMPORARY):  # a national number's kind names its country
        kind = f"{kind} ({country_name(identifier.country)})"
    return f"{kind} •••• {end}"
