"""Every situation that a referral and its authorisation can be in, and every action with arguments that are right.

The matrix and the walk of the state machines share this: what is expected comes from the tables of
`referrals.events` alone, what happens from the actions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.actors import SYSTEM, Actor
from facilities.models import Facility
from referrals import actions
from referrals.models import Referral
from referrals.states import AuthorisationEvent, ReferralEvent
from tests.clock import days_ago
from tests.factories import referrals as make
from tests.factories.facilities import World, make_facility

Make = Callable[[World], Referral]
E, AE = ReferralEvent, AuthorisationEvent
ALL_SCOPES = ["patients:read", "patients:write", "referrals:read", "referrals:write", "directory:read"]
QUESTIONS = ["Fit for the road?"]


def second_host(world: World) -> Facility:
    """Another Kyrgyz hospital that offers the care of `make_draft`."""
    return make_facility(
        "KG",
        "Heart institute",
        unit=world.units["bishkek"],
        code="F0157",
        specialties=(world.specialties["cardiac_surgery"],),
    )


# --- The steps ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One action with arguments that are right, and the events that it causes, which must all be allowed."""

    name: str
    arguments: Callable[[World], dict[str, Any]] = lambda world: {}
    referral: tuple[ReferralEvent, ...] = ()
    authorisation: tuple[AuthorisationEvent, ...] = ()

    def take(self, world: World, referral_id: Any, by: Actor) -> Any:
        return getattr(actions, self.name)(referral_id, by=by, **self.arguments(world))


def _grant(world: World) -> dict[str, Any]:
    return {"reason_code": "undue_delay", "reason_text": "The wait is too long.", **make.window()}


def _partly(world: World) -> dict[str, Any]:
    return {**_grant(world), "reason_code": "in_part", "care_text": "The examination alone"}


def _refuse(world: World) -> dict[str, Any]:
    return {"reason_code": "available_home", "reason_text": "A place is free at home."}


def _reason(world: World) -> dict[str, Any]:
    return {"reason_text": "For a good reason."}


def _evidence(world: World) -> dict[str, Any]:
    return {
        "kind": "test_result",
        "dated_on": timezone.localdate(),
        "author": "Test laboratory",
        "text": "As before.",
    }


def _circumstances(world: World) -> dict[str, Any]:
    return {"circumstances": {"home_wait_days": 90, "risk": "usual"}}


def _consilium(world: World) -> dict[str, Any]:
    return {
        "held_on": timezone.localdate(),
        "members": "Dr. Aidarova, cardiologist\nDr. Testov, anaesthetist",
        "finding": "with_escort",
        "escort": "A nurse",
        "text": "Stable for the road.",
    }


def _dates(world: World) -> dict[str, Any]:
    return make.dates()


def _call(world: World) -> dict[str, Any]:
    return {
        "spoke_with": "Dr. Aidarova, head of ward",
        "phone": "+996 312 900100",
        "spoken_at": timezone.now(),
        "said": "As told on the telephone.",
    }


def _extend(world: World) -> dict[str, Any]:
    return {"valid_until": timezone.localdate() + timedelta(days=200), "reason_text": "The date was moved."}


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step("discard", referral=(E.DISCARD,)),
        Step("submit", referral=(E.SUBMIT,)),
        Step("add_evidence", _evidence, (E.ADD_EVIDENCE,)),
        Step("complete_facts", _circumstances, (E.COMPLETE_FACTS,)),
        Step("record_consilium", _consilium, (E.RECORD_CONSILIUM,)),
        Step("raise_urgency", lambda world: {**_reason(world), "priority": "asap"}, (E.RAISE_URGENCY,)),
        Step(
            "change_host",
            lambda world: {**_reason(world), "host_facility": second_host(world)},
            (E.CHANGE_HOST,),
        ),
        Step(
            "request_information",
            lambda world: {"questions": QUESTIONS},
            (E.REQUEST_INFORMATION,),
            (AE.STOP_CLOCK,),
        ),
        Step("answer", lambda world: {"answers": {1: "Yes."}}, (E.ANSWER,), (AE.RESTART_CLOCK,)),
        Step("grant", _grant, (E.SEND,), (AE.GRANT,)),
        Step("partly_grant", _partly, (E.SEND,), (AE.PARTLY_GRANT,)),
        Step("refuse", _refuse, (E.REFUSE,), (AE.REFUSE,)),
        Step("sign_second", referral=(E.SEND,), authorisation=(AE.SIGN_SECOND, AE.GRANT)),
        Step("extend", _extend, (), (AE.EXTEND,)),
        Step("revoke", _reason, (E.CANCEL,), (AE.REVOKE,)),
        Step("appeal", lambda world: {"text": "Please look again."}, (), (AE.APPEAL,)),
        Step("uphold", _reason, (), (AE.UPHOLD,)),
        Step("overturn", _reason, (E.REOPEN,), (AE.OVERTURN,)),
        Step("review_emergency", lambda world: {"review_text": "It was one."}, (), (AE.REVIEW_EMERGENCY,)),
        Step("accept", _dates, (E.ACCEPT,)),
        Step("decline", lambda world: {"reason_code": "no_capacity", "reason_text": "Full."}, (E.DECLINE,)),
        Step(
            "accept_by_telephone", lambda world: {**_dates(world), **_call(world)}, (E.ACCEPT_BY_TELEPHONE,)
        ),
        Step(
            "decline_by_telephone",
            lambda world: {"reason_code": "no_capacity", **_call(world)},
            (E.DECLINE_BY_TELEPHONE,),
        ),
        Step(
            "re_route", lambda world: {**_reason(world), "host_facility": second_host(world)}, (E.RE_ROUTE,)
        ),
        Step("schedule", _dates, (E.SCHEDULE,)),
        Step("reschedule", _dates, (E.RESCHEDULE,)),
        Step("admit", referral=(E.ADMIT,)),
        Step("discharge", lambda world: make.summary(), (E.DISCHARGE,)),
        Step("close", referral=(E.CLOSE,)),
        Step("withdraw", lambda world: {"reason_code": "patient_wish"}, (E.WITHDRAW,)),
        Step("cancel", _reason, (E.CANCEL,)),
        Step("record_death", lambda world: {"deceased_on": timezone.localdate()}, (E.RECORD_DEATH,)),
        Step("enter_in_error", _reason, (E.ENTER_IN_ERROR,)),
    )
}


# --- The situations -------------------------------------------------------------------------------------------------


def _then(begin: Make, *steps: tuple[str, str]) -> Make:
    """`begin`, and then the named steps by the named actors."""

    def run(world: World) -> Referral:
        referral = begin(world)
        for name, who in steps:
            STEPS[name].take(world, referral.pk, world.actor(who))
        return Referral.objects.get(pk=referral.pk)

    return run


def _screening(world: World) -> Referral:
    referral = make.make_submitted(world)
    actions.begin_screening(referral.pk, by=SYSTEM)
    return Referral.objects.get(pk=referral.pk)


def _stat(world: World) -> Referral:
    return make.make_submitted(world, priority="stat", triage_note="Shock.")


def _expired(begin: Make) -> Make:
    def run(world: World) -> Referral:
        with days_ago(100):
            referral = begin(world)
        assert actions.expire(referral.pk, by=SYSTEM)
        return Referral.objects.get(pk=referral.pk)

    return run


def _extended(world: World) -> Referral:
    until = timezone.localdate() + timedelta(days=90)
    referral = make.make_sent(world)
    return actions.extend(referral.pk, by=world.actor("officer_kz"), valid_until=until, reason_text="Moved.")


def signed(world: World) -> Referral:
    """Above the ceiling one person has signed, and a second one has to."""
    make.make_agreement(chains=[make.chain(make.stage(sign_above={"amount": "1000", "currency": "KZT"}))])
    referral = make.make_in_review(world)
    STEPS["grant"].take(world, referral.pk, world.actor("officer_kz"))
    return Referral.objects.get(pk=referral.pk)


_DESK, _OFFICER, _CLINICIAN = "host_desk_kg", "officer_kz", "clinician_kz"
_REFUSED = _then(make.make_in_review, ("refuse", _OFFICER))
_APPEALED = _then(_REFUSED, ("appeal", _CLINICIAN))
_DISCHARGED = _then(make.make_in_care, ("discharge", _DESK))

SITUATIONS: dict[str, Make] = {
    "draft": make.make_draft,
    "submitted": make.make_submitted,
    "screening": _screening,
    "in_review": make.make_in_review,
    "asked": _then(make.make_in_review, ("request_information", _OFFICER)),
    "answered": _then(make.make_in_review, ("request_information", _OFFICER), ("answer", _CLINICIAN)),
    "signed": signed,
    "sent": make.make_sent,
    "sent_in_part": _then(make.make_in_review, ("partly_grant", _OFFICER)),
    "sent_extended": _extended,
    "sent_expired": _expired(make.make_sent),
    "refused": _REFUSED,
    "appealed": _APPEALED,
    "upheld": _then(_APPEALED, ("uphold", "officer2_kz")),
    "overturned": _then(_APPEALED, ("overturn", "officer2_kz")),
    "accepted": make.make_accepted,
    "accepted_expired": _expired(make.make_accepted),
    "declined": _then(make.make_sent, ("decline", _DESK)),
    "declined_expired": _expired(_then(make.make_sent, ("decline", _DESK))),
    "scheduled": _then(make.make_accepted, ("schedule", _DESK)),
    "in_care": make.make_in_care,
    "discharged": _DISCHARGED,
    "closed": _then(_DISCHARGED, ("close", _CLINICIAN)),
    "withdrawn": _then(make.make_in_review, ("withdraw", _CLINICIAN)),
    "cancelled": _then(make.make_sent, ("cancel", "coordinator_kz")),
    "revoked": _then(make.make_sent, ("revoke", _OFFICER)),
    "deceased": _then(make.make_in_care, ("record_death", _DESK)),
    "in_error": _then(make.make_sent, ("enter_in_error", _CLINICIAN)),
    "draft_discarded": _then(make.make_draft, ("discard", _CLINICIAN)),
    "stat_sent": _stat,
    "stat_reviewed": _then(_stat, ("review_emergency", _OFFICER)),
    "stat_in_care": _then(_stat, ("accept", _DESK), ("admit", _DESK)),
}
