"""Where a referral is, who has it, since when, and what is next (templates/components/timeline.html)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from core.errors import Text
from referrals.models import Appointment, DischargeSummary, EligibilityCheck, Referral, StatusChange
from referrals.presentation import when
from referrals.states import AuthorisationState, ReferralState


@dataclass(slots=True)
class TimelineStep:
    """`state` is done, current, todo or stopped."""

    state: str
    title: str
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Trace:
    """What the steps are told from."""

    referral: Referral
    changes: Sequence[StatusChange]
    check: EligibilityCheck | None = None
    rules: int = 0
    appointment: Appointment | None = None
    summary: DischargeSummary | None = None
    now: datetime = field(default_factory=timezone.now)

    def last(self, *events: str) -> StatusChange | None:
        """The newest change by one of the events."""
        return next((row for row in reversed(self.changes) if row.event in events), None)

    def at(self, *events: str) -> str:
        change = self.last(*events)
        return when.moment(change.at, self.now) if change else ""


S = ReferralState
# How many steps lie behind a referral in this state.
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


def timeline(trace: Trace) -> list[TimelineStep]:
    """The seven steps of a referral; of one that ended early, those behind it and how it ended."""
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
    change = trace.last("withdraw", "cancel", "record_death", "enter_in_error")
    before = ReferralState(change.from_state) if change else S.SUBMITTED
    return before if before in _REACHED else S.SUBMITTED


def _filed(trace: Trace, mood: str) -> TimelineStep:
    referral = trace.referral
    if referral.submitted_at is None:
        step = TimelineStep(mood, _("Being written"))
        step.lines = [_("Nothing is sent until the last page.")]
        return step
    title = _("Filed and sent at once") if referral.is_emergency else pgettext("timeline", "Filed")
    return TimelineStep(
        mood, title, [when.moment(referral.submitted_at, trace.now), referral.directing_facility.name]
    )


def _checked(trace: Trace, mood: str) -> TimelineStep:
    step = TimelineStep(mood, pgettext("timeline", "Checked"))
    if mood == "done" and trace.referral.is_emergency and trace.check is None:
        # The host has an emergency before the check is through; without clinical sight nothing is known of it.
        step.state = "todo"
    elif mood == "current":
        step.lines = [_("The rules are being checked now.")]
    elif trace.check is not None:
        rules = ngettext("%(count)s rule", "%(count)s rules", trace.rules) % {"count": trace.rules}
        step.lines = [when.moment(trace.check.checked_at, trace.now), *([rules] if trace.rules else [])]
    return step


def _decided(trace: Trace, mood: str) -> TimelineStep:
    if trace.referral.is_emergency:
        return _reviewed(trace)
    country = trace.referral.directing_country.name
    step = TimelineStep(mood, _("Decision by the health ministry (%(country)s)") % {"country": country})
    authorisation = getattr(trace.referral, "authorisation", None)
    if authorisation is None:
        return step
    if mood == "done" and authorisation.decided_at is not None:
        step.lines = [
            str(authorisation.get_state_display()),
            when.moment(authorisation.decided_at, trace.now),
            authorisation.decided_by_label,
        ]
        if authorisation.valid_until:
            step.lines.append(
                _("valid from %(first)s to %(last)s")
                % {
                    "first": when.short_day(authorisation.valid_from, trace.now),
                    "last": when.short_day(authorisation.valid_until, trace.now),
                }
            )
    elif mood == "current":
        step.lines = _deciding(trace, authorisation.stopped_at, authorisation.due_at)
    return step


def _deciding(trace: Trace, stopped_at: datetime | None, due_at: datetime | None) -> list[str]:
    lines = [_("since %(moment)s") % {"moment": trace.at("finish_screening", "reopen")}]
    if stopped_at is not None:
        lines.append(_("information asked %(moment)s") % {"moment": when.moment(stopped_at, trace.now)})
    elif due_at is not None:
        lines.append(_("due by %(moment)s") % {"moment": when.moment(due_at, trace.now)})
    return lines


def _reviewed(trace: Trace) -> TimelineStep:
    """An emergency needs no decision: the ministry looks at it afterwards, beside the care."""
    authorisation = trace.referral.authorisation
    if authorisation.reviewed_at is not None:
        return TimelineStep(
            "done", _("Reviewed by the health ministry"), [when.moment(authorisation.reviewed_at, trace.now)]
        )
    lines = [_("no authorisation needed before the care")]
    if authorisation.due_at is not None:
        lines.append(_("due by %(moment)s") % {"moment": when.moment(authorisation.due_at, trace.now)})
    return TimelineStep("todo", _("Review by the health ministry"), lines)


def _answered(trace: Trace, mood: str) -> TimelineStep:
    referral = trace.referral
    step = TimelineStep(mood, _("Answer by the host hospital"))
    host = referral.host_facility.name if referral.host_facility else ""
    if mood == "done":
        step.lines = [_("accepted %(moment)s") % {"moment": trace.at("accept")}, host]
    elif mood == "current" and referral.state == S.DECLINED:
        step.title = _("Declined by the host hospital")
        step.lines = [
            trace.at("decline"),
            _("The coordinator of the directing ministry looks for another hospital."),
        ]
    elif mood == "current" and referral.sent_at is not None:
        step.lines = [host, _("since %(moment)s") % {"moment": when.moment(referral.sent_at, trace.now)}]
        if referral.host_reply_due_at is not None:
            due = when.moment(referral.host_reply_due_at, trace.now)
            step.lines.append(_("due by %(moment)s") % {"moment": due})
    elif host:
        step.lines = [host]
    return step


def _admitted(trace: Trace, mood: str) -> TimelineStep:
    step = TimelineStep(mood, _("Journey and admission"))
    if mood == "done":
        step.lines = [_("admitted %(moment)s") % {"moment": trace.at("admit")}]
    elif trace.appointment is not None:
        dates = when.period(trace.appointment.period.lower, trace.appointment.period.upper)
        sure = trace.appointment.confirmed
        step.lines = [
            (_("confirmed for %(dates)s") if sure else _("offered for %(dates)s")) % {"dates": dates}
        ]
    return step


def _discharged(trace: Trace, mood: str) -> TimelineStep:
    step = TimelineStep(mood, _("Discharge summary"))
    if trace.summary is not None:
        step.lines = [when.moment(trace.summary.written_at, trace.now), trace.summary.written_by_label]
    elif mood == "current":
        step.lines = [_("in care since %(moment)s") % {"moment": trace.at("admit")}]
    return step


def _closed(trace: Trace, mood: str) -> TimelineStep:
    step = TimelineStep(mood, pgettext("timeline", "Closed"))
    if mood == "done":
        step.lines = [trace.at("close")]
    elif mood == "current":
        step.lines = [_("The directing clinician reads the summary and closes.")]
    return step


def _refused(trace: Trace) -> list[TimelineStep]:
    authorisation = trace.referral.authorisation
    country = trace.referral.directing_country.name
    lines = [when.moment(authorisation.decided_at, trace.now), authorisation.decided_by_label]
    if authorisation.state == AuthorisationState.REFUSED and authorisation.appeal_due_at:
        due = when.moment(authorisation.appeal_due_at, trace.now)
        lines.append(_("An appeal is possible until %(moment)s.") % {"moment": due})
    refused = TimelineStep(
        "stopped", _("Refused by the health ministry (%(country)s)") % {"country": country}, lines
    )
    if authorisation.state == AuthorisationState.APPEALED:
        refused.state = "done"
        return [
            refused,
            TimelineStep("current", _("Appeal"), [_("since %(moment)s") % {"moment": trace.at("appeal")}]),
        ]
    if authorisation.state == AuthorisationState.UPHELD:
        refused.state = "done"
        return [refused, TimelineStep("stopped", _("The refusal was upheld"), [trace.at("uphold")])]
    return [refused]


def _end(trace: Trace, state: ReferralState) -> TimelineStep:
    change = trace.last("withdraw", "cancel", "record_death", "enter_in_error")
    lines = [when.moment(change.at, trace.now), change.by_label] if change else []
    return TimelineStep("stopped", str(_ENDED[state]), lines)
