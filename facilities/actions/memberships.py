"""Who works where, and as what."""

from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.audit import log as audit
from core.db import action
from core.errors import Invalid, NotKnown
from core.kept.models import KeptText
from core.kept.store import drop_lost
from core.permissions import Role
from facilities.actions.rules import require_administrator
from facilities.models import Membership, Organisation
from facilities.models.people import ROLE_KINDS


@action
def grant_membership(*, user_id: int, organisation_id: int, role: Role, by: Actor) -> Membership:
    """Give a person a role in an organisation, or wake an ended one. Administrators only.

    Raises Denied, NotKnown for an organisation that doesn't exist, Invalid for a role that its kind hasn't.
    """
    require_administrator(by)
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise NotKnown()
    if organisation.kind not in ROLE_KINDS[role]:
        raise Invalid({"role": [_("This organisation has no such role.")]})
    membership, _created = Membership.objects.update_or_create(
        user_id=user_id, organisation=organisation, role=role, defaults={"active": True}
    )
    _record("membership.grant", membership, organisation, by)
    return membership


@action
def end_membership(*, membership_id: int, by: Actor) -> None:
    """End a role; the row stays. Administrators only. Raises Denied or NotKnown."""
    require_administrator(by)
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk=membership_id)
        .first()
    )
    if membership is None:
        raise NotKnown()
    if membership.active:
        membership.active = False
        membership.save(update_fields=["active"])
        # What they typed in this role is nobody's any more.
        drop_lost(KeptText.objects.filter(owner_id=membership.user_id))
        _record("membership.end", membership, membership.organisation, by)


def _record(what: str, membership: Membership, organisation: Organisation, by: Actor) -> None:
    audit.record(
        what,
        by=by,
        subject=membership,
        country=organisation.country_id or "",
        details={"user": membership.user_id, "organisation": organisation.code, "role": membership.role},
    )
