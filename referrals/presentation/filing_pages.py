"""The pages of the filing, in order, and which of them a draft has been through."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.errors import Text
from referrals.models import Referral
from referrals.models.circumstances import FIELDS


@dataclass(frozen=True, slots=True)
class FilingPage:
    """One page: its slug in the address, its name in the row of pages, its question, and how to answer it."""

    slug: str
    label: Text
    title: Text
    hint: Text = ""


PAGES: tuple[FilingPage, ...] = (
    FilingPage(
        "care",
        _("Care"),
        _("Which care is needed?"),
        _("Only specialties that a hospital across the border offers are listed."),
    ),
    FilingPage(
        "diagnosis",
        _("Diagnosis"),
        _("What is the diagnosis?"),
        _(
            "The ministry and the host hospital read this page. Write it for a colleague who doesn’t know the patient."
        ),
    ),
    FilingPage(
        "time",
        _("Time"),
        _("How soon is the care needed?"),
        _("The priority sets every time limit that follows."),
    ),
    FilingPage(
        "evidence",
        _("Evidence"),
        _("What does the specialist’s report say?"),
        _("The decision rests on it. As a rule it may be at most 30 days old."),
    ),
    FilingPage(
        "where",
        _("Where"),
        _("Which hospital should treat the patient?"),
        _("Hospitals across the border that offer the specialty, the nearest first."),
    ),
    FilingPage(
        "payer",
        _("Payer"),
        _("Who pays?"),
        _("In planned care the directing country, the patient or another payer bears the cost."),
    ),
    FilingPage(
        "consent",
        _("Consent"),
        _("Does the patient consent?"),
        _("The patient’s data may go to the host country only with the patient’s consent."),
    ),
    FilingPage("check", _("Check and file"), _("Check your answers, then file the referral")),
)
PAGE_BY_SLUG = {page.slug: page for page in PAGES}
#: The page on which a field of the referral is filled in.
PAGE_OF_FIELD = {
    "specialty": "care",
    "service": "care",
    "care_mode": "care",
    "diagnosis": "diagnosis",
    "clinical_reason": "diagnosis",
    "goal": "diagnosis",
    "priority": "time",
    "needed_by": "time",
    "needed_by_reason": "time",
    "triage_note": "time",
    "report": "evidence",
    "host_facility": "where",
    "payer": "payer",
    "payer_note": "payer",
    "estimate_amount": "payer",
    "consent": "consent",
    "emergency_ground": "consent",
    **{f"circumstances.{one.name}": one.page for one in FIELDS},
}


def number_of(slug: str) -> int:
    """The page's place, from 1."""
    return next(number for number, page in enumerate(PAGES, start=1) if page.slug == slug)


def next_slug(slug: str) -> str:
    """The page after this one."""
    return PAGES[min(number_of(slug), len(PAGES) - 1)].slug


def previous_slug(slug: str) -> str:
    """The page before this one, empty for the first."""
    place = number_of(slug)
    return PAGES[place - 2].slug if place > 1 else ""


def has_report(referral: Referral) -> bool:
    """Whether there is a specialist's report: `reading` read the evidence along, or for a list whether there is any."""
    if referral.known_evidence is not None:
        return bool(referral.known_evidence)
    return bool(referral.has_report)  # type: ignore[attr-defined]


def is_done(referral: Referral, slug: str) -> bool:
    """Whether the page's answers are there. The last page is never done while the referral is a draft."""
    done = {
        "care": bool(referral.specialty_id and referral.service and referral.care_mode),
        "diagnosis": bool(referral.diagnosis_id and referral.clinical_reason and referral.goal),
        "time": bool(referral.triage_note if referral.is_emergency else referral.needed_by),
        "where": referral.host_facility_id is not None,
        "payer": bool(referral.payer),
        "consent": referral.consent_id is not None
        or (referral.is_emergency and bool(referral.emergency_ground)),
        "check": False,
    }
    if slug == "evidence":
        # In an emergency the page may be left empty, so whoever went past it is through.
        return has_report(referral) or (referral.is_emergency and done["where"])
    return done[slug]


def first_open(referral: Referral) -> str:
    """The first page that lacks an answer, else the last page."""
    return next((page.slug for page in PAGES if not is_done(referral, page.slug)), "check")
