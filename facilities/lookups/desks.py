"""Which facilities have somebody in the portal who can answer a referral."""

from collections.abc import Collection

from core.permissions import Role
from facilities.models import Membership, PartnerClient

WRITES = "referrals:write"


def with_desk(facility_ids: Collection[int]) -> set[int]:
    """Those of the facilities that can answer in the portal (one query).

    A person of the host desk whose role and account are active and who can sign in, or a system of the hospital's own
    that may write referrals. An ended role, a closed account, a revoked system don't count.
    """
    people = Membership.objects.filter(
        organisation_id__in=facility_ids,
        role=Role.HOST_DESK,
        active=True,
        user__is_active=True,
        organisation__active=True,
    )
    systems = PartnerClient.objects.filter(
        organisation_id__in=facility_ids,
        revoked_at=None,
        organisation__active=True,
        scopes__contains=[WRITES],
    )
    keys = people.order_by().values_list("organisation_id", flat=True)
    return set(keys.union(systems.order_by().values_list("organisation_id", flat=True)))


def has_desk(facility_id: int | None) -> bool:
    """Whether one facility can answer in the portal."""
    return facility_id is not None and facility_id in with_desk([facility_id])
