"""Claiming and running jobs."""

import logging
import random
from datetime import timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from core.actors import SYSTEM
from core.audit.context import request_id
from core.db import as_actor, transaction_for
from core.outbox import registry
from core.outbox.models import Job
from core.prepared import Parameter, prepared
from core.walls.session import working

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 12
SWEEP_LIMIT = 500


def due_jobs(limit: int = SWEEP_LIMIT) -> list[int]:
    """Ids of jobs that are due, the longest due first."""
    due = Job.objects.filter(finished_at=None, failed_at=None, next_attempt_at__lte=timezone.now())
    with working(), as_actor(SYSTEM):
        return list(due.order_by("next_attempt_at", "id").values_list("pk", flat=True)[:limit])


def claim(job_id: int) -> Job | None:
    """Lease a due job, or None when it is done, not due, or in another worker's hands."""
    now = timezone.now()
    due = Job.objects.filter(pk=job_id, finished_at=None, failed_at=None, next_attempt_at__lte=now)
    with as_actor(SYSTEM):
        # One statement: of two workers the second waits for the first, and then finds the job leased.
        leased = due.update(attempts=F("attempts") + 1, next_attempt_at=now + LEASE)
        return prepared(_with_event).first(job=job_id) if leased else None


def _with_event() -> QuerySet[Job]:
    return Job.objects.filter(pk=Parameter("job")).select_related("event").order_by()


def backoff(attempts: int) -> timedelta:
    """How long to wait after the given number of attempts: 5 s doubling to an hour, with a jitter of ± 20 %."""
    seconds = min(5 * 2 ** (attempts - 1), 3600)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))


def run_job(job_id: int) -> bool:
    """Run a job if it is due. True when it finished here. A failure is kept and tried again later."""
    with working():
        return _run_job(job_id)


def _run_job(job_id: int) -> bool:
    job = claim(job_id)
    if job is None:
        return False
    token = request_id.set(f"job-{job.pk}")
    try:
        _run(job)
    except registry.GiveUp as error:
        logger.warning("job %s (%s) is given up: %s", job.pk, job.handler, error.reason)
        _keep_failure(job, error)
        return False
    except Exception as error:
        logger.exception("job %s (%s) failed, attempt %s", job.pk, job.handler, job.attempts)
        _keep_failure(job, error)
        return False
    finally:
        request_id.reset(token)
    return True


def _run(job: Job) -> None:
    handler = registry.get(job.handler)
    if handler.atomic:
        with transaction_for(SYSTEM):
            # Marked first, which locks the row: a worker that outlived its lease must not repeat a finished effect.
            if _finish(job):
                handler.run(job.event, job.key)
    else:
        handler.run(job.event, job.key)
        _finish(job)


def _finish(job: Job) -> int:
    unfinished = Job.objects.filter(pk=job.pk, finished_at=None)
    with as_actor(SYSTEM):
        return unfinished.update(finished_at=timezone.now(), failed_at=None, last_error="")


def _keep_failure(job: Job, error: Exception) -> None:
    reason = error.reason if isinstance(error, registry.GiveUp) else ""
    given_up = bool(reason) or job.attempts >= MAX_ATTEMPTS
    try:
        with transaction_for(SYSTEM):
            kept = Job.objects.filter(pk=job.pk, finished_at=None).update(
                # The type alone: an error's text may quote what it failed on, and a job is read by people without
                # clinical rights. The whole stands in the log, behind its filter.
                last_error=reason or type(error).__name__,
                next_attempt_at=timezone.now() + backoff(job.attempts),
                failed_at=timezone.now() if given_up else None,
            )
            if kept and given_up:
                registry.tell_given_up(job.handler, job.event, job.key, reason or "failed")
    except Exception:
        # Not given up, then: the job is due again when its lease ends, and somebody will be told.
        logger.exception("job %s (%s) could not be given up", job.pk, job.handler)


def drain(limit: int = SWEEP_LIMIT) -> int:
    """Run everything that is due, in this process; the number of jobs that finished."""
    finished = 0
    while ids := due_jobs(limit):
        done = sum(run_job(job_id) for job_id in ids)
        finished += done
        if not done:
            break
    return finished
