"""What a page says while a worker is about to check a referral."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from referrals.models import Referral
from referrals.states import ReferralState

USUAL = timedelta(seconds=30)


def pending_sentence(referral: Referral, now: datetime) -> str:
    """Where the check stands, in a sentence; one that takes long says that nothing is lost."""
    if now - referral.state_since > USUAL:
        return _(
            "The check takes longer than usual. The referral is safe: it is checked as soon as a worker is free, "
            "and you will find a message."
        )
    if referral.state == ReferralState.SCREENING:
        return _("The rules are being checked now. This takes some seconds.")
    return _("The referral is filed and waits for its check. This takes some seconds.")
