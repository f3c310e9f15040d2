"""The lists of the ministry and of the host's desk: what belongs to which part, in which order, and how many there are.

Every queryset starts from `access.visible_referrals`, so nobody finds here what they may not know of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value, When

from core.actors import Actor
from referrals import access
from referrals.bodies import with_body_of
from referrals.models import EligibilityCheck, Priority, Referral, RuleResult
from referrals.states import ACTIVE_STATES, AuthorisationState, ReferralState

S, A = ReferralState, AuthorisationState

_CHECKED_OR_BEFORE = [S.SUBMITTED, S.SCREENING, S.IN_REVIEW]
_WITH_HOST = [S.SENT, S.ACCEPTED, S.SCHEDULED, S.IN_CARE, S.DISCHARGED]
_NOT_REVIEWED = Q(
    priority=Priority.STAT, authorisation__state=A.NOT_REQUIRED, authorisation__reviewed_at__isnull=True
) & ~Q(state__in=[S.ENTERED_IN_ERROR, S.WITHDRAWN])

#: The parts of a body that decides: its own stages, what a ministry has to do besides, and what others do now.
DECISION_PARTS: dict[str, Q] = {
    "to_decide": Q(
        state__in=_CHECKED_OR_BEFORE, authorisation__state__in=[A.PENDING, A.IN_REVIEW, A.OVERTURNED]
    ),
    "stopped": Q(state=S.INFO_REQUESTED),
    "elsewhere": Q(
        state__in=[*_CHECKED_OR_BEFORE, S.INFO_REQUESTED],
        authorisation__state__in=[A.PENDING, A.IN_REVIEW, A.OVERTURNED, A.CLOCK_STOPPED],
    ),
    "declined": Q(state=S.DECLINED),
    "emergencies": _NOT_REVIEWED,
    "appeals": Q(state=S.REFUSED, authorisation__state=A.APPEALED),
    "with_hosts": Q(state__in=_WITH_HOST),
    "all": Q(),
}
#: Work of the directing ministry.
_OWN_WORK = frozenset({"declined", "emergencies", "appeals"})
#: Work of the body that has the decision now, whichever it is.
_OF_THE_BODY = frozenset({"to_decide", "stopped"})

#: The host desk's parts.
DESK_PARTS: dict[str, Q] = {
    "answer": Q(state=S.SENT),
    "preparation": Q(state__in=[S.ACCEPTED, S.SCHEDULED]),
    "in_care": Q(state=S.IN_CARE),
    "over": ~Q(state__in=[S.SENT, S.ACCEPTED, S.SCHEDULED, S.IN_CARE]),
}

MOST = 1000
"""How far a batch of cases is followed from one to the next."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a ministry's list is narrowed to. `direction`: "", "out", "in", or these with a country ("out-KG")."""

    part: str = "to_decide"
    direction: str = ""
    priority: str = ""
    text: str = ""
    sort: str = "clock"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands in a list: `number` from 1 (None when it isn't there), of `total`, and the next case."""

    number: int | None
    total: int
    next_id: UUID | None


def decision_list(actor: Actor, wanted: Wanted) -> QuerySet[Referral]:
    """The ministry's list, narrowed and in order, with what a row shows joined."""
    rows = _narrowed(actor, wanted).filter(_part(actor, wanted.part))
    if wanted.sort == "filed":
        ordered = rows.order_by("-submitted_at", "-id")
    else:
        # The clock that runs out first stands on top, what is overdue before everything; then what waited longest.
        ordered = rows.annotate(clock_at=_CLOCK_AT).order_by(
            F("clock_at").asc(nulls_last=True),
            "-submitted_at" if wanted.part == "all" else "state_since",
            "id",
        )
    return with_outcomes(access.with_case(ordered))


def decision_counts(actor: Actor, wanted: Wanted) -> dict[str, int]:
    """How many stand in each part under the same narrowing, in one query; "all" isn't counted."""
    under_way = _narrowed(actor, wanted).filter(
        Q(state__in=sorted(ACTIVE_STATES)) | Q(state=S.REFUSED) | _NOT_REVIEWED
    )
    counts: Mapping[str, Any] = {
        part: Count("pk", filter=_part(actor, part)) for part in DECISION_PARTS if part != "all"
    }
    return under_way.aggregate(**counts)


def place_in_list(actor: Actor, wanted: Wanted, referral_id: UUID) -> Place:
    """The case's place in the list and the case after it; for one that has left the list, the first case."""
    ids = list(decision_list(actor, wanted).values_list("pk", flat=True)[:MOST])
    if referral_id not in ids:
        return Place(None, len(ids), ids[0] if ids else None)
    index = ids.index(referral_id)
    following = ids[index + 1] if index + 1 < len(ids) else None
    return Place(index + 1, len(ids), following)


def desk_list(actor: Actor, part: str, text: str = "") -> QuerySet[Referral]:
    """What was sent to the actor's facility, in order: the answer that is due first, then what began first."""
    rows = access.search(_of_host(actor), text, actor).filter(DESK_PARTS[part])
    if part == "answer":
        # Limits in working days end with the day, so many are equal: then what came first.
        ordered = rows.order_by(F("host_reply_due_at").asc(nulls_last=True), "sent_at", "id")
    elif part == "over":
        ordered = rows.order_by("-state_since", "-id")
    else:
        ordered = rows.order_by("state_since", "id")
    return access.with_case(ordered)


def desk_counts(actor: Actor, text: str = "") -> dict[str, int]:
    """How many stand in each part of the desk's list, in one query."""
    counts: Mapping[str, Any] = {
        part: Count("pk", filter=condition) for part, condition in DESK_PARTS.items()
    }
    return access.search(_of_host(actor), text, actor).aggregate(**counts)


def with_outcomes(referrals: QuerySet[Referral]) -> QuerySet[Referral]:
    """Add `outcomes`: the outcome of each rule in the newest check, as a list, in the same query."""
    newest = (
        EligibilityCheck.objects.filter(referral=OuterRef(OuterRef("pk"))).order_by("-id").values("pk")[:1]
    )
    results = (
        RuleResult.objects.filter(check_run=Subquery(newest)).order_by("position", "id").values("outcome")
    )
    return referrals.annotate(outcomes=ArraySubquery(results))


def _of_host(actor: Actor) -> QuerySet[Referral]:
    """A facility that also sends referrals sees those on another list."""
    return access.visible_referrals(actor).filter(
        host_facility_id=actor.organisation_id, sent_at__isnull=False
    )


def _part(actor: Actor, part: str) -> Q:
    condition = DECISION_PARTS[part]
    if part in _OF_THE_BODY:
        return condition & with_body_of(actor)
    if part == "elsewhere":
        return condition & ~with_body_of(actor)
    return condition & Q(directing_country_id=actor.country) if part in _OWN_WORK else condition


def _narrowed(actor: Actor, wanted: Wanted) -> QuerySet[Referral]:
    rows = access.visible_referrals(actor).filter(submitted_at__isnull=False)
    way, _dash, country = wanted.direction.partition("-")
    if way == "out":
        rows = rows.filter(directing_country_id=actor.country)
        rows = rows.filter(host_country_id=country) if country else rows
    elif way == "in":
        rows = rows.filter(host_country_id=actor.country)
        rows = rows.filter(directing_country_id=country) if country else rows
    if wanted.priority:
        rows = rows.filter(priority=wanted.priority)
    return _found(rows, actor, wanted.text) if wanted.text.strip() else rows


def _found(rows: QuerySet[Referral], actor: Actor, text: str) -> QuerySet[Referral]:
    """Search one's own country's cases by everything; others' only by what the ministry may know: number and hospital.

    Otherwise the host country's ministry could find out by guessing that a named person is under way.
    """
    text = text.strip()[:100]
    own = access.search(rows.filter(directing_country_id=actor.country), text, actor).values("pk")
    known = (
        Q(number__icontains=text)
        | Q(host_facility__organisation__name__icontains=text)
        | Q(directing_facility__organisation__name__icontains=text)
    )
    return rows.filter(Q(pk__in=own) | (~Q(directing_country_id=actor.country) & known))


_CLOCK_AT = Case(
    When(DECISION_PARTS["to_decide"] | _NOT_REVIEWED, then=F("authorisation__due_at")),
    When(state=S.SENT, then=F("host_reply_due_at")),
    default=Value(None),
    output_field=DateTimeField(),
)
