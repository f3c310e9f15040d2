"""Who sees which referral and what they are to it. Pages and the API get their querysets here and nowhere else."""

from collections.abc import Iterable
from typing import Any, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet

from core.actors import Actor
from core.errors import Denied, NotKnown
from core.permissions import Permission
from disclosure import ledger
from disclosure.models import Basis, Purpose
from facilities.access import today_in
from facilities.models import Country
from referrals.models import Priority, Referral
from referrals.states import Party, ReferralState

WRITE_SCOPE = "referrals:write"
Side = Literal["directing", "host", ""]


def visible_referrals(actor: Actor) -> QuerySet[Referral]:
    """The referrals that the actor may know of.

    A directing facility sees its own, a host facility what was sent to it and is not routed elsewhere since, a
    ministry all that leave or enter the country once they're filed. Nobody else sees any.
    """
    if actor.is_system:
        return Referral.objects.all()
    allowed = Q(pk__in=[])
    for _side, branch in visible_branches(actor):
        allowed |= branch
    return Referral.objects.filter(allowed)


def visible_branches(actor: Actor) -> list[tuple[Side, Q]]:
    """What the actor may know of, in parts that have an index each, with the side that the actor is on."""
    if actor.is_system:
        return [("", Q())]
    branches: list[tuple[Side, Q]] = []
    if actor.has(Permission.FILE_REFERRALS):
        branches.append(("directing", Q(directing_facility_id=actor.organisation_id)))
    if actor.has(Permission.HOST):
        sent = Q(host_facility_id=actor.organisation_id, sent_at__isnull=False)
        branches.append(("host", sent & ~Q(state=ReferralState.ENTERED_IN_ERROR)))
    if actor.has(Permission.DECIDE) or actor.has(Permission.COORDINATE):
        branches.append(("directing", Q(submitted_at__isnull=False, directing_country_id=actor.country)))
        branches.append(("host", Q(submitted_at__isnull=False, host_country_id=actor.country)))
    return branches


def get_visible(actor: Actor, referral_id: UUID | str) -> Referral:
    """One referral that the actor may know of; raises NotKnown."""
    try:
        return visible_referrals(actor).get(pk=referral_id)
    except (Referral.DoesNotExist, ValidationError) as error:
        raise NotKnown() from error


def parties(actor: Actor, referral: Referral) -> frozenset[Party]:
    """What the actor is in relation to this referral; empty for a mere reader."""
    if actor.is_system:
        return frozenset({Party.SYSTEM})
    if actor.kind == "client" and WRITE_SCOPE not in actor.scopes:
        return frozenset()
    found = set()
    if actor.has(Permission.FILE_REFERRALS) and actor.organisation_id == referral.directing_facility_id:
        found.add(Party.DIRECTING_CLINICIAN)
    if actor.has(Permission.HOST) and actor.organisation_id == referral.host_facility_id and referral.sent_at:
        found.add(Party.HOST_DESK)
    if actor.country == referral.directing_country_id:
        if actor.has(Permission.DECIDE):
            found.add(Party.DIRECTING_OFFICER)
        if actor.has(Permission.COORDINATE):
            found.add(Party.DIRECTING_COORDINATOR)
    return frozenset(found)


def require_filing(actor: Actor) -> None:
    """Raise Denied unless the actor may file referrals for their facility."""
    if not actor.has(Permission.FILE_REFERRALS) or actor.organisation_id is None:
        raise Denied()
    if actor.kind == "client" and WRITE_SCOPE not in actor.scopes:
        raise Denied()


def sees_clinical(actor: Actor, referral: Referral) -> bool:
    """Whether the actor may read the clinical content: the directing side always, the host side by consent.

    The host's facility reads it while a consent for its country is valid, or on the emergency ground. The host's
    ministry knows that the referral exists, its direction and its state, and no more. So does a host that declined.
    `seen_clinically` is the same rule for many.
    """
    if not actor.has(Permission.SEE_CLINICAL):
        return False
    if actor.country == referral.directing_country_id:
        return True
    if actor.organisation_id != referral.host_facility_id or referral.state == ReferralState.DECLINED:
        return False
    given = referral.consent
    if given is None:
        return referral.is_emergency and bool(referral.emergency_ground)
    if given.ended_at is not None or given.recipient_country_id != referral.host_country_id:
        return False
    return referral.state in _CARE_UNDER_WAY or given.is_valid_on(today_in(referral.directing_country_id))


# A consent's end must not blind a ward that treats the patient; only its withdrawal does.
_CARE_UNDER_WAY = frozenset({ReferralState.IN_CARE, ReferralState.DISCHARGED})


def sees_answer(actor: Actor, referral: Referral) -> bool:
    """Whether the actor may read what the host answered: its date. The host itself always may."""
    return sees_clinical(actor, referral) or actor.organisation_id == referral.host_facility_id


def sees_reason(actor: Actor, change: Any, *, clinical: bool) -> bool:
    """Whether the actor may read why a step was taken: with the clinical content, or where it was their own."""
    return clinical or (
        change.organisation_id is not None and change.organisation_id == actor.organisation_id
    )


def seen_clinically(actor: Actor) -> Q:
    """The referrals whose clinical content the actor may read, by the rule of `sees_clinical`."""
    if not actor.has(Permission.SEE_CLINICAL):
        return Q(pk__in=())
    in_period = Q(pk__in=())
    for code in Country.objects.values_list("pk", flat=True):  # the day is the directing country's
        day = today_in(code)
        valid = {"consent__valid_from__lte": day, "consent__valid_to__gte": day}
        in_period |= Q(directing_country_id=code, **valid)
    by_consent = Q(
        Q(state__in=_CARE_UNDER_WAY) | in_period,
        consent__withdrawn_at__isnull=True,
        consent__superseded_by__isnull=True,
        consent__recipient_country_id=F("host_country_id"),
    )
    by_ground = Q(consent__isnull=True, priority=Priority.STAT) & ~Q(emergency_ground="")
    host = Q(by_consent | by_ground, host_facility_id=actor.organisation_id) & ~Q(
        state=ReferralState.DECLINED
    )
    return Q(directing_country_id=actor.country) | host


def require_filer(actor: Actor, referral: Referral) -> None:
    """Raise Denied unless the actor's facility files this referral and the actor may do so."""
    if Party.DIRECTING_CLINICIAN not in parties(actor, referral):
        raise Denied()


def show(actor: Actor, referral: Referral) -> None:
    """Note in the ledger that a case is shown to the actor, with as much of it as they may see."""
    seen = sees_clinical(actor, referral)
    ledger.note(
        "referrals.case",
        to=actor,
        patients=[referral.patient_id] if seen else [],
        purpose=_purpose(actor, referral.directing_country_id),
        basis=[_basis(actor, referral)],
        clinical=seen,
        countries=[referral.directing_country_id],
        subject=referral,
    )


def show_list(actor: Actor, what: str, referrals: Iterable[Any]) -> None:
    """Note in the ledger that a list is shown to the actor: one row, with the patients whom they may see in it.

    A list in which they see nobody discloses nothing. `referrals` are such or rows that answer what a referral does.
    """
    if seen := [row for row in referrals if sees_clinical(actor, row)]:
        ledger.note(
            what,
            to=actor,
            patients=[row.patient_id for row in seen],
            purpose=_purpose(actor, actor.country),
            basis={_basis(actor, row) for row in seen},
            clinical=True,
            countries={row.directing_country_id for row in seen},
        )


def _purpose(actor: Actor, directing_country: str) -> Purpose:
    if actor.has(Permission.FILE_REFERRALS) or actor.has(Permission.HOST):
        return Purpose.CARE
    return Purpose.AUTHORISATION if actor.country == directing_country else Purpose.OVERSIGHT


def _basis(actor: Actor, referral: Referral) -> Basis:
    if actor.organisation_id == referral.directing_facility_id:
        return Basis.OWN_PATIENT
    if actor.organisation_id != referral.host_facility_id:
        return Basis.PUBLIC_DUTY
    return Basis.CONSENT if referral.consent is not None else Basis.EMERGENCY


def with_case(referrals: QuerySet[Referral]) -> QuerySet[Referral]:
    """Join what a row of a list shows, so that a list costs one query."""
    return referrals.select_related(
        "patient",
        "patient__residence_district",
        "specialty",
        "diagnosis",
        "directing_facility__organisation",
        "host_facility__organisation",
        "directing_country",
        "host_country",
        "crossing",
        "authorisation",
        "consent__superseded_by",
    )
