"""Which facilities have somebody in the portal who can answer a referral."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from core.permissions import Role
from facilities.lookups.people import at_work
from facilities.models import Membership, PartnerClient

WRITES = "referrals:write"


def _people() -> QuerySet[Membership]:
    return Membership.objects.filter(at_work(), role=Role.HOST_DESK).order_by()


def _systems() -> QuerySet[PartnerClient]:
    found: QuerySet[PartnerClient] = PartnerClient.objects.filter(
        revoked_at=None, organisation__active=True, scopes__contains=[WRITES]
    ).order_by()
    return found


def desk_at(facility: str) -> Any:
    """Whether the facility under that column of a query can answer in the portal, as `with_desk` says."""
    there = {"organisation_id": OuterRef(facility)}
    return Exists(_people().filter(**there)) | Exists(_systems().filter(**there))


def with_desk(facility_ids: Collection[int]) -> set[int]:
    """Those of the facilities that can answer in the portal (one query).

    A person of the host desk who is at work (`people.at_work`), or a system of the hospital's own that may write
    referrals. An ended role, a closed account, a revoked system don't count.
    """
    keys = _people().filter(organisation_id__in=facility_ids).values_list("organisation_id", flat=True)
    systems = _systems().filter(organisation_id__in=facility_ids)
    return set(keys.union(systems.values_list("organisation_id", flat=True)))


def has_desk(facility_id: int | None) -> bool:
    """Whether one facility can answer in the portal."""
    return facility_id is not None and facility_id in with_desk([facility_id])
