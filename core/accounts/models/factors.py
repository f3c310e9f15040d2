"""What proves a person beside the password. Passkeys are django-otp-webauthn's own table."""

import secrets
import time
from base64 import b32encode

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, TimestampMixin
from django_otp.oath import TOTP

from core.seal import seal, unseal
from core.sealed.fields import SealedBytesField

_PURPOSE = "core.accounts.authenticator"
STEP = 30
"""Seconds for which one code stands (RFC 6238)."""
DRIFT = 1
"""Steps by which a telephone's clock may be wrong."""


class Authenticator(TimestampMixin, Device):
    """An app that shows a code of six digits (TOTP, RFC 6238). Its secret is sealed where it lies."""

    sealed = SealedBytesField(_("secret"), purpose=_PURPOSE, editable=False)
    # The step of the last code that was taken: a code counts once.
    last_step = models.BigIntegerField(default=-1, editable=False)

    class Meta:
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def new_secret() -> bytes:
        """160 random bits, as RFC 4226 recommends."""
        return secrets.token_bytes(20)

    @staticmethod
    def sealed_secret(secret: bytes) -> bytes:
        """The secret as it is stored."""
        return seal(secret.hex(), _PURPOSE)

    def verify_token(self, token: str) -> bool:
        """Whether this is a code of now that wasn't used before. Marks it used; the row must be locked."""
        hexed = unseal(self.sealed, _PURPOSE)
        if hexed is None:  # sealed by a key that nobody has any more
            return False
        step = accepted_step(bytes.fromhex(hexed), token, after=self.last_step)
        if step is None:
            return False
        self.last_step, self.last_used_at = step, timezone.now()
        self.save(update_fields=["last_step", "last_used_at"])
        return True


def accepted_step(secret: bytes, token: str, *, after: int = -1) -> int | None:
    """The time step whose code this is, near now and later than `after`; None for a wrong code."""
    if not (token.isascii() and token.isdigit() and len(token) == 6):
        return None
    totp = TOTP(secret, step=STEP)
    totp.time = time.time()
    return totp.t() if totp.verify(int(token), DRIFT, after + 1) else None


def as_text(secret: bytes) -> str:
    """The secret as people type it into an app: Base32."""
    return b32encode(secret).decode().rstrip("=")


class RecoveryCode(models.Model):
    """One of the codes on paper that open the account once each, when the telephone is lost. Only a hash is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes", verbose_name=_("person")
    )
    digest = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"{self.user_id}"

    @staticmethod
    def digest_of(code: str) -> str:
        """The code's keyed hash. The code has 80 random bits, so a fast hash is enough."""
        return salted_hmac("core.accounts.recovery", plain(code), algorithm="sha256").hexdigest()


def plain(code: str) -> str:
    """A code without the spaces and hyphens that make it readable, in small letters."""
    return "".join(sign for sign in code.casefold() if sign.isalnum())
