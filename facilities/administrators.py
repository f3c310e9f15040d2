"""Who administers an organisation's people and systems, and who is the second person for a role."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.actors import Actor
from core.permissions import Permission, Role
from facilities.models import Membership, Organisation, RoleRequest

OPERATOR, MINISTRY = Organisation.Kind.OPERATOR, Organisation.Kind.MINISTRY


def is_operator(actor: Actor) -> bool:
    """Whether the actor administers for the operator of the portal."""
    if not actor.has(Permission.ADMINISTER) or actor.organisation_id is None:
        return False
    return Organisation.objects.filter(pk=actor.organisation_id, kind=OPERATOR).exists()


def is_own(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor is an administrator of that organisation itself."""
    return actor.is_system or (actor.has(Permission.ADMINISTER) and actor.organisation_id == organisation_id)


def may_administer(actor: Actor, organisation_id: int) -> bool:
    """The organisation's own administrators, the operator's, and the portal itself."""
    return is_own(actor, organisation_id) or is_operator(actor)


def second_persons(asked: RoleRequest) -> QuerySet[Membership]:
    """The administrators of whom any one can confirm or refuse a role, with the person.

    Those of the organisation and of its country's ministry; where neither has one besides the asker and the person
    concerned, the operator's. So the operator's people alone make nobody an officer of a ministry that has its own.
    """
    organisation = asked.organisation
    others = (
        administrators()
        .exclude(user_id__in=[asked.asked_by_id, asked.user_id])
        .order_by("organisation__code", "user_id", "pk")
    )
    near = Q(organisation=organisation)
    if organisation.country_id:
        near |= Q(organisation__kind=MINISTRY, organisation__country=organisation.country_id)
    found = others.filter(near)
    return found if found.exists() else others.filter(organisation__kind=OPERATOR)


def administrators() -> QuerySet[Membership]:
    """Everybody who is an administrator somewhere now."""
    return Membership.objects.filter(
        role=Role.ADMINISTRATOR, active=True, user__is_active=True, organisation__active=True
    ).select_related("user")


def is_second_person(actor: Actor, asked: RoleRequest) -> bool:
    """Whether the actor is one of those, for the organisation that they act for now."""
    if actor.user_id is None or actor.organisation_id is None:
        return False
    found = second_persons(asked).filter(user_id=actor.user_id, organisation_id=actor.organisation_id)
    return found.exists()


def visible_members(actor: Actor) -> QuerySet[Membership]:
    """The roles held in the actor's own organisation, person by person; none for who isn't its administrator."""
    if not actor.has(Permission.ADMINISTER) or actor.organisation_id is None:
        return Membership.objects.none()
    return (
        Membership.objects.filter(organisation_id=actor.organisation_id, active=True)
        .select_related("user", "organisation")
        .order_by("user__full_name", "user_id", "role", "pk")
    )


def visible_requests(actor: Actor) -> QuerySet[RoleRequest]:
    """The roles that wait: of the organisation; for a ministry all of its country, for the operator all there are."""
    if not actor.has(Permission.ADMINISTER) or actor.organisation_id is None:
        return RoleRequest.objects.none()
    rows = (
        RoleRequest.objects.filter(outcome="", expires_at__gt=timezone.now())
        .select_related("user", "organisation__country", "asked_by", "asked_for")
        .order_by("expires_at", "pk")
    )
    if is_operator(actor):
        return rows
    own = Q(organisation_id=actor.organisation_id)
    if Organisation.objects.filter(pk=actor.organisation_id, kind=MINISTRY).exists():
        own |= Q(organisation__country=actor.country)
    return rows.filter(own)
