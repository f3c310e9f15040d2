"""The ministry's part: ask, and decide with a reason. A named officer decides, never the machine."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements import clocks
from agreements.access import end_after_stop, end_of
from core.actors import Actor
from core.db import action
from core.errors import Invalid
from core.placeholders import stands_for_none
from referrals import stages
from referrals.actions.drafting import add_evidence
from referrals.actions.granting import REASON_MISSING, Terms, approve, decide, require_ground
from referrals.actions.road import check, lock, move, require_text
from referrals.models import InformationRequest, Question, Referral
from referrals.models.authorisation import REFUSAL_REASONS
from referrals.states import AuthorisationEvent, ReferralEvent

__all__ = ["answer", "grant", "partly_grant", "refuse", "request_information"]

MAX_QUESTIONS = 10


@action
def request_information(
    referral_id: UUID | str, *, by: Actor, questions: list[str], version: int | None = None
) -> Referral:
    """Ask the directing clinician one to ten questions. The decision clock stands still until the answer."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.REQUEST_INFORMATION, by=by)
    texts = [text.strip() for text in questions if text.strip()]
    if not texts or any(map(stands_for_none, texts)):
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
        # “No” is an answer to many a question, and so is 0.
        if not any(map(str.isalnum, question.answer)):
            missing[f"answer_{question.position}"] = [_("Answer this question.")]
    if missing:
        raise Invalid(missing)
    for question in questions:  # sealed texts can't be written in one statement, and there are ten at most
        question.save(update_fields=["answer"])
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
    authorisation = referral.authorisation
    stopped, due, limit = authorisation.stopped_at, authorisation.due_at, authorisation.limit
    assert stopped is not None, "a stopped clock has its time: a constraint holds it"
    if authorisation.clock_stops:
        authorisation.stopped_seconds += int((now - stopped).total_seconds())
        if due is not None and limit is not None:
            country = authorisation.clock_country
            authorisation.due_at = end_after_stop(limit, due, stopped, now, country=country)
    authorisation.stopped_at = None
    # Facts have changed: what one person signed before isn't signed any more, and goes back to its own body.
    if authorisation.signed_by_id is not None:
        authorisation.signed_by = None
        stage = stages.under_way(authorisation)
        assert stage is not None, "what was signed is a stage"
        stages.give_to(referral, stage.country_id, stage.organisation_id)


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
    """Authorise the care as asked for, at the host asked for, in a window; after the last body it goes to the host."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, AuthorisationEvent.GRANT, by=by)
    return approve(
        referral,
        Terms(
            reason=(reason_code, reason_text),
            window=(valid_from, valid_until),
            ceiling=(ceiling_amount, ceiling_currency),
            care_text=referral.service,
        ),
        by=by,
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
    """Authorise a part, described in `care_text`; after the last body it goes to the host with that description."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, AuthorisationEvent.PARTLY_GRANT, by=by)
    return approve(
        referral,
        Terms(
            reason=(reason_code, reason_text),
            window=(valid_from, valid_until),
            ceiling=(ceiling_amount, ceiling_currency),
            care_text=care_text,
            partly=True,
        ),
        by=by,
    )


@action
def refuse(
    referral_id: UUID | str, *, by: Actor, reason_code: str, reason_text: str, version: int | None = None
) -> Referral:
    """Refuse with a ground and words; the clinician may appeal for the patient until the appeal’s time limit."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, AuthorisationEvent.REFUSE, by=by)
    authorisation = referral.authorisation
    require_ground(reason_code, REFUSAL_REASONS)
    text = require_text("reason_text", reason_text, REASON_MISSING)
    decide(authorisation, (reason_code, text), by=by)
    authorisation.signed_by = None
    limit = clocks.APPEAL[referral.priority]
    authorisation.appeal_due_at = (
        end_of(limit, timezone.now(), country=referral.directing_country_id) if limit else None
    )
    move(referral, AuthorisationEvent.REFUSE, by=by, reason_code=reason_code, reason_text=text)
    move(referral, ReferralEvent.REFUSE, by=by, reason_code=reason_code, reason_text=text)
    return referral
