"""Periods, plans and erasures in words."""

from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from retention.due import Plan
from retention.models import Erasure, Period, State

_TAGS = {State.WAITING: "wait", State.GRANTED: "info", State.DONE: "ok", State.REFUSED: "warn"}


def length(months: int) -> str:
    """“25 years”, “18 months”."""
    if months % 12 == 0:
        years = months // 12
        return ngettext("%(number)s year", "%(number)s years", years) % {"number": years}
    return ngettext("%(number)s month", "%(number)s months", months) % {"number": months}


def source_of(period: Period) -> str:
    """Where the period comes from; of one that nobody has said yet, that."""
    if period.source:
        return period.source
    if period.obliges:
        return _("The portal’s default: the law of the country was not read for it.")
    return _("The portal’s own limit; no law asks for it.")


def period_row(period: Period) -> dict[str, Any]:
    """A row of a table of periods."""
    if period.over_at is not None:
        standing = ("", _("Over"))
    elif period.approved_at is None:
        standing = ("wait", _("Waits for a second person"))
    elif period.verified:
        standing = ("ok", _("Verified"))
    else:
        standing = ("warn", _("Not verified"))
    return {
        "id": period.pk,
        "country": period.country,
        "kind": period.get_kind_display(),
        "length": length(period.months),
        "obliges": period.obliges,
        "source": source_of(period),
        "standing": standing,
        "made": (period.made_by_label or _("Portal"), period.made_at),
        "approved": (period.approved_by_label or _("Portal"), period.approved_at),
        "over_at": period.over_at,
        "waits": period.approved_at is None and period.over_at is None,
    }


def tag_of(row: Erasure) -> tuple[str, str]:
    return _TAGS[State(row.state)], row.get_state_display()


def goes(plan: Plan) -> list[str]:
    """What would go, a sentence each; one that says that nothing would."""
    if not plan.anything:
        return [_("Nothing goes.")]
    found = []
    if cases := len(plan.cases) - plan.drafts:
        found.append(
            ngettext(
                "%(number)s referral with its documents, questions, decisions in words and papers.",
                "%(number)s referrals with their documents, questions, decisions in words and papers.",
                cases,
            )
            % {"number": cases}
        )
    if plan.drafts:
        found.append(
            ngettext("%(number)s draft.", "%(number)s drafts.", plan.drafts) % {"number": plan.drafts}
        )
    if plan.record:
        found.append(
            _(
                "The record itself: name, date of birth, numbers, contact, coverage, which hospitals know the patient, "
                "and messages to the patient."
            )
        )
    return found


def stays(plan: Plan) -> list[str]:
    """What would stay and why, a sentence each."""
    found = []
    if plan.held:
        found.append(_("A legal hold stands: nothing goes until it is lifted."))
    found += stays_of(plan.stays)
    if plan.until is not None:
        day = formats.date_format(timezone.localtime(plan.until), "DATE_FORMAT")
        found.append(_("The last of these periods ends on %(day)s.") % {"day": day})
    if not plan.record and not plan.held:
        found.append(_("The record itself, as long as anything else stays."))
    found.append(
        _(
            "That there was a record, its history of states without words, and the audit log: they name nobody."
        )
    )
    return found


def stays_of(counted: dict[str, int]) -> list[str]:
    """What stayed, by why."""
    sentences = {
        "open": lambda n: ngettext(
            "%(number)s referral that is under way.", "%(number)s referrals that are under way.", n
        ),
        "law": lambda n: ngettext(
            "%(number)s part that a law obliges to keep.", "%(number)s parts that a law obliges to keep.", n
        ),
        "period": lambda n: ngettext(
            "%(number)s part whose period isn’t over.", "%(number)s parts whose period isn’t over.", n
        ),
        "unknown": lambda n: ngettext(
            "%(number)s part for which no period is known.",
            "%(number)s parts for which no period is known.",
            n,
        ),
    }
    return [sentences[why](number) % {"number": number} for why, number in sorted(counted.items()) if number]


def erasure_row(row: Erasure) -> dict[str, Any]:
    """A row of a list of erasures."""
    return {
        "id": row.pk,
        "record": row.record_id,
        "origin": row.get_origin_display(),
        "facility": row.facility.name if row.facility else "",
        "asked_at": row.asked_at,
        "by": row.recorded_by_label,
        "tag": tag_of(row),
        "waits": row.state == State.WAITING,
        "refusal": row.get_refusal_display() if row.refusal else "",
        "reason": row.reason,
        "decided_at": row.decided_at,
        "decided_by": row.decided_by_label,
        "done_at": row.done_at,
        "stays": stays_of(row.stays),
    }
