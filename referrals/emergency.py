"""Who may open a case in an emergency, who reviews it, and what waits for a review."""

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Text
from core.permissions import Permission
from referrals.access import parties
from referrals.models import EmergencyAccess, Referral
from referrals.states import Party, ReferralState

#: While it is so, the host treats the patient or is about to.
TREATING = frozenset(
    {
        ReferralState.SENT,
        ReferralState.ACCEPTED,
        ReferralState.SCHEDULED,
        ReferralState.IN_CARE,
        ReferralState.DISCHARGED,
    }
)
NOT_TREATING: Text = _(
    "Only a person of the hospital that has the referral now may open it in an emergency, with their own account."
)
OPEN_ALREADY: Text = _("You see the patient’s data already: there is nothing to open.")
LAW_FORBIDS: Text = _(
    "No rule on data that may leave the directing country lets them be passed on in an emergency. Ring the directing "
    "hospital."
)
NOT_REVIEWER: Text = _(
    "Only an officer or a coordinator of the directing ministry reviews an emergency access."
)


def is_treating(actor: Actor, referral: Referral) -> bool:
    """Whether the actor is a person of the hospital that treats the patient of this referral."""
    return (
        actor.kind == "person"
        and actor.user_id is not None
        and Party.HOST_DESK in parties(actor, referral)
        and referral.state in TREATING
    )


def reviews(actor: Actor, referral: Referral) -> bool:
    """Whether the actor reviews what is opened of this referral."""
    ministry = {Party.DIRECTING_OFFICER, Party.DIRECTING_COORDINATOR}
    return actor.kind == "person" and bool(parties(actor, referral) & ministry)


def to_review(actor: Actor) -> QuerySet[EmergencyAccess]:
    """What waits for a review by the actor's ministry, what is due first."""
    rows = _of_ministry(actor).filter(reviewed_at__isnull=True)
    return rows.order_by("review_due_at", "pk")


def reviewed(actor: Actor) -> QuerySet[EmergencyAccess]:
    """What the actor's ministry reviewed, the latest first."""
    rows = _of_ministry(actor).filter(reviewed_at__isnull=False)
    return rows.order_by(F("reviewed_at").desc(), "-pk")


def overdue() -> QuerySet[EmergencyAccess]:
    """What was not reviewed in time, of every ministry."""
    return EmergencyAccess.objects.filter(reviewed_at__isnull=True, review_due_at__lt=timezone.now())


def _of_ministry(actor: Actor) -> QuerySet[EmergencyAccess]:
    if not (actor.has(Permission.DECIDE) or actor.has(Permission.COORDINATE)):
        return EmergencyAccess.objects.none()
    rows = EmergencyAccess.objects.filter(referral__directing_country_id=actor.country)
    return rows.select_related("referral", "facility__organisation")
