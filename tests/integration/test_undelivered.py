"""A message that doesn't arrive is marked, and seen by those who can ring the patient."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.outbox import work
from core.outbox.messages import UNDELIVERED
from core.outbox.models import Event, Job, Message
from core.permissions import Role
from patients.models import Patient
from referrals import actions
from referrals.models import Referral
from tests.clock import set_to
from tests.factories import referrals as make
from tests.factories.facilities import World, make_member
from tests.factories.mail import Letters, mail_server
from tests.factories.sign_ins import signed_in_as

pytestmark = pytest.mark.in_turn

ADDRESS = "patient@example.org"
NOTICE = "The patient could not be told"


@pytest.fixture
def letters(world: World, settings: Any, tmp_path: Any) -> Iterator[Letters]:
    settings.SMS_DIR = tmp_path
    with mail_server() as kept:
        yield kept


def filed(world: World, **contact: str) -> Referral:
    """A referral of a patient who is reached as given, with everything done that follows."""
    patient = make.make_patient(world, world.actor("clinician_kz"), **{"phone": "", "email": "", **contact})
    referral = make.make_submitted(world, patient=patient)
    work.drain()
    return referral


def to_patient(referral: Referral) -> Message:
    return Message.objects.get(recipient=f"patient:{referral.patient_id}")


def page(world: World, name: str, referral: Referral) -> str:
    client = Client()
    client.force_login(world.users[name])
    answer = client.get(reverse("referrals:detail", args=[referral.pk]))
    return answer.content.decode() if answer.status_code == 200 else ""


def notices(world: World, name: str) -> list[Message]:
    return list(Message.objects.filter(user=world.users[name], kind="undelivered.patient"))


def test_a_refused_address_is_marked_and_the_clinicians_are_told(world: World, letters: Letters) -> None:
    letters.refused[ADDRESS] = "550 5.1.1 No such mailbox"
    colleague = make_member("colleague", world.korday.organisation, Role.CLINICIAN)
    world.users["colleague"] = colleague
    referral = filed(world, email=ADDRESS, phone="+77010000123")
    message = to_patient(referral)
    assert (message.channel, message.sent_at, message.undelivered_reason) == ("email", None, "refused")
    job = Job.objects.get(key=str(message.pk))
    assert (job.attempts, job.last_error) == (1, "refused"), "it isn't tried again"
    assert job.failed_at is not None
    for name in ("clinician_kz", "colleague"):
        told = notices(world, name)
        assert [row.channel for row in told] == ["inbox"]
        assert told[0].needs_action
        inbox = Client()
        inbox.force_login(world.users[name])
        text = inbox.get(reverse("messages:inbox")).content.decode()
        assert f"{referral.number}: the patient could not be told" in text
        assert "The address or the number was refused." in text
        assert referral.patient.family_name not in text
    for name in ("outsider", "officer_kz", "clinician_kg", "host_desk_kg"):
        assert notices(world, name) == []

    seen = page(world, "clinician_kz", referral)
    assert NOTICE in seen
    assert "+77010000123" in seen
    assert f"Your doctor filed your referral {referral.number}" in seen
    assert NOTICE in page(world, "coordinator_kz", referral)
    for name in ("host_desk_kg", "officer_kg", "outsider"):
        assert NOTICE not in page(world, name, referral)


def test_nobody_is_told_of_what_arrives(world: World, letters: Letters) -> None:
    referral = filed(world, email=ADDRESS)
    message = to_patient(referral)
    assert message.sent_at is not None
    assert message.undelivered_at is None
    assert ADDRESS in [address for address, _letter in letters.kept]
    assert not Event.objects.filter(kind=UNDELIVERED).exists()
    assert NOTICE not in page(world, "clinician_kz", referral)


def test_a_telephone_alone_with_sms_off(world: World, letters: Letters, settings: Any) -> None:
    settings.SMS_BACKEND = "off"
    referral = filed(world, phone="+77010000123")
    message = to_patient(referral)
    assert (message.channel, message.address, message.undelivered_reason) == (
        "sms",
        "+77010000123",
        "channel_off",
    )
    assert len(notices(world, "clinician_kz")) == 1
    assert "The portal doesn’t use this way of sending." in page(world, "clinician_kz", referral)

    # SMS is switched on, and the administrator starts the job again.
    settings.SMS_BACKEND = "core.channels.sms.backends.FileBackend"
    administrator = signed_in_as(world.users["administrator"])
    job = Job.objects.get(key=str(message.pk))
    administrator.post(
        reverse("admin:outbox_job_changelist"), {"action": "start_again", "_selected_action": [job.pk]}
    )
    work.drain()
    message.refresh_from_db()
    assert message.sent_at is not None
    assert (message.undelivered_at, message.undelivered_reason) == (None, "")
    assert NOTICE not in page(world, "clinician_kz", referral)


def test_no_address_at_all(world: World, letters: Letters) -> None:
    referral = filed(world)
    message = to_patient(referral)
    assert (message.channel, message.address, message.undelivered_reason) == ("", "", "no_address")
    assert len(notices(world, "clinician_kz")) == 1
    assert "record how to reach them" in page(world, "clinician_kz", referral)


def test_a_server_that_stays_away_is_given_up_in_the_end(world: World, letters: Letters) -> None:
    letters.refused[ADDRESS] = "450 4.2.1 Come again"
    with set_to(timezone.now(), still=True) as clock:
        referral = filed(world, email=ADDRESS)
        message = to_patient(referral)
        for _attempt in range(work.MAX_ATTEMPTS - 1):
            assert message.undelivered_at is None
            assert notices(world, "clinician_kz") == []
            clock.go_on(timedelta(hours=2))
            work.drain()
            work.drain()  # what the last attempt set off
            message.refresh_from_db()
        assert message.undelivered_reason == "failed"
        assert message.undelivered_at == clock.now
        assert len(notices(world, "clinician_kz")) == 1
        clock.go_on(timedelta(hours=2))
        work.drain()
        assert len(notices(world, "clinician_kz")) == 1


def test_the_notice_goes_when_something_reaches_the_patient(world: World, letters: Letters) -> None:
    letters.refused[ADDRESS] = "550 5.1.1 No such mailbox"
    referral = filed(world, email=ADDRESS)
    assert NOTICE in page(world, "clinician_kz", referral)
    Patient.objects.filter(pk=referral.patient_id).update(email="right@example.org")
    actions.grant(
        referral.pk,
        by=world.actor("officer_kz"),
        reason_code="undue_delay",
        reason_text="The wait at home is longer than justified.",
        **make.window(),
    )
    work.drain()
    assert any(address == "right@example.org" for address, _letter in letters.kept)
    assert NOTICE not in page(world, "clinician_kz", referral)


def test_giving_up_that_fails_is_tried_again(
    world: World, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.outbox import registry

    def broken(*given: Any) -> None:
        raise RuntimeError("not now")

    letters.refused[ADDRESS] = "550 5.1.1 No such mailbox"
    with set_to(timezone.now(), still=True) as clock:
        with monkeypatch.context() as patch:
            patch.setattr(registry, "tell_given_up", broken)
            referral = filed(world, email=ADDRESS)
            message = to_patient(referral)
            assert Job.objects.get(key=str(message.pk)).failed_at is None
            assert message.undelivered_at is None
        clock.go_on(work.LEASE)
        work.drain()
        message.refresh_from_db()
        assert message.undelivered_reason == "refused"


def test_a_colleague_s_lost_mail_stands_in_the_administration_alone(world: World, letters: Letters) -> None:
    letters.refused["officer_kz@example.org"] = "550 5.1.1 No such mailbox"
    filed(world, email=ADDRESS)
    lost = Message.objects.filter(undelivered_reason="refused")
    assert lost
    assert {row.recipient for row in lost} == {f"user:{world.users['officer_kz'].pk}"}
    assert notices(world, "clinician_kz") == []
    url = reverse("admin:outbox_message_changelist") + "?undelivered_at__isempty=0"
    administrator, officer = signed_in_as(world.users["administrator"]), Client()
    officer.force_login(world.users["officer_kz"])
    shown = administrator.get(url)
    assert shown.context["cl"].result_count == lost.count()
    assert "The address or the number was refused." in shown.content.decode()
    assert officer.get(url).status_code == 302
