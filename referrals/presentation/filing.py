"""What the pages of the filing show: where one is, what was saved, every answer, and what is still missing."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from core import zones
from core.errors import Invalid
from patients.models import Patient
from patients.presentation import age_text, citizenship_text, residence_text
from referrals import reading
from referrals.actions.filing import missing_fields
from referrals.models import EvidenceItem, Referral
from referrals.models.circumstances import of_page, value_of
from referrals.presentation import clinical, filing_pages, when
from referrals.presentation.person import person_lines
from referrals.presentation.route import Route, route


def start_page(patient: Patient, drafts: list[Referral]) -> dict[str, Any]:
    """The page that begins a referral for a patient."""
    return {
        "patient": patient,
        "lines": person_lines(patient, zones.today()),
        "drafts": [
            {
                "url": reverse("referrals:file_page", args=[row.pk, filing_pages.first_open(row)]),
                "care": row.specialty.name if row.specialty else _("No specialty chosen yet"),
                "saved_at": row.updated_at,
            }
            for row in drafts
        ],
    }


def frame(referral: Referral, slug: str) -> dict[str, Any]:
    """What stands around every page: where it stands, question, the way back, the sentence about the draft."""
    page = filing_pages.PAGE_BY_SLUG[slug]
    previous = filing_pages.previous_slug(slug)
    return {
        "referral": referral,
        "steps": stepper(referral, slug),
        "title": page.title,
        "hint": page.hint,
        "patient_name": referral.patient.full_name,
        "patient_age": age_text(referral.patient, zones.today()),
        "back_url": page_url(referral, previous) if previous else reverse("referrals:worklist"),
        "leave_url": reverse("referrals:worklist"),
        "discard_url": reverse("referrals:step", args=[referral.pk, "discard"]),
        "autosave_url": reverse("referrals:autosave", args=[referral.pk, slug]),
        "page_url": page_url(referral, slug),
        "saved": saved_sentence(referral),
    }


def page_url(referral: Referral, slug: str) -> str:
    """The address of a page of the filing."""
    return reverse("referrals:file_page", args=[referral.pk, slug])


def stepper(referral: Referral, slug: str) -> list[dict[str, str]]:
    """The row of pages: those with answers are done and lead back to them."""
    rows = []
    for page in filing_pages.PAGES:
        done = filing_pages.is_done(referral, page.slug)
        state = "current" if page.slug == slug else "done" if done else "todo"
        rows.append({"label": str(page.label), "state": state, "url": page_url(referral, page.slug)})
    return rows


def saved_sentence(referral: Referral) -> str:
    """When the draft was saved last, and that nothing is sent."""
    saved = timezone.localtime(referral.updated_at)
    if zones.is_today_for_the_reader(saved):
        return _("Draft saved at %(time)s. Nothing is sent until the last page.") % {
            "time": time_format(saved, "TIME_FORMAT")
        }
    return _("Draft saved on %(moment)s. Nothing is sent until the last page.") % {
        "moment": when.moment(saved)
    }


def not_yet(referral: Referral, slug: str) -> dict[str, str] | None:
    """Why a page can't be answered yet: text, url and link of the page that comes first; None when it can."""
    if slug == "where" and referral.specialty is None:
        return {
            "text": _("The hospitals depend on the specialty. Choose the specialty first."),
            "url": page_url(referral, "care"),
            "link": _("Choose the specialty"),
        }
    if slug == "consent" and referral.host_country is None:
        return {
            "text": _("The consent names the country that receives the data. Choose the hospital first."),
            "url": page_url(referral, "where"),
            "link": _("Choose the hospital"),
        }
    return None


def already_saved(
    referral: Referral,
    evidence: list[EvidenceItem],
    content: dict[str, Any],
    report: dict[str, Any] | None,
) -> bool:
    """Whether the draft holds exactly these answers: then the same page was only sent twice."""
    stated = content.get("circumstances", {})
    if any(
        (value_of(referral.circumstances, name) or None) != (value or None) for name, value in stated.items()
    ):
        return False
    if any(getattr(referral, name) != value for name, value in content.items() if name != "circumstances"):
        return False
    if not report:
        return True
    return bool(evidence) and all(getattr(evidence[0], name) == value for name, value in report.items())


def answers(referral: Referral, evidence: list[EvidenceItem], error: Invalid | None = None) -> dict[str, Any]:
    """Every answer with a link to change it, what is missing, and what the filing would do."""
    problems = dict(error.fields) if error is not None else {}
    missing = missing_fields(referral, has_evidence=bool(evidence))
    return {
        "patient_rows": _patient_rows(referral),
        "groups": [
            _group(referral, evidence, slug)
            for slug in ("care", "diagnosis", "time", "evidence", "where", "payer", "consent")
        ],
        "missing": _links(referral, missing),
        "errors": _links(referral, problems),
        "has_errors": bool(problems),
        "unfinished": _unfinished(referral),
        "route": _route(referral) if referral.host_facility else None,
        "follows": _follows(referral),
        "may_file": not missing,
    }


def _route(referral: Referral) -> Route:
    """The route, with the crossing on the day of the need."""
    return route(referral, reading.crossing_day(referral, reading.hours_of(referral), None))


def _links(referral: Referral, fields: dict[str, Any]) -> list[dict[str, str]]:
    """Messages with the address of the page on which each is put right, in the order of the pages."""
    rows = []
    for name, texts in fields.items():
        slug = filing_pages.PAGE_OF_FIELD.get(name, "")
        href = page_url(referral, slug) + "?back=check" if slug else ""
        if name == "patient":
            href = reverse("patients:detail", args=[referral.patient_id])
        place = filing_pages.number_of(slug) if slug else 0
        rows += [(place, {"href": href, "text": str(text)}) for text in texts]
    return [row for _place, row in sorted(rows, key=lambda pair: pair[0])]


def _unfinished(referral: Referral) -> list[dict[str, str]]:
    """Pages that hold typed text which isn't an answer yet."""
    return [
        {"href": page_url(referral, page.slug) + "?back=check", "text": str(page.label)}
        for page in filing_pages.PAGES
        if referral.draft_text.get(page.slug)
    ]


def _patient_rows(referral: Referral) -> clinical.Rows:
    patient = referral.patient
    return [
        {"key": _("Name"), "value": patient.full_name},
        {"key": _("Age"), "value": age_text(patient, zones.today())},
        {"key": _("Sex"), "value": patient.get_sex_display()},
        {"key": _("Citizenship"), "value": citizenship_text(patient)},
        {"key": _("Residence"), "value": residence_text(patient)},
    ]


def _group(referral: Referral, evidence: list[EvidenceItem], slug: str) -> dict[str, Any]:
    found = _evidence(evidence) if slug == "evidence" else _ROWS[slug](referral)
    found += clinical.circumstance_rows(referral, of_page(slug))
    rows = [{**row, "value": row["value"] or _("Not answered")} for row in found]
    return {
        "slug": slug,
        "title": filing_pages.PAGE_BY_SLUG[slug].label,
        "rows": rows,
        "url": page_url(referral, slug) + "?back=check",
    }


def _care(referral: Referral) -> clinical.Rows:
    return [
        {"key": _("Specialty"), "value": referral.specialty.name if referral.specialty else ""},
        {"key": _("Service"), "value": referral.service},
        {"key": _("Form of care"), "value": referral.get_care_mode_display()},
    ]


def _diagnosis(referral: Referral) -> clinical.Rows:
    return [
        {"key": _("Diagnosis"), "value": clinical.diagnosis_text(referral)},
        {"key": _("Clinical reason"), "value": referral.clinical_reason},
        {"key": _("Goal of the treatment"), "value": referral.goal},
    ]


def _time(referral: Referral) -> clinical.Rows:
    rows = [{"key": _("Priority"), "value": referral.get_priority_display()}]
    if referral.is_emergency:
        rows.append({"key": _("Triage note"), "value": referral.triage_note})
    if not referral.is_emergency or referral.needed_by:
        rows += [
            {"key": _("Needed by"), "value": when.day(referral.needed_by)},
            {"key": _("Why by then"), "value": referral.needed_by_reason},
        ]
    return rows


def _evidence(evidence: list[EvidenceItem]) -> clinical.Rows:
    if not evidence:
        return [{"key": _("Specialist’s report"), "value": ""}]
    report = evidence[0]
    return [
        {"key": _("Date of the report"), "value": when.day(report.dated_on)},
        {"key": _("Author"), "value": clinical.author_text(report)},
        {"key": _("What the report says"), "value": report.text},
    ]


def _where(referral: Referral) -> clinical.Rows:
    host = referral.host_facility
    value = ""
    if host is not None:
        value = _("%(hospital)s, %(country)s") % {"hospital": host.name, "country": host.country.name}
    return [{"key": _("Hospital"), "value": value}]


def _payer(referral: Referral) -> clinical.Rows:
    estimate = clinical.money(referral.estimate_amount, referral.estimate_currency)
    return [
        {"key": _("Who pays"), "value": clinical.payer_text(referral)},
        {"key": _("Estimate"), "value": estimate or _("No estimate")},
    ]


def _consent(referral: Referral) -> clinical.Rows:
    if referral.consent is None and referral.emergency_ground:
        return [{"key": _("Ground for acting without consent"), "value": referral.emergency_ground}]
    return [{"key": _("Consent"), "value": clinical.consent_text(referral)}]


_ROWS = {
    "care": _care,
    "diagnosis": _diagnosis,
    "time": _time,
    "where": _where,
    "payer": _payer,
    "consent": _consent,
}


def _follows(referral: Referral) -> list[str]:
    """What happens after the filing, each a sentence."""
    if referral.is_emergency:
        return [
            _("The referral goes to the host hospital at once. It answers within 30 minutes."),
            _("The health ministry is told, and reviews the emergency within 24 hours."),
            _("You are told of every step in your messages and by e-mail."),
        ]
    return [
        _("The rules are checked within seconds. You see each outcome, and what to do about it."),
        _("An officer of the health ministry decides. The rules only recommend."),
        _("Once granted, the referral goes to the host hospital, which offers a date."),
        _("You and the patient are told of every step."),
    ]
