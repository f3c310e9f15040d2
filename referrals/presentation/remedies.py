"""The control by which what a rule found is put right: its page, its operation in the API, or who else can do it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from django.urls import reverse
from django.utils.translation import gettext as _

from core.actors import Actor
from core.permissions import Permission
from eligibility import RULES, MendedIn
from facilities.asking import may_ask
from referrals.access import parties
from referrals.events import BY_NAME
from referrals.guards import open_events
from referrals.models import Referral, RuleResult
from referrals.presentation.actions import DECIDE_PHRASE
from referrals.states import ACTIVE_STATES, AuthorisationEvent, Party, ReferralState

API = "/api/v1"


class By(StrEnum):
    """Who can put something right."""

    CLINICIAN = "clinician"
    OFFICER = "officer"
    HOSPITAL = "hospital"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Operation:
    """What a partner's system sends."""

    method: str
    href: str


@dataclass(frozen=True, slots=True)
class Control:
    """Where a reader puts something right (`page` with the words of its link), or a sentence on who can instead.

    `operation` is there where the reader may take it by the API now.
    """

    by: By
    text: str
    page: str = ""
    operation: Operation | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """What somebody who reads the findings of a referral can do about them now."""

    is_clinician: bool = False
    state: str = ""
    decides: bool = False
    steps: frozenset[str] = field(default_factory=frozenset)
    scopes: frozenset[str] | None = None
    asks: bool = False

    @classmethod
    def of(cls, actor: Actor, referral: Referral) -> "Reader":
        """The reader that an actor is; a client's operations are narrowed by its token's scopes."""
        mends = Party.DIRECTING_CLINICIAN in parties(actor, referral)
        possible = open_events(actor, referral)
        return cls(
            is_clinician=mends and actor.has(Permission.WRITE_PATIENTS),
            state=referral.state,
            decides=AuthorisationEvent.GRANT in possible,
            steps=frozenset(name for name in possible if BY_NAME[name].api),
            scopes=actor.scopes if actor.kind == "client" else None,
            asks=may_ask(actor),
        )

    def may(self, scope: str) -> bool:
        return self.scopes is None or scope in self.scopes


def control_of(result: RuleResult, referral: Referral, reader: Reader) -> Control | None:
    """The control of a finding's remedy for this reader; None where the finding needs nobody."""
    rule = RULES[result.rule]
    finding = rule.findings[result.message]
    if not finding.remedy:
        return None
    if reader.state != ReferralState.DRAFT and reader.state not in ACTIVE_STATES:
        return Control(By.NOBODY, _("The referral is over: nothing needs to be done."))
    place = finding.mended_in or rule.mended_in
    if place in _HOSTS and (place == MendedIn.HOSTS_WORD or not _changes_host(reader)):
        return _ask_hospital(referral, reader)
    if place == MendedIn.OFFICER:
        if reader.decides:
            return Control(By.OFFICER, str(DECIDE_PHRASE), reverse("referrals:decide", args=[referral.pk]))
        return Control(By.OFFICER, _("An officer of the ministry that decides can do this."))
    if not reader.is_clinician:
        return Control(By.CLINICIAN, _("The clinician who refers can do this."))
    if place in _OF_PATIENT:
        return _OF_PATIENT[place](referral, reader)
    if reader.state == ReferralState.DRAFT:
        return _on_draft(place, referral, reader)
    return _step(_STEP_OF[place], referral, reader)


_HOSTS = (MendedIn.HOSTS_WORD, MendedIn.HOST_FACILITY)
#: The step of a filed referral, and the page of a draft, that a control is.
_STEP_OF = {
    MendedIn.REPORT: "add_evidence",
    MendedIn.REFERRAL: "add_evidence",
    MendedIn.HOST_FACILITY: "change_host",
    MendedIn.WITHDRAWAL: "withdraw",
    MendedIn.DOCUMENT: "add_evidence",
    MendedIn.AT_HOME: "complete_facts",
    MendedIn.RISK: "complete_facts",
    MendedIn.TRANSLATIONS: "complete_facts",
    MendedIn.MEANS: "complete_facts",
    MendedIn.CONSILIUM: "record_consilium",
}
#: What a filed referral alone takes.
_ONCE_FILED = (MendedIn.DOCUMENT, MendedIn.CONSILIUM)
_PAGE_OF = {
    MendedIn.REPORT: "evidence",
    MendedIn.REFERRAL: "time",
    MendedIn.HOST_FACILITY: "where",
    MendedIn.AT_HOME: "time",
    MendedIn.RISK: "diagnosis",
    MendedIn.TRANSLATIONS: "evidence",
    MendedIn.MEANS: "payer",
}


def _changes_host(reader: Reader) -> bool:
    return reader.is_clinician and (reader.state == ReferralState.DRAFT or "change_host" in reader.steps)


def _ask_hospital(referral: Referral, reader: Reader) -> Control:
    """The page that says what is confirmed and whom to ask: everybody who reads the directory opens it."""
    host = referral.host_facility_id
    operation = None
    if reader.asks and reader.may("referrals:write"):
        operation = Operation("POST", f"{API}/facilities/{host}/ask-to-confirm/")
    words = _("Ask the hospital to confirm it") if reader.asks else _("See what the hospital has confirmed")
    page = reverse("facilities:confirm", args=[host])
    return Control(By.HOSPITAL, words, f"{page}#ask" if reader.asks else page, operation)


def _back(referral: Referral) -> str:
    if referral.state == ReferralState.DRAFT:
        return reverse("referrals:file_page", args=[referral.pk, "check"])
    return reverse("referrals:detail", args=[referral.pk])


def _write(reader: Reader, method: str, path: str) -> Operation | None:
    return Operation(method, f"{API}/patients/{path}") if reader.may("patients:write") else None


def _person(referral: Referral, reader: Reader) -> Control:
    patient = referral.patient_id
    page = reverse("patients:edit", args=[patient])
    operation = _write(reader, "PATCH", f"{patient}/")
    return Control(By.CLINICIAN, _("Change the patient’s record"), page, operation)


def _numbers(referral: Referral, reader: Reader) -> Control:
    patient = referral.patient_id
    page = reverse("patients:detail", args=[patient]) + "#numbers"
    operation = _write(reader, "POST", f"{patient}/identifiers/")
    return Control(By.CLINICIAN, _("Open the patient’s numbers"), page, operation)


def _coverage(referral: Referral, reader: Reader) -> Control:
    patient = referral.patient_id
    page = f"{reverse('patients:coverage', args=[patient])}?next={_back(referral)}"
    operation = _write(reader, "POST", f"{patient}/coverages/")
    return Control(By.CLINICIAN, _("Record the coverage"), page, operation)


def _consent(referral: Referral, reader: Reader) -> Control:
    """A filed referral takes a new consent by itself; a draft is asked for it on its own page."""
    patient = referral.patient_id
    if referral.state == ReferralState.DRAFT:
        page = reverse("referrals:file_page", args=[referral.pk, "consent"])
    else:
        query = f"?country={referral.host_country_id}&next={_back(referral)}"
        page = reverse("patients:consent", args=[patient]) + query
    operation = _write(reader, "POST", f"{patient}/consents/")
    return Control(By.CLINICIAN, _("Record a consent"), page, operation)


_OF_PATIENT: dict[MendedIn, Callable[[Referral, Reader], Control]] = {
    MendedIn.PERSON: _person,
    MendedIn.NUMBERS: _numbers,
    MendedIn.COVERAGE: _coverage,
    MendedIn.CONSENT: _consent,
}


def _on_draft(place: MendedIn, referral: Referral, reader: Reader) -> Control:
    own = f"{API}/referrals/{referral.pk}/"
    writes = reader.may("referrals:write")
    if place == MendedIn.WITHDRAWAL:
        page = reverse("referrals:step", args=[referral.pk, "discard"])
        operation = Operation("POST", f"{own}discard/") if writes else None
        return Control(By.CLINICIAN, _("Discard this draft"), page, operation)
    if place in _ONCE_FILED:
        page = reverse("referrals:file_page", args=[referral.pk, "check"])
        operation = Operation("POST", f"{own}submit/") if writes else None
        return Control(By.CLINICIAN, _("File the referral, then add it"), page, operation)
    page = reverse("referrals:file_page", args=[referral.pk, _PAGE_OF[place]])
    operation = Operation("PATCH", own) if writes else None
    return Control(By.CLINICIAN, _("Change this in the draft"), page, operation)


def _step(name: str, referral: Referral, reader: Reader) -> Control:
    if name not in reader.steps:
        return Control(By.NOBODY, _("This can’t be done in the referral’s present state."))
    words = {
        "add_evidence": _("Add a document"),
        "complete_facts": _("Complete what the rules ask"),
        "record_consilium": _("Record a consilium"),
        "change_host": _("Ask for another hospital"),
        "withdraw": _("Withdraw the referral"),
    }[name]
    address = f"{API}/referrals/{referral.pk}/{name.replace('_', '-')}/"
    operation = Operation("POST", address) if reader.may("referrals:write") else None
    return Control(By.CLINICIAN, words, reverse("referrals:step", args=[referral.pk, name]), operation)
