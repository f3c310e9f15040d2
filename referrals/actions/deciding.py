"""The ministry's part: ask, and decide with a reason. A named officer decides, never the machine."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements import clocks
from agreements.access import end_after_stop, end_of
from core import days, zones
from core.actors import Actor
from core.db import action
from core.errors import Invalid
from referrals.actions.drafting import add_evidence
from referrals.actions.filing import mark_sent
from referrals.actions.road import check, lock, move, require_text
from referrals.content import TOO_FAR_AHEAD
from referrals.models import Authorisation, DecisionReason, InformationRequest, Question, Referral
from referrals.models.authorisation import GRANT_REASONS, MAX_VALIDITY, PARTLY_REASONS, REFUSAL_REASONS
from referrals.states import AuthorisationEvent, ReferralEvent

__all__ = ["answer", "grant", "partly_grant", "refuse", "request_information"]

MAX_QUESTIONS = 10
REASON_MISSING = _("Give the reason in words. The clinician and the patient read it.")


@action
def request_information(
    referral_id: UUID | str, *, by: Actor, questions: list[str], version: int | None = None
) -> Referral:
    """Ask the directing clinician one to ten questions. The decision clock stands still until the answer."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.REQUEST_INFORMATION, by=by)
    texts = [text.strip() for text in questions if text.strip()]
    if not texts:
        raise Invalid({"questions": [_("Write at least one question.")]})
    if len(texts) > MAX_QUESTIONS:
        raise Invalid(
            {"questions": [_("Ask at most %(count)s questions at a time.") % {"count": MAX_QUESTIONS}]}
        )
    now = timezone.now()
    assert by.user_id is not None, "the ministry's roles belong to persons"
    request = InformationRequest.objects.create(
        referral=referral, asked_at=now, asked_by_id=by.user_id, asked_by_label=by.label
    )
    Question.objects.bulk_create(
        Question(request=request, position=position, text=text)
        for position, text in enumerate(texts, start=1)
    )
    referral.authorisation.stopped_at = now
    move(referral, AuthorisationEvent.STOP_CLOCK, by=by)
    move(referral, ReferralEvent.REQUEST_INFORMATION, by=by)
    return referral


@action
def answer(
    referral_id: UUID | str,
    *,
    by: Actor,
    answers: dict[int, str],
    evidence: dict[str, Any] | None = None,
    version: int | None = None,
) -> Referral:
    """Answer every open question (by position), optionally with a newer report. The check runs again."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.ANSWER, by=by)
    request = referral.information_requests.select_for_update().get(answered_at__isnull=True)
    missing = {}
    questions = list(request.questions.all())
    for question in questions:
        question.answer = answers.get(question.position, "").strip()
        if not question.answer:
            missing[f"answer_{question.position}"] = [_("Answer this question.")]
    if missing:
        raise Invalid(missing)
    Question.objects.bulk_update(questions, ["answer"])
    now = timezone.now()
    request.answered_at, request.answered_by_label = now, by.label
    request.save(update_fields=["answered_at", "answered_by_label"])
    if evidence:
        add_evidence(referral, evidence, by=by)
    _restart_clock(referral, now)
    move(referral, AuthorisationEvent.RESTART_CLOCK, by=by)
    move(referral, ReferralEvent.ANSWER, by=by)
    return referral


def _restart_clock(referral: Referral, now: datetime) -> None:
    authorisation, limit = referral.authorisation, clocks.DECISION[referral.priority]
    stopped, due = authorisation.stopped_at, authorisation.due_at
    assert stopped is not None, "a stopped clock has its time: a constraint holds it"
    authorisation.stopped_seconds += int((now - stopped).total_seconds())
    if due is not None and limit is not None:
        country = referral.directing_country_id
        authorisation.due_at = end_after_stop(limit, due, stopped, now, country=country)
    authorisation.stopped_at = None


@action
def grant(
    referral_id: UUID | str,
    *,
    by: Actor,
    reason_code: str,
    reason_text: str,
    valid_from: date,
    valid_until: date,
    ceiling_amount: Decimal | None = None,
    ceiling_currency: str = "",
    version: int | None = None,
) -> Referral:
    """Authorise the care as asked for, at the host asked for, in a window; the referral goes to the host."""
    referral = lock(referral_id, by=by, version=version)
    return _grant(
        referral,
        AuthorisationEvent.GRANT,
        by=by,
        reason=(reason_code, reason_text),
        window=(valid_from, valid_until),
        ceiling=(ceiling_amount, ceiling_currency),
        care_text=referral.service,
    )


@action
def partly_grant(
    referral_id: UUID | str,
    *,
    by: Actor,
    reason_code: str,
    reason_text: str,
    care_text: str,
    valid_from: date,
    valid_until: date,
    ceiling_amount: Decimal | None = None,
    ceiling_currency: str = "",
    version: int | None = None,
) -> Referral:
    """Authorise a part, described in `care_text`; the referral goes to the host with that description."""
    referral = lock(referral_id, by=by, version=version)
    return _grant(
        referral,
        AuthorisationEvent.PARTLY_GRANT,
        by=by,
        reason=(reason_code, reason_text),
        window=(valid_from, valid_until),
        ceiling=(ceiling_amount, ceiling_currency),
        care_text=care_text,
    )


def _grant(
    referral: Referral,
    event: AuthorisationEvent,
    *,
    by: Actor,
    reason: tuple[str, str],
    window: tuple[date, date],
    ceiling: tuple[Decimal | None, str],
    care_text: str,
) -> Referral:
    check(referral, event, by=by)
    authorisation = referral.authorisation
    _check_window(*window)
    allowed = PARTLY_REASONS if event == AuthorisationEvent.PARTLY_GRANT else GRANT_REASONS
    _decide(authorisation, by, reason, allowed)
    authorisation.valid_from, authorisation.valid_until = window
    authorisation.ceiling_amount, authorisation.ceiling_currency = _ceiling(*ceiling)
    authorisation.facility = referral.host_facility
    authorisation.care_text = require_text(
        "care_text", care_text, _("Say which part of the care is granted.")
    )
    move(referral, event, by=by, reason_code=reason[0], reason_text=authorisation.reason_text)
    mark_sent(referral, timezone.now())
    move(referral, ReferralEvent.SEND, by=by)
    return referral


@action
def refuse(
    referral_id: UUID | str, *, by: Actor, reason_code: str, reason_text: str, version: int | None = None
) -> Referral:
    """Refuse with a ground and words; the clinician may appeal for the patient until the appeal’s time limit."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, AuthorisationEvent.REFUSE, by=by)
    authorisation = referral.authorisation
    _decide(authorisation, by, (reason_code, reason_text), REFUSAL_REASONS)
    limit = clocks.APPEAL[referral.priority]
    authorisation.appeal_due_at = (
        end_of(limit, timezone.now(), country=referral.directing_country_id) if limit else None
    )
    text = authorisation.reason_text
    move(referral, AuthorisationEvent.REFUSE, by=by, reason_code=reason_code, reason_text=text)
    move(referral, ReferralEvent.REFUSE, by=by, reason_code=reason_code, reason_text=text)
    return referral


def _decide(
    authorisation: Authorisation, by: Actor, reason: tuple[str, str], allowed: frozenset[Any]
) -> None:
    code, text = reason
    if code not in allowed:
        raise Invalid({"reason_code": [_("Choose a ground that fits the decision.")]})
    authorisation.reason_code = DecisionReason(code)
    authorisation.reason_text = require_text("reason_text", text, REASON_MISSING)
    authorisation.decided_by_id = by.user_id
    authorisation.decided_by_label = by.label
    authorisation.decided_at = timezone.now()


def _check_window(start: date, end: date) -> None:
    if end < start:
        raise Invalid({"valid_until": [_("The last day must not be before the first.")]})
    if end < zones.today():
        raise Invalid({"valid_until": [_("The last day must not be in the past.")]})
    if start > zones.today() + days.PLANNED:
        raise Invalid({"valid_from": [TOO_FAR_AHEAD]})
    if end - start > MAX_VALIDITY:
        raise Invalid({"valid_until": [_("An authorisation lasts a year at most.")]})


def _ceiling(amount: Decimal | None, currency: str) -> tuple[Decimal | None, str]:
    if amount is None:
        return None, ""
    if amount <= 0:
        raise Invalid({"ceiling_amount": [_("The ceiling must be more than zero.")]})
    if currency not in {"KZT", "UZS", "KGS"}:
        raise Invalid({"ceiling_currency": [_("Choose the currency of the ceiling.")]})
    return amount, currency
