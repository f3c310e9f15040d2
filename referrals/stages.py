"""The chain of an authorisation: laid out at filing, and moved on with each event of the authorisation.

A stage's state follows the authorisation's events by the table `STAGE_AFTER`, asked by `machines.move` alone: so it is
the same road, with the same lock, history and audit. What the authorisation itself keeps of the stage that is under
way (its clock, its place, a first signature) is what lists and guards read.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.access import end_of
from agreements.chains import Chain, Stage
from agreements.clocks import REVIEW_OF_EMERGENCY
from agreements.models import AgreementVersion
from core.actors import Actor
from core.errors import Invalid
from core.prepared import insert
from facilities.models import Organisation
from referrals.models import Authorisation, AuthorisationStage, Referral
from referrals.states import OPEN_STAGES, STAGE_AFTER, AuthorisationEvent, StageState

_QUOTA_LOCK = 0x7175_6F74  # any constant: grants under a quota wait for each other
GRANTED = (StageState.GRANTED, StageState.PARTLY_GRANTED)
UNKNOWN_BODY = _("The agreement names a body that the portal doesn’t know: %(code)s. Ask the administrator.")


def lay_out(referral: Referral, chain: Chain) -> list[AuthorisationStage]:
    """The stages of a chain for a referral, unsaved; each with its body. Invalid where a body isn't known."""
    codes = [stage.organisation for stage in chain.stages if stage.organisation]
    bodies = {row.code: row for row in Organisation.objects.filter(code__in=codes)} if codes else {}
    if missing := [code for code in codes if code not in bodies or not bodies[code].active]:
        raise Invalid({"payer": [UNKNOWN_BODY % {"code": missing[0]}]})
    return [
        AuthorisationStage(
            referral=referral,
            position=position,
            setting=stage.stored(),
            country_id=_country(referral, stage.side),
            organisation=bodies.get(stage.organisation),
        )
        for position, stage in enumerate(chain.stages, start=1)
    ]


def _country(referral: Referral, side: str) -> str:
    found = referral.host_country_id if side == "host" else referral.directing_country_id
    assert found is not None, "a filed referral has its host country: a constraint holds it"
    return found


def give_to(referral: Referral, country: str, organisation_id: int | None) -> None:
    """Let a body have the decision, unsaved. Which bodies had it stays."""
    referral.deciding_country, referral.deciding_body_id = country, organisation_id
    if organisation_id is not None and organisation_id not in referral.bodies:
        referral.bodies = [*referral.bodies, organisation_id]


def take_from_all(referral: Referral) -> None:
    """Nobody has to decide any more; unsaved."""
    referral.deciding_country, referral.deciding_body_id = "", None


def first_of(stages: list[AuthorisationStage], referral: Referral, now: datetime) -> AuthorisationStage:
    """The stage that begins: the first, or the one that stands in for it when its quota is used up."""
    return _with_quota(stages[0], stages[1:], referral, now)


def _with_quota(
    stage: AuthorisationStage, later: Iterable[AuthorisationStage], referral: Referral, now: datetime
) -> AuthorisationStage:
    for other in later:
        if not other.rule.otherwise or quota_left(stage, referral, now) != 0:
            break
        _set(stage, StageState.PASSED_OVER)
        stage = other
    return stage


def quota_left(stage: AuthorisationStage, referral: Referral, now: datetime) -> int | None:
    """How many grants its body may still give this year under the agreement; None where it has no quota."""
    if stage.rule.quota is None:
        return None
    used = AuthorisationStage.objects.filter(
        Q(referral__agreement=referral.agreement, country_id=stage.country_id),
        Q(organisation_id=stage.organisation_id) if stage.organisation_id else Q(organisation=None),
        setting__quota__gt=0,
        state__in=GRANTED,
        decided_at__range=_year(ZoneInfo(stage.country.time_zone), now),
    ).exclude(authorisation__state="revoked")
    return max(0, stage.rule.quota - used.count())


def _year(zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    first = datetime(now.astimezone(zone).year, 1, 1, tzinfo=zone)
    return first, first.replace(year=first.year + 1) - timedelta.resolution


def require_quota(stage: AuthorisationStage, referral: Referral, now: datetime) -> None:
    """Invalid where the body has given all that its quota allows. Those who grant at once wait for each other."""
    if stage.rule.quota is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_QUOTA_LOCK, referral.agreement_id])
    if quota_left(stage, referral, now) == 0:
        raise Invalid(
            {
                "choice": [
                    _("The quota of this body for the year is used up: %(count)s grants.")
                    % {"count": stage.rule.quota}
                ]
            }
        )


def start_clock(
    authorisation: Authorisation, referral: Referral, now: datetime, stage: AuthorisationStage | None
) -> None:
    """Set a stage's time limits from `now` on authorisation and stage, unsaved; an emergency has its review's."""
    authorisation.clock_started_at, authorisation.stopped_seconds = now, 0
    if stage is None:  # an emergency: the ministry looks at it afterwards
        authorisation.limit_hours, authorisation.limit_days = int(REVIEW_OF_EMERGENCY.hours), 0
        authorisation.clock_country = referral.directing_country_id
        authorisation.due_at = end_of(REVIEW_OF_EMERGENCY, now, country=referral.directing_country_id)
        authorisation.hard_due_at = None
        return
    limit = stage.rule.limits[referral.priority]
    country = _country(referral, stage.rule.calendar)
    authorisation.limit_hours, authorisation.limit_days = int(limit.hours), limit.working_days
    authorisation.clock_country, authorisation.clock_stops = country, stage.rule.stops
    authorisation.due_at = stage.due_at = end_of(limit, now, country=country)
    authorisation.stage = stage.position


def begin(referral: Referral, authorisation: Authorisation, stage: AuthorisationStage, now: datetime) -> None:
    """Let a stage have the case from `now` on; unsaved."""
    _set(stage, StageState.IN_REVIEW)
    stage.since = now
    start_clock(authorisation, referral, now, stage)
    give_to(referral, stage.country_id, stage.organisation_id)


def go_on(referral: Referral, stage: AuthorisationStage, now: datetime) -> None:
    """From the stage that was decided to the next one. What stands in for a body isn't asked after that body."""
    begin(referral, referral.authorisation, stage, now)
    stage.save()
    referral.authorisation.save()
    keep_body(referral)


def keep_body(referral: Referral) -> None:
    """Write with whom the decision is; the version went up with the event."""
    referral.save(update_fields=["deciding_country", "deciding_body", "bodies"])


def write(referral: Referral, authorisation: Authorisation, stages: list[AuthorisationStage]) -> None:
    """Write the stages of an authorisation that was just written, in one statement."""
    for stage in stages:
        stage.authorisation = authorisation
    insert(*stages)


def under_way(authorisation: Authorisation) -> AuthorisationStage | None:
    """The stage that is open, or was decided last; None where nobody has to approve."""
    if not authorisation.stage:
        return None
    return of(authorisation).filter(position=authorisation.stage).first()


def of(authorisation: Authorisation) -> QuerySet[AuthorisationStage]:
    """The stages in their order, with their bodies."""
    rows = AuthorisationStage.objects.filter(authorisation=authorisation)
    return rows.select_related("country", "organisation").order_by("position", "pk")


def following(
    authorisation: Authorisation, stage: AuthorisationStage | None, now: datetime
) -> AuthorisationStage | None:
    """The stage after this one that has to decide too; None after the last. Stand-ins that aren't needed are marked."""
    if stage is None or stage.position >= authorisation.stages_in_all:
        return None
    later = list(of(authorisation).filter(position__gt=stage.position))
    while later and later[0].rule.otherwise:
        _set(later[0], StageState.PASSED_OVER)
        later.pop(0).save(update_fields=["state"])
    if not later:
        return None
    referral = authorisation.referral
    found = _with_quota(later[0], later[1:], referral, now)
    for passed in later[: later.index(found)]:
        passed.save(update_fields=["state"])
    return found


def follow(
    authorisation: Authorisation,
    event: AuthorisationEvent,
    *,
    at: datetime,
    by: Actor,
    reason: tuple[str, str],
) -> None:
    """Let the stage that is under way follow an event of the authorisation."""
    state = STAGE_AFTER.get(event)
    if state is None:
        return
    if event == AuthorisationEvent.WAIVE:
        _pass_over_all(authorisation)
        return
    stage = under_way(authorisation)
    if stage is None:
        return
    if event == AuthorisationEvent.APPROVE_STAGE and stage.terms.get("partly"):
        state = StageState.PARTLY_GRANTED
    _set(stage, state)
    if state in OPEN_STAGES:
        stage.due_at = authorisation.due_at
        stage.decided_at, stage.decided_by_id, stage.decided_by_label = None, None, ""
        stage.reason_code, stage.reason_text, stage.silent = "", "", False
        if event != AuthorisationEvent.STOP_CLOCK:
            stage.signed_at, stage.signed_by_id, stage.signed_by_label = None, None, ""
    else:
        stage.decided_at, stage.decided_by_id = at, by.user_id
        stage.decided_by_label = "" if by.is_system else by.label
        stage.silent = by.is_system
        stage.reason_code, stage.reason_text = reason
    stage.save()


def _pass_over_all(authorisation: Authorisation) -> None:
    rows = list(of(authorisation).filter(decided_at__isnull=True))
    for stage in rows:
        _set(stage, StageState.PASSED_OVER)
        stage.save(update_fields=["state"])


def _set(stage: AuthorisationStage, state: StageState) -> None:
    stage.state = state.value


def signing_body(stage: AuthorisationStage) -> AuthorisationStage:
    """The stage whose body gives the second signature: its own unless the agreement names another."""
    place = stage.rule.signed_by
    if place is None or place == stage.position:
        return stage
    return of(stage.authorisation).get(position=place)


def decision_ends(referral: Referral, chain: Chain, start: datetime) -> datetime:
    """When the last body of a chain decides at the latest, if each takes all its time."""
    end = start
    for stage in chain.stages:
        if not stage.otherwise:
            end = end_of(stage.limits[referral.priority], end, country=_country(referral, stage.calendar))
    return end


def hard_stop(version: AgreementVersion, referral: Referral, now: datetime) -> datetime | None:
    """The day after which a routine decision is overdue whatever stopped the clock."""
    return now + timedelta(days=version.hard_stop_days) if referral.priority == "routine" else None


def amount_of(referral: Referral, ceiling: tuple[Decimal | None, str]) -> tuple[Decimal | None, str]:
    """What a grant may cost: its ceiling, else the estimate."""
    return ceiling if ceiling[0] is not None else (referral.estimate_amount, referral.estimate_currency)


def needs_second(
    stage: AuthorisationStage | None, referral: Referral, ceiling: tuple[Decimal | None, str]
) -> bool:
    """Whether a grant with this ceiling takes a second person."""
    rule: Stage | None = stage.rule if stage is not None else None
    return rule is not None and rule.needs_second(*amount_of(referral, ceiling))


def overdue(now: datetime | None = None) -> QuerySet[AuthorisationStage, Any]:
    """The stages whose silence grants and whose time has passed."""
    return AuthorisationStage.objects.filter(
        state=StageState.IN_REVIEW,
        setting__silence_grants=True,
        due_at__lt=now or timezone.now(),
        signed_by__isnull=True,
        referral__state="in_review",
        referral__patient__deceased_on__isnull=True,
    )
