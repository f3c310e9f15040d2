"""Drills in small, with a real worker, broker and database: nothing accepted is lost, nothing happens twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings as portal_settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from kombu import Connection

from core.outbox import publish, tasks, work
from core.outbox.models import Event, Job, Message
from referrals.models import Referral, StatusChange
from tests.factories import referrals as make
from tests.factories.facilities import World, make_world_with_cast

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds

pytestmark = [pytest.mark.drill, pytest.mark.machine_clock, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The small world, committed, so that another process sees it; an empty broker."""
    broker().flushdb()
    monkeypatch.setattr(publish, "_broker_paused_until", 0.0)
    yield make_world_with_cast()
    broker().flushdb()


def broker() -> Any:
    return redis.Redis.from_url(portal_settings.REDIS_URL)


def hints() -> int:
    """How many hints wait in the broker."""
    return sum(broker().llen(key) for key in broker().keys("portal:celery*") if broker().type(key) == b"list")


@contextmanager
def worker(folder: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """A real Celery worker on this test's database and broker, killed with its children in the end."""
    address, _question, query = os.environ["DATABASE_URL"].partition("?")
    name = connection.settings_dict["NAME"]
    environment = {
        **os.environ,
        "DATABASE_URL": f"{address.rsplit('/', 1)[0]}/{name}{'?' + query if query else ''}",
        "REDIS_URL": portal_settings.REDIS_URL,
        "STATE_DIR": str(folder),
        "EMAIL_URL": "dummymail://",
        "DRILL_MARK": str(folder / "in-mid-check"),
    }
    command = [sys.executable, "-m", "celery", "--app", "portal", "worker", "--loglevel", "WARNING"]
    command += ["--without-gossip", "--without-mingle", "--concurrency", "1", *options]
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the worker and its children, which are a process group of their own."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def wait_until(done: Callable[[], bool], what: str, *, meanwhile: Callable[[], Any] = lambda: None) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, f"{what} didn’t come within {PATIENCE:.0f} s"
        meanwhile()
        time.sleep(0.2)


def state(referral: Referral) -> str:
    return Referral.objects.values_list("state", flat=True).get(pk=referral.pk)


def all_done(referral: Referral) -> bool:
    return not Job.objects.filter(event__subject_id=str(referral.pk), finished_at=None).exists()


def assert_once(referral: Referral) -> None:
    """The check was done, each step of it once, and everybody was told once."""
    assert state(referral) == "in_review"
    assert referral.checks.count() == 1
    steps = list(StatusChange.objects.filter(referral=referral).values_list("machine", "event"))
    assert Counter(steps) == Counter(
        [
            ("referral", "submit"),
            ("referral", "begin_screening"),
            ("referral", "finish_screening"),
            ("authorisation", "open_review"),
        ]
    )
    events = Event.objects.filter(subject_id=str(referral.pk)).values_list("kind", flat=True)
    assert sorted(events) == sorted(f"{machine}.{event}" for machine, event in steps)
    told = Message.objects.filter(event__subject_id=str(referral.pk))
    assert told.exists()
    assert max(Counter(told.values_list("event__kind", "recipient", "channel")).values()) == 1
    assert not told.filter(sent_at=None).exists()


def test_a_worker_killed_in_mid_check_loses_nothing(world: World, tmp_path: Path) -> None:
    referral = make.make_submitted(world)
    with worker(tmp_path, "--include", "tests.drills.slow") as first:
        wait_until((tmp_path / "in-mid-check").exists, "the check's middle")
        kill(first)
    assert state(referral) == "screening"
    job = Job.objects.get(event__subject_id=str(referral.pk), handler="referrals.check")
    assert (job.attempts, job.finished_at) == (1, None)
    with worker(tmp_path):
        wait_until(lambda: all_done(referral), "the second worker", meanwhile=tasks.sweep)
    job.refresh_from_db()
    assert job.attempts == 2
    assert_once(referral)


def test_a_flushed_broker_loses_nothing(world: World, tmp_path: Path) -> None:
    referral = make.make_submitted(world)
    assert hints() == 2  # of the consent, and one for the check and for telling people
    broker().flushdb()
    assert hints() == 0
    assert work.due_jobs()
    with worker(tmp_path):
        wait_until(lambda: all_done(referral), "the sweep's finding", meanwhile=tasks.sweep)
    assert_once(referral)


def test_filing_with_the_broker_down_answers_and_is_done_later(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    settings.SMS_DIR = tmp_path
    draft = make.make_draft(world)
    broker().flushdb()  # of the hints that its consent gave
    client = Client()
    client.force_login(world.users["clinician_kz"], backend="django.contrib.auth.backends.ModelBackend")
    send = publish.current_app.send_task
    dead = Connection(
        f"redis+socket://{tmp_path}/nobody-listens.sock",
        transport_options=portal_settings.CELERY_BROKER_TRANSPORT_OPTIONS,
    )
    attempts = []

    def to_nobody(name: str, arguments: tuple[int], **options: Any) -> Any:
        attempts.append(arguments)
        return send(name, arguments, connection=dead, **options)

    monkeypatch.setattr(publish.current_app, "send_task", to_nobody)
    before = time.monotonic()
    response = client.post(reverse("referrals:submit", args=[draft.pk]), {"version": draft.version})
    assert (response.status_code, response["Location"]) == (302, reverse("referrals:detail", args=[draft.pk]))
    assert time.monotonic() - before < 5
    assert len(attempts) == 1, "one failure is enough to know: the other jobs wait for the sweep"
    assert state(draft) == "submitted"
    again = client.post(reverse("referrals:submit", args=[draft.pk]), {"version": draft.version})
    assert again.status_code == 302  # the same form sent twice

    wait_until(lambda: all_done(draft), "the sweep without a broker", meanwhile=tasks.sweep)
    assert_once(draft)
    assert hints() == 0


def test_many_workers_take_each_job_once(world: World, tmp_path: Path) -> None:
    """Two workers, every hint sent three times."""
    referrals = [make.make_submitted(world) for _number in range(5)]
    for job_id in work.due_jobs() * 2:
        assert publish.send_hint(job_id)
    with worker(tmp_path), worker(tmp_path):
        wait_until(lambda: all(all_done(row) for row in referrals), "the two workers", meanwhile=tasks.sweep)
    for referral in referrals:
        assert_once(referral)
    assert not Job.objects.exclude(last_error="").exists()
