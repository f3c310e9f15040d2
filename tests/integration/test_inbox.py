"""The inbox, and the page of somebody without a role."""

import pytest
from django.test import Client
from django.urls import reverse

from core.outbox import work
from core.outbox.models import Message
from tests.factories import referrals as make
from tests.factories.facilities import World, make_user

INBOX = reverse("messages:inbox")


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def test_messages_are_counted_opened_and_read(world: World) -> None:
    referral = make.make_sent(world)
    make.make_sent(world)
    work.drain()
    desk = signed_in(world, "host_desk_kg")
    page = desk.get(INBOX)
    text = page.content.decode()
    assert f"{referral.number}: a referral for your hospital" in text
    assert referral.patient.family_name not in text
    assert "2 messages are unread." in text
    assert "needs you" in text

    message = Message.objects.filter(
        recipient=f"user:{world.users['host_desk_kg'].pk}", channel="inbox"
    ).earliest("created_at")
    open_it = reverse("messages:open", args=[message.pk])
    assert signed_in(world, "host_desk_uz").post(open_it).status_code == 404
    assert desk.get(open_it).status_code == 405
    assert desk.post(open_it)["Location"] == message.link
    assert "1 message is unread." in desk.get(INBOX).content.decode()
    assert desk.post(reverse("messages:read_all"))["Location"] == INBOX
    assert "You have read everything." in desk.get(INBOX).content.decode()
    assert signed_in(world, "clinician_kz").get(INBOX).context["unread_count"] > 0


def test_an_empty_inbox_says_so(world: World) -> None:
    assert "There is no message for you yet." in signed_in(world, "auditor_uz").get(INBOX).content.decode()


@pytest.mark.django_db
def test_somebody_without_a_role_is_told_what_to_do() -> None:
    client = Client()
    client.force_login(make_user("newcomer"))
    answer = client.get(reverse("web:home"))
    assert answer.status_code == 403
    assert "You have no role yet" in answer.content.decode()
