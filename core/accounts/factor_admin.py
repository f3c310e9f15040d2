"""What the admin shows of an account's second factor: whether there is one, and the page that removes a lost one."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp_webauthn.models import WebAuthnCredential

from core.accounts.models import User
from core.accounts.second_factor import enrolled

if admin.site.is_registered(WebAuthnCredential):
    # The library's own page shows keys to be changed by hand; methods are added and removed by their owner alone.
    admin.site.unregister(WebAuthnCredential)


class SecondFactorAdmin(admin.ModelAdmin):
    """Adds a line to the page of an account."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "second_factor")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_fieldsets(request, obj)
        return (
            (*found, (gettext_lazy("Second factor"), {"fields": ("second_factor",)}))
            if obj is not None
            else found
        )

    @admin.display(description=gettext_lazy("Second factor"))
    def second_factor(self, user: User) -> str:
        if not enrolled(user):
            return "—"
        page = reverse("accounts:second_factor_reset", args=[user.pk])
        return format_html('<a href="{}">{}</a>', page, _("Remove the second factor"))
