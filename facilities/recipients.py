"""People of organisations as recipients of messages: whoever is at work, and nobody else."""

from collections.abc import Iterable
from typing import Any

from core.outbox.messages import Recipient
from core.permissions import Role
from facilities.lookups.people import people_with
from facilities.models import Membership, Organisation

OF_ORGANISATION, OF_COUNTRY = "organisation_id", "organisation__country_id"


def recipients(roles: Iterable[Role], lookup: str, place: Any, *, act: bool) -> list[Recipient]:
    """Those at work with one of the roles, there; `act` says that they are asked to do something."""
    return [recipient_of(row, act=act) for row in people_with(tuple(roles), lookup, place)]


def administrators(*, act: bool) -> list[Recipient]:
    """The portal's own administrators, for what nobody else can be told."""
    operators = Organisation.objects.filter(kind=Organisation.Kind.OPERATOR).values_list("pk", flat=True)
    return [
        person
        for pk in operators.order_by("pk")
        for person in recipients((Role.ADMINISTRATOR,), OF_ORGANISATION, pk, act=act)
    ]


def recipient_of(row: Membership, *, act: bool) -> Recipient:
    """Somebody in the portal and by e-mail."""
    user = row.user
    return Recipient(
        key=f"user:{user.pk}",
        language=user.preferred_language,
        user_id=user.pk,
        email=user.email,
        needs_action=act,
    )
