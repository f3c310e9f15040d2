"""A browser that has taken the step before the administration."""

from typing import Any

from django.test import Client

from core.administration import step


def enter(client: Client, user: Any) -> Client:
    """Sign a person in and take the step for them."""
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    take_step(client)
    return client


def take_step(client: Client) -> None:
    """Take the step for who is signed in there."""
    session = client.session
    step.take(session)
    session.save()
