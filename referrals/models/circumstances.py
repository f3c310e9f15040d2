"""What the directing clinician states beside the report, for the rules: each field once, for pages, API and checks.

A referral keeps them in one sealed column, by name: `{"value": …, "by": label, "at": ISO moment, "was": […]}`. `was`
holds what was stated before, since the filing, so that nobody's word is lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models import EquipmentKind

Label = str | Promise
LONGEST_WAIT = 3650


class HomeLacks(models.TextChoices):
    NOTHING = "nothing", _("Nothing: the care can be had at home")
    EQUIPMENT = "equipment", _("The equipment")
    MEDICINES = "medicines", _("The medicine")
    SPECIALIST = "specialist", _("The specialist")


class Risk(models.TextChoices):
    USUAL = "usual", _("No higher than usual")
    HIGHER = "higher", _("Higher than usual, and worth taking")
    UNACCEPTABLE = "unacceptable", _("Unacceptable")


class InBasket(models.TextChoices):
    YES = "yes", pgettext_lazy("home basket", "Yes")
    NO = "no", pgettext_lazy("home basket", "No")


class Eaeu(models.TextChoices):
    WORKER = "worker", _("A worker")
    FAMILY = "family", _("Of a worker’s family")
    NEITHER = "neither", _("Neither")


class Translations(models.TextChoices):
    NOT_NEEDED = "not_needed", _("Complete, no translation is needed")
    COMPLETE = "complete", _("Complete, with translations")
    MISSING = "missing", _("Translations are missing")


class Commission(models.TextChoices):
    ABROAD = "abroad", _("Send the patient abroad")
    INVITE = "invite", _("Treat here by an invited specialist")
    AGAINST = "against", _("Do not send the patient abroad")


@dataclass(frozen=True, slots=True)
class Circumstance:
    """A field: its name in pages and API, its words, the page of the filing, and what may stand in it.

    A choice has `choices`, of which `several` may be taken; a number of days has `most`; a text has `longest`.
    """

    name: str
    page: str
    label: Label
    hint: Label = ""
    choices: type[models.TextChoices] | None = None
    several: bool = False
    most: int = 0
    longest: int = 0

    def words(self, value: Any) -> str:
        """A stated value in the active language."""
        if self.choices is None:
            return str(value)
        known = dict(self.choices.choices)
        return ", ".join(str(known.get(one, one)) for one in (value if self.several else [value]))

    def wrong(self, value: Any) -> bool:
        """Whether that can’t stand in the field; nothing always can."""
        if value in EMPTY:
            return False
        if self.choices is not None:
            those = value if self.several else [value]
            return not isinstance(those, list) or any(one not in self.choices.values for one in those)
        if self.most:
            return not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= self.most
        return not isinstance(value, str) or len(value) > self.longest


EMPTY: tuple[Any, ...] = (None, "", [])

FIELDS: tuple[Circumstance, ...] = (
    Circumstance(
        "equipment",
        "care",
        _("Equipment that the care needs"),
        _("Tick what the hospital must have. Leave it empty if the care needs none of these."),
        choices=EquipmentKind,
        several=True,
    ),
    Circumstance("risk", "diagnosis", _("Risk of the journey and the care"), choices=Risk),
    Circumstance(
        "risk_note",
        "diagnosis",
        _("About the risk"),
        _("If it is higher than usual: why it is worth taking."),
        longest=500,
    ),
    Circumstance(
        "home_wait_days",
        "time",
        _("Wait at home, days"),
        _("How many days from today the patient would wait for this care at home. 0 for none."),
        most=LONGEST_WAIT,
    ),
    Circumstance("home_lacks", "time", _("What does home lack for this care?"), choices=HomeLacks),
    Circumstance(
        "home_lacks_note",
        "time",
        _("About what home lacks"),
        _("Which equipment, medicine or specialist."),
        longest=500,
    ),
    Circumstance(
        "translations",
        "evidence",
        _("Documents and translations"),
        _("In a language that the hospital reads."),
        choices=Translations,
    ),
    Circumstance(
        "in_basket",
        "payer",
        _("Is the care in the home basket?"),
        _("Whether the payer would pay for it at home."),
        choices=InBasket,
    ),
    Circumstance(
        "eaeu",
        "payer",
        _("Worker of the Eurasian Economic Union?"),
        _("Only between Kazakhstan and Kyrgyzstan."),
        choices=Eaeu,
    ),
    Circumstance(
        "commission",
        "payer",
        _("What did the commission conclude?"),
        _("Only where the country has a list of treatment abroad."),
        choices=Commission,
    ),
)
BY_NAME = {field.name: field for field in FIELDS}


def of_page(page: str) -> tuple[Circumstance, ...]:
    """The fields of one page of the filing, in their order."""
    return tuple(field for field in FIELDS if field.page == page)


def value_of(stated: Mapping[str, Any], name: str) -> Any:
    """What is stated now; None where nothing is."""
    return stated.get(name, {}).get("value")


def with_stated(
    stated: Mapping[str, Any], given: Mapping[str, Any], *, by: str, at: str, keeps: bool
) -> dict[str, Any]:
    """The column with what was just given; what stood there before goes to `was` where it is to be kept."""
    found = dict(stated)
    for name, value in given.items():
        before = found.get(name)
        if (before or {}).get("value") == value or (before is None and value in EMPTY):
            continue
        was = (before or {}).get("was", [])
        if keeps and before is not None:
            was = [*was, {key: before[key] for key in ("value", "by", "at")}][-20:]
        if value in EMPTY and not was:
            found.pop(name)
        else:
            found[name] = {"value": None if value in EMPTY else value, "by": by, "at": at, "was": was}
    return found


def home_from(stated: Mapping[str, Any]) -> date | None:
    """The first day on which the care could be had at home: the wait counts from the day on which it was stated."""
    days = value_of(stated, "home_wait_days")
    if days is None:
        return None
    return date.fromisoformat(stated["home_wait_days"]["at"][:10]) + timedelta(days=days)
