"""Where a referral is, who has it, since when, and what is next (templates/components/timeline.html)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from core.errors import Text
from disclosure.policy import EVERYTHING
from referrals.models import Appointment, DischargeSummary, EligibilityCheck, Referral, StatusChange
from referrals.outline import shown
from referrals.presentation import when
from referrals.states import AuthorisationState, ReferralState


@dataclass(slots=True)
class Station:
    """`state` is done, current, todo or stopped."""

    state: str
    title: str
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Trace:
    """What the stations are told from."""

    referral: Referral
    changes: Sequence[StatusChange]
    check: EligibilityCheck | None = None
    rules: int = 0
    appointment: Appointment | None = None
    summary: DischargeSummary | None = None
    now: datetime = field(default_factory=timezone.now)
    kinds: frozenset[str] = EVERYTHING
    #: The body that decides now, where several do one after another.
    has_it: str = ""

    def last(self, *events: str) -> StatusChange | None:
        """The newest change by one of the events."""
        return next((row for row in reversed(self.changes) if row.event in events), None)

    def at(self, *events: str) -> str:
        change = self.last(*events)
        return when.moment(change.at, self.now) if change else ""


S = ReferralState
# How many stations lie behind a referral in this state.
_REACHED = {
    S.DRAFT: 0,
    S.SUBMITTED: 1,
    S.SCREENING: 1,
    S.IN_REVIEW: 2,
    S.INFO_REQUESTED: 2,
    S.REFUSED: 2,
    S.SENT: 3,
    S.DECLINED: 3,
    S.ACCEPTED: 4,
    S.SCHEDULED: 4,
    S.IN_CARE: 5,
    S.DISCHARGED: 6,
    S.CLOSED: 7,
}
_ENDED: dict[ReferralState, Text] = {
    S.WITHDRAWN: gettext_lazy("Withdrawn by the directing hospital"),
    S.CANCELLED: gettext_lazy("Cancelled by the directing ministry"),
    S.DECEASED: gettext_lazy("Ended by the patient’s death"),
    S.ENTERED_IN_ERROR: gettext_lazy("Entered in error"),
}


def former_timeline(referral: Referral, now: datetime) -> list[Station]:
    """What a former host knows of where it is: from when until when it was there."""
    there = Station("done", _("Sent to your hospital"), [when.moment(referral.sent_at, now)])
    return [
        there,
        Station("stopped", _("Went to another hospital"), [when.moment(referral.former_since, now)]),
    ]


def timeline(trace: Trace) -> list[Station]:
    """The seven stations of a referral; of one that ended early, those behind it and how it ended."""
    state = ReferralState(trace.referral.state)
    ended = state in _ENDED
    reached = _REACHED[_state_before_end(trace) if ended else state]
    makers = (_filed, _checked, _decided, _answered, _admitted, _discharged, _closed)
    built = []
    for place, make in enumerate(makers):
        mood = "done" if place < reached else "current" if place == reached else "todo"
        built.append(make(trace, mood))
    if ended:
        return [*built[:reached], _end(trace, state)]
    if state == S.REFUSED:
        return [*built[:2], *_refused(trace)]
    return built


def _state_before_end(trace: Trace) -> ReferralState:
    change = trace.last("withdraw", "cancel", "record_death", "enter_in_error", "discard")
    before = ReferralState(change.from_state) if change else S.SUBMITTED
    return before if before in _REACHED else S.SUBMITTED


def _filed(trace: Trace, mood: str) -> Station:
    referral = trace.referral
    if referral.submitted_at is None:
        station = Station(mood, _("Being written"))
        station.lines = [_("Nothing is sent until the last page.")]
        return station
    title = _("Filed and sent at once") if referral.is_emergency else pgettext("timeline", "Filed")
    return Station(
        mood, title, [when.moment(referral.submitted_at, trace.now), referral.directing_facility.name]
    )


def _checked(trace: Trace, mood: str) -> Station:
    station = Station(mood, pgettext("timeline", "Checked"))
    if mood == "done" and trace.referral.is_emergency and trace.check is None:
        # The host has an emergency before the check is through; without clinical sight nothing is known of it.
        station.state = "todo"
    elif mood == "current":
        station.lines = [_("The rules are being checked now.")]
    elif trace.check is not None:
        rules = ngettext("%(count)s rule", "%(count)s rules", trace.rules) % {"count": trace.rules}
        station.lines = [when.moment(trace.check.checked_at, trace.now), *([rules] if trace.rules else [])]
    return station


def _decided(trace: Trace, mood: str) -> Station:
    if trace.referral.is_emergency:
        return _reviewed(trace)
    authorisation = getattr(trace.referral, "authorisation", None)
    station = Station(mood, _decision_title(trace, authorisation))
    if authorisation is None:
        return station
    if mood == "done" and authorisation.decided_at is not None:
        station.lines = [
            str(authorisation.get_state_display()),
            when.moment(authorisation.decided_at, trace.now),
            authorisation.decided_by_label,
        ]
        if authorisation.valid_until and shown("authorisation.valid_until", trace.kinds):
            station.lines.append(
                _("valid from %(first)s to %(last)s")
                % {
                    "first": when.short_day(authorisation.valid_from, trace.now),
                    "last": when.short_day(authorisation.valid_until, trace.now),
                }
            )
    elif mood == "current":
        who = [_("now with: %(body)s") % {"body": trace.has_it}] if trace.has_it else []
        station.lines = [*who, *_deciding(trace, authorisation.stopped_at, authorisation.due_at)]
    return station


def _decision_title(trace: Trace, authorisation: Any) -> str:
    """The directing ministry decides alone, or several bodies one after another."""
    if authorisation is not None and authorisation.stages_in_all > 1:
        return _("Decision by the bodies of the chain")
    return _("Decision by the health ministry (%(country)s)") % {
        "country": trace.referral.directing_country.name
    }


def _deciding(trace: Trace, stopped_at: datetime | None, due_at: datetime | None) -> list[str]:
    lines = [_("since %(moment)s") % {"moment": trace.at("finish_screening", "reopen")}]
    if stopped_at is not None:
        lines.append(_("information asked %(moment)s") % {"moment": when.moment(stopped_at, trace.now)})
    elif due_at is not None:
        lines.append(_due(due_at, trace.referral.deciding_zone, trace.now))
    return lines


def _due(due: datetime, zone: ZoneInfo, now: datetime) -> str:
    return when.ends(due, zone, now, at=_("due by %(moment)s"), with_day=_("due by the end of %(day)s"))


def _reviewed(trace: Trace) -> Station:
    """An emergency needs no decision: the ministry looks at it afterwards, beside the care."""
    authorisation = trace.referral.authorisation
    if authorisation.reviewed_at is not None:
        return Station(
            "done", _("Reviewed by the health ministry"), [when.moment(authorisation.reviewed_at, trace.now)]
        )
    lines = [_("no authorisation needed before the care")]
    if authorisation.due_at is not None:
        lines.append(_due(authorisation.due_at, trace.referral.ministry_zone, trace.now))
    return Station("todo", _("Review by the health ministry"), lines)


def _answered(trace: Trace, mood: str) -> Station:
    referral = trace.referral
    station = Station(mood, _("Answer by the host hospital"))
    host = referral.host_facility.name if referral.host_facility else ""
    if mood == "done":
        station.lines = [
            _("accepted %(moment)s") % {"moment": trace.at("accept", "accept_by_telephone")},
            host,
        ]
    elif mood == "current" and referral.state == S.DECLINED:
        station.title = _("Declined by the host hospital")
        station.lines = [
            trace.at("decline", "decline_by_telephone"),
            _("The coordinator of the directing ministry looks for another hospital."),
        ]
    elif mood == "current" and referral.sent_at is not None:
        station.lines = [host, _("since %(moment)s") % {"moment": when.moment(referral.sent_at, trace.now)}]
        if referral.host_reply_due_at is not None and referral.host_zone is not None:
            station.lines.append(_due(referral.host_reply_due_at, referral.host_zone, trace.now))
    elif host:
        station.lines = [host]
    return station


def _admitted(trace: Trace, mood: str) -> Station:
    station = Station(mood, _("Journey and admission"))
    if mood == "done":
        station.lines = [_("admitted %(moment)s") % {"moment": trace.at("admit")}]
    elif trace.appointment is not None:
        sure = trace.appointment.confirmed
        starts = when.at_host(trace.appointment.period.lower, trace.referral.host_zone, trace.now)
        station.lines = [
            (_("confirmed for %(moment)s") if sure else _("offered for %(moment)s")) % {"moment": starts}
        ]
    return station


def _discharged(trace: Trace, mood: str) -> Station:
    station = Station(mood, _("Discharge summary"))
    if trace.summary is not None:
        station.lines = [when.moment(trace.summary.written_at, trace.now), trace.summary.written_by_label]
    elif mood == "current":
        station.lines = [_("in care since %(moment)s") % {"moment": trace.at("admit")}]
    return station


def _closed(trace: Trace, mood: str) -> Station:
    station = Station(mood, pgettext("timeline", "Closed"))
    if mood == "done":
        station.lines = [trace.at("close")]
    elif mood == "current":
        station.lines = [_("The directing clinician reads the summary and closes.")]
    return station


def _refused(trace: Trace) -> list[Station]:
    authorisation = trace.referral.authorisation
    country = trace.referral.directing_country.name
    lines = [when.moment(authorisation.decided_at, trace.now), authorisation.decided_by_label]
    told = shown("authorisation.appeal_due_at", trace.kinds)
    if told and authorisation.state == AuthorisationState.REFUSED and authorisation.appeal_due_at:
        lines.append(when.appeal_ends(authorisation.appeal_due_at, trace.referral.ministry_zone, trace.now))
    title = _("Refused by the health ministry (%(country)s)") % {"country": country}
    if authorisation.stages_in_all > 1:
        title = _("Refused in stage %(number)s of %(total)s") % {
            "number": authorisation.stage,
            "total": authorisation.stages_in_all,
        }
    refused = Station("stopped", title, lines)
    if authorisation.state == AuthorisationState.APPEALED:
        refused.state = "done"
        return [
            refused,
            Station("current", _("Appeal"), [_("since %(moment)s") % {"moment": trace.at("appeal")}]),
        ]
    if authorisation.state == AuthorisationState.UPHELD:
        refused.state = "done"
        return [refused, Station("stopped", _("The refusal was upheld"), [trace.at("uphold")])]
    return [refused]


def _end(trace: Trace, state: ReferralState) -> Station:
    change = trace.last("withdraw", "cancel", "record_death", "enter_in_error", "discard")
    lines = [when.moment(change.at, trace.now), change.by_label] if change else []
    return Station("stopped", str(_ENDED[state]), lines)
