"""Plays every story of the plan under a held clock, step by step in the order of time."""

import heapq
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from core import progress, zones
from core.actors import SYSTEM, Actor
from core.audit.log import record
from core.outbox import inbox, work
from core.outbox.messages import DELIVERY
from core.outbox.models import Job
from demo.data import surroundings
from demo.data.clinical import cases
from demo.data.clock import HeldClock, held_clock
from demo.data.plan import PLAN
from demo.data.post import past_post
from demo.data.stories import Story
from demo.data.world import World, facility_codes
from facilities.models import FacilityService

#: Letters younger than this leave by the worker and the real mail server, once they run.
POST_BY_WORKER = timedelta(hours=8)
READ_UNTIL = timedelta(days=2)
#: How far back it goes; the people had their accounts a little before the first referral.
LENGTH = timedelta(days=max(row.days for row in PLAN) + 3)
#: Pairs of host and specialty that the test desks have confirmed; the rest stays as the reference has it.
CONFIRMED = (
    ("F0100", "394612005"),
    ("F0100", "394801008"),
    ("F0104", "394579002"),
    ("F0157", "408466002"),
    ("F0010", "394612005"),
    ("F0010", "394801008"),
    ("F0060", "394594003"),
    ("F0060", "394589003"),
    ("F0093", "408463005"),
)


def play(actors: dict[str, Actor]) -> int:
    """Make the whole history; the number of referrals. Raises RuntimeError when a step or a job fails."""
    now = timezone.now()
    known = cases()
    used = [known[row.case] for row in PLAN]
    world = World(actors).load(
        facility_codes(), {case.specialty for case in used}, {case.diagnosis for case in used}
    )
    numbers: Counter[str] = Counter()
    waiting: list[tuple[datetime, int, Iterator[datetime]]] = []
    stories = []
    for index, row in enumerate(PLAN):
        country = row.clinician[:2]
        numbers[country] += 1
        story = Story(world, row, numbers[country], known[row.case], now)
        road = story.play()
        heapq.heappush(waiting, (next(road), index, road))
        stories.append(story)
    heapq.heappush(waiting, (now - READ_UNTIL, -1, _reading(world)))
    with held_clock(now - LENGTH) as clock, past_post():
        _confirm_services()
        surroundings.prepare(world)
        _run(waiting, clock, now, world)
    return len(stories)


def _run(
    waiting: list[tuple[datetime, int, Iterator[datetime]]], clock: HeldClock, now: datetime, world: World
) -> None:
    played, total = 0, len(waiting)
    while waiting:
        moment, index, road = heapq.heappop(waiting)
        if moment > now:
            raise RuntimeError(f"the plan’s row {index} ({PLAN[index]}) goes on beyond the present")
        clock.set(max(moment, clock.now))
        following = next(road, None)
        if following is None:
            played += 1
            progress.note(f"{played} of {total} stories played to their end")
        else:
            heapq.heappush(waiting, (following, index, road))
        clock.set(min(clock.now + timedelta(seconds=2), max(now, clock.now)))
        _work(world, deliver=clock.now < now - POST_BY_WORKER)


def _work(world: World, *, deliver: bool) -> None:
    """What the workers did then: all that was due, but for what is left to the real ones."""
    while True:
        due = Job.objects.filter(finished_at=None, next_attempt_at__lte=timezone.now()).exclude(
            event__subject_id__in=world.left
        )
        if not deliver:
            due = due.exclude(handler=DELIVERY)
        ids = list(due.order_by("id").values_list("pk", flat=True))
        for job_id in ids:
            if not work.run_job(job_id):
                raise RuntimeError(f"job {job_id} failed: {Job.objects.get(pk=job_id).last_error}")
        if not ids:
            return


def _reading(world: World) -> Iterator[datetime]:
    """Everybody has read their messages until two days ago."""
    for actor in world.actors.values():
        inbox.mark_read(actor)
    yield from ()


def _confirm_services() -> None:
    """The desks of some hosts have said what they offer, so that a check can pass in every rule."""
    since = zones.today() - timedelta(days=300)
    for code, specialty in CONFIRMED:
        service = FacilityService.objects.get(facility__organisation__code=code, specialty__code=specialty)
        service.verified, service.licensed_from = True, since
        service.licensed_until = since + timedelta(days=5 * 365)
        service.save()
        record("demo.service_confirmed", by=SYSTEM, subject=service, details={"facility": code})
