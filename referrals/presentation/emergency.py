"""Emergency accesses in words: on the case, and in the list of what waits for a review."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.actors import Actor
from referrals import access
from referrals.emergency import reviews
from referrals.models import EmergencyAccess, Referral
from referrals.presentation import when
from referrals.presentation.labels import Tag


def access_rows(
    accesses: Iterable[EmergencyAccess], referral: Referral, actor: Actor, now: datetime
) -> list[dict[str, Any]]:
    """The accesses of a case for this reader: tag, sentences, the reason and the review for who may read them."""
    may_review = reviews(actor, referral)
    return [
        {
            "tag": state_of(row, now),
            "text": _("Opened by %(name)s on %(moment)s, until %(until)s.")
            % {
                "name": row.opened_by_label,
                "moment": when.moment(row.opened_at, now),
                "until": when.moment(row.until, now),
            },
            "reason": row.reason if access.sees_said(actor, referral, row) else "",
            "due": due_text(row, now),
            "review": _review(row, now),
            "review_text": row.review_text if access.sees_said(actor, referral, row) else "",
            "url": reverse("referrals:emergency_review", args=[referral.pk, row.pk])
            if may_review and row.reviewed_at is None
            else "",
        }
        for row in accesses
    ]


def state_of(row: EmergencyAccess, now: datetime) -> Tag:
    """Whether it waits, is overdue, or what the review found."""
    if row.reviewed_at is not None:
        kind = "ok" if row.verdict == EmergencyAccess.Verdict.JUSTIFIED else "bad"
        return Tag(kind, str(row.get_verdict_display()))
    if now > row.review_due_at:
        return Tag("bad", _("Review overdue"))
    return Tag("wait", _("To be reviewed"))


def due_text(row: EmergencyAccess, now: datetime) -> str:
    """Until when it is to be reviewed; empty once it is."""
    if row.reviewed_at is not None:
        return ""
    return _("To be reviewed by %(moment)s.") % {"moment": when.moment(row.review_due_at, now)}


def _review(row: EmergencyAccess, now: datetime) -> str:
    if row.reviewed_at is None:
        return ""
    return _("Reviewed by %(name)s on %(moment)s.") % {
        "name": row.reviewed_by_label,
        "moment": when.moment(row.reviewed_at, now),
    }
