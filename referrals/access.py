"""Who sees which referral and what they are to it. Pages and the API get their querysets here and nowhere else."""

from collections.abc import Iterable
from typing import Any, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Denied, Gone, NotKnown
from core.permissions import Permission
from core.record_numbers import having
from disclosure import ledger
from disclosure.models import Basis, DataKind, Purpose
from facilities.models import PublicHealthAlert
from referrals.bodies import has_it
from referrals.models import ErasedReferral, RecordNumber, Referral
from referrals.sight import Sight
from referrals.states import BEFORE_CARE, Party, ReferralState

WRITE_SCOPE = "referrals:write"
Side = Literal["directing", "host", ""]


def visible_referrals(actor: Actor) -> QuerySet[Referral]:
    """The referrals that the actor may know of.

    A directing facility sees its own, a host facility what was sent to it and is not routed elsewhere since, a
    ministry all that leave or enter the country once they're filed, any other body of a chain what has reached it.
    Nobody else sees any.
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
    return [(side, branch & Q(erased_at__isnull=True)) for side, branch in _branches(actor)]


def _branches(actor: Actor) -> list[tuple[Side, Q]]:
    branches: list[tuple[Side, Q]] = []
    if actor.has(Permission.FILE_REFERRALS):
        branches.append(("directing", Q(directing_facility_id=actor.organisation_id)))
    if actor.has(Permission.HOST):
        sent = Q(host_facility_id=actor.organisation_id, sent_at__isnull=False)
        branches.append(("host", sent & ~Q(state=ReferralState.ENTERED_IN_ERROR)))
    if actor.has(Permission.DECIDE) or actor.has(Permission.COORDINATE):
        branches.append(("directing", Q(submitted_at__isnull=False, directing_country_id=actor.country)))
        branches.append(("host", Q(submitted_at__isnull=False, host_country_id=actor.country)))
    if actor.has(Permission.APPROVE):
        branches.append(("", Q(bodies__contains=[actor.organisation_id])))
    return branches


def visible_part(actor: Actor, place: int) -> tuple[Side, QuerySet[Referral]]:
    """One of the parts of `visible_branches` and the actor's side in it; nothing where there are fewer."""
    parts = visible_branches(actor)
    side, condition = parts[place] if place < len(parts) else ("", Q(pk__in=()))
    return side, Referral.objects.filter(condition)


def get_visible(actor: Actor, referral_id: UUID | str) -> Referral:
    """One referral that the actor may know of; raises NotKnown."""
    try:
        return visible_referrals(actor).get(pk=referral_id)
    except ValidationError as error:
        raise NotKnown() from error
    except Referral.DoesNotExist as error:
        raise not_here(actor, referral_id) from error


def not_here(actor: Actor, referral_id: UUID | str) -> NotKnown:
    """Why there is no such referral for the actor: it was erased, or there is none."""
    seen = Q(countries__contains=[actor.country]) if actor.has(Permission.COORDINATE) else Q(pk=None)
    if actor.has(Permission.FILE_REFERRALS) or actor.has(Permission.HOST):
        seen |= Q(facilities__contains=[actor.organisation_id])
    row = ErasedReferral.objects.filter(seen, pk=referral_id).first()
    if row is None:
        return NotKnown()
    text = _(
        "The data of the referral %(number)s were erased. That it was there, and its decisions, are on record."
    )
    return Gone(text % {"number": row.number or _("Draft")})


def touched_by(alert: PublicHealthAlert, actor: Actor) -> QuerySet[Referral]:
    """The actor's cases under way on whose route or diagnosis an alert bears, by their numbers."""
    first, _dash, last = alert.group.partition("-")
    touched = Q(category__range=(first, last or first))
    if alert.area_id is not None:
        for place in (
            "patient__residence_district",
            "host_facility__admin_unit",
            "crossing__admin_unit_a",
            "crossing__admin_unit_b",
        ):
            touched |= Q(**{place: alert.area_id}) | Q(**{f"{place}__parent": alert.area_id})
    country = Q(directing_country_id=alert.country_id) | Q(host_country_id=alert.country_id)
    rows = visible_referrals(actor).filter(country, state__in=BEFORE_CARE)
    rows = rows.annotate(category=Substr("diagnosis_id", 1, 3)).filter(touched)
    return rows.select_related("crossing").order_by("number", "pk")


def parties(actor: Actor, referral: Referral) -> frozenset[Party]:
    """What the actor is in relation to this referral; empty for a mere reader."""
    if actor.is_system:
        return frozenset({Party.SYSTEM})
    if referral.former_since is not None or (actor.kind == "client" and WRITE_SCOPE not in actor.scopes):
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
    if Party.DIRECTING_OFFICER not in found and has_it(actor, referral):
        found.add(Party.BODY)
    return frozenset(found)


def require_filing(actor: Actor) -> None:
    """Raise Denied unless the actor may file referrals for their facility."""
    if not actor.has(Permission.FILE_REFERRALS) or actor.organisation_id is None:
        raise Denied()
    if actor.kind == "client" and WRITE_SCOPE not in actor.scopes:
        raise Denied()


def sees_clinical(actor: Actor, referral: Referral) -> bool:
    """Whether the actor may read the clinical content: the directing side always, the host side by consent and law.

    The host's ministry knows that the referral exists, its direction and its state, and no more. So does a host that
    declined or had it before. `kinds_seen` says which of it, `seen_clinically` is the same rule for many in the
    database, and `sight.Sight` asks for many at once.
    """
    return Sight(actor).clinical(referral)


def kinds_seen(actor: Actor, referral: Referral) -> frozenset[str]:
    """The kinds of the patient's data (`DataKind`) that the actor may read of it."""
    return Sight(actor).kinds(referral)


def sees_answer(actor: Actor, referral: Referral) -> bool:
    """Whether the actor may read what the host answered: its date. The host itself always may."""
    if referral.former_since is not None:
        return False
    return sees_clinical(actor, referral) or actor.organisation_id == referral.host_facility_id


def sees_reason(actor: Actor, change: Any, *, clinical: bool) -> bool:
    """Whether the actor may read why a step was taken: with the clinical content, or where it was their own."""
    return clinical or (
        change.organisation_id is not None and change.organisation_id == actor.organisation_id
    )


def sees_said(actor: Actor, referral: Referral, access: Any) -> bool:
    """Whether the actor may read why an emergency access was opened: the directing side, and the hospital that did."""
    return actor.organisation_id == access.facility_id or (
        actor.country == referral.directing_country_id and actor.has(Permission.SEE_CLINICAL)
    )


def counts_checks(actor: Actor, referral: Referral) -> bool:
    """Whether the actor may know how often the certificates were checked: the ministry that issued them."""
    decides = actor.has(Permission.DECIDE) or actor.has(Permission.COORDINATE)
    return decides and actor.country == referral.directing_country_id


def seen_clinically(actor: Actor) -> Q:
    """The referrals whose clinical content the actor may read in a list, by the rule of `sees_clinical`."""
    return Sight(actor).found()


def record_numbers(actor: Actor) -> QuerySet[RecordNumber]:
    """The numbers that the actor's own organisation gave referrals, whoever else has given them one."""
    return RecordNumber.objects.filter(facility_id=actor.organisation_id).order_by()


def may_number(actor: Actor, referral: Referral) -> bool:
    """Whether the actor gives the referral the number of their own hospital: either side does, in any state."""
    return bool({Party.DIRECTING_CLINICIAN, Party.HOST_DESK} & parties(actor, referral))


def with_record_number(actor: Actor, text: str) -> UUID | None:
    """The key of the referral to which the actor's own organisation gave this number."""
    rows = record_numbers(actor).filter(having(actor.organisation_id, " ".join(text.split())))
    return rows.values_list("referral_id", flat=True).first() if actor.organisation_id else None


def require_filer(actor: Actor, referral: Referral) -> None:
    """Raise Denied unless the actor's facility files this referral and the actor may do so."""
    if Party.DIRECTING_CLINICIAN not in parties(actor, referral):
        raise Denied()


def show(
    actor: Actor, referral: Referral, kinds: frozenset[str] | None = None, what: str = "referrals.case"
) -> None:
    """Note in the ledger that a case is shown to the actor, with as much of it as they may see (`kinds`, if known)."""
    seen = DataKind.CARE in (kinds_seen(actor, referral) if kinds is None else kinds)
    ledger.note(
        what,
        to=actor,
        patients=[referral.patient_id] if seen and referral.patient_id else [],
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
    sight = Sight(actor).ready()
    if seen := [row for row in referrals if sight.clinical(row)]:
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
    if actor.has(Permission.APPROVE) or actor.country == directing_country:
        return Purpose.AUTHORISATION
    return Purpose.OVERSIGHT


def _basis(actor: Actor, referral: Referral) -> Basis:
    if actor.organisation_id == referral.directing_facility_id:
        return Basis.OWN_PATIENT
    if actor.organisation_id != referral.host_facility_id:
        return Basis.PUBLIC_DUTY
    if referral.opened_to is not None and referral.opened_to == actor.user_id:
        return Basis.BREAK_GLASS
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
