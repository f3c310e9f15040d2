"""The outbox: due, claimed, leased, retried, given up, swept; and messages that reach a real mail server."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from core.actors import SYSTEM
from core.audit.context import request_id
from core.outbox import publish, registry, tasks, work
from core.outbox.messages import Recipient, tell
from core.outbox.models import Event, Job, Message
from referrals import actions
from referrals.models import Referral
from tests.clock import set_to
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.factories.mail import Letters, mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


@pytest.fixture
def handled(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A handler of its own for the event `test.happened`; what it was given."""
    seen: list[str] = []
    monkeypatch.setattr(registry, "_handlers", dict(registry._handlers))
    monkeypatch.setattr(registry, "_subscriptions", dict(registry._subscriptions))

    @registry.handler("test.happened", name="test.note")
    def note(event: Event, key: str) -> None:
        seen.append(f"{event.kind} {request_id.get()}")
        if event.payload.get("fails", 0) >= len(seen):
            raise RuntimeError("Пациентка Первая: a text that must not be kept")

    return seen


def happen(world: World, **payload: Any) -> Job:
    with transaction.atomic():
        event = publish.publish("test.happened", subject=world.korday, payload=payload, by=SYSTEM)
    return event.jobs.get()


def test_an_event_and_its_jobs_commit_together_or_not_at_all(world: World, handled: list[str]) -> None:
    with transaction.atomic():
        publish.publish("test.happened", subject=world.korday, by=SYSTEM)
        transaction.set_rollback(True)
    assert not Event.objects.filter(kind="test.happened").exists()
    job = happen(world)
    assert work.run_job(job.pk)
    assert handled == [f"test.happened job-{job.pk}"]
    job.refresh_from_db()
    assert (job.attempts, job.last_error) == (1, "")
    assert job.finished_at is not None
    assert not work.run_job(job.pk), "a finished job runs no more"


def test_a_hint_leaves_after_the_commit_and_its_failure_harms_nobody(
    world: World, handled: list[str], monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[int] = []

    def broken(name: str, arguments: tuple[int], **options: Any) -> None:
        assert name == tasks.run.name
        assert options == {"retry": False}
        sent.append(arguments[0])
        raise ConnectionError("no broker")

    monkeypatch.setattr(publish.current_app, "send_task", broken)
    monkeypatch.setattr(publish, "_broker_paused_until", 0.0)
    with django_capture_on_commit_callbacks(execute=True):
        job = happen(world)
        assert sent == []
    assert sent == [job.pk]
    with django_capture_on_commit_callbacks(execute=True):
        second = happen(world)
    assert sent == [job.pk], "a broker that failed just now isn't tried again at once"
    assert work.due_jobs() == [job.pk, second.pk]
    tasks.sweep()  # still no broker: the sweep works by itself
    assert len(handled) == 2
    assert work.due_jobs() == []


def test_a_failure_is_kept_and_tried_again_later(world: World, handled: list[str]) -> None:
    start = timezone.now()
    with set_to(start, still=True) as clock:
        job = happen(world, fails=2)
        for attempt in (1, 2):
            assert not work.run_job(job.pk)
            job.refresh_from_db()
            wait = (job.next_attempt_at - clock.now).total_seconds()
            assert (job.attempts, job.last_error) == (attempt, "RuntimeError")
            assert 0.79 * 5 * 2 ** (attempt - 1) <= wait <= 1.21 * 5 * 2 ** (attempt - 1)
            assert work.due_jobs() == []
            clock.set(job.next_attempt_at)
        assert work.run_job(job.pk)
        job.refresh_from_db()
        assert (job.attempts, job.last_error, job.failed_at) == (3, "", None)


def test_a_job_that_never_succeeds_is_given_up_and_kept(world: World, handled: list[str]) -> None:
    with set_to(timezone.now(), still=True) as clock:
        job = happen(world, fails=99)
        for _attempt in range(work.MAX_ATTEMPTS):
            assert not work.run_job(job.pk)
            clock.go_on(timedelta(hours=2))
        job.refresh_from_db()
        assert job.failed_at is not None
        assert len(handled) == work.MAX_ATTEMPTS
        assert not work.run_job(job.pk)
        assert work.due_jobs() == []


def test_a_claimed_job_is_nobody_elses_until_its_lease_ends(world: World, handled: list[str]) -> None:
    with set_to(timezone.now(), still=True) as clock:
        job = happen(world)
        assert work.claim(job.pk) is not None  # and then this worker dies
        assert work.claim(job.pk) is None
        assert work.due_jobs() == []
        clock.go_on(work.LEASE)
        assert work.due_jobs() == [job.pk]
        assert work.run_job(job.pk)
        assert len(handled) == 1


def test_telling_twice_adds_nothing(world: World) -> None:
    event = publish.publish("test.told", subject=world.korday, by=SYSTEM)
    person = world.users["officer_kz"]
    people = [
        Recipient(key=f"user:{person.pk}", language="ru", user_id=person.pk, email="officer@example.org"),
        Recipient(key="patient:1", language="kk", phone="+77990000001"),
        Recipient(key="patient:2", language="uz", email="patient@example.org", phone="+77990000002"),
    ]
    for _time in range(2):
        assert tell(event, kind="referral.staff:referral.submit", params={}, link="/", recipients=people) == 3
    channels = sorted(event.messages.values_list("recipient", "channel"))
    assert channels == [
        ("patient:1", "sms"),
        ("patient:2", "email"),
        (f"user:{person.pk}", "email"),
        (f"user:{person.pk}", "inbox"),
    ]
    assert event.jobs.count() == 3


@pytest.fixture
def letters(settings: Any, tmp_path: Any) -> Iterator[Letters]:
    """The portal sends its mail to a real server, and its SMS into a folder."""
    settings.SMS_DIR = tmp_path
    with mail_server() as kept:
        yield kept


def test_letters_reach_a_real_mail_server_without_clinical_content(
    world: World, letters: Letters, settings: Any
) -> None:
    world.users["officer_kz"].preferred_language = "ru"
    world.users["officer_kz"].save()
    referral = make.make_submitted(world, clinical_reason="Секретная причина", service="Секретная услуга")
    letters.refusals = 1
    with set_to(timezone.now(), still=True) as clock:
        work.drain()
        clock.go_on(timedelta(minutes=1))
        work.drain()
    assert referral.number
    assert not Message.objects.filter(channel="email", sent_at=None).exists()
    by_address: dict[str, list[Any]] = {}
    for address, letter in letters.kept:
        by_address.setdefault(address, []).append(letter)
        text = f"{letter['Subject']} {letter.get_content()}"
        assert referral.number in text
        for secret in (
            "Секретная",
            "I34.0",
            "itral",
            referral.patient.family_name,
            referral.patient.given_name,
        ):
            assert secret not in text
    for letter in by_address["officer_kz@example.org"]:
        assert letter["Content-Language"] == "ru"
        assert f"{settings.PUBLIC_URL}/referrals/{referral.pk}/" in letter.get_content()
    assert len(by_address["officer_kz@example.org"]) == 2  # filed, then checked: neither twice
    ids = [letter["Message-ID"] for _address, letter in letters.kept]
    assert len(ids) == len(set(ids))


def test_a_patient_without_an_address_gets_an_sms_in_their_language(
    world: World, letters: Letters, tmp_path: Any
) -> None:
    patient = make.make_patient(world, world.actor("clinician_kz"), preferred_language="ru")
    make.make_submitted(world, patient=patient)
    work.drain()
    texts = [path.read_text("utf-8") for path in tmp_path.glob("*.json")]
    assert len(texts) == 1
    assert patient.phone in texts[0]
    assert patient.family_name not in texts[0]
    assert "itral" not in texts[0]


def test_the_check_may_be_repeated_at_any_point(world: World) -> None:
    referral = make.make_submitted(world)
    actions.begin_screening(referral.pk, by=SYSTEM)  # a worker was killed after this
    work.drain()
    job = Job.objects.get(
        event__subject_id=str(referral.pk), event__kind="referral.submit", handler="referrals.check"
    )
    assert job.finished_at is not None
    Job.objects.filter(pk=job.pk).update(
        finished_at=None, next_attempt_at=timezone.now()
    )  # killed before the mark
    assert work.run_job(job.pk)
    assert Referral.objects.get(pk=referral.pk).state == "in_review"
    assert referral.checks.count() == 1
    events = list(referral.status_changes.filter(machine="referral").values_list("event", flat=True))
    assert events == ["submit", "begin_screening", "finish_screening"]
