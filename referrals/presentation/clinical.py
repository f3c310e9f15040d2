"""What is asked for, granted, offered and done, as rows of words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext as _

from disclosure.policy import EVERYTHING
from referrals.models import (
    Appointment,
    Authorisation,
    Consilium,
    DischargeSummary,
    EvidenceItem,
    Question,
    Referral,
)
from referrals.models.authorisation import SILENCE
from referrals.models.circumstances import FIELDS, Circumstance
from referrals.outline import shown
from referrals.presentation import when
from referrals.presentation.history import reason_label
from referrals.wording import grouped

Rows = list[dict[str, Any]]


def diagnosis_text(referral: Referral) -> str:
    """“I34.0 Mitral (valve) insufficiency”."""
    row = referral.diagnosis
    return f"{row.code} {row.title}" if row else ""


def money(amount: Any, currency: str) -> str:
    """“412 000 KGS”; empty for none."""
    return "" if amount is None else f"{grouped(amount)}\xa0{currency}"


def _kept(rows: Rows) -> Rows:
    return [row for row in rows if row["value"]]


def need_rows(referral: Referral, kinds: frozenset[str] = EVERYTHING) -> Rows:
    """What is needed, and why: the clinical part of the referral, and who pays for readers of that."""
    estimate = money(referral.estimate_amount, referral.estimate_currency)
    return _kept(
        [
            {"key": _("Specialty"), "value": referral.specialty.name if referral.specialty else ""},
            {"key": _("Care needed"), "value": referral.service},
            {"key": _("Form of care"), "value": referral.get_care_mode_display()},
            {"key": _("Diagnosis"), "value": diagnosis_text(referral)},
            {"key": _("Clinical reason"), "value": referral.clinical_reason},
            {"key": _("Goal"), "value": referral.goal},
            {"key": _("Triage note"), "value": referral.triage_note},
            {"key": _("Ground for acting without consent"), "value": referral.emergency_ground},
            {"key": _("Needed by"), "value": when.day(referral.needed_by)},
            {"key": _("Why by then"), "value": referral.needed_by_reason},
            {"key": _("Who pays"), "value": payer_text(referral) if shown("payer", kinds) else ""},
            {"key": _("Estimate"), "value": estimate if shown("estimate", kinds) else ""},
            {"key": _("Consent"), "value": consent_text(referral)},
            *circumstance_rows(referral, FIELDS),
        ]
    )


def circumstance_rows(referral: Referral, those: Iterable[Circumstance]) -> Rows:
    """What the clinician stated beside the report, with what was stated before."""
    return [{"key": str(one.label), "value": _stated(referral, one)} for one in those]


def _stated(referral: Referral, one: Circumstance) -> str:
    found = referral.circumstances.get(one.name)
    if not found:
        return ""
    now = one.words(found["value"]) if found["value"] is not None else _("Not stated")
    before = [
        _("before: %(value)s (%(name)s, %(moment)s)")
        % {
            "value": one.words(item["value"]) if item["value"] is not None else _("Not stated"),
            "name": item["by"],
            "moment": when.moment(datetime.fromisoformat(item["at"])),
        }
        for item in reversed(found["was"])
    ]
    return "; ".join([now, *before])


def consilium_rows(records: Iterable[Consilium]) -> Rows:
    """What each consilium found, the latest first."""
    return [
        {
            "key": _("Consilium of %(day)s") % {"day": when.day(record.held_on)},
            "value": "\n".join(
                part
                for part in (
                    str(record.get_finding_display()),
                    _("Escort: %(escort)s") % {"escort": record.escort} if record.escort else "",
                    record.members,
                    record.text,
                )
                if part
            ),
        }
        for record in records
    ]


def author_text(item: EvidenceItem) -> str:
    """Who wrote a document, with the position where it is known."""
    position = item.get_author_position_display()
    return (
        _("%(name)s (%(position)s)") % {"name": item.author, "position": position}
        if position
        else item.author
    )


def payer_text(referral: Referral) -> str:
    """Who pays, with the note about it."""
    payer = str(referral.get_payer_display())
    note = referral.payer_note
    return _("%(payer)s (%(note)s)") % {"payer": payer, "note": note} if payer and note else payer


def consent_text(referral: Referral) -> str:
    """How the consent was given, and until when; empty for none."""
    given = referral.consent
    if given is None:
        return ""
    if given.ended_at is not None:
        return _("Withdrawn on %(moment)s.") % {"moment": when.moment(given.ended_at)}
    return _("%(how)s, valid until %(date)s") % {
        "how": given.get_how_display(),
        "date": when.day(given.valid_to),
    }


def evidence_rows(items: Iterable[EvidenceItem]) -> list[dict[str, str]]:
    """Documents: kind, author, date and text, the newest first."""
    return [
        {
            "kind": str(item.get_kind_display()),
            "author": author_text(item),
            "date": when.day(item.dated_on),
            "text": item.text,
            "recorded": _("Recorded by %(name)s on %(moment)s.")
            % {"name": item.recorded_by_label, "moment": when.moment(item.recorded_at)},
        }
        for item in items
    ]


def authorisation_rows(authorisation: Authorisation | None, kinds: frozenset[str] = EVERYTHING) -> Rows:
    """What is authorised, where, until when, and why, or why not."""
    if authorisation is None:
        return []
    decided = ""
    if authorisation.decided_at is not None:
        decided = _("%(name)s, %(moment)s") % {
            "name": authorisation.decided_by_label,
            "moment": when.moment(authorisation.decided_at),
        }
    return _kept(
        [
            {"key": _("Care"), "value": authorisation.care_text},
            {"key": _("Hospital"), "value": authorisation.facility.name if authorisation.facility else ""},
            {"key": _("Valid"), "value": _validity(authorisation)},
            {
                "key": _("Ceiling"),
                "value": money(authorisation.ceiling_amount, authorisation.ceiling_currency)
                if shown("authorisation.ceiling", kinds)
                else "",
            },
            {"key": _("Ground"), "value": reason_label(authorisation.reason_code)},
            {"key": _("Reason"), "value": reason_text(authorisation)},
            {"key": _("Decided by"), "value": decided},
            {"key": _("Appeal"), "value": authorisation.appeal_text},
            {"key": _("Review of the emergency"), "value": authorisation.review_text},
        ]
    )


def reason_text(authorisation: Authorisation) -> str:
    """Why it was decided so; where silence granted, nobody wrote a reason."""
    return gettext(SILENCE) if authorisation.by_silence else authorisation.reason_text


def _validity(authorisation: Authorisation) -> str:
    if authorisation.valid_from is None or authorisation.valid_until is None:
        return ""
    return _("from %(first)s to %(last)s") % {
        "first": when.day(authorisation.valid_from),
        "last": when.day(authorisation.valid_until),
    }


def rounds(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """Rounds of questions, the newest first: who asked when, the questions with their answers."""
    found: dict[int, dict[str, Any]] = {}
    for question in questions:
        request = question.request
        entry = found.setdefault(
            request.pk,
            {
                "asked": _("Asked by %(name)s on %(moment)s.")
                % {"name": request.asked_by_label, "moment": when.moment(request.asked_at)},
                "answered": _("Answered by %(name)s on %(moment)s.")
                % {"name": request.answered_by_label, "moment": when.moment(request.answered_at)}
                if request.answered_at
                else "",
                "open": request.answered_at is None,
                "questions": [],
            },
        )
        entry["questions"].append({"text": question.text, "answer": question.answer})
    return list(reversed(found.values()))


def appointment_rows(appointment: Appointment | None, zone: ZoneInfo | None) -> Rows:
    """When (in `zone`, the host's), where in the hospital, and what the clinician should know."""
    if appointment is None:
        return []
    starts, ends = appointment.period.lower, appointment.period.upper
    state = _("Confirmed") if appointment.confirmed else _("Offered, not confirmed yet")
    return _kept(
        [
            {"key": pgettext("appointment", "From"), "value": when.at_host(starts, zone)},
            {"key": pgettext("appointment", "To"), "value": when.at_host(ends, zone)},
            {"key": _("Bed, theatre or doctor"), "value": appointment.place},
            {"key": _("Note"), "value": appointment.note},
            {"key": pgettext("appointment", "State"), "value": state},
        ]
    )


def summary_rows(summary: DischargeSummary | None) -> Rows:
    """What the host hospital did, how the patient left, and what is to be done at home."""
    if summary is None:
        return []
    return [
        {"key": _("In hospital"), "value": when.period(summary.admitted_on, summary.discharged_on)},
        {"key": _("Care given"), "value": summary.care_given},
        {"key": _("Outcome"), "value": summary.outcome},
        {"key": _("Advice"), "value": summary.advice},
        {
            "key": _("Written by"),
            "value": _("%(name)s, %(moment)s")
            % {"name": summary.written_by_label, "moment": when.moment(summary.written_at)},
        },
    ]
