"""Celery's side of the outbox: a hint runs the jobs that it names, the sweep finds the rest."""

from celery import shared_task

from core.outbox import publish, work


@shared_task(name=publish.HINT)
def run(*job_ids: int) -> None:
    """Run the jobs that are still due, one after the other; none fails for another."""
    for job_id in job_ids:
        work.run_job(job_id)


@shared_task(name="outbox.sweep")
def sweep() -> None:
    """Hand out the jobs whose hint was lost. Where the broker fails in the middle, work here instead."""
    for job_id in work.due_jobs():
        if not publish.send_hint(job_id):
            work.run_job(job_id)
