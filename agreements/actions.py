"""Keeping the register: a version is drafted, looked through, given to a second person, and approved by them.

All take `by`, run in one transaction, lock the version, and raise NotKnown, Denied, IllegalTransition, Stale or
Invalid.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements import access, checking
from agreements.models import AGREEMENT_FACTS, HANDED_OVER, Agreement, AgreementVersion
from core import zones
from core.actors import Actor
from core.audit import log as audit
from core.db import action
from core.errors import Denied, IllegalTransition, Invalid, NotKnown, Stale
from core.outbox.publish import publish

#: The event that somebody wants to know what a version would change.
LOOKED_AHEAD = "agreement.look_ahead"
Standing = AgreementVersion.Standing

#: What a new version takes over from the one before it.
_TAKEN_OVER = (
    "parties", "covers_emergency", "covers_planned", "directions", "specialties", "priorities", "care_modes", "payers",
    "zones", "rules", "bases", "basis_planned", "basis_emergency", "chains", "hard_stop_days", "source", "verified",
    "note",
)  # fmt: skip
_PARTS: dict[str, tuple[str, ...]] = {
    "terms": (
        "in_force_from", "in_force_until", "parties", "covers_emergency", "covers_planned", "directions",
        "specialties", "priorities", "care_modes", "payers", "zones", "basis_planned", "basis_emergency",
        "hard_stop_days", "source", "verified", "note",
    ),
    "rules": ("rules", "bases"),
    "chains": ("chains",),
}  # fmt: skip

NOT_OPEN = _("This version is no draft any more. Write a new one.")


@action
def draft(code: str, *, by: Actor) -> AgreementVersion:
    """Begin a new version with what the last one says; the one in work where there is one already."""
    agreement = Agreement.objects.select_for_update().filter(code=code).first()
    if agreement is None:
        raise NotKnown()
    versions = AgreementVersion.objects.filter(agreement=agreement).order_by("number", "pk")
    open_one = versions.exclude(standing=Standing.APPROVED).first()
    last = open_one or versions.last()
    assert last is not None, "every agreement has a version"
    _may_keep(by, last)
    if open_one is not None:
        return open_one
    number = (versions.aggregate(most=Max("number"))["most"] or 0) + 1
    made = AgreementVersion.objects.create(
        agreement=agreement,
        number=number,
        made_by_id=by.user_id,
        made_by_label=by.label,
        **{name: getattr(last, name) for name in _TAKEN_OVER},
    )
    _record("agreement.draft", made, by)
    return made


@action
def change(
    code: str, number: int, part: str, values: Mapping[str, Any], *, by: Actor, revision: int
) -> AgreementVersion:
    """Set a part of a draft: "terms", "rules" or "chains". Invalid with all that is wrong with that part."""
    version = _open(code, number, by=by, revision=revision)
    if set(values) - set(_PARTS[part]):
        raise ValueError(f"{part} has no {', '.join(set(values) - set(_PARTS[part]))}")
    for name, value in values.items():
        setattr(version, name, value)
    _may_keep(by, version)
    if found := checking.mistakes_of(version, today=zones.today()).get(part):
        raise Invalid({"": found})
    # Whoever writes a version last is its author: the second person is another one.
    version.made_by_id, version.made_by_label = by.user_id, by.label
    _touch(version)
    _record("agreement.change", version, by, part=part)
    return version


@action
def discard(code: str, number: int, *, by: Actor, revision: int) -> None:
    """Throw a draft away."""
    version = _open(code, number, by=by, revision=revision)
    _record("agreement.discard", version, by)
    version.delete()


@action
def look_ahead(code: str, number: int, *, by: Actor) -> AgreementVersion:
    """Have the worker find out what the version would change for open referrals."""
    version = _locked(code, number, by)
    if version.standing == Standing.APPROVED:
        raise IllegalTransition(NOT_OPEN)
    AgreementVersion.objects.filter(pk=version.pk).update(impact={"pending": True})
    publish(LOOKED_AHEAD, subject=version, payload={"revision": version.revision}, by=by)
    return version


@action
def hand_over(code: str, number: int, *, by: Actor, revision: int) -> AgreementVersion:
    """Give a draft to a second person. Invalid with all that is wrong with it."""
    version = _open(code, number, by=by, revision=revision)
    _require_right(version)
    version.standing, version.asked_at = Standing.WAITING, timezone.now()
    version.impact = {"pending": True}
    _touch(version)
    publish(LOOKED_AHEAD, subject=version, payload={"revision": version.revision}, by=by)
    publish(HANDED_OVER, subject=version, by=by)
    _record("agreement.hand_over", version, by)
    return version


@action
def send_back(code: str, number: int, *, by: Actor, revision: int) -> AgreementVersion:
    """Make it a draft again, by the second person or by who wrote it."""
    version = _waiting(code, number, by=by, revision=revision)
    version.standing, version.asked_at = Standing.DRAFT, None
    _touch(version)
    _record("agreement.send_back", version, by)
    return version


@action
def approve(code: str, number: int, *, by: Actor, revision: int) -> AgreementVersion:
    """Approve it as the second person. The version that goes on without an end ends the day before it begins."""
    version = _waiting(code, number, by=by, revision=revision)
    if version.made_by_id == by.user_id:
        raise Denied(_("You wrote this version, so another person must approve it."), code="own_version")
    _require_right(version)
    for other in AgreementVersion.objects.filter(
        agreement_id=version.agreement_id, standing=Standing.APPROVED
    ).order_by("number", "pk"):
        if checking.is_followed(other, version) and version.in_force_from is not None:
            other.in_force_until = version.in_force_from - timedelta(days=1)
            other.save(update_fields=["in_force_until"])
    version.standing, version.approved_at = Standing.APPROVED, timezone.now()
    version.approved_by_id, version.approved_by_label = by.user_id, by.label
    _touch(version)
    _record("agreement.approve", version, by)
    # Open referrals are checked again: those dates are facts, and each looks again on the day that it begins.
    publish(AGREEMENT_FACTS, subject=version.agreement, by=by)
    return version


def _require_right(version: AgreementVersion) -> None:
    found = checking.mistakes_of(version, today=zones.today())
    if found:
        raise Invalid({"": [text for those in found.values() for text in those]})


def _locked(code: str, number: int, by: Actor) -> AgreementVersion:
    rows = AgreementVersion.objects.select_for_update(of=("self",)).select_related("agreement")
    version = rows.filter(agreement__code=code, number=number).first()
    if version is None or (version.standing != Standing.APPROVED and not access.may_keep(by)):
        raise NotKnown()
    _may_keep(by, version)
    return version


def _may_keep(by: Actor, version: AgreementVersion) -> None:
    if not access.concerns(by, version):
        raise Denied()


def _fresh(version: AgreementVersion, revision: int) -> None:
    if version.revision != revision:
        raise Stale()


def _open(code: str, number: int, *, by: Actor, revision: int) -> AgreementVersion:
    version = _locked(code, number, by)
    if version.standing != Standing.DRAFT:
        raise IllegalTransition(NOT_OPEN)
    _fresh(version, revision)
    return version


def _waiting(code: str, number: int, *, by: Actor, revision: int) -> AgreementVersion:
    version = _locked(code, number, by)
    if version.standing != Standing.WAITING:
        raise IllegalTransition(_("This version doesn’t wait for a second person."))
    _fresh(version, revision)
    return version


def _touch(version: AgreementVersion) -> None:
    version.revision += 1
    version.save()


def _record(kind: str, version: AgreementVersion, by: Actor, **details: Any) -> None:
    audit.record(
        kind,
        by=by,
        subject=version.agreement,
        country=by.country,
        details={"version": version.number, **details},
    )
