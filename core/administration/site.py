"""The admin's site: who comes in and where, which models it holds, and that everything written there is recorded."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models.base import ModelBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from core.accounts.gate import lead_to
from core.accounts.views.profile import SignOut
from core.actors import Actor
from core.administration import step
from core.administration.watch import watching
from core.errors import Denied
from core.permissions import Permission
from core.redirects import back_or


class PortalAdminSite(AdminSite):
    """Rights come from roles, never from groups; passwords are changed in the profile and reset by a link."""

    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take the portal's own models. Libraries' would give rights, forge tokens or unlock accounts unseen."""
        models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
        own = [model for model in models if _is_own(model)]
        super().register(own, admin_class, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every address of the admin goes through here: first the step, then the view, watched."""

        @wraps(view)
        def watched(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if getattr(view, "__name__", "") != "logout" and not step.is_fresh(request):
                return redirect_to_login(request.get_full_path(), reverse("admin:login"))
            with watching(request, view):
                return view(request, *args, **kwargs)

        return super().admin_view(watched, cacheable)

    def has_permission(self, request: HttpRequest) -> bool:
        """The operator's administrators with an account of the command line; an ended role shuts the door too."""
        actor: Actor | None = getattr(request, "actor", None)
        operates = actor is not None and actor.has(Permission.ADMINISTER) and not actor.country
        return operates and super().has_permission(request)

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The step: sign in at the portal's own page, show the second factor anew, and on to where one was going."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        if not self.has_permission(request):
            raise Denied()
        if not step.is_fresh(request):
            return lead_to(request, step.page(request))
        return back_or(request, reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return SignOut.as_view()(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("accounts:password")


def _is_own(model: Any) -> bool:
    room = model._meta.app_config.name.partition(".")[0]
    return (settings.BASE_DIR / room / "__init__.py").is_file()
