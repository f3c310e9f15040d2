"""The ministry's part: ask, decide with a reason, look again. A named officer decides, never the machine."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements import clocks
from core.actors import Actor
from core.db import action
from core.errors import Denied, Invalid
from facilities.access import zone_of
from referrals.actions.drafting import add_evidence
from referrals.actions.filing import mark_sent, start_clock
from referrals.actions.road import (
    check,
    check_authorisation,
    lock,
    move,
    move_authorisation,
    require_text,
)
from referrals.models import Authorisation, DecisionReason, InformationRequest, Question, Referral
from referrals.models.authorisation import GRANT_REASONS, PARTLY_REASONS, REFUSAL_REASONS
from referrals.states import AuthorisationEvent, ReferralEvent, ReferralState

MAX_QUESTIONS = 10
MAX_VALIDITY = timedelta(days=365)
_REASON_MISSING = _("Give the reason in words. The clinician and the patient read it.")


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
    authorisation = check_authorisation(referral, AuthorisationEvent.STOP_CLOCK, by=by)
    authorisation.stopped_at = now
    move_authorisation(authorisation, referral, AuthorisationEvent.STOP_CLOCK, by=by)
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
    authorisation = check_authorisation(referral, AuthorisationEvent.RESTART_CLOCK, by=by)
    _restart_clock(authorisation)
    move_authorisation(authorisation, referral, AuthorisationEvent.RESTART_CLOCK, by=by)
    move(referral, ReferralEvent.ANSWER, by=by)
    return referral


def _restart_clock(authorisation: Authorisation) -> None:
    assert authorisation.stopped_at is not None, "a stopped clock has its time: a constraint holds it"
    stood = timezone.now() - authorisation.stopped_at
    authorisation.stopped_seconds += int(stood.total_seconds())
    if authorisation.due_at is not None:
        authorisation.due_at += stood
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
        care_text=require_text("care_text", care_text, _("Say which part of the care is granted.")),
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
    authorisation = check_authorisation(referral, event, by=by)
    check(referral, ReferralEvent.SEND, by=by)
    _refuse_own(referral, by)
    _check_window(*window)
    allowed = PARTLY_REASONS if event == AuthorisationEvent.PARTLY_GRANT else GRANT_REASONS
    _decide(authorisation, by, reason, allowed)
    authorisation.valid_from, authorisation.valid_until = window
    authorisation.ceiling_amount, authorisation.ceiling_currency = _ceiling(*ceiling)
    authorisation.facility = referral.host_facility
    authorisation.care_text = care_text
    move_authorisation(
        authorisation, referral, event, by=by, reason_code=reason[0], reason_text=authorisation.reason_text
    )
    mark_sent(referral, timezone.now())
    move(referral, ReferralEvent.SEND, by=by)
    return referral


@action
def refuse(
    referral_id: UUID | str, *, by: Actor, reason_code: str, reason_text: str, version: int | None = None
) -> Referral:
    """Refuse with a ground and words; the clinician may appeal for the patient until the appeal’s time limit."""
    referral = lock(referral_id, by=by, version=version)
    authorisation = check_authorisation(referral, AuthorisationEvent.REFUSE, by=by)
    check(referral, ReferralEvent.REFUSE, by=by)
    _refuse_own(referral, by)
    _decide(authorisation, by, (reason_code, reason_text), REFUSAL_REASONS)
    limit = clocks.APPEAL[referral.priority]
    zone = zone_of(referral.directing_country_id)
    authorisation.appeal_due_at = limit.after(timezone.now(), zone) if limit else None
    text = authorisation.reason_text
    move_authorisation(
        authorisation, referral, AuthorisationEvent.REFUSE, by=by, reason_code=reason_code, reason_text=text
    )
    move(referral, ReferralEvent.REFUSE, by=by, reason_code=reason_code, reason_text=text)
    return referral


@action
def extend(
    referral_id: UUID | str, *, by: Actor, valid_until: date, reason_text: str, version: int | None = None
) -> Referral:
    """Let an authorisation in force last longer."""
    referral = lock(referral_id, by=by, version=version)
    authorisation = check_authorisation(referral, AuthorisationEvent.EXTEND, by=by)
    _refuse_own(referral, by)
    text = require_text("reason_text", reason_text, _REASON_MISSING)
    assert authorisation.valid_until is not None and authorisation.valid_from is not None
    if valid_until <= authorisation.valid_until:
        raise Invalid({"valid_until": [_("The new last day must be later than the present one.")]})
    if valid_until - authorisation.valid_from > MAX_VALIDITY:
        raise Invalid({"valid_until": [_("An authorisation lasts a year at most.")]})
    authorisation.valid_until = valid_until
    move_authorisation(authorisation, referral, AuthorisationEvent.EXTEND, by=by, reason_text=text)
    return referral


@action
def revoke(referral_id: UUID | str, *, by: Actor, reason_text: str, version: int | None = None) -> Referral:
    """Take an authorisation back before the patient is in care; the referral is cancelled with it."""
    referral = lock(referral_id, by=by, version=version)
    authorisation = check_authorisation(referral, AuthorisationEvent.REVOKE, by=by)
    check(referral, ReferralEvent.CANCEL, by=by)
    _refuse_own(referral, by)
    text = require_text("reason_text", reason_text, _REASON_MISSING)
    move_authorisation(authorisation, referral, AuthorisationEvent.REVOKE, by=by, reason_text=text)
    referral.appointments.filter(active=True).update(active=False)
    move(referral, ReferralEvent.CANCEL, by=by, reason_code="revoked", reason_text=text)
    return referral


@action
def expire(referral_id: UUID | str, *, by: Actor) -> bool:
    """Mark an authorisation whose window has passed before the patient was admitted. False when it hasn’t."""
    referral = lock(referral_id, by=by)
    authorisation = check_authorisation(referral, AuthorisationEvent.EXPIRE, by=by)
    waiting = {ReferralState.SENT, ReferralState.ACCEPTED, ReferralState.DECLINED, ReferralState.SCHEDULED}
    if referral.state not in waiting or authorisation.valid_until is None:
        return False
    if timezone.localdate() <= authorisation.valid_until:
        return False
    move_authorisation(authorisation, referral, AuthorisationEvent.EXPIRE, by=by)
    return True


@action
def appeal(referral_id: UUID | str, *, by: Actor, text: str, version: int | None = None) -> Referral:
    """Appeal for the patient against a refusal, while the time limit runs."""
    referral = lock(referral_id, by=by, version=version)
    authorisation = check_authorisation(referral, AuthorisationEvent.APPEAL, by=by)
    authorisation.appeal_text = require_text(
        "text", text, _("Say why the refusal should be looked at again.")
    )
    if authorisation.appeal_due_at is not None and timezone.now() > authorisation.appeal_due_at:
        raise Invalid({"": [_("The time limit for an appeal has passed.")]})
    move_authorisation(authorisation, referral, AuthorisationEvent.APPEAL, by=by)
    return referral


@action
def uphold(referral_id: UUID | str, *, by: Actor, reason_text: str, version: int | None = None) -> Referral:
    """Keep a refusal after an appeal. Another officer than the one who refused."""
    referral = lock(referral_id, by=by, version=version)
    authorisation = check_authorisation(referral, AuthorisationEvent.UPHOLD, by=by)
    _other_officer(referral, authorisation, by)
    text = require_text("reason_text", reason_text, _REASON_MISSING)
    move_authorisation(authorisation, referral, AuthorisationEvent.UPHOLD, by=by, reason_text=text)
    return referral


@action
def overturn(referral_id: UUID | str, *, by: Actor, reason_text: str, version: int | None = None) -> Referral:
    """Set a refusal aside after an appeal; the referral is under review again and needs a new decision."""
    referral = lock(referral_id, by=by, version=version)
    authorisation = check_authorisation(referral, AuthorisationEvent.OVERTURN, by=by)
    check(referral, ReferralEvent.REOPEN, by=by)
    _other_officer(referral, authorisation, by)
    text = require_text("reason_text", reason_text, _REASON_MISSING)
    start_clock(authorisation, referral, timezone.now())
    move_authorisation(authorisation, referral, AuthorisationEvent.OVERTURN, by=by, reason_text=text)
    move(referral, ReferralEvent.REOPEN, by=by, reason_text=text)
    return referral


@action
def review_emergency(
    referral_id: UUID | str, *, by: Actor, review_text: str, version: int | None = None
) -> Referral:
    """Write down, once, the ministry’s look at an emergency afterwards. The care isn’t touched by it."""
    referral = lock(referral_id, by=by, version=version)
    authorisation = check_authorisation(referral, AuthorisationEvent.REVIEW_EMERGENCY, by=by)
    _refuse_own(referral, by)
    if authorisation.reviewed_at is not None:
        raise Invalid({"": [_("This emergency has been reviewed already.")]})
    authorisation.review_text = require_text("review_text", review_text, _("Write what the review found."))
    authorisation.reviewed_at = timezone.now()
    authorisation.reviewed_by_id = by.user_id
    move_authorisation(
        authorisation,
        referral,
        AuthorisationEvent.REVIEW_EMERGENCY,
        by=by,
        reason_text=authorisation.review_text,
    )
    return referral


def _refuse_own(referral: Referral, by: Actor) -> None:
    """Nobody decides what they filed."""
    if by.user_id is not None and referral.filed_by_id == by.user_id:
        raise Denied(_("You filed this referral, so another officer must decide it."), code="own_referral")


def _other_officer(referral: Referral, authorisation: Authorisation, by: Actor) -> None:
    _refuse_own(referral, by)
    if authorisation.decided_by_id == by.user_id:
        raise Denied(
            _("You decided this before, so another officer must decide the appeal."), code="own_decision"
        )


def _decide(
    authorisation: Authorisation, by: Actor, reason: tuple[str, str], allowed: frozenset[Any]
) -> None:
    code, text = reason
    if code not in allowed:
        raise Invalid({"reason_code": [_("Choose a ground that fits the decision.")]})
    authorisation.reason_code = DecisionReason(code)
    authorisation.reason_text = require_text("reason_text", text, _REASON_MISSING)
    authorisation.decided_by_id = by.user_id
    authorisation.decided_by_label = by.label
    authorisation.decided_at = timezone.now()


def _check_window(start: date, end: date) -> None:
    if end < start:
        raise Invalid({"valid_until": [_("The last day must not be before the first.")]})
    if end < timezone.localdate():
        raise Invalid({"valid_until": [_("The last day must not be in the past.")]})
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
