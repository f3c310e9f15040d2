"""The chain of an authorisation in words: who has it, since when, who approved, and who comes next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Text
from disclosure.models import DataKind
from referrals.models import AuthorisationStage, Referral
from referrals.models.stage import STAGE_CHOICES
from referrals.presentation import when
from referrals.presentation.clinical import money
from referrals.presentation.history import reason_label
from referrals.presentation.labels import Tag
from referrals.states import OPEN_STAGES, StageState

_KINDS = {
    StageState.WAITING: "wait",
    StageState.IN_REVIEW: "info",
    StageState.CLOCK_STOPPED: "warn",
    StageState.GRANTED: "ok",
    StageState.PARTLY_GRANTED: "ok",
    StageState.REFUSED: "bad",
    StageState.PASSED_OVER: "wait",
}
STAGE_TAGS: dict[str, Tag] = {state: Tag(_KINDS[state], label) for state, label in STAGE_CHOICES}


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage as the case shows it; `now`: its body has the case. `reason` is for readers of the clinical content."""

    number: int
    name: str
    body: str
    tag: Tag
    now: bool
    lines: list[str] = field(default_factory=list)
    reason: str = ""


def body_name(stage: AuthorisationStage) -> str:
    """The body: a certain one, or the ministry of a country."""
    if stage.organisation is not None:
        return stage.organisation.display_name
    return _("Health ministry (%(country)s)") % {"country": stage.country.name}


def chain_rows(
    stages: Sequence[AuthorisationStage], referral: Referral, now: datetime, *, kinds: frozenset[str]
) -> list[StageRow]:
    """Every stage in its order; nothing where nobody has to approve. Reasons and sums by the reader's `kinds`."""
    over = referral.over_at is not None
    return [_row(stage, now, kinds=kinds, over=over) for stage in stages]


def _row(stage: AuthorisationStage, now: datetime, *, kinds: frozenset[str], over: bool) -> StageRow:
    at_it = stage.state in OPEN_STAGES and not over
    return StageRow(
        number=stage.position,
        name=stage.name,
        body=body_name(stage),
        tag=STAGE_TAGS[stage.state],
        now=at_it,
        lines=[str(line) for line in _lines(stage, now, at_it=at_it, kinds=kinds) if line],
        reason=_reason(stage) if DataKind.CARE in kinds else "",
    )


def _lines(stage: AuthorisationStage, now: datetime, *, at_it: bool, kinds: frozenset[str]) -> list[Text]:
    lines: list[Text] = []
    if at_it and stage.since is not None:
        lines.append(_("It has had the case since %(moment)s.") % {"moment": when.moment(stage.since, now)})
    if at_it and stage.state == StageState.IN_REVIEW and stage.due_at is not None:
        lines.append(_("Its decision is due by %(moment)s.") % {"moment": when.moment(stage.due_at, now)})
    if at_it and stage.signed_at is not None:
        lines.append(
            _("%(name)s signed first on %(moment)s. A second person signs.")
            % {"name": stage.signed_by_label, "moment": when.moment(stage.signed_at, now)}
        )
    if at_it and stage.rule.silence_grants:
        lines.append(_("If it stays silent until then, this counts as its approval."))
    if stage.decided_at is not None:
        lines.append(_decided(stage, now))
    if DataKind.CARE in kinds and stage.terms.get("care_text") and stage.state == StageState.PARTLY_GRANTED:
        lines.append(stage.terms["care_text"])
    if DataKind.PAYMENT in kinds and stage.ceiling[0] is not None and stage.decided_at is not None:
        lines.append(_("Ceiling: %(amount)s.") % {"amount": money(*stage.ceiling)})
    return lines


def _decided(stage: AuthorisationStage, now: datetime) -> str:
    moment = when.moment(stage.decided_at, now)
    if stage.silent:
        return _("It stayed silent until %(moment)s, which grants here.") % {"moment": moment}
    if stage.signed_by_label:
        return _("%(name)s and %(second)s, %(moment)s") % {
            "name": stage.signed_by_label,
            "second": stage.decided_by_label,
            "moment": moment,
        }
    return _("%(name)s, %(moment)s") % {"name": stage.decided_by_label, "moment": moment}


def _reason(stage: AuthorisationStage) -> str:
    return "" if stage.silent or stage.state not in _DECIDED else stage.reason_text


_DECIDED = (StageState.GRANTED, StageState.PARTLY_GRANTED, StageState.REFUSED)


def has_it(stages: Sequence[AuthorisationStage], referral: Referral) -> AuthorisationStage | None:
    """The stage whose body has the case now; None where nobody decides."""
    if referral.over_at is not None:
        return None
    return next((stage for stage in stages if stage.state in OPEN_STAGES), None)


def refused_by(stages: Sequence[AuthorisationStage]) -> str:
    """In which stage the authorisation was refused, in a sentence; empty where it wasn't, or by the only body."""
    refused = next((stage for stage in stages if stage.state == StageState.REFUSED), None)
    if refused is None or len(stages) < 2:
        return ""
    return _("Refused in stage %(number)s of %(total)s: %(name)s, %(body)s.") % {
        "number": refused.position,
        "total": len(stages),
        "name": refused.name,
        "body": body_name(refused),
    }


def signed_rows(stage: AuthorisationStage, now: datetime, kinds: frozenset[str]) -> list[dict[str, Any]]:
    """What a first person signed, as rows."""
    terms = stage.terms
    if stage.signed_at is None or not terms:
        return []
    dates = {
        "first": when.day(date.fromisoformat(terms["valid_from"])),
        "last": when.day(date.fromisoformat(terms["valid_until"])),
    }
    signed = {"name": stage.signed_by_label, "moment": when.moment(stage.signed_at, now)}
    rows = [
        {"key": _("Care"), "value": terms["care_text"]},
        {"key": _("Valid"), "value": _("from %(first)s to %(last)s") % dates},
        {"key": _("Ceiling"), "value": money(*stage.ceiling) if DataKind.PAYMENT in kinds else ""},
        {"key": _("Ground"), "value": reason_label(terms["reason_code"])},
        {"key": _("Reason"), "value": terms["reason_text"]},
        {"key": _("Signed first by"), "value": _("%(name)s, %(moment)s") % signed},
    ]
    return [row for row in rows if row["value"]]
