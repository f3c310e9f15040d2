"""Asking a facility to confirm its data: who may, whether it was asked lately, and who there can do it."""

from datetime import timedelta

from django.utils import timezone

from core.actors import Actor
from core.channels import Recipient
from core.permissions import Permission, Role
from facilities.models import ConfirmationRequest, Facility
from facilities.recipients import OF_COUNTRY, OF_ORGANISATION, recipients

#: Asked once, a facility isn't asked again for so long: whoever asks meanwhile sees that it was asked, and by whom.
PERIOD = timedelta(days=7)
#: The event of an asking. Its subject is the request.
ASKED = "facility.confirmation_asked"


def may_ask(actor: Actor | None) -> bool:
    """Who follows referrals: clinicians and their systems, officers and coordinators."""
    if actor is None or actor.organisation_id is None:
        return False
    if actor.kind == "client" and "referrals:write" not in actor.scopes:
        return False
    return actor.has(Permission.FILE_REFERRALS) or actor.has(Permission.COORDINATE)


def open_request(facility: Facility) -> ConfirmationRequest | None:
    """The newest request of the present period."""
    since = timezone.now() - PERIOD
    return facility.confirmation_requests.filter(at__gt=since).order_by("-at", "-pk").first()


def latest_request(facility_id: int) -> ConfirmationRequest | None:
    """The newest request of all."""
    rows = ConfirmationRequest.objects.filter(facility_id=facility_id).select_related("facility")
    return rows.order_by("-at", "-pk").first()


def who_can_confirm(facility: Facility) -> list[Recipient]:
    """Those whom a request reaches, asked to act: the facility's own people; where it has none, its ministry's.

    The same who may confirm (`confirming.may_confirm`). Empty where nobody of either is at work in the portal.
    """
    own = recipients((Role.HOST_DESK, Role.ADMINISTRATOR), OF_ORGANISATION, facility.pk, act=True)
    if own:
        return own
    country = facility.country_code
    coordinators = recipients((Role.COORDINATOR,), OF_COUNTRY, country, act=True)
    return coordinators or recipients((Role.OFFICER,), OF_COUNTRY, country, act=True)
