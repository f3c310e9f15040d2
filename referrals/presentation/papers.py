"""The papers of a decision in words of the active language, as `documents/papers/sheet.typ` takes them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import languages
from core.names import in_active_language
from core.partial import PartialDate
from documents import qr
from facilities.countries import country_name
from patients.presentation import partial_text
from referrals.issuing import shown_code
from referrals.models import CERTIFIED, Paper, PaperKind
from referrals.outline import shown
from referrals.presentation import when
from referrals.presentation.clinical import money
from referrals.presentation.history import reason_label
from referrals.presentation.paper_words import TO_CLINICIAN, TO_PATIENT
from referrals.states import ReferralState

_BEFORE_THE_END = frozenset({ReferralState.ACCEPTED, ReferralState.SCHEDULED, ReferralState.IN_CARE})
CERTIFICATE, PATIENT, CLINICIAN = "certificate", "patient", "clinician"
Sheet = dict[str, Any]


def parts_of(paper: Paper) -> list[str]:
    """What is printed of a decision."""
    return [*([CERTIFICATE] if paper.kind in CERTIFIED else []), PATIENT, CLINICIAN]


def part_name(part: str) -> str:
    """“Letter for the patient”."""
    return {
        CERTIFICATE: _("Certificate"),
        PATIENT: _("Letter for the patient"),
        CLINICIAN: _("Letter for the clinician"),
    }[part]


def sheet(paper: Paper, part: str, kinds: frozenset[str]) -> Sheet:
    """A paper's facts for printing, with no more than a reader of these kinds of data may know."""
    facts = paper.facts
    made = date.fromisoformat(facts["day"])
    common = {
        "language": languages.active(),
        "made_on": [made.year, made.month, made.day],
        "above": in_active_language(facts["authority"]),
    }
    return common | (_certificate(paper, kinds) if part == CERTIFICATE else _letter(paper, part, kinds))


def _certificate(paper: Paper, kinds: frozenset[str]) -> Sheet:
    assert paper.code is not None and paper.token, (
        "a certificate has a code, and is signed before it is printed"
    )
    address = verify_address(paper.code)
    return {
        "title": _("Certificate of authorisation"),
        "lead": [_("The ministry has authorised the care below in another country.")],
        "rows": [*_case_rows(paper, kinds), *_decision_rows(paper), (_("Code"), shown_code(paper.code))],
        "parts": [],
        "codes": [
            {
                "picture": qr.picture(paper.token),
                "large": True,
                "words": _("For a reader of health certificates (HCERT), without a network."),
            },
            {
                "picture": qr.picture(address, error="m"),
                "large": False,
                "words": _("For a telephone: is it valid now?\n%(address)s") % {"address": address},
            },
        ],
        "ending": [
            _("It is valid to the end of its last day by the clock of the country that issued it."),
            true_address(),
        ],
    }


def _letter(paper: Paper, part: str, kinds: frozenset[str]) -> Sheet:
    facts = paper.facts
    if part == PATIENT:
        to, lead = _("To: %(name)s") % {"name": facts["holder"]}, TO_PATIENT[paper.kind]
    else:
        name = in_active_language(facts["sender"]["names"])
        to, lead = _("To the clinician: %(name)s") % {"name": name}, TO_CLINICIAN[paper.kind]
    return {
        "title": paper.get_kind_display(),
        "lead": [to, str(lead)],
        "rows": [
            *_case_rows(paper, kinds),
            *_kept([(_("Ground"), reason_label(facts["reason_code"])), (_("Reason"), facts["reason_text"])]),
            *_decision_rows(paper),
        ],
        "parts": _appeal(paper, part) if paper.kind == PaperKind.REFUSAL else [],
        "codes": [],
        "ending": [true_address()],
    }


def _appeal(paper: Paper, part: str) -> list[dict[str, Any]]:
    words = [
        _("Ask Your doctor to appeal for You. The doctor sends the appeal through the portal.")
        if part == PATIENT
        else _("Appeal for the patient on the page of the referral in the portal."),
        _("Another officer than the one who refused looks at the case again."),
    ]
    if due := paper.facts["appeal_due_at"]:
        zone = ZoneInfo(paper.facts["zone"])
        words.append(_appeal_ends(datetime.fromisoformat(due).astimezone(zone)))
    return [{"title": _("How to appeal"), "words": words, "rows": []}]


def _appeal_ends(due: datetime) -> str:
    # With its year: a letter is read for long. Midnight is the end of the day before.
    if (due.hour, due.minute) == (0, 0):
        return _("An appeal is possible until the end of %(day)s.") % {"day": when.day(when.day_before(due))}
    return _("An appeal is possible until %(moment)s.") % {"moment": when.full_moment(due)}


def _case_rows(paper: Paper, kinds: frozenset[str]) -> list[tuple[str, str]]:
    facts = paper.facts
    hospital = facts["facility"]
    ceiling = facts["ceiling"] if shown("authorisation.ceiling", kinds) else None
    return _kept(
        [
            (_("Number"), facts["number"]),
            (_("Patient"), facts["holder"]),
            (_("Name in Latin letters"), facts["holder_latin"]),
            (_("Born"), partial_text(PartialDate.read(facts["born"])) if facts["born"] else ""),
            (_("Record"), _("Synthetic test record") if facts["synthetic"] else ""),
            (_("Specialty"), in_active_language(facts["specialty"])),
            (_("Care"), facts["care"]),
            (_("Hospital"), hospital_text(hospital)),
            (_("Valid"), validity(facts) if paper.kind in CERTIFIED else ""),
            (_("Ceiling"), money(Decimal(ceiling[0]), ceiling[1]) if ceiling else ""),
            (_("Legal basis"), in_active_language(facts["basis"])),
        ]
    )


def _decision_rows(paper: Paper) -> list[tuple[str, str]]:
    facts = paper.facts
    return _kept(
        [
            (_("Issuing authority"), in_active_language(facts["authority"])),
            (_("Decided by"), facts["officer"]),
            (_("Approved by"), _stages_text(facts["stages"]) if len(facts["stages"]) > 1 else ""),
            (_("Date"), when.day(date.fromisoformat(facts["day"]))),
        ]
    )


def _stages_text(stages: Iterable[Mapping[str, Any]]) -> str:
    """A line for each stage of the chain: its name, the body, who decided, and when."""
    return "\n".join(
        ", ".join(
            [
                in_active_language(stage["name"]),
                in_active_language(stage["body"]),
                *stage["persons"],
                when.day(date.fromisoformat(stage["day"])),
            ]
        )
        for stage in stages
    )


def validity(facts: Mapping[str, Any]) -> str:
    """“from 1 March 2027 to 30 April 2027”; empty where nothing was granted."""
    if not facts["valid_from"]:
        return ""
    first, last = (date.fromisoformat(facts[name]) for name in ("valid_from", "valid_until"))
    return _("from %(first)s to %(last)s") % {"first": when.day(first), "last": when.day(last)}


def hospital_text(hospital: Mapping[str, Any]) -> str:
    """Its name, where it is, and its telephone, a line each."""
    if not hospital:
        return ""
    place = ", ".join(filter(None, (hospital["address"], country_name(hospital["country"]))))
    return "\n".join(filter(None, (in_active_language(hospital["names"]), place, hospital["phone"])))


def verify_address(code: str) -> str:
    """Where anybody may ask whether a certificate is valid."""
    return settings.PUBLIC_URL + reverse("verify:one", args=[shown_code(code)])


def true_address() -> str:
    """Look-alike addresses are how somebody would be deceived."""
    return _("The portal’s only true address is %(address)s. Trust no other.") % {
        "address": settings.PUBLIC_URL
    }


def _kept(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(str(key), str(value)) for key, value in rows if value]


def link_rows(papers: Iterable[Paper], referral_id: Any) -> list[dict[str, Any]]:
    """The decisions of a referral, the latest first: `title`, `day`, `code`, and for each part its name and links."""
    return [
        {
            "title": paper.get_kind_display(),
            "day": date_format(date.fromisoformat(paper.facts["day"]), "DATE_FORMAT"),
            "code": shown_code(paper.code) if paper.code else "",
            "parts": [
                {
                    "name": part_name(part),
                    "links": [
                        {"url": url_of(referral_id, paper, part, code), "code": code, "name": name}
                        for code, name in languages.own_names()
                    ],
                }
                for part in parts_of(paper)
            ],
        }
        for paper in papers
    ]


def print_links(papers: list[Paper], case: Any) -> list[dict[str, Any]]:
    """For the case's page: the latest decision's papers in the patient's language, the journey, and all the others."""
    referral = case.referral
    links = []
    if papers:
        language = referral.patient.preferred_language
        links = [
            {"url": url_of(referral.pk, papers[0], part, language), "text": part_name(part), "pdf": True}
            for part in parts_of(papers[0])
        ]
    if has_itinerary(case):
        links.append(
            {"url": reverse("referrals:itinerary", args=[referral.pk]), "text": _("The patient’s journey")}
        )
    if papers:
        links.append(
            {
                "url": reverse("referrals:papers", args=[referral.pk]),
                "text": _("All papers in every language"),
            }
        )
    return links


def has_itinerary(case: Any) -> bool:
    """Whether there is a journey to make: a date, and a reader who sees whose it is."""
    return case.clinical and case.appointment is not None and case.referral.state in _BEFORE_THE_END


def url_of(referral_id: Any, paper: Paper, part: str, language: str) -> str:
    return reverse("referrals:paper", args=[referral_id, paper.pk, part, language])
