"""Telling the owner of an account that its second factor was changed, so that nobody changes it behind their back."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.factor_actions import CHANGED
from core.accounts.models import User
from core.errors import Text
from core.outbox.messages import Recipient, Words, renderer, tell
from core.outbox.models import Event
from core.outbox.registry import handler

BODIES: Mapping[str, Text] = {
    "added": gettext_lazy("A second factor was added to your account."),
    "removed": gettext_lazy("A second factor was removed from your account."),
    "recovery_codes": gettext_lazy(
        "New recovery codes were made for your account. The old ones open nothing any more."
    ),
    "recovery_used": gettext_lazy(
        "A recovery code was used to sign in to your account. It doesn’t work a second time."
    ),
    "reset": gettext_lazy(
        "An administrator has removed the second factor of your account, because somebody said that you had lost it."
    ),
}


@handler(CHANGED, name="accounts.tell_owner")
def tell_owner(event: Event, key: str) -> None:
    """Tell the account's owner, if the account is still open."""
    user = User.objects.filter(pk=event.subject_id, is_active=True).first()
    if user is None:
        return
    tell(
        event,
        kind="account.second_factor_changed",
        params={"what": event.payload["what"]},
        link="/accounts/security/",
        recipients=[
            Recipient(
                key=f"user:{user.pk}", user_id=user.pk, email=user.email, language=user.preferred_language
            )
        ],
    )


@renderer("account")
def words(kind: str, params: dict[str, Any]) -> Words:
    """The notice in the active language."""
    body = str(BODIES[params["what"]])
    end = _("If it wasn’t you, tell the administrator of your organisation at once.")
    return Words(subject=_("The sign-in to your account was changed"), body=f"{body} {end}")
