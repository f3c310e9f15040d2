"""Somebody who answers for a facility confirms its data, and corrects what is wrong."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.audit import log as audit
from core.db import action
from core.errors import Denied, Invalid, NotKnown, Stale
from core.forms.text import STANDS_FOR_NONE
from core.placeholders import names_no_place, names_nobody, stands_for_none
from facilities import confirming
from facilities.access import today_in
from facilities.actions.reference import follow_facts, refresh_search_text
from facilities.lookups.namesakes import tell_apart
from facilities.models import (
    EquipmentKind,
    Facility,
    FacilityConfirmation,
    FacilityEquipment,
    FacilityRole,
    Organisation,
)
from facilities.telephones import clean_phones

MIN_SOURCE = 3
_SAYS_NONE: Mapping[str, Callable[[str], bool]] = {
    "short_name": stands_for_none,
    "settlement": stands_for_none,
    "address": names_no_place,
}


@action
def confirm_facility(
    *,
    facility_id: int,
    values: Mapping[str, Any],
    fields: Collection[str],
    services: Collection[int] | None = None,
    equipment: Collection[str] | None = None,
    source: str,
    by: Actor,
    version: str = "",
) -> FacilityConfirmation:
    """Set `values` (those that differ) and confirm `fields` as they then are; `services` are keys of confirmed ones.

    A value that was corrected without being confirmed loses its confirmation. Services that aren't named any more lose
    theirs, None leaves them. `equipment`: the kinds that it has from today; one that isn't named is lost. `version` is
    `confirming.version_of` what the person saw, empty where they saw nothing.
    Raises NotKnown, Denied, Invalid, Stale.
    """
    facility = _locked(facility_id, by)
    if version and version != confirming.version_of(facility):
        raise Stale(
            _("Somebody changed these data while you were looking at them. Compare both, then confirm again.")
        )
    wrong = confirming.unknown([*values, *fields])
    if wrong:
        raise ValueError(f"a facility has no {', '.join(sorted(wrong))} to confirm")
    source = source.strip()
    phone = str(values.get("phone", facility.organisation.phone))
    phones = clean_phones(phone, facility.country_code)
    wrong_phone = {"phone": [phones.error]} if phones.error and _counts(phone, facility, fields) else {}
    if "phone" in values and not phones.error:
        values = {**values, "phone": phones.text}
    _judge(facility, values, fields, services, equipment, source, wrong_phone)
    before = _correct(facility, values)
    now = {name: confirming.value_of(facility, name) for name in confirming.FIELDS}
    kept = {name: value for name, value in facility.confirmed.items() if now.get(name) == value}
    facility.confirmed = kept | {name: now[name] for name in fields}
    facility.confirmed_at = timezone.now()
    facility.organisation.save()
    facility.save()
    _offer(facility, services)
    declared = _declare(facility, equipment, source, by) if equipment is not None else {}
    if set(before) & {"name", "settlement", "address"}:
        tell_apart()
    refresh_search_text(facility)
    follow_facts(facility, by=by)
    row = FacilityConfirmation.objects.create(
        facility=facility,
        by_user_id=by.user_id,
        by_label=by.label,
        by_organisation=by.organisation_name,
        source=source,
        values={name: now[name] for name in confirming.FIELDS if name in fields}
        | ({"services": sorted(services)} if services is not None else {})
        | declared,
        before=before,
    )
    audit.record(
        "facility.confirm",
        by=by,
        subject=facility,
        country=facility.country_code,
        details={
            "fields": sorted(fields),
            "corrected": sorted(before),
            "services": sorted(services or ()),
            **declared,
        },
    )
    return row


def _offer(facility: Facility, services: Collection[int] | None) -> None:
    if services is not None:
        offered = facility.services.filter(active=True)
        offered.filter(pk__in=services).update(verified=True)
        offered.exclude(pk__in=services).update(verified=False)


def _declare(facility: Facility, equipment: Collection[str], source: str, by: Actor) -> dict[str, list[str]]:
    """Write what the facility has by its own word from today, and end what it no longer has; what changed."""
    today = today_in(facility.country_code)
    there = {row.kind: row for row in facility.equipment.select_for_update().filter(until__isnull=True)}
    lost = sorted(set(there) - set(equipment))
    new = sorted(kind for kind in set(equipment) if kind not in there or there[kind].for_group)
    for kind in {*lost, *new} & set(there):
        row = there[kind]
        # Its last day was yesterday; one that was declared today was a slip, and never counted.
        row.until = max(today - timedelta(days=1), row.since or date.min)
        row.save(update_fields=["until"])
    for kind in new:
        FacilityEquipment.objects.create(
            facility=facility, kind=kind, since=today, source=source, declared_by_label=by.label
        )
    return {name: those for name, those in (("declared", new), ("lost", lost)) if those}


def _locked(facility_id: int, by: Actor) -> Facility:
    """The facility and its organisation, locked."""
    facility = (
        Facility.objects.select_for_update(of=("self",))
        .select_related("organisation", "admin_unit__parent")
        .filter(pk=facility_id, organisation__active=True)
        .first()
    )
    if facility is None:
        raise NotKnown()
    if not confirming.may_confirm(by, facility):
        raise Denied()
    Organisation.objects.select_for_update(of=("self",)).get(pk=facility_id)
    return facility


def _counts(phone: str, facility: Facility, fields: Collection[str]) -> bool:
    """Whether a telephone is said anew. One that stands in the directory as it came may stay there unconfirmed."""
    return "phone" in fields or phone != facility.organisation.phone


def _judge(
    facility: Facility,
    values: Mapping[str, Any],
    fields: Collection[str],
    services: Collection[int] | None,
    equipment: Collection[str] | None,
    source: str,
    wrong: dict[str, list[Any]],
) -> None:
    _judge_texts(values, wrong)
    if len(source) < MIN_SOURCE or stands_for_none(source):
        wrong["source"] = [_("Say on what ground you confirm this: a document, a licence, a telephone call.")]
    own = set(facility.services.filter(active=True).values_list("pk", flat=True))
    if services is not None and set(services) - own:
        wrong["services"] = [_("Choose among the services that the directory lists for this facility.")]
    if not set(equipment or ()) <= set(EquipmentKind.values):
        wrong["equipment"] = [_("Choose among the kinds of equipment on this page.")]
    if not fields and not services and not _differs(facility, equipment):
        wrong["fields"] = [_("Tick at least one thing that you confirm.")]
    if "role" in values and values["role"] not in FacilityRole.values:
        wrong["role"] = [_("Choose what the facility does in referrals.")]
    start = values.get("licence_valid_from", facility.licence_valid_from)
    end = values.get("licence_valid_until", facility.licence_valid_until)
    if isinstance(start, date) and isinstance(end, date) and end < start:
        wrong["licence_valid_until"] = [_("The licence must not end before it begins.")]
    if wrong:
        raise Invalid(wrong)


def _differs(facility: Facility, equipment: Collection[str] | None) -> bool:
    return equipment is not None and set(equipment) != confirming.equipment_of(facility)


def _judge_texts(values: Mapping[str, Any], wrong: dict[str, list[Any]]) -> None:
    """Say which texts are none."""
    for name, says_none in _SAYS_NONE.items():
        if says_none(str(values.get(name, ""))):
            wrong[name] = [STANDS_FOR_NONE]
    name = str(values.get("name", "name"))
    if not name.strip() or names_nobody(name):
        wrong["name"] = [_("A facility has a name.")]


def _correct(facility: Facility, values: Mapping[str, Any]) -> dict[str, Any]:
    """Set the values that differ, unsaved; what stood there before, by field."""
    before = {}
    for name, value in values.items():
        row = facility.organisation if name in confirming.OF_ORGANISATION else facility
        if getattr(row, name) != value:
            before[name] = confirming.value_of(facility, name)
            setattr(row, name, value)
    return before
