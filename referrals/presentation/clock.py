"""Time limits as sentences with a bar, for templates/components/clock.html."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements import clocks
from agreements.access import calendar_of
from agreements.clocks import ClockReading, Limit, read_clock
from facilities.models import Country
from referrals.models import Referral
from referrals.presentation import when
from referrals.states import AuthorisationState, ReferralState


@dataclass(frozen=True, slots=True)
class Clock:
    """`kind` is running, late or stopped; `level` as `clocks.ClockReading`; `percent` is the share used, 0 to 100."""

    sentence: str
    of: str
    note: str
    percent: int
    kind: str
    level: str
    due_at: datetime


_UNDECIDED = {
    AuthorisationState.PENDING,
    AuthorisationState.IN_REVIEW,
    AuthorisationState.CLOCK_STOPPED,
    AuthorisationState.OVERTURNED,
}


def decision_clock(referral: Referral, now: datetime | None = None) -> Clock | None:
    """The ministry's clock: for the decision, or for the review of an emergency. None once it has been met."""
    authorisation = getattr(referral, "authorisation", None)
    if authorisation is None or authorisation.due_at is None or authorisation.clock_started_at is None:
        return None
    reviews = authorisation.state == AuthorisationState.NOT_REQUIRED and authorisation.reviewed_at is None
    if not reviews and authorisation.state not in _UNDECIDED:
        return None
    if referral.over_at is not None:
        return None
    now = now or timezone.now()
    reading = read_clock(
        authorisation.clock_started_at,
        authorisation.due_at,
        now,
        authorisation.stopped_at,
        authorisation.stopped_seconds,
    )
    limit = clocks.REVIEW_OF_EMERGENCY if reviews else clocks.DECISION[referral.priority]
    what = _("for the review of the emergency") if reviews else _limit_words(limit)
    note = _decision_note(referral, authorisation.due_at, now)
    return _clock(
        reading,
        authorisation.due_at,
        what,
        note,
        _working_days_left(limit, reading, referral.directing_country, now),
    )


def host_clock(referral: Referral, now: datetime | None = None) -> Clock | None:
    """The host's clock while its answer is awaited, else None."""
    if referral.state != ReferralState.SENT or referral.host_reply_due_at is None or referral.sent_at is None:
        return None
    now = now or timezone.now()
    reading = read_clock(referral.sent_at, referral.host_reply_due_at, now)
    note = _("The host hospital’s answer is due by %(moment)s.") % {
        "moment": when.limit(referral.host_reply_due_at, now)
    }
    limit = clocks.HOST_REPLY[referral.priority]
    days = _working_days_left(limit, reading, referral.host_country, now)
    return _clock(reading, referral.host_reply_due_at, _limit_words(limit), note, days)


def clock_of(referral: Referral, now: datetime | None = None, *, reviewing: bool = False) -> Clock | None:
    """The clock that runs now: the host's while its answer is awaited, else the ministry's.

    `reviewing`: of the work that the row asks of its reader, the review of an emergency, whoever answers meanwhile.
    """
    if reviewing:
        return decision_clock(referral, now)
    return host_clock(referral, now) or decision_clock(referral, now)


def _decision_note(referral: Referral, due: datetime, now: datetime) -> str:
    authorisation = referral.authorisation
    stopped, hard = authorisation.stopped_at, authorisation.hard_due_at
    if stopped is not None:
        return _(
            "It has stood still since %(moment)s, while information is asked for. Left then: %(time)s."
        ) % {
            "moment": when.moment(stopped, now),
            "time": when.span(due - stopped),
        }
    if hard is not None:
        return _("Due by %(moment)s, and at the latest by %(last)s.") % {
            "moment": when.limit(due, now),
            "last": when.short_day(hard, now),
        }
    return _("Due by %(moment)s.") % {"moment": when.limit(due, now)}


def _working_days_left(
    limit: Limit | None, reading: ClockReading, country: Country | None, now: datetime
) -> int | None:
    """Whole working days until (negative: since) the end of a limit that counts in them; None for any other."""
    if limit is None or not limit.working_days or reading.stopped or country is None:
        return None
    return clocks.working_days_between(now, now + reading.left, calendar_of(country))


def _clock(reading: ClockReading, due: datetime, of: str, note: str, working_days: int | None) -> Clock:
    length = when.span(reading.left)
    if working_days:
        days = abs(working_days)
        length = ngettext("%(count)s working day", "%(count)s working days", days) % {"count": days}
    # Less than a working day, and days off in between: hours of the clock would be another unit than the limit's.
    over_days_off = working_days == 0 and abs(reading.left) >= timedelta(days=1)
    if reading.stopped:
        kind, sentence = "stopped", _("Clock stopped")
    elif reading.left.total_seconds() < 0:
        kind, sentence = "late", _("%(time)s over the limit") % {"time": length}
        if over_days_off:
            sentence = _("Less than 1 working day over the limit")
    else:
        kind = "late" if reading.level in {"late", "over"} else "running"
        sentence = _("%(time)s left") % {"time": length}
        if over_days_off:
            sentence = _("Less than 1 working day left")
    return Clock(sentence, of, note, reading.percent, kind, reading.level, due)


def _limit_words(limit: Limit | None) -> str:
    """“of 3 working days”, “of 4 hours”."""
    if limit is None:
        return ""
    if limit.working_days:
        days = limit.working_days
        return ngettext("of %(count)s working day", "of %(count)s working days", days) % {"count": days}
    if limit.hours < 1:
        minutes = round(limit.hours * 60)
        return ngettext("of %(count)s minute", "of %(count)s minutes", minutes) % {"count": minutes}
    hours = round(limit.hours)
    return ngettext("of %(count)s hour", "of %(count)s hours", hours) % {"count": hours}
