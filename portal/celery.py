"""The Celery application and the only beat schedule.

A Celery message is a wake-up hint that carries the ids of outbox jobs; PostgreSQL is the queue of record.
So no result back end, no long countdowns, and a lost message only delays work until the next sweep.
"""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

from portal.heartbeat import WorkerHeartbeat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(WorkerHeartbeat)  # signs of life for the health check


@worker_init.connect
@beat_init.connect
def _require_keys(**_facts: object) -> None:
    """Before a worker has children: without a key for its data it doesn't start."""
    from django.db import connections

    from core.sealed.known import require_keys

    require_keys()
    connections.close_all()  # no child takes one over


app.conf.beat_schedule = {
    # Finds jobs whose hint was lost or whose worker died. A sweep that waits longer than its period is dropped.
    "sweep-outbox": {"task": "outbox.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "let-silence-grant": {
        "task": "referrals.let_silence_grant",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "expire-authorisations": {
        "task": "referrals.expire_authorisations",
        "schedule": 900.0,
        "options": {"expires": 900},
    },
    # A new day begins in three places; what is due on it waits five minutes at most.
    "follow-calendar": {
        "task": "referrals.follow_calendar",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "tell-silent-hosts": {
        "task": "referrals.tell_silent_hosts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "seal-audit": {"task": "audit.seal", "schedule": 5.0, "options": {"expires": 5}},
    "seal-audit-thoroughly": {
        "task": "audit.seal_thoroughly",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "tell-of-ended-consents": {
        "task": "referrals.tell_of_ended_consents",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "remind-of-emergency-reviews": {
        "task": "referrals.remind_of_emergency_reviews",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "keep-calendars": {
        "task": "facilities.keep_calendars",
        "schedule": 86_400.0,
        "options": {"expires": 86_400},
    },
    "purge-kept": {"task": "kept.purge", "schedule": 3600.0, "options": {"expires": 3600}},
    "purge-accounts": {"task": "accounts.purge", "schedule": 3600.0, "options": {"expires": 3600}},
    "count-refusals": {"task": "audit.close_minutes", "schedule": 60.0, "options": {"expires": 60}},
    # Readers number what waits by themselves; this keeps it few where nobody reads.
    "number-feed": {"task": "feed.number", "schedule": 15.0, "options": {"expires": 15}},
    "purge-feed": {"task": "feed.purge", "schedule": 3600.0, "options": {"expires": 3600}},
    # A search begins with each day; the runs after it go on where it was, and carry out what was granted.
    "keep-and-erase": {"task": "retention.run", "schedule": 600.0, "options": {"expires": 600}},
    "purge-api": {"task": "api.purge", "schedule": 3600.0, "options": {"expires": 3600}},
}
