"""What a body approves and what follows: the next body, a second signature, or the host hospital."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import days, zones
from core.actors import SYSTEM, Actor
from core.db import action
from core.errors import Invalid
from facilities.access import today_in
from referrals import stages
from referrals.actions.filing import mark_sent
from referrals.actions.road import check, lock, move, require_text
from referrals.content import TOO_FAR_AHEAD
from referrals.models import Authorisation, AuthorisationStage, DecisionReason, Referral
from referrals.models.authorisation import GRANT_REASONS, MAX_VALIDITY, PARTLY_REASONS, SILENCE
from referrals.states import AuthorisationEvent, ReferralEvent

__all__ = ["sign_second", "silence_grants"]

REASON_MISSING = _("Give the reason in words. The clinician and the patient read it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is granted: ground and words, first and last day, ceiling with its currency, and which care."""

    reason: tuple[str, str]
    window: tuple[date, date]
    ceiling: tuple[Decimal | None, str]
    care_text: str
    partly: bool = False

    def checked(self) -> Self:
        """With texts stripped; Invalid by field for what can't be granted."""
        _check_window(*self.window)
        require_ground(self.reason[0], PARTLY_REASONS if self.partly else GRANT_REASONS)
        return type(self)(
            reason=(self.reason[0], require_text("reason_text", self.reason[1], REASON_MISSING)),
            window=self.window,
            ceiling=_ceiling(*self.ceiling),
            care_text=require_text("care_text", self.care_text, _("Say which part of the care is granted.")),
            partly=self.partly,
        )

    def stored(self) -> dict[str, Any]:
        """As a stage keeps them."""
        amount, currency = self.ceiling
        return {
            "reason_code": self.reason[0],
            "reason_text": self.reason[1],
            "valid_from": self.window[0].isoformat(),
            "valid_until": self.window[1].isoformat(),
            "ceiling_amount": str(amount) if amount is not None else None,
            "ceiling_currency": currency,
            "care_text": self.care_text,
            "partly": self.partly,
        }

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        amount = stored["ceiling_amount"]
        return cls(
            reason=(stored["reason_code"], stored["reason_text"]),
            window=(date.fromisoformat(stored["valid_from"]), date.fromisoformat(stored["valid_until"])),
            ceiling=(Decimal(amount) if amount else None, stored["ceiling_currency"]),
            care_text=stored["care_text"],
            partly=stored["partly"],
        )


def approve(referral: Referral, terms: Terms, *, by: Actor) -> Referral:
    """Take a body's grant of a locked referral: sign first where a second person must sign, else let it take effect."""
    terms, now = terms.checked(), timezone.now()
    stage = stages.under_way(referral.authorisation)
    if stage is not None:
        stages.require_quota(stage, referral, now)
        stage.terms = terms.stored()
        if stages.needs_second(stage, referral, terms.ceiling):
            return _sign_first(referral, stage, by=by)
        stage.save(update_fields=["terms"])
    return _take_effect(referral, stage, terms, by=by)


def _sign_first(referral: Referral, stage: AuthorisationStage, *, by: Actor) -> Referral:
    authorisation = referral.authorisation
    stage.signed_by_id, stage.signed_by_label, stage.signed_at = by.user_id, by.label, timezone.now()
    stage.save()
    authorisation.signed_by_id = by.user_id
    signer = stages.signing_body(stage)
    stages.give_to(referral, signer.country_id, signer.organisation_id)
    stages.keep_body(referral)
    code, text = stage.terms["reason_code"], stage.terms["reason_text"]
    move(referral, AuthorisationEvent.SIGN_FIRST, by=by, reason_code=code, reason_text=text)
    return referral


@action
def sign_second(referral_id: UUID | str, *, by: Actor, version: int | None = None) -> Referral:
    """Sign what another person signed first: it takes effect as it stands."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, AuthorisationEvent.SIGN_SECOND, by=by)
    stage = stages.under_way(referral.authorisation)
    assert stage is not None, "what was signed is a stage"
    terms = Terms.of(stage.terms)
    _check_window(*terms.window)
    stages.require_quota(stage, referral, timezone.now())
    referral.authorisation.signed_by = None
    move(referral, AuthorisationEvent.SIGN_SECOND, by=by)
    return _take_effect(referral, stage, terms, by=by)


def _take_effect(
    referral: Referral, stage: AuthorisationStage | None, terms: Terms, *, by: Actor
) -> Referral:
    """On to the next body of the chain; after the last one the authorisation is granted and the host is asked."""
    authorisation, now = referral.authorisation, timezone.now()
    code, text = terms.reason
    following = stages.following(authorisation, stage, now)
    authorisation.partly = authorisation.partly or terms.partly
    if following is not None:
        move(referral, AuthorisationEvent.APPROVE_STAGE, by=by, reason_code=code, reason_text=text)
        stages.go_on(referral, following, now)
        return referral
    decide(authorisation, terms.reason, by=by)
    _fill(authorisation, referral, terms)
    event = AuthorisationEvent.PARTLY_GRANT if terms.partly else AuthorisationEvent.GRANT
    move(referral, event, by=by, reason_code=code, reason_text=text)
    _send(referral, now, by=by)
    return referral


def _fill(authorisation: Authorisation, referral: Referral, terms: Terms) -> None:
    authorisation.valid_from, authorisation.valid_until = terms.window
    authorisation.ceiling_amount, authorisation.ceiling_currency = terms.ceiling
    authorisation.facility = referral.host_facility
    authorisation.care_text = terms.care_text


def _send(referral: Referral, now: datetime, *, by: Actor) -> None:
    mark_sent(referral, now)
    move(referral, ReferralEvent.SEND, by=by)


@action
def silence_grants(referral_id: UUID | str, *, by: Actor) -> bool:
    """Let the silence of the body that has the case grant, where the agreement says so and its time has passed.

    Never above a ceiling that takes two persons, nor beyond a quota, nor while its clock stands still, nor for somebody
    who is recorded as deceased. Whether it did.
    """
    referral = lock(referral_id, by=by)
    check(referral, AuthorisationEvent.SILENCE_GRANTS, by=by)
    if referral.patient is None or referral.patient.deceased_on is not None:
        return False
    authorisation, now = referral.authorisation, timezone.now()
    stage = stages.under_way(authorisation)
    if stage is None or not stage.rule.silence_grants or referral.state != "in_review":
        return False
    if authorisation.due_at is None or now <= authorisation.due_at or authorisation.signed_by_id is not None:
        return False
    terms = _usual_terms(referral, stage)
    if stages.needs_second(stage, referral, terms.ceiling) or stages.quota_left(stage, referral, now) == 0:
        return False
    stage.terms = terms.stored()
    stage.save(update_fields=["terms"])
    code, text = terms.reason
    following = stages.following(authorisation, stage, now)
    if following is not None:
        move(referral, AuthorisationEvent.APPROVE_STAGE, by=SYSTEM, reason_code=code, reason_text=text)
        stages.go_on(referral, following, now)
        return True
    authorisation.by_silence = True
    decide(authorisation, terms.reason, by=SYSTEM)
    _fill(authorisation, referral, terms)
    move(referral, AuthorisationEvent.SILENCE_GRANTS, by=SYSTEM, reason_code=code, reason_text=text)
    _send(referral, now, by=SYSTEM)
    return True


def _usual_terms(referral: Referral, stage: AuthorisationStage) -> Terms:
    """What silence grants: what the body before approved, else the care as asked for, as long as the form proposes."""
    before = stages.of(referral.authorisation).filter(position__lt=stage.position, state__in=stages.GRANTED)
    last = before.order_by("-position", "-pk").first()
    today = today_in(referral.directing_country_id)
    if last is not None and last.terms:
        kept = Terms.of(last.terms)
        window = kept.window if kept.window[1] >= today else usual_window(referral, today)
        return Terms(
            reason=(DecisionReason.OTHER_GRANT.value, str(SILENCE)),
            window=window,
            ceiling=kept.ceiling,
            care_text=kept.care_text,
            partly=kept.partly,
        )
    return Terms(
        reason=(DecisionReason.OTHER_GRANT.value, str(SILENCE)),
        window=usual_window(referral, today),
        ceiling=(referral.estimate_amount, referral.estimate_currency),
        care_text=referral.service,
    )


def usual_window(referral: Referral, today: date) -> tuple[date, date]:
    """How long an authorisation lasts unless somebody says otherwise."""
    needed = referral.needed_by
    last = max(needed + days.ROOM_AFTER_NEED, today) if needed else today + days.USUAL_WINDOW
    return today, min(last, today + MAX_VALIDITY)


def require_ground(code: str, allowed: frozenset[Any]) -> None:
    """Invalid for a ground that doesn't fit the decision."""
    if code not in allowed:
        raise Invalid({"reason_code": [_("Choose a ground that fits the decision.")]})


def decide(authorisation: Authorisation, reason: tuple[str, str], *, by: Actor) -> None:
    """Set who decided and why, unsaved."""
    code, text = reason
    authorisation.reason_code = DecisionReason(code)
    authorisation.reason_text = text
    authorisation.decided_by_id = by.user_id
    authorisation.decided_by_label = "" if by.is_system else by.label
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
