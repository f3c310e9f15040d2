"""What comes next, in words, for whoever reads: the action that ends a row and opens a page."""

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import zones
from core.actors import Actor
from referrals import access
from referrals.models import Referral
from referrals.presentation import filing_pages, when
from referrals.presentation.pressing import pressing
from referrals.presentation.reader import NextStep, Reader
from referrals.states import (
    AuthorisationEvent,
    AuthorisationState,
    Guard,
    Party,
    ReferralEvent,
    ReferralState,
)


def next_step(
    referral: Referral,
    actor: Actor,
    *,
    now: datetime | None = None,
    open_questions: int | None = None,
    starts_at: datetime | None = None,
    knows_date: bool = True,
) -> NextStep:
    """The next step of a referral for this reader.

    `open_questions` is how many the ministry asks now, `starts_at` when the appointment begins; rows of
    `rows.for_list` carry both. Where they aren't known the words do without. `knows_date`: whether this reader may know
    what the host answered.
    """
    if starts_at is None and knows_date:
        starts_at = getattr(referral, "starts_at", None)
    reader = Reader(
        referral=referral,
        actor=actor,
        parties=access.parties(actor, referral),
        now=now or timezone.now(),
        open_questions=getattr(referral, "open_questions", None)
        if open_questions is None
        else open_questions,
        starts_at=starts_at,
    )
    if referral.former_since is not None:
        return reader.wait(_("Another hospital has it now"))
    return pressing(reader) or _BY_STATE.get(ReferralState(referral.state), _over)(reader)


def _draft(reader: Reader) -> NextStep:
    if not reader.is_clinician:  # nobody else sees drafts; the words still must not ask them
        return reader.wait(_("The clinician writes it"))
    slug = filing_pages.first_open(reader.referral)
    return reader.act(
        _("Check and file") if slug == "check" else _("Continue"),
        reverse("referrals:file_page", args=[reader.referral.pk, slug]),
        _("Draft, step %(number)s of %(total)s. Nothing is sent yet.")
        % {"number": filing_pages.number_of(slug), "total": len(filing_pages.PAGES)},
    )


def _checking(reader: Reader) -> NextStep:
    return reader.wait(_("Watch the check"), _("The rules are being checked. This takes some seconds."))


def _in_review(reader: Reader) -> NextStep:
    again = reader.authorisation_state == AuthorisationState.OVERTURNED
    if reader.keeps_out(AuthorisationEvent.GRANT, Guard.OWN_REFERRAL):
        return reader.wait(
            _("Another officer decides"), _("You filed this referral, so you can’t decide it.")
        )
    if reader.keeps_out(AuthorisationEvent.PARTLY_GRANT, Guard.ANOTHER_BODY):
        return reader.wait(_("Another body decides"), _due_decision(reader))
    if reader.keeps_out(AuthorisationEvent.SIGN_SECOND, Guard.SIGNED_FIRST):
        return reader.wait(_("A second person signs"), _due_decision(reader))
    if reader.is_officer or reader.is_party(Party.BODY):
        url = reverse("referrals:decide", args=[reader.referral.pk])
        if not reader.keeps_out(AuthorisationEvent.SIGN_SECOND, Guard.NOTHING_SIGNED):
            return reader.act(_("Sign as the second person"), url, _due_decision(reader))
        return reader.act(_("Decide again") if again else _("Decide"), url, _due_decision(reader))
    if reader.is_ministry:
        return reader.wait(
            _("An officer decides"), _due_decision(reader) or _("You can ask for information.")
        )
    return reader.wait(_("The ministry decides"), _due_decision(reader))


def _due_decision(reader: Reader) -> str:
    authorisation = getattr(reader.referral, "authorisation", None)
    if authorisation is None or authorisation.due_at is None:
        return ""
    at, with_day = _("The decision is due by %(moment)s."), _("The decision is due by the end of %(day)s.")
    if authorisation.due_at < reader.now:
        at = _("The decision was due by %(moment)s.")
        with_day = _("The decision was due by the end of %(day)s.")
    zone = reader.referral.deciding_zone
    return when.ends(authorisation.due_at, zone, reader.now, at=at, with_day=with_day)


def _asked(reader: Reader) -> NextStep:
    authorisation = getattr(reader.referral, "authorisation", None)
    since = when.moment(authorisation.stopped_at, reader.now) if authorisation else ""
    hint = _("The clock has stood still since %(moment)s.") % {"moment": since} if since else ""
    if not reader.is_clinician:
        return reader.wait(_("The clinician answers"), hint)
    count = reader.open_questions
    if count:
        text = ngettext("Answer %(count)s question", "Answer %(count)s questions", count) % {"count": count}
    else:
        text = _("Answer the ministry’s questions")
    return reader.act(text, reader.event(ReferralEvent.ANSWER), hint)


def _sent(reader: Reader) -> NextStep:
    due, zone = reader.referral.host_reply_due_at, reader.referral.host_zone
    hint = ""
    if due is not None and zone is not None:
        at, with_day = _("The answer is due by %(moment)s."), _("The answer is due by the end of %(day)s.")
        if due < reader.now:
            at = _("The answer was due by %(moment)s.")
            with_day = _("The answer was due by the end of %(day)s.")
        hint = when.ends(due, zone, reader.now, at=at, with_day=with_day)
    if reader.is_desk:
        return reader.act(_("Accept or decline"), hint=hint)
    if reader.is_ministry and due is not None and due < reader.now:
        return reader.act(_("Ring the hospital, or find another one"), hint=hint)
    return reader.wait(_("The host hospital answers"), hint)


def _refused(reader: Reader) -> NextStep:
    authorisation = reader.referral.authorisation
    if authorisation.state == AuthorisationState.APPEALED:
        return _appealed(reader)
    due = authorisation.appeal_due_at
    open_appeal = authorisation.state == AuthorisationState.REFUSED and due is not None and due > reader.now
    if not open_appeal:
        return _over(reader)
    hint = when.appeal_ends(due, reader.referral.ministry_zone, reader.now)
    if reader.is_clinician:
        return reader.act(_("Read the reasons, appeal if need be"), hint=hint)
    return reader.wait(_("Read the decision"), hint)


def _appealed(reader: Reader) -> NextStep:
    if reader.is_officer:
        if reader.keeps_out(AuthorisationEvent.OVERTURN, Guard.OWN_REFERRAL, Guard.OWN_DECISION):
            return reader.wait(
                _("Another officer decides the appeal"),
                _("Whoever refused or filed can’t decide the appeal."),
            )
        return reader.act(_("Decide the appeal"), hint=_due_decision(reader))
    return reader.wait(
        _("The ministry decides the appeal"),
        _due_decision(reader) or _("Another officer than the one who refused decides."),
    )


def _accepted(reader: Reader) -> NextStep:
    hint = _offered(reader)
    if reader.is_desk:
        return reader.act(_("Confirm the date"), reader.event(ReferralEvent.SCHEDULE), hint)
    return reader.wait(_("The host hospital confirms the date"), hint)


def _offered(reader: Reader) -> str:
    if reader.starts_at is None:
        return ""
    at = when.at_host(reader.starts_at, reader.referral.host_zone, reader.now)
    return _("The date offered is %(moment)s.") % {"moment": at}


def _declined(reader: Reader) -> NextStep:
    if reader.is_ministry:
        return reader.act(
            _("Find another hospital"),
            reader.event(ReferralEvent.RE_ROUTE),
            _("The host hospital declined. Send the referral to another one, or cancel it."),
        )
    return reader.wait(
        _("The coordinator looks for another hospital"), _("The host hospital declined the referral.")
    )


def _scheduled(reader: Reader) -> NextStep:
    starts, zone = reader.starts_at, reader.referral.host_zone
    at = when.at_host(starts, zone, reader.now)
    hint = _("The appointment is on %(moment)s.") % {"moment": at} if at else ""
    if reader.is_desk:
        if starts is None or timezone.localdate(starts, zone) <= zones.today(zone):
            return reader.act(_("Admit the patient"), reader.event(ReferralEvent.ADMIT), hint)
        return reader.wait(_("The patient is expected"), hint)
    return reader.wait(_("The patient travels"), hint)


def _in_care(reader: Reader) -> NextStep:
    if reader.is_desk:
        return reader.act(
            _("Discharge with a summary"),
            reader.event(ReferralEvent.DISCHARGE),
            _("The patient has been in care since %(moment)s.")
            % {"moment": when.short_day(reader.referral.state_since, reader.now)},
        )
    return reader.wait(_("The host hospital treats the patient"), _("A discharge summary follows."))


def _discharged(reader: Reader) -> NextStep:
    if reader.is_clinician:
        return reader.act(
            _("Read the summary and close"),
            reader.detail,
            _("The summary arrived on %(moment)s.")
            % {"moment": when.moment(reader.referral.state_since, reader.now)},
        )
    return reader.wait(_("The directing clinician reads the summary and closes"))


def _over(reader: Reader) -> NextStep:
    since = when.short_day(reader.referral.over_at, reader.now)
    hint = _("Over since %(day)s.") % {"day": since} if since else ""
    return reader.wait(_("Read the case"), hint)


S = ReferralState
_BY_STATE: dict[ReferralState, Callable[[Reader], NextStep]] = {
    S.DRAFT: _draft,
    S.SUBMITTED: _checking,
    S.SCREENING: _checking,
    S.IN_REVIEW: _in_review,
    S.INFO_REQUESTED: _asked,
    S.SENT: _sent,
    S.REFUSED: _refused,
    S.ACCEPTED: _accepted,
    S.DECLINED: _declined,
    S.SCHEDULED: _scheduled,
    S.IN_CARE: _in_care,
    S.DISCHARGED: _discharged,
}
