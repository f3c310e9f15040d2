"""Time limits as sentences with a bar, for templates/components/clock.html."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements import clocks
from agreements.access import calendar_of
from agreements.clocks import Calendar, ClockReading, Limit, read_clock
from facilities.models import Country
from referrals.models import Referral
from referrals.presentation import when
from referrals.presentation.left import in_minutes, left, left_then
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
    AuthorisationState.APPEALED,
}


def decision_clock(referral: Referral, now: datetime | None = None) -> Clock | None:
    """The ministry's clock: for the decision, an appeal, or the review of an emergency. None once it has been met."""
    authorisation = getattr(referral, "authorisation", None)
    if authorisation is None or authorisation.due_at is None or authorisation.clock_started_at is None:
        return None
    reviews = authorisation.state == AuthorisationState.NOT_REQUIRED and authorisation.reviewed_at is None
    if not reviews and authorisation.state not in _UNDECIDED:
        return None
    if referral.over_at is not None and authorisation.state != AuthorisationState.APPEALED:
        return None
    now = now or timezone.now()
    reading = read_clock(
        authorisation.clock_started_at,
        authorisation.due_at,
        now,
        authorisation.stopped_at if authorisation.clock_stops else None,
        authorisation.stopped_seconds,
    )
    limit = clocks.REVIEW_OF_EMERGENCY if reviews else authorisation.limit
    what = _("for the review of the emergency") if reviews else _limit_words(limit, reading.left)
    hosts = authorisation.clock_country == referral.host_country_id
    country = referral.host_country if hosts else referral.directing_country
    calendar = _calendar(limit, country, referral.deciding_zone)
    due = authorisation.due_at
    note = [*_decision_note(referral, due, calendar, now), _unknown_year(due, calendar)]
    return _clock(reading, due, what, note, calendar)


def host_clock(referral: Referral, now: datetime | None = None) -> Clock | None:
    """The host's clock while its answer is awaited, else None."""
    due, zone = referral.host_reply_due_at, referral.host_zone
    if referral.state != ReferralState.SENT or due is None or referral.sent_at is None or zone is None:
        return None
    now = now or timezone.now()
    reading = read_clock(referral.sent_at, due, now)
    limit = clocks.HOST_REPLY[referral.priority]
    calendar = _calendar(limit, referral.host_country, zone)
    note = when.ends(
        due,
        zone,
        now,
        at=_("The host hospital’s answer is due by %(moment)s."),
        with_day=_("The host hospital’s answer is due by the end of %(day)s."),
    )
    return _clock(
        reading, due, _limit_words(limit, reading.left), [note, _unknown_year(due, calendar)], calendar
    )


def clock_of(referral: Referral, now: datetime | None = None, *, reviewing: bool = False) -> Clock | None:
    """The clock that runs now: the host's while its answer is awaited, else the ministry's for its decision.

    `reviewing`: the reader's own work is the review of an emergency, whoever answers meanwhile. Nobody else waits for
    that, so its clock is shown to nobody else.
    """
    if reviewing:
        return decision_clock(referral, now)
    clock = host_clock(referral, now)
    return clock if clock is not None or _waits_for_review(referral) else decision_clock(referral, now)


def _waits_for_review(referral: Referral) -> bool:
    authorisation = getattr(referral, "authorisation", None)
    return authorisation is not None and authorisation.state == AuthorisationState.NOT_REQUIRED


def _decision_note(referral: Referral, due: datetime, calendar: Calendar | None, now: datetime) -> list[str]:
    authorisation, zone = referral.authorisation, referral.deciding_zone
    stopped = authorisation.stopped_at if authorisation.clock_stops else None
    hard = authorisation.hard_due_at
    if stopped is not None:
        since = _("It has stood still since %(moment)s, while information is asked for.")
        return [since % {"moment": when.moment(stopped, now)}, left_then(due, stopped, calendar)]
    note = [when.ends(due, zone, now, at=_("Due by %(moment)s."), with_day=_("Due by the end of %(day)s."))]
    if hard is not None:
        note.append(_("At the latest it is due on %(day)s.") % {"day": when.short_day(hard, now, zone)})
    return note


def _calendar(limit: Limit | None, country: Country | None, zone: ZoneInfo) -> Calendar | None:
    """By which working days a limit is told; None for one in hours."""
    counts = limit is not None and limit.working_days and country is not None
    return calendar_of(country, zone) if counts and country is not None else None


def _unknown_year(due: datetime, calendar: Calendar | None) -> str:
    """That a limit in working days ends in a year of which nobody has entered the days off; empty otherwise."""
    if calendar is None:
        return ""
    year = due.astimezone(calendar.zone).year
    if year in calendar.years:
        return ""
    text = _("No public holidays are entered for %(year)s yet: every weekday counts as a working day.")
    return text % {"year": year}


def _clock(
    reading: ClockReading, due: datetime, of: str, note: list[str], calendar: Calendar | None
) -> Clock:
    if reading.stopped:
        kind, sentence = "stopped", _("Clock stopped")
    else:
        kind = "late" if reading.left < timedelta() or reading.level in {"late", "over"} else "running"
        sentence = left(due, due - reading.left, calendar)
    return Clock(sentence, of, " ".join(filter(None, note)), reading.percent, kind, reading.level, due)


def _limit_words(limit: Limit | None, rest: timedelta) -> str:
    """“of 3 working days”, “of 4 hours”: of which limit so much is left or over, in the same unit, else nothing."""
    if limit is None:
        return ""
    if limit.working_days:
        days = limit.working_days
        return ngettext("of %(count)s working day", "of %(count)s working days", days) % {"count": days}
    if in_minutes(rest):
        minutes = round(limit.hours * 60)
        return ngettext("of %(count)s minute", "of %(count)s minutes", minutes) % {"count": minutes}
    if limit.hours < 1:
        return ""
    hours = round(limit.hours)
    return ngettext("of %(count)s hour", "of %(count)s hours", hours) % {"count": hours}
