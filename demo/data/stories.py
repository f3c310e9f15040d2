"""What becomes of a referral: for each fate, what happens when.

A number is a share of the referral's age (0 is its beginning, 1 is now), a `timedelta` the time since the step before.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from core.actors import SYSTEM
from demo.data.deciding import Ministry
from demo.data.directing import DirectingSide
from demo.data.hosting import Host
from referrals import actions


class Story(DirectingSide, Ministry, Host):
    """One referral and everybody who does something to it."""

    def leave_to_worker(self) -> None:
        """What is filed now isn't worked on here."""
        self.world.left.add(str(self.referral.pk))

    def begin_check(self) -> None:
        """As if the worker had been stopped in the middle of the check; the next one finishes it."""
        actions.begin_screening(self.referral.pk, by=SYSTEM)

    def play(self) -> Iterator[datetime]:
        """Wait until each moment of the fate (yielded), then take its step."""
        for when, step in FATES[self.row.fate]:
            yield self.at(when) if isinstance(when, float) else self.after(when)
            step(self)


Step = tuple[float | timedelta, Callable[[Story], None]]
S = Story


def _minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def _hours(count: float) -> timedelta:
    return timedelta(hours=count)


def _with(step: Callable[..., None], **values: object) -> Callable[[Story], None]:
    return partial(_call, step, values)


def _call(step: Callable[..., None], values: dict[str, object], story: Story) -> None:
    step(story, **values)


# --- Drafts, page by page, and filing in one go ---------------------------------------------------------------------
_PATIENT: list[Step] = [(0.0, S.register), (_minutes(2), S.start)]
_CARE: list[Step] = [*_PATIENT, (_minutes(2), S.fill_care), (_minutes(4), S.fill_diagnosis)]
_WHERE: list[Step] = [*_CARE, (_minutes(1), S.fill_priority), (_minutes(2), S.fill_host)]
_READY: list[Step] = [*_WHERE, (_minutes(1), S.fill_payer), (_minutes(3), S.consent)]
_FILLED: list[Step] = [*_PATIENT, (_minutes(7), S.fill), (_minutes(1), S.consent)]
_FILED: list[Step] = [*_FILLED, (_minutes(2), S.submit)]
_LEFT: list[Step] = [*_FILLED, (_minutes(0), S.leave_to_worker), (_minutes(0), S.submit)]
# Accepted, then the patient took the consent back, so the hospital sees nothing of them any more.
_WITHDRAWN: list[Step] = [*_FILED, (0.3, S.grant), (0.5, S.accept), (0.7, S.withdraw_consent)]
_REFUSED: list[Step] = [*_FILED, (0.3, S.refuse), (0.45, S.appeal)]

# --- Emergencies: with the patient's consent, or on the recorded ground ---------------------------------------------
_STAT: list[Step] = [*_PATIENT, (_minutes(2), S.fill), (_minutes(1), S.consent), (_minutes(1), S.submit)]
_GROUND: list[Step] = [(_minutes(2), _with(S.fill, ground=True)), (_minutes(1), S.submit)]
_STAT_GROUND: list[Step] = [*_PATIENT, *_GROUND]
_STAT_UNKNOWN: list[Step] = [(0.0, _with(S.register, unknown=True)), (_minutes(2), S.start), *_GROUND]
_TAKEN: list[Step] = [(_minutes(18), _with(S.accept, days=0.6)), (_hours(4), S.admit)]

FATES: dict[str, list[Step]] = {
    "draft_patient": _PATIENT,
    "draft_care": _CARE,
    "draft_where": _WHERE,
    "draft_ready": _READY,
    "left_unchecked": _LEFT,
    "left_in_check": [*_LEFT, (_minutes(0), S.begin_check)],
    "in_review": _FILED,
    "info_requested": [*_FILED, (0.45, S.request_information)],
    "answered": [*_FILED, (0.45, S.request_information), (0.8, S.answer)],
    "refused": [*_FILED, (0.5, S.refuse)],
    "appealed": _REFUSED,
    "approved_once": [*_FILED, (0.5, S.approve)],
    "signed_once": [*_FILED, (0.5, S.sign_first)],
    "approved_twice": [*_FILED, (0.3, S.approve), (0.6, S.approve)],
    "approved_thrice": [*_FILED, (0.2, S.approve), (0.4, S.approve), (0.7, S.approve)],
    "refused_third": [*_FILED, (0.1, S.approve), (0.2, S.approve), (0.3, S.refuse_stage)],
    "upheld": [*_REFUSED, (0.7, S.uphold)],
    "overturned": [*_REFUSED, (0.8, S.overturn)],
    "sent": [*_FILED, (0.6, S.grant)],
    "partly_granted": [*_FILED, (0.6, S.partly_grant)],
    "cancelled": [*_FILED, (0.6, S.grant), (0.8, S.cancel)],
    "withdrawn": [*_FILED, (0.4, S.withdraw)],
    "entered_in_error": [*_FILED, (0.2, S.enter_in_error)],
    "deceased": [*_FILED, (0.4, S.grant), (0.6, S.record_death)],
    "accepted": [*_FILED, (0.4, S.grant), (0.7, S.accept)],
    "declined": [*_FILED, (0.6, S.grant), (0.8, S.decline)],
    "re_routed": [*_FILED, (0.4, S.grant), (0.6, S.decline), (0.85, _with(S.re_route, code="F0100"))],
    # The hospital that had it keeps that it had it, and no patient.
    "re_routed_heart": [*_FILED, (0.4, S.grant), (0.6, S.decline), (0.85, _with(S.re_route, code="F0104"))],
    "opened": [*_WITHDRAWN, (0.95, S.open_in_emergency)],
    "opened_reviewed": [*_WITHDRAWN, (0.8, S.open_in_emergency), (_hours(5), S.review_opening)],
    "revoked": [*_FILED, (0.4, S.grant), (0.7, S.accept), (0.9, S.revoke)],
    "expired": [*_FILED, (0.2, _with(S.grant, days=30)), (0.4, S.accept), (0.95, S.expire)],
    "extended": [
        *_FILED,
        (0.3, _with(S.grant, days=60)),
        (0.5, S.accept),
        (0.6, S.schedule),
        (0.8, S.extend),
    ],
    "scheduled": [*_FILED, (0.3, S.grant), (0.5, S.accept), (0.8, S.schedule)],
    "in_care": [
        *_FILED,
        (0.25, S.grant),
        (0.4, _with(S.accept, days=5)),
        (0.5, _with(S.schedule, days=4)),
        (0.85, S.admit),
    ],
    "discharged": [
        *_FILED,
        (0.2, S.grant),
        (0.35, _with(S.accept, days=5)),
        (0.45, _with(S.schedule, days=3)),
        (0.6, S.admit),
        (0.95, S.discharge),
    ],
    "closed": [
        *_FILED,
        (0.15, S.grant),
        (0.3, _with(S.accept, days=8)),
        (0.4, _with(S.schedule, days=6)),
        (0.5, S.admit),
        (0.7, S.discharge),
        (0.8, S.close),
    ],
    "overturned_closed": [
        *_FILED,
        (0.05, S.refuse),
        (0.1, S.appeal),
        (0.2, S.overturn),
        (0.25, S.grant),
        (0.35, _with(S.accept, days=4)),
        (0.5, S.admit),
        (0.8, S.discharge),
        (0.9, S.close),
    ],
    "stat_sent": _STAT,
    "stat_no_consent": _STAT_GROUND,
    "stat_accepted": [*_STAT, _TAKEN[0]],
    "stat_in_care": [*_STAT, *_TAKEN],
    "stat_unknown": [*_STAT_UNKNOWN, *_TAKEN],
    "stat_closed": [
        *_STAT,
        *_TAKEN,
        (_hours(15), S.review_emergency),
        (0.4, S.discharge),
        (0.5, S.close),
    ],
    "stat_deceased": [
        *_STAT_GROUND,
        *_TAKEN,
        (_hours(16), S.review_emergency),
        (_hours(8), S.record_death_in_hospital),
    ],
}
