"""What of a facility can be confirmed, and what is confirmed now.

A confirmation holds for a value, not for a field: a value that changed since waits for somebody to confirm it again.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from core.actors import Actor
from core.permissions import Permission
from facilities.models import Facility

#: Fields of the facility's organisation, and its own, that somebody may correct and confirm.
OF_ORGANISATION = ("name", "phone", "email")
OF_FACILITY = (
    "short_name",
    "settlement",
    "address",
    "role",
    "accepts_referrals",
    "licence_number",
    "licence_valid_from",
    "licence_valid_until",
)
FIELDS = ("name", *OF_FACILITY[:3], "phone", "email", *OF_FACILITY[3:])


class Standing(TextChoices):
    """How far a facility's data are confirmed."""

    CONFIRMED = "confirmed", pgettext_lazy("facility", "Confirmed")
    PARTLY = "partly_confirmed", pgettext_lazy("facility", "Confirmed in part")
    LISTED = "listed", pgettext_lazy("facility", "Listed, not confirmed")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The standing of a facility, and the fields that are confirmed now."""

    standing: Standing
    fields: frozenset[str]
    on: date | None

    @property
    def words(self) -> str:
        """A sentence for the page and for who chooses a host."""
        if self.standing == Standing.LISTED or self.on is None:
            return _("Listed, not confirmed by the hospital or its ministry.")
        if self.standing == Standing.PARTLY:
            return _("Data confirmed in part on %(day)s.") % {"day": date_format(self.on)}
        return _("Data confirmed on %(day)s.") % {"day": date_format(self.on)}


def value_of(facility: Facility, name: str) -> Any:
    """The present value of a field as JSON keeps it: a text, a truth or an ISO date; "" for none."""
    value = getattr(facility.organisation if name in OF_ORGANISATION else facility, name)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def equipment_of(facility: Facility) -> set[str]:
    """The kinds of equipment that the facility has now, by its own word or a list's."""
    return set(facility.equipment.filter(until__isnull=True).values_list("kind", flat=True))


def version_of(facility: Facility) -> str:
    """What tells the facility's data and its confirmed services of now from those that somebody saw before."""
    services = (
        facility.services.filter(active=True, verified=True).order_by("pk").values_list("pk", flat=True)
    )
    there = (
        facility.equipment.filter(until__isnull=True).order_by("kind", "pk").values_list("kind", "for_group")
    )
    values = [value_of(facility, name) for name in FIELDS]
    said = json.dumps([*values, list(services), list(there)], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def confirmed(facility: Facility) -> Confirmed:
    """What is confirmed of a facility now. Everything that has a value must be for the whole to be."""
    given = {name for name in FIELDS if value_of(facility, name) != ""}
    valid = frozenset(
        name
        for name, value in facility.confirmed.items()
        if name in FIELDS and value == value_of(facility, name)
    )
    standing = Standing.PARTLY if valid else Standing.LISTED
    if given <= valid:
        standing = Standing.CONFIRMED
    on = timezone.localdate(facility.confirmed_at) if facility.confirmed_at else None
    return Confirmed(standing, valid, on)


def may_confirm(actor: Actor | None, facility: Facility) -> bool:
    """The facility's own administrator or host desk for their own; the ministry for its country's."""
    if actor is None or actor.kind != "person":
        return False
    if actor.organisation_id == facility.pk:
        return actor.has(Permission.ADMINISTER) or actor.has(Permission.HOST)
    return actor.has(Permission.COORDINATE) and actor.country == facility.country_code


def unknown(names: Iterable[str]) -> set[str]:
    """Those names that are no field to confirm."""
    return set(names) - set(FIELDS)
