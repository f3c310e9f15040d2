"""Why can't this be done now? One answer, with a code, for actions, pages and the API alike.

The person comes first, then the states of the machines, then what may stand in the way all the same: the guards that
the event's record names.
"""

from collections.abc import Callable, Collection
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import PortalError, Text
from core.road import Hindrance
from referrals import access, machines
from referrals.bodies import has_it
from referrals.events import BY_KIND, BY_NAME
from referrals.events.record import Event, kind_of
from referrals.models import Referral
from referrals.states import OVER_STATES, Guard, Party, ReferralState


def is_own(actor: Actor, referral: Referral) -> bool:
    """Whether the actor filed this referral: then another officer decides it."""
    return actor.user_id is not None and actor.user_id == referral.filed_by_id


def _decided_it(actor: Actor, referral: Referral) -> bool:
    return actor.user_id is not None and referral.authorisation.decided_by_id == actor.user_id


def _is_reviewed(actor: Actor, referral: Referral) -> bool:
    return referral.authorisation.reviewed_at is not None


def _appeal_is_over(actor: Actor, referral: Referral) -> bool:
    due = referral.authorisation.appeal_due_at
    return due is not None and timezone.now() > due


def _nobody_pays(actor: Actor, referral: Referral) -> bool:
    return not referral.is_emergency and not referral.authorisation.is_in_force


def _denial(guard: Guard, message: Text) -> Hindrance:
    return Hindrance(guard.value, message, denied=True)


def _fact(guard: Guard, message: Text) -> Hindrance:
    return Hindrance(guard.value, message)


def _is_most_urgent(actor: Actor, referral: Referral) -> bool:
    return referral.is_emergency


def _host_has_time(actor: Actor, referral: Referral) -> bool:
    due = referral.host_reply_due_at
    return referral.state == ReferralState.SENT and due is not None and timezone.now() <= due


def _host_has_no_patient(actor: Actor, referral: Referral) -> bool:
    found = access.parties(actor, referral)
    alone = Party.HOST_DESK in found and Party.DIRECTING_CLINICIAN not in found
    return alone and referral.state != ReferralState.IN_CARE


def _care_is_over(actor: Actor, referral: Referral) -> bool:
    return referral.state in OVER_STATES or referral.state == ReferralState.DISCHARGED


def _has_died(actor: Actor, referral: Referral) -> bool:
    """Also where another hospital said so and nobody has confirmed it yet."""
    return referral.patient_id is not None and referral.patient.deceased_on is not None


def _another_has_it(actor: Actor, referral: Referral) -> bool:
    return bool(referral.deciding_country) and not has_it(actor, referral)


def _signed_first(actor: Actor, referral: Referral) -> bool:
    return actor.user_id is not None and referral.authorisation.signed_by_id == actor.user_id


def _waits_for_second(actor: Actor, referral: Referral) -> bool:
    return referral.authorisation.signed_by_id is not None


def _nothing_signed(actor: Actor, referral: Referral) -> bool:
    return referral.authorisation.signed_by_id is None


def _granted_in_part(actor: Actor, referral: Referral) -> bool:
    return referral.authorisation.partly


G = Guard
#: Each guard: when it stands in the way (asked once the states allow the event), and what is said then.
GUARDS: dict[Guard, tuple[Callable[[Actor, Referral], bool], Hindrance]] = {
    G.OWN_REFERRAL: (
        is_own,
        _denial(G.OWN_REFERRAL, _("You filed this referral, so another officer must decide it.")),
    ),
    G.OWN_DECISION: (
        _decided_it,
        _denial(G.OWN_DECISION, _("You decided this before, so another officer must decide the appeal.")),
    ),
    G.REVIEWED: (_is_reviewed, _fact(G.REVIEWED, _("This emergency has been reviewed already."))),
    G.APPEAL_OVER: (_appeal_is_over, _fact(G.APPEAL_OVER, _("The time limit for an appeal has passed."))),
    G.NOT_IN_FORCE: (
        _nobody_pays,
        _fact(G.NOT_IN_FORCE, _("The authorisation is not in force. Ask the directing ministry.")),
    ),
    G.MOST_URGENT: (
        _is_most_urgent,
        _fact(G.MOST_URGENT, _("This referral is an emergency already. Nothing is more urgent.")),
    ),
    G.HOST_HAS_TIME: (
        _host_has_time,
        _fact(
            G.HOST_HAS_TIME,
            _("The host hospital still has time to answer. Ring it, or wait until its time is over."),
        ),
    ),
    G.NOT_IN_CARE: (
        _host_has_no_patient,
        _fact(
            G.NOT_IN_CARE,
            _("The patient isn’t in your care, so the directing hospital records a death. Ring it."),
        ),
    ),
    G.CARE_OVER: (
        _care_is_over,
        _fact(G.CARE_OVER, _("The referral is over, so there is nothing to extend.")),
    ),
    G.PATIENT_DIED: (
        _has_died,
        _fact(
            G.PATIENT_DIED,
            _(
                "This patient is recorded as deceased, so nothing new begins here. If the patient lives, the hospital "
                "that keeps the record takes the date of death back."
            ),
        ),
    ),
    G.ANOTHER_BODY: (
        _another_has_it,
        _denial(
            G.ANOTHER_BODY,
            _("Another body of the chain has this case now. The case says which one, and since when."),
        ),
    ),
    G.SIGNED_FIRST: (
        _signed_first,
        _denial(G.SIGNED_FIRST, _("You signed first, so another person must sign.")),
    ),
    G.WAITS_FOR_SECOND: (
        _waits_for_second,
        _fact(
            G.WAITS_FOR_SECOND, _("One person has signed already. A second person signs, asks or refuses.")
        ),
    ),
    G.NOTHING_SIGNED: (
        _nothing_signed,
        _fact(G.NOTHING_SIGNED, _("Nobody has signed yet, so there is nothing to sign a second time.")),
    ),
    G.GRANTED_IN_PART: (
        _granted_in_part,
        _fact(
            G.GRANTED_IN_PART,
            _("An earlier body of the chain approved only a part. Grant in part, or refuse."),
        ),
    ),
}
assert set(GUARDS) == set(Guard), "every guard has its condition and its sentence"

#: Each event with those that must be possible with it.
_TOGETHER: dict[str, tuple[StrEnum, ...]] = {
    kind: (record.event, *record.brings) for kind, record in BY_KIND.items()
}


def why_not(actor: Actor, referral: Referral, name: str) -> Hindrance | None:
    """What keeps the actor from causing the event of that name now; None when nothing does."""
    return _against(BY_NAME[name], referral, actor, access.parties(actor, referral))


def open_events(actor: Actor, referral: Referral) -> list[str]:
    """The names of all events that the actor can cause now, in the order of the road."""
    parties = access.parties(actor, referral)
    if not parties:
        return []
    return [name for name, record in BY_NAME.items() if _against(record, referral, actor, parties) is None]


def refusal(hindrance: Hindrance, actor: Actor, referral: Referral) -> PortalError:
    """The error to raise: 403 for the person, 409 for the state, with what is open instead."""
    return hindrance.error(() if hindrance.denied else open_events(actor, referral))


def check(referral: Referral, event: StrEnum, *, by: Actor) -> None:
    """Raise Denied or IllegalTransition unless `by` may cause the event, and what it brings with it, now."""
    found = _against(BY_KIND[kind_of(event)], referral, by, access.parties(by, referral))
    if found is not None:
        raise refusal(found, by, referral)


def _against(
    record: Event, referral: Referral, actor: Actor, parties: Collection[StrEnum]
) -> Hindrance | None:
    against = (machines.hindrance(referral, event, parties) for event in _TOGETHER[record.kind])
    if found := [one for one in against if one is not None]:
        return next((one for one in found if one.denied), found[0])
    for guard in record.guards:
        stands, hindrance = GUARDS[guard]
        if stands(actor, referral):
            return hindrance
    return None
