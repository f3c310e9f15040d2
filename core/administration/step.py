"""The step before the administration: a second factor, shown in this session and not long ago."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from core.accounts.second_factor import SETUP, STEP, enrolled, verified
from core.accounts.sessions import SIGN_IN


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person of this session has shown their second factor within `settings.ADMIN_STEP_MINUTES`."""
    if not verified(request):
        return False
    age: float = timezone.now().timestamp() - request.session[SIGN_IN]["verified"]
    return age <= settings.ADMIN_STEP_MINUTES * 60


def page(request: HttpRequest) -> str:
    """The page that asks for it: that of the second step, or of setting a first one up."""
    return STEP if enrolled(request.user) else SETUP
