"""The second factor: who must have one, who has shown it in this session, and how lately.

`verified(request)` and `required(user)` are what other parts ask. A page that decides, gives out a credential or
exports calls `ask_fresh(request)` before it does: it raises `SecondFactorNeeded`, which leads to the page that asks,
and back.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_otp_webauthn.models import WebAuthnCredential

from core.accounts.models import Authenticator, RecoveryCode
from core.accounts.sessions import SIGN_IN, begin
from core.errors import Denied

SETUP, STEP = "accounts:second_factor_new", "accounts:second_step"


class SecondFactorNeeded(Denied):
    """403 for a program; a person is led to `page`, where they show or set up a second factor, and back."""

    code = "second_factor_needed"

    def __init__(self, page: str) -> None:
        super().__init__(_("Show your second factor first: sign in to the portal and repeat this."))
        self.page = page


def required(user: Any) -> bool:
    """Whether this account must have a second factor: by a role, by an organisation that says so, or as staff."""
    if not user.is_authenticated:
        return False
    return bool(user.is_staff or user.is_superuser or import_string(settings.SIGN_IN_POLICY)(user).required)


def enrolled(user: Any) -> bool:
    """Whether the account has a second factor to show; recovery codes alone are none."""
    return (
        Authenticator.objects.filter(user=user, confirmed=True).exists()
        or WebAuthnCredential.objects.filter(user=user, confirmed=True).exists()
        or demonstration_code_for(user) != ""
    )


def demonstration_code_for(user: Any) -> str:
    """The code that stands for a telephone in the demonstration; empty anywhere else. Production refuses one."""
    code: str = settings.SECOND_FACTOR_DEMONSTRATION_CODE
    return code if code and required(user) else ""


def verified(request: HttpRequest) -> bool:
    """Whether the person who is signed in has shown a second factor in this session."""
    return request.user.is_authenticated and "verified" in request.session.get(SIGN_IN, {})


def fresh(request: HttpRequest) -> bool:
    """Whether they have shown it within the last settings.SECOND_FACTOR_MINUTES."""
    if not verified(request):
        return False
    age: float = timezone.now().timestamp() - request.session[SIGN_IN]["verified"]
    return age <= settings.SECOND_FACTOR_MINUTES * 60


def mark_verified(request: HttpRequest, by: str) -> None:
    """Note that a second factor was shown now, by app, passkey, recovery or demonstration; with a new session key."""
    known = request.session.get(SIGN_IN) or begin(request, second=True)
    request.session.cycle_key()
    request.session[SIGN_IN] = known | {"second": True, "verified": timezone.now().timestamp(), "by": by}


def page_before(request: HttpRequest) -> str:
    """The page to which somebody signed in must go before any other; empty when they may go on."""
    if verified(request):
        return ""
    known = request.session.get(SIGN_IN) or begin(request, second=enrolled(request.user))
    if known["second"]:
        return STEP
    user: Any = request.user
    actor = getattr(request, "actor", None)
    must = user.is_staff or user.is_superuser or (actor is not None and actor.needs_second_factor)
    return SETUP if must else ""


def ask_fresh(request: HttpRequest) -> None:
    """Go on only for somebody who showed a second factor a short while ago. Raises SecondFactorNeeded.

    Who has none yet is led to set one up.
    """
    if not fresh(request):
        raise SecondFactorNeeded(STEP if enrolled(request.user) else SETUP)


def ask_fresh_if_enrolled(request: HttpRequest) -> None:
    """The same for what concerns the account alone: who has no second factor may do it without."""
    if not fresh(request) and enrolled(request.user):
        raise SecondFactorNeeded(STEP)


def recovery_codes_left(user: Any) -> int:
    """How many recovery codes of the account haven't been used."""
    return RecoveryCode.objects.filter(user=user).count()
