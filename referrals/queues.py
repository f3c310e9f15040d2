"""The lists of the ministry and of the host's desk: what belongs to which part, in which order, and how many there are.

Every queryset starts from `access.visible_referrals`, so nobody finds here what they may not know of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery

from core import listed
from core.actors import Actor
from core.listed import Listed
from core.permissions import Permission
from referrals import access, search
from referrals.bodies import bodies_of, with_body_of
from referrals.models import EligibilityCheck, Referral, RuleResult
from referrals.models.listed import Hosting, Work

#: The parts of a body that decides: its own stages, what a ministry has to do besides, and what others do now.
DECISION_PARTS: dict[str, Q] = {
    "to_decide": Q(work=Work.TO_DECIDE),
    "stopped": Q(work=Work.STOPPED),
    "elsewhere": Q(work__in=[Work.TO_DECIDE, Work.STOPPED]),
    "declined": Q(work=Work.DECLINED),
    "emergencies": Q(unreviewed=True),
    "appeals": Q(work=Work.APPEALS),
    "with_hosts": Q(work=Work.WITH_HOSTS),
    "all": Q(),
}
#: Work of the directing ministry.
_OWN_WORK = frozenset({"declined", "emergencies", "appeals"})
#: Work of the body that has the decision now, whichever it is.
_OF_THE_BODY = frozenset({"to_decide", "stopped"})
# The clock that runs out first stands on top, what is overdue before everything; then what waited longest.
_BY_CLOCK = ("clock_at", "state_since", "pk")
_ALL_BY_CLOCK = ("clock_at", "-submitted_at", "pk")
_FILED_LAST = ("-submitted_at", "-pk")

#: The host desk's parts.
DESK_PARTS: dict[str, Q] = {part.value: Q(hosting=part) for part in Hosting}
_WAITED_LONGEST = ("state_since", "pk")
_DESK_ORDERS = {
    # Limits in working days end with the day, so many are equal: then what came first.
    "answer": ("host_reply_due_at", "sent_at", "pk"),
    "preparation": _WAITED_LONGEST,
    "in_care": _WAITED_LONGEST,
    "over": ("-state_since", "-pk"),
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


def decision_list(rows: Listed[Referral], actor: Actor, part: str, sort: str = "clock") -> Listed[Referral]:
    """A part of the ministry's list in its order. `rows` are those of `decision_rows`."""
    order = _FILED_LAST if sort == "filed" else _ALL_BY_CLOCK if part == "all" else _BY_CLOCK
    if part in _OF_THE_BODY:
        conditions = [DECISION_PARTS[part] & one for one in bodies_of(actor)]
    elif part == "elsewhere":
        conditions = [DECISION_PARTS[one] & ~with_body_of(actor) for one in sorted(_OF_THE_BODY)]
    elif part in _OWN_WORK:
        conditions = [DECISION_PARTS[part] & Q(directing_country_id=actor.country)]
    else:
        conditions = [DECISION_PARTS[part]]
    branches = (branch.filter(one) for one in conditions for branch in rows.branches)
    return Listed(tuple(branches), order)


def decision_counts(rows: Listed[Referral], actor: Actor) -> Mapping[str, int]:
    """How many stand in each part, as far as a tab says it; "all" isn't counted (one query)."""
    return listed.counts({part: decision_list(rows, actor, part) for part in DECISION_PARTS if part != "all"})


def place_in_list(actor: Actor, wanted: Wanted, referral_id: UUID) -> Place:
    """The case's place in the list and the case after it; for one that has left the list, the first case."""
    rows = decision_list(decision_rows(actor, wanted), actor, wanted.part, wanted.sort)
    ids = rows.keys(MOST)
    if referral_id not in ids:
        return Place(None, len(ids), ids[0] if ids else None)
    index = ids.index(referral_id)
    following = ids[index + 1] if index + 1 < len(ids) else None
    return Place(index + 1, len(ids), following)


def desk_list(rows: Listed[Referral], part: str) -> Listed[Referral]:
    """What was sent to the actor's facility, in order: the answer that is due first, then what began first.

    `rows` are those of `desk_rows`.
    """
    return Listed(rows.narrowed(DESK_PARTS[part]).branches, _DESK_ORDERS[part])


def desk_counts(rows: Listed[Referral]) -> Mapping[str, int]:
    """How many stand in each part of the desk's list, as far as a tab says it, in one query."""
    return listed.counts({part: desk_list(rows, part) for part in DESK_PARTS})


def desk_rows(actor: Actor, text: str = "") -> Listed[Referral]:
    """All that was sent to the actor's facility, narrowed to what a text means."""
    return search.found(Listed((_of_host(actor),), _WAITED_LONGEST), text, actor)


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


def decision_rows(actor: Actor, wanted: Wanted) -> Listed[Referral]:
    """All that a body that decides knows of, narrowed by everything but the part."""
    way, _dash, country = wanted.direction.partition("-")
    leaving = Q(submitted_at__isnull=False, directing_country_id=actor.country)
    entering = Q(submitted_at__isnull=False, host_country_id=actor.country)
    ways = {"out": [leaving], "in": [entering]}.get(way, [leaving, entering])
    if not way and not (actor.has(Permission.DECIDE) or actor.has(Permission.COORDINATE)):
        ways = [Q(submitted_at__isnull=False)]  # whatever has reached the body, between whichever countries
    condition = Q(priority=wanted.priority) if wanted.priority else Q()
    if country:
        other = {"out": "host_country_id", "in": "directing_country_id"}[way]
        condition &= Q(**{other: country})
    # An index for each way: a condition with an “or” has none.
    visible = access.visible_referrals(actor)
    rows = Listed(tuple(visible.filter(one, condition) for one in ways), _FILED_LAST)
    return search.found(rows, wanted.text, actor)
