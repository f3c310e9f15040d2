"""Somebody who follows a referral asks a facility to confirm what the directory says of it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.audit import log as audit
from core.db import action
from core.errors import Denied, Invalid, NotKnown
from core.outbox.publish import publish
from facilities.asking import ASKED, may_ask, open_request
from facilities.models import ConfirmationRequest, Facility


@dataclass(frozen=True, slots=True)
class Asked:
    """The request of the present period, and whether it is new."""

    request: ConfirmationRequest
    is_new: bool


@action
def ask_to_confirm(*, facility_id: int, about: Collection[str], by: Actor) -> Asked:
    """Ask once in a period, whoever asks: those who can confirm get a notice with a link.

    Asked within the period already, nothing is written and nobody is told again. Raises NotKnown, Denied, Invalid.
    """
    if not may_ask(by):
        raise Denied()
    # Locked, so that of two who ask at once one finds the other's request.
    facility = (
        Facility.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk=facility_id, organisation__active=True)
        .first()
    )
    if facility is None:
        raise NotKnown()
    wanted = [choice for choice in ConfirmationRequest.About.values if choice in about]
    if not wanted or set(about) - set(wanted):
        raise Invalid({"about": [_("Choose what the facility is to confirm.")]})
    if (before := open_request(facility)) is not None:
        return Asked(before, is_new=False)
    request = ConfirmationRequest.objects.create(
        facility=facility,
        at=timezone.now(),
        about=wanted,
        by_user_id=by.user_id,
        by_label=by.label[:200],
        by_organisation=by.organisation_name[:250],
    )
    audit.record(
        "facility.ask_to_confirm",
        by=by,
        subject=facility,
        country=facility.country_code,
        details={"about": wanted, "request": request.pk},
    )
    publish(ASKED, subject=request, by=by)
    return Asked(request, is_new=True)
