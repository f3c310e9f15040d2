"""The panel that comes first on a referral's page: what the reader has to do now, or who has it meanwhile."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from referrals.presentation import actions, when
from referrals.presentation.case import Case
from referrals.states import AuthorisationState, ReferralState

S = ReferralState
# The steps that stand as buttons in the panel, the first one as the main button.
_BUTTONS: dict[str, tuple[str, ...]] = {
    S.INFO_REQUESTED: ("answer",),
    S.SENT: ("accept", "decline", "re_route", "accept_by_telephone", "decline_by_telephone"),
    S.REFUSED: ("appeal", "overturn", "uphold"),
    S.ACCEPTED: ("schedule",),
    S.DECLINED: ("re_route",),
    S.SCHEDULED: ("admit",),
    S.IN_CARE: ("discharge",),
    S.DISCHARGED: ("close",),
}


@dataclass(frozen=True, slots=True)
class Now:
    """`mine`: the reader must act. `items` are numbered; `buttons` are dicts of url, text and secondary."""

    title: str
    mine: bool
    text: str = ""
    note: str = ""
    items: list[str] = field(default_factory=list)
    buttons: list[dict[str, Any]] = field(default_factory=list)
    events: tuple[str, ...] = ()


def now_panel(case: Case) -> Now | None:
    """What stands first on the page; None while the check is the thing to watch, and for a case that is over."""
    step = case.next()
    if case.check_pending and not step.needs_me and not case.referral.is_emergency:
        return None
    if case.referral.over_at is not None and not step.needs_me and case.referral.state != S.REFUSED:
        return None
    if not step.needs_me:
        return Now(title=step.text, mine=False, text=step.hint)
    events = _events(case)
    buttons = [_button(case, name, place > 0) for place, name in enumerate(events)]
    title, text, items = _words(case, step.text)
    return Now(title=title, mine=True, text=text, note=step.hint, items=items, buttons=buttons, events=events)


def _events(case: Case) -> tuple[str, ...]:
    """The panel's steps: the emergency's review first where it is due, then those of the state, if open."""
    possible = actions.offered(case.actor, case.referral)
    wanted = (actions.DECIDE, "review_emergency", *_BUTTONS.get(case.referral.state, ()))
    if case.authorisation is not None and case.authorisation.state == AuthorisationState.EXPIRED:
        wanted = ("cancel",)
    return tuple(name for name in wanted if name in possible)


def _button(case: Case, name: str, secondary: bool) -> dict[str, Any]:
    found = actions.link(name, case.referral)
    return {"url": found["url"], "text": str(found["text"]), "secondary": secondary}


def _words(case: Case, fallback: str) -> tuple[str, str, list[str]]:
    """Title, text and numbered items of a panel in which the reader must act."""
    state = case.referral.state
    if state == S.INFO_REQUESTED and case.open_questions:
        count = len(case.open_questions)
        title = ngettext(
            "The ministry asks you a question", "The ministry asks you %(count)s questions", count
        )
        asked = case.open_questions[0].request
        text = _("Asked on %(moment)s by %(name)s.") % {
            "moment": when.moment(asked.asked_at, case.now),
            "name": asked.asked_by_label,
        }
        return title % {"count": count}, text, [row.text for row in case.open_questions]
    if state == S.DISCHARGED and case.is_clinician:
        return _("The patient is discharged"), _("Read the summary below, then close the referral."), []
    if state == S.REFUSED and case.is_clinician and case.authorisation is not None:
        return _("The ministry refused the authorisation"), case.authorisation.reason_text, []
    if state == S.SENT and not case.clinical:
        return fallback, case.hidden_because, []
    return fallback, "", []
