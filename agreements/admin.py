"""The admin of agreements: what they are called and say. Their versions are kept on the register's pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from agreements.models import AbroadCare, Agreement
from facilities.admin import ReferenceAdmin, searched


@admin.register(Agreement)
class AgreementAdmin(ReferenceAdmin):
    fields = ("code", "names", "says_in", "signed_on", "precedence")
    list_display = ("code", "name", "signed_on", "precedence")
    search_fields = ("code", *searched("names"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A referral's check names the code, so it stays what it was."""
        return ("changed_here", "code") if obj else ("changed_here",)


@admin.register(AbroadCare)
class AbroadCareAdmin(ReferenceAdmin):
    list_display = (
        "code",
        "country",
        "name",
        "by_invited_specialist",
        "in_force_from",
        "in_force_until",
        "verified",
    )
    list_filter = ("country", "by_invited_specialist", "verified")
    list_select_related = ("country",)
    search_fields = ("code", *searched("names"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A referral's check names the code, so it stays what it was."""
        return ("changed_here", "country", "code") if obj else ("changed_here",)
