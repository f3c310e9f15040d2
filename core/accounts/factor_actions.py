"""Adding, using and losing what proves a person beside the password; each leaves an audit row and tells the person."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django_otp_webauthn.models import WebAuthnCredential

from core.accounts.models import Authenticator, RecoveryCode, User
from core.accounts.models.factors import plain
from core.accounts.second_factor import demonstration_code_for
from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import Denied, Invalid
from core.outbox.publish import publish

CODES = 10
MOST = 10
"""Methods of each kind that one account may have."""
#: What tells the person that their account's security was changed; `core.accounts.notices` puts it into words.
CHANGED = "account.second_factor_changed"


@dataclass(frozen=True, slots=True)
class Method:
    """A way to show a second factor: `kind` is app or passkey."""

    kind: str
    pk: int
    name: str
    created_at: Any
    last_used_at: Any


def methods_of(user: Any) -> list[Method]:
    """The account's methods, the oldest first (two queries)."""
    apps = Authenticator.objects.filter(user=user, confirmed=True)
    keys = WebAuthnCredential.objects.filter(user=user, confirmed=True)
    found = [Method("app", one.pk, one.name, one.created_at, one.last_used_at) for one in apps]
    found += [Method("passkey", one.pk, one.name, one.created_at, one.last_used_at) for one in keys]
    return sorted(found, key=lambda one: (one.created_at, one.kind, one.pk))


def account(number: int) -> User | None:
    """An account by its number, to be asked about by an administrator."""
    return User.objects.filter(pk=number).first()


def has_room_for_passkey(user: User) -> bool:
    """Whether the account may have one more passkey."""
    return WebAuthnCredential.objects.filter(user=user).count() < MOST


@action
def add_authenticator(*, user: User, name: str, secret: bytes, step: int, by: Actor) -> Authenticator:
    """Add an app whose code was shown; `step` is that code's, which doesn't count again."""
    _locked(user)
    if Authenticator.objects.filter(user=user).count() >= MOST:
        raise Invalid({"": [_("You have as many apps as an account may have. Remove one first.")]})
    made = Authenticator.objects.create(
        user=user,
        name=name,
        sealed=Authenticator.sealed_secret(secret),
        last_step=step,
        last_used_at=timezone.now(),
    )
    _changed("added", user, by=by, details={"method": "app"})
    return made


@action
def name_passkey(*, user: User, passkey: Any, name: str, by: Actor) -> None:
    """Name a passkey that was just made, and let it be known."""
    passkey.name = name[:64]
    passkey.save(update_fields=["name"])
    _changed("added", user, by=by, details={"method": "passkey"})


@action
def remove_method(*, user: User, kind: str, pk: int, by: Actor) -> bool:
    """Take a method away; with the last one the recovery codes go. False for one that isn't there any more."""
    _locked(user)
    rows: Any = {"app": Authenticator, "passkey": WebAuthnCredential}[kind].objects.filter(user=user, pk=pk)
    deleted, _kinds = rows.delete()
    if not deleted:
        return False
    if not methods_of(user):
        RecoveryCode.objects.filter(user=user).delete()
    _changed("removed", user, by=by, details={"method": kind})
    return True


@action
def new_recovery_codes(*, user: User, by: Actor) -> list[str]:
    """Make new recovery codes in place of the old ones; they are known to nobody but the one who reads them now."""
    _locked(user)
    codes = ["-".join(_letters() for _part in range(4)) for _code in range(CODES)]
    now = timezone.now()
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(user=user, digest=RecoveryCode.digest_of(code), made_at=now) for code in codes]
    )
    _changed("recovery_codes", user, by=by)
    return codes


@action
def show_code(*, user: User, code: str, by: Actor) -> str:
    """Take a code of an app, a recovery code, or the demonstration's; the method that it was of, empty for a wrong one.

    Each code counts once.
    """
    text = plain(code)
    method = _method_of(user, text)
    if method:
        record("account.second_factor", by=by, subject=user, details={"method": method})
    if method == "recovery":
        _changed("recovery_used", user, by=by)
    return method


@action
def used_passkey(*, user: User, by: Actor) -> None:
    """Note that a passkey was shown."""
    record("account.second_factor", by=by, subject=user, details={"method": "passkey"})


@action
def reset(*, user: User, reason: str, by: Actor) -> None:
    """Take all methods of somebody who has lost them: by another person, who has made sure who asks.

    Every session of the account ends. The account's owner is told. Raises Denied for one's own account.
    """
    if by.user_id == user.pk:
        raise Denied(_("Nobody resets their own second factor. Ask another administrator."))
    _locked(user)
    Authenticator.objects.filter(user=user).delete()
    WebAuthnCredential.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    user.session_number += 1
    user.save(update_fields=["session_number"])
    user.sessions.all().delete()
    _changed("reset", user, by=by, details={"reason": reason})


def _method_of(user: User, text: str) -> str:
    if len(text) == 6 and text.isdigit():
        for app in Authenticator.objects.select_for_update().filter(user=user, confirmed=True).order_by("pk"):
            if app.verify_token(text):
                return "app"
        demonstration = demonstration_code_for(user)
        return "demonstration" if demonstration and constant_time_compare(text, demonstration) else ""
    deleted, _kinds = RecoveryCode.objects.filter(user=user, digest=RecoveryCode.digest_of(text)).delete()
    return "recovery" if deleted else ""


def _letters() -> str:
    """20 random bits in four letters and digits that aren't taken for one another."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789ae") for _sign in range(4))


def _locked(user: User) -> None:
    """One change of an account's methods at a time."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def _changed(what: str, user: User, *, by: Actor, details: dict[str, Any] | None = None) -> None:
    record(f"account.second_factor_{what}", by=by, subject=user, details=details)
    publish(CHANGED, subject=user, payload={"what": what}, by=by)
