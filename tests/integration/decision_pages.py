"""The ministry's pages, and what an officer answers there."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from referrals.models import Referral
from tests.factories.facilities import World

LIST = reverse("referrals:decisions")


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def page_of(referral: Referral) -> str:
    return reverse("referrals:decide", args=[referral.pk])


def numbers(answer: Any) -> list[str]:
    return [item["row"].number for item in answer.context["rows"]]


def day(name: str, ahead: int) -> dict[str, int]:
    value = timezone.localdate() + timedelta(days=ahead)
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def grant_data(referral: Referral, **changes: Any) -> dict[str, Any]:
    return {
        "choice": "grant",
        "version": referral.version,
        **day("valid_from", 0),
        **day("valid_until", 40),
        "grant_code": "undue_delay",
        "reason_text": "The wait at home is too long.",
        **changes,
    }
