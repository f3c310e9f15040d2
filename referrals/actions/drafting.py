"""Drafts: started, saved page by page, discarded."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import zones
from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import Denied, IllegalTransition, Invalid
from core.feed.announce import announce
from core.prepared import insert
from core.sealed.fields import first_equal
from facilities.models import Facility
from patients.access import get_visible as get_patient
from referrals import access
from referrals.actions.road import check, lock, move
from referrals.content import mistakes_in, report_mistakes
from referrals.events.noticed import DRAFT_SAVED, DRAFT_STARTED
from referrals.guards import open_events
from referrals.models import EvidenceItem, Referral
from referrals.models.circumstances import with_stated
from referrals.routing import route_to
from referrals.states import Party, ReferralEvent, ReferralState

DECEASED = _("This patient is recorded as deceased, so no referral can be filed.")

__all__ = ["autosave", "discard", "save_draft", "start_draft"]

#: What a page of the filing may set. `host_facility` also sets the country, the distance and the crossing.
CONTENT_FIELDS = frozenset(
    {
        "specialty",
        "service",
        "care_mode",
        "diagnosis",
        "clinical_reason",
        "goal",
        "priority",
        "triage_note",
        "emergency_ground",
        "needed_by",
        "needed_by_reason",
        "host_facility",
        "payer",
        "payer_note",
        "estimate_amount",
        "estimate_currency",
        "consent",
        "circumstances",
    }
)
MAX_DRAFT_TEXT = 20_000


@action
def start_draft(
    *,
    patient_id: UUID | str,
    by: Actor,
    content: dict[str, Any] | None = None,
    evidence: dict[str, Any] | None = None,
) -> Referral:
    """A new draft for a patient of the actor's facility, with what `save_draft` takes where it is known already.

    Raises Denied, NotKnown, Invalid.
    """
    referral = new_draft(patient_id=patient_id, by=by, content=content or {})
    insert(referral)
    referral.known_history = []
    referral.known_evidence = [add_evidence(referral, evidence, by=by)] if evidence else []
    record(DRAFT_STARTED, by=by, subject=referral, details={"fields": sorted(content or {})})
    announce(DRAFT_STARTED, subject=referral, by=by)
    return referral


def new_draft(*, patient_id: UUID | str, by: Actor, content: dict[str, Any]) -> Referral:
    """The draft that `start_draft` writes, unsaved."""
    access.require_filing(by)
    patient = get_patient(by, patient_id)
    if patient.deceased_on is not None:
        raise Invalid({"patient": [DECEASED]})
    referral = Referral(
        patient=patient,
        residence_district=patient.residence_district,
        directing_country_id=by.country,
        directing_facility_id=by.organisation_id,
        created_by_id=by.user_id,
    )
    _fill_in(referral, content, by)
    return referral


@action
def save_draft(
    referral_id: UUID | str,
    *,
    by: Actor,
    content: dict[str, Any],
    evidence: dict[str, Any] | None = None,
    page: str = "",
    version: int | None = None,
) -> Referral:
    """Set validated content on a draft. `evidence` replaces the draft's specialist's report; empty, it takes it away.

    Keys of `content` are those of `CONTENT_FIELDS`; anything else is a programming error. Saving a page removes the
    unfinished text that was kept for it. Where nothing is changed nothing is written.
    """
    referral = _lock_draft(referral_id, by=by, version=version)
    before = _columns(referral)
    _fill_in(referral, content, by)
    if evidence is not None and _is_known(referral, evidence):
        evidence = None
    if evidence is None and page not in referral.draft_text and _columns(referral) == before:
        return referral
    if evidence is not None:
        EvidenceItem.objects.filter(referral=referral, kind=EvidenceItem.Kind.SPECIALIST_REPORT).delete()
        if evidence:
            add_evidence(referral, evidence, by=by)
    referral.draft_text.pop(page, None)
    referral.version += 1
    referral.save()
    record(DRAFT_SAVED, by=by, subject=referral, details={"page": page, "fields": sorted(content)})
    announce(DRAFT_SAVED, subject=referral, by=by)
    return referral


def _columns(referral: Referral) -> dict[str, Any]:
    return {field.attname: getattr(referral, field.attname) for field in Referral._meta.concrete_fields}


def _is_known(referral: Referral, evidence: dict[str, Any]) -> bool:
    """Whether the draft has just this report already; or none, where it is to be taken away."""
    reports = EvidenceItem.objects.filter(referral=referral)
    if not evidence:
        return not reports.filter(kind=EvidenceItem.Kind.SPECIALIST_REPORT).exists()
    values = {"kind": EvidenceItem.Kind.SPECIALIST_REPORT, **evidence}
    return first_equal(reports.order_by("pk"), values) is not None


def _fill_in(referral: Referral, content: dict[str, Any], by: Actor) -> None:
    """Set the content on the referral, unsaved."""
    unknown = set(content) - CONTENT_FIELDS
    if unknown:
        raise ValueError(f"a draft has no {', '.join(sorted(unknown))}")
    for name, value in content.items():
        if name == "circumstances":
            state(referral, value, by=by, keeps=False)
        else:
            setattr(referral, name, value)
    if wrong := mistakes_in(content, referral, today=zones.today()):
        raise Invalid(wrong)
    if "host_facility" not in content:
        return
    host: Facility | None = content["host_facility"]
    referral.host_country_id = host.country_code if host else None
    referral.distance_km, referral.crossing = route_to(referral.residence_district, host)
    if referral.consent is not None and not referral.consent.is_for(
        referral.host_facility_id, referral.host_country_id
    ):
        referral.consent = None


def state(referral: Referral, given: dict[str, Any], *, by: Actor, keeps: bool) -> None:
    """Set what is stated of the circumstances, unsaved; with `keeps` what was stated before stays beside it."""
    at = timezone.localtime(timezone.now(), referral.ministry_zone).isoformat(timespec="seconds")
    referral.circumstances = with_stated(referral.circumstances, given, by=by.label, at=at, keeps=keeps)


@action
def autosave(referral_id: UUID | str, *, by: Actor, page: str, text: dict[str, str]) -> Referral:
    """Keep what was typed on a page and isn't valid yet. The version stays: nothing that counts has changed."""
    referral = _lock_draft(referral_id, by=by)
    if sum(len(name) + len(value) for name, value in text.items()) > MAX_DRAFT_TEXT:
        raise Invalid({"": [_("This page holds too much text to save. Shorten it.")]})
    referral.draft_text[page[:20]] = text
    referral.save(update_fields=["draft_text", "updated_at"])
    return referral


@action
def discard(referral_id: UUID | str, *, by: Actor, version: int | None = None) -> Referral:
    """Throw a draft away: it leaves every list, with what was typed on its pages. Its row and its history stay."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.DISCARD, by=by)
    referral.draft_text = {}
    move(referral, ReferralEvent.DISCARD, by=by)
    return referral


def add_evidence(
    referral: Referral, evidence: dict[str, Any], *, by: Actor, field: str = "report."
) -> EvidenceItem:
    """Write an evidence item from keys dated_on, author, text and, optionally, kind.

    Invalid names what is wrong, with `field` before the key's name.
    """
    wrong = report_mistakes(evidence, referral.patient, today=zones.today())
    if wrong:
        raise Invalid({f"{field}{name}": texts for name, texts in wrong.items()})
    return insert(
        EvidenceItem(
            referral=referral,
            kind=evidence.get("kind", EvidenceItem.Kind.SPECIALIST_REPORT),
            dated_on=evidence["dated_on"],
            author=evidence["author"],
            author_position=evidence.get("author_position") or "",
            text=evidence["text"],
            recorded_by_label=by.label,
        )
    )


def _lock_draft(referral_id: UUID | str, *, by: Actor, version: int | None = None) -> Referral:
    referral = lock(referral_id, by=by, version=version)
    if Party.DIRECTING_CLINICIAN not in access.parties(by, referral):
        raise Denied()
    if referral.state != ReferralState.DRAFT:
        raise IllegalTransition(
            _("This referral is filed and can’t be edited any more."),
            allowed=open_events(by, referral),
        )
    return referral
