"""A host that lets its time pass: everybody concerned is told, once, and the coordinator finds another one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import IllegalTransition
from core.outbox import work
from core.outbox.models import Message
from referrals import actions
from referrals.models import Referral
from referrals.tasks import tell_silent_hosts
from tests.clock import Clock
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.factories.situations import second_host
from tests.integration.filing_pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


def told(world: World, name: str) -> int:
    kind = "referral.staff:referral.host_silent"
    return Message.objects.filter(kind=kind, user=world.users[name], channel="inbox").count()


def test_a_silent_host_is_told_of_once_and_the_coordinator_finds_another(clock: Clock, world: World) -> None:
    start = timezone.now()
    clock.set(start)
    referral = make.make_submitted(world, priority="stat", triage_note="Shock.", needed_by=None)
    work.drain()
    coordinator, concerned = world.actor("coordinator_kz"), ("clinician_kz", "coordinator_kz", "host_desk_kg")
    other = second_host(world)
    clock.set(start + timedelta(minutes=29))
    assert tell_silent_hosts() == 0
    with pytest.raises(IllegalTransition) as early:
        actions.re_route(referral.pk, by=coordinator, host_facility=other, reason_text="Silent.")
    assert early.value.code == "host_has_time"
    # The beat slept for an hour; then it runs twice.
    clock.set(start + timedelta(minutes=91))
    assert (tell_silent_hosts(), tell_silent_hosts()) == (1, 0)
    work.drain()
    assert [told(world, name) for name in concerned] == [1, 1, 1]
    page = signed_in(world, "coordinator_kz").get(reverse("referrals:detail", args=[referral.pk]))
    assert "Ring the hospital, or find another one" in page.content.decode()
    step = reverse("referrals:step", args=[referral.pk, "re_route"])
    assert signed_in(world, "clinician_kz").get(step).status_code == 403
    sent = signed_in(world, "coordinator_kz").post(
        step,
        {
            "version": Referral.objects.get(pk=referral.pk).version,
            "host_facility": other.pk,
            "reason_text": "The hospital doesn’t answer.",
        },
    )
    assert sent.status_code == 302
    work.drain()
    referral.refresh_from_db()
    assert (referral.state, referral.host_facility_id) == ("sent", other.pk)
    assert referral.host_reply_due_at is not None
    assert referral.host_reply_due_at > timezone.now()
    former = Message.objects.filter(user=world.users["host_desk_kg"], kind__contains="re_route")
    assert former.exists(), "the host that did not answer is told that it went elsewhere"
    # The next one is silent too: it is told of anew.
    clock.set(start + timedelta(minutes=130))
    assert tell_silent_hosts() == 1
