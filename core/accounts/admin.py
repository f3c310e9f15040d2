"""Accounts. The admin makes and closes them; it gives no rights, sets no password and deletes nobody."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from core.accounts import actions, links
from core.accounts.factor_admin import SecondFactorAdmin
from core.accounts.models import User
from core.db import transaction_for
from core.errors import PortalError
from core.forms.text import NAMES_NOBODY
from core.placeholders import names_nobody


class _NamesSomebody(forms.ModelForm):
    def clean_full_name(self) -> str:
        name: str = self.cleaned_data["full_name"]
        if names_nobody(name):
            raise forms.ValidationError(NAMES_NOBODY)
        return name


class AccountForm(_NamesSomebody):
    """An account without a password: its owner sets that by a link."""

    class Meta:
        model = User
        fields = ("username", "full_name", "email", "preferred_language", "is_active")


class NewAccountForm(_NamesSomebody):
    class Meta:
        model = User
        fields = ("username", "full_name", "email", "preferred_language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        self.fields["email"].help_text = _("The invitation goes there.")

    def save(self, commit: bool = True) -> Any:
        self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(User)
class UserAdmin(SecondFactorAdmin, DjangoUserAdmin):
    """People with an account; what they may do comes from their memberships, not from groups."""

    form = AccountForm
    add_form = NewAccountForm
    list_display = ("username", "full_name", "email", "preferred_language", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "preferred_language")
    search_fields = ("username", "full_name", "email")
    filter_horizontal = ()
    actions = ("send_link",)
    readonly_fields = ("is_staff", "is_superuser", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username",)}),
        (_("Person"), {"fields": ("full_name", "email", "preferred_language")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "full_name", "email", "preferred_language")}),
    )

    def get_urls(self) -> list[URLPattern]:
        """Without the page that sets somebody's password."""
        return [url for url in super().get_urls() if url.name != "auth_user_password_change"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nobody changes what their own account is, may do or is written to."""
        own = ("username", "email", "is_active") if obj is not None and obj.pk == request.user.pk else ()
        return (*super().get_readonly_fields(request, obj), *own)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by = request.actor  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)
        if not change:
            links.send_link(user_id=obj.pk, by=by)
        elif "email" in form.changed_data:
            links.follow_email(user=obj, before=form.initial.get("email") or "", by=by)
        if change and "is_active" in form.changed_data:
            actions.follow_closing(user=obj, by=by)

    @admin.action(description=_("Send a link for a new password"), permissions=["change"])
    def send_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        by, sent = request.actor, 0  # type: ignore[attr-defined]
        for user in queryset:
            try:
                with transaction_for(by):
                    links.send_link(user_id=user.pk, by=by)
                sent += 1
            except PortalError as error:
                self.message_user(request, f"{user}: {error.message}", messages.ERROR)
        if sent:
            self.message_user(request, _("Links sent: %(count)s.") % {"count": sent}, messages.SUCCESS)
