"""The agreement on which a referral rests."""

from agreements.access import choose
from agreements.models import Agreement
from facilities.access import today_in
from referrals.models import Referral


def basis_of(referral: Referral) -> Agreement | None:
    """The agreement that covers the referral's care between its two countries today; None where none does."""
    return choose(
        directing_country=referral.directing_country_id,
        host_country=referral.host_country_id or "",
        emergency=referral.is_emergency,
        day=today_in(referral.directing_country_id),
    )
