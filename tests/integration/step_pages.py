"""The pages of the steps, and what people answer on them."""

from datetime import timedelta
from typing import Any

from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from referrals.models import Referral
from tests.factories.facilities import World


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def told(answer: Any) -> list[str]:
    """The messages that the answer leaves for the next page."""
    return [str(message) for message in get_messages(answer.wsgi_request)]


def url(referral: Referral, event: str) -> str:
    return reverse("referrals:step", args=[referral.pk, event])


def dates_data(referral: Referral, ahead: int = 7, **changes: Any) -> dict[str, Any]:
    start = timezone.localdate() + timedelta(days=ahead)
    return {
        "version": referral.version,
        "start_date_day": start.day,
        "start_date_month": start.month,
        "start_date_year": start.year,
        "start_time": "10:30",
        "days": "3",
        **changes,
    }


def state_of(referral: Referral) -> str:
    return Referral.objects.get(pk=referral.pk).state


def fresh(referral: Referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)
