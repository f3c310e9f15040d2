"""Reading a patient's data is a disclosure: it leaves a row in the audit log."""

from core.actors import Actor
from core.audit.log import record
from core.db import action
from referrals.models import Referral


@action
def record_read(*, referral: Referral, clinical: bool, by: Actor) -> None:
    """Note that `by` opened a referral that they may see. `clinical`: whether its content was shown."""
    record(
        "referral.read",
        by=by,
        subject=referral,
        country=referral.directing_country_id,
        details={"clinical": clinical, "state": referral.state},
    )
