"""Who works at an organisation now: the one condition for being asked, being told, and counting as a desk."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from core.permissions import Role
from core.prepared import Parameter, prepared
from facilities.models import Membership


def at_work() -> Q:
    """Of memberships: the role, the account and the organisation are all active, and the person can sign in at all.

    Somebody who only has to wait after wrong passwords is at work: else a stranger could make a desk disappear.
    """
    no_password = Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX) | Q(user__password__exact="")
    return Q(active=True, user__is_active=True, organisation__active=True) & ~no_password


def people_with(roles: tuple[Role, ...], lookup: str, place: object) -> list[Membership]:
    """Those at work with one of the roles at an `organisation_id` or in an `organisation__country_id` (one query)."""
    return prepared(_with, roles, lookup).rows(place=place)


def _with(roles: tuple[Role, ...], lookup: str) -> QuerySet[Membership]:
    found = Membership.objects.filter(at_work(), role__in=roles, **{lookup: Parameter("place")})
    return found.select_related("user").order_by("user_id", "id")
