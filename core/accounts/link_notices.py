"""What an account's owner is told: of a link, of a new password, of another address."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from core.accounts.links import EMAIL_CHANGED, PASSWORD_SET, SENT, token_of
from core.accounts.models import User
from core.outbox.messages import Recipient, Words, renderer, tell
from core.outbox.models import Event
from core.outbox.registry import handler


def to_person(user: User) -> Recipient:
    """An account's owner, by inbox and by e-mail."""
    return Recipient(
        key=f"user:{user.pk}", language=user.preferred_language, user_id=user.pk, email=user.email
    )


def _to_address(key: str, user: User, address: str) -> Recipient:
    """An address alone: what is said there mustn't stand in the inbox, or the account has it no longer."""
    return Recipient(key=key, language=user.preferred_language, email=address)


@handler(SENT, name="accounts.link")
def send_the_link(event: Event, key: str) -> None:
    """The link by e-mail alone; that there is one in the inbox too, so that a stranger's asking is noticed."""
    user = User.objects.get(pk=event.subject_id)
    link, purpose = event.payload["link"], event.payload["purpose"]
    params = {"link": link, "username": user.username}
    address = [_to_address(f"link:{user.pk}", user, user.email)]
    tell(event, kind=f"password.{purpose}", params=params, link="", recipients=address)
    if user.last_login:
        inbox = [Recipient(key=f"user:{user.pk}", language=user.preferred_language, user_id=user.pk)]
        tell(event, kind="password.link_noticed", params={}, link="", recipients=inbox)


@handler(PASSWORD_SET, name="accounts.password_set")
def tell_of_password(event: Event, key: str) -> None:
    user = User.objects.get(pk=event.subject_id)
    tell(event, kind="password.was_set", params={}, link="", recipients=[to_person(user)])


@handler(EMAIL_CHANGED, name="accounts.email_changed")
def tell_of_email(event: Event, key: str) -> None:
    """The old address, the new one and the inbox: whoever reads one of them can object."""
    user = User.objects.get(pk=event.subject_id)
    people = [to_person(user)]
    if before := event.payload["before"]:
        people.append(_to_address(f"former:{user.pk}", user, before))
    tell(event, kind="password.email_changed", params={}, link="", recipients=people)


@renderer("password")
def words(kind: str, params: dict[str, Any]) -> Words:
    """The message in the active language. The address of a link is made here and kept nowhere."""
    what = kind.partition(".")[2]
    if what in {"invitation", "reset"}:
        query = urlencode({"t": token_of(params["link"])})
        params = params | {"url": f"{settings.PUBLIC_URL}{reverse('accounts:link')}?{query}"}
    subject, body = _texts()[what]
    return Words(subject=subject, body=body % params)


def _texts() -> dict[str, tuple[str, str]]:
    return {
        "invitation": (
            _("You are invited to the patient mobility portal"),
            _(
                "An administrator has made an account for you. Your user name is %(username)s. Choose your password "
                "with this link, which works once and for three days:\n\n%(url)s\n\nIf you don’t know why you get "
                "this, do nothing: without a password nobody can sign in."
            ),
        ),
        "reset": (
            _("A new password for the patient mobility portal"),
            _(
                "An administrator has sent you this link so that you can set a new password for the user name "
                "%(username)s. It works once and for one hour:\n\n%(url)s\n\nIf you didn’t ask for it, don’t use it "
                "and tell the administrator of your organisation."
            ),
        ),
        "link_noticed": (
            _("A link for a new password was sent"),
            _(
                "An administrator has sent a link for a new password to the e-mail address of your account. If you "
                "didn’t ask for it, tell your organisation at once."
            ),
        ),
        "was_set": (
            _("Your password was set"),
            _(
                "The password of your account was set by a link that was sent by e-mail, and you are signed out "
                "everywhere. If it wasn’t you, tell the administrator of your organisation at once."
            ),
        ),
        "email_changed": (
            _("The e-mail address of your account was changed"),
            _(
                "An administrator has given your account another e-mail address. If this is wrong, tell your "
                "organisation at once: links for a new password go to the new address."
            ),
        ),
    }
