"""What can be done to a referral. Each function is the one road for pages, the API, workers and the demonstration.

All are keyword-only with `by: Actor`, run in one transaction, lock the referral, and raise `core.errors`:
NotKnown, Denied, IllegalTransition, Stale or Invalid. `version`, where given, must be the referral's present one.
Each module says in its `__all__` what it offers; here nothing is listed a second time.
"""

from referrals.actions import (
    amending,
    authorisation,
    completing,
    deciding,
    drafting,
    emergency,
    ending,
    filing,
    granting,
    hosting,
    numbering,
    printing,
    screening,
    telephone,
)
from referrals.actions.amending import *
from referrals.actions.authorisation import *
from referrals.actions.completing import *
from referrals.actions.deciding import *
from referrals.actions.drafting import *
from referrals.actions.emergency import *
from referrals.actions.ending import *
from referrals.actions.filing import *
from referrals.actions.granting import *
from referrals.actions.hosting import *
from referrals.actions.numbering import *
from referrals.actions.printing import *
from referrals.actions.screening import *
from referrals.actions.telephone import *

__all__: list[str] = []
__all__ += amending.__all__
__all__ += authorisation.__all__
__all__ += completing.__all__
__all__ += deciding.__all__
__all__ += drafting.__all__
__all__ += emergency.__all__
__all__ += ending.__all__
__all__ += filing.__all__
__all__ += granting.__all__
__all__ += hosting.__all__
__all__ += numbering.__all__
__all__ += printing.__all__
__all__ += screening.__all__
__all__ += telephone.__all__
