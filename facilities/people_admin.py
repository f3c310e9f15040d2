"""The admin of roles and partners' systems: to look at, to ask for and to end. Giving takes a second person."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.db import transaction_for
from core.errors import Denied, Invalid, NotKnown, PortalError
from core.permissions import Role
from facilities import actions
from facilities.admin_base import NOT_ADMINISTRATOR
from facilities.models import Membership, PartnerClient, RoleRequest


class LookingAdmin(admin.ModelAdmin):
    """Nothing is written here but by an action."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Membership)
class MembershipAdmin(LookingAdmin):
    """Roles are ended, never deleted, so that who held one can be told later."""

    list_display = ("user", "organisation", "role", "active", "since", "ended_at")
    list_filter = ("role", "active", "organisation__kind", "organisation__country")
    list_select_related = ("user", "organisation")
    search_fields = ("user__username", "user__full_name", "organisation__code", "organisation__name")
    actions = ("end_roles",)

    @admin.action(description=_("End the chosen roles"), permissions=["view"])
    def end_roles(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        by = request.actor  # type: ignore[attr-defined]
        try:
            with transaction_for(by):
                for pk in queryset.order_by("pk").values_list("pk", flat=True):
                    actions.end_membership(membership_id=pk, by=by)
        except PortalError as error:
            self.message_user(request, str(error.message), messages.ERROR)
        else:
            self.message_user(request, _("The chosen roles have ended."), messages.SUCCESS)


class AskForm(forms.ModelForm):
    """A person, an organisation and a role; who asks is who is signed in."""

    class Meta:
        model = RoleRequest
        fields = ("user", "organisation", "role")

    by: Any = None

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return given
        user, organisation, role = given["user"], given["organisation"], Role(given["role"])
        try:
            actions.check_asking(user_id=user.pk, organisation_id=organisation.pk, role=role, by=self.by)
        except Invalid as error:
            for name, texts in error.fields.items():
                self.add_error(name, [str(text) for text in texts])
        except PortalError as error:
            self.add_error(None, str(error.message))
        return given

    def _get_validation_exclusions(self) -> set[str]:
        """A request that waits already is given back as it is, and is no mistake."""
        return {*super()._get_validation_exclusions(), "user", "role"}  # type: ignore[misc]


@admin.register(RoleRequest)
class RoleRequestAdmin(LookingAdmin):
    """Roles that were asked for. Who is the second person confirms them in the portal, under “People”."""

    form = AskForm
    list_display = (
        "user",
        "organisation",
        "role",
        "asked_by",
        "asked_at",
        "expires_at",
        "outcome",
        "decided_by",
    )
    list_filter = ("outcome", "role", "organisation__kind", "organisation__country")
    list_select_related = ("user", "organisation", "asked_by", "decided_by")
    search_fields = ("user__username", "user__full_name", "organisation__code", "organisation__name")
    autocomplete_fields = ("user", "organisation")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"by": request.actor})  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by = request.actor  # type: ignore[attr-defined]
        made = actions.ask_for_role(
            user_id=obj.user_id, organisation_id=obj.organisation_id, role=Role(obj.role), by=by
        )
        obj.pk = made.pk
        obj.refresh_from_db()


# The toolkit registers the client model with a form that could change a secret; ours only lists and revokes.
if admin.site.is_registered(PartnerClient):
    admin.site.unregister(PartnerClient)


@admin.register(PartnerClient)
class PartnerClientAdmin(LookingAdmin):
    list_display = ("name", "organisation", "client_id", "scopes", "created", "awaiting", "revoked_at")
    list_filter = ("organisation__country",)
    list_select_related = ("organisation",)
    search_fields = ("name", "client_id", "organisation__code", "organisation__name")
    fields = (
        "name",
        "organisation",
        "client_id",
        "scopes",
        "created",
        "created_by",
        "awaiting",
        "revoked_at",
    )
    readonly_fields = fields
    actions = ("revoke",)

    @admin.action(description=_("Revoke the chosen systems’ access"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[PartnerClient]) -> None:
        try:
            with transaction_for(request.actor):  # type: ignore[attr-defined]
                for client in queryset:
                    actions.revoke_partner_client(client_pk=client.pk, by=request.actor)  # type: ignore[attr-defined]
        except (Denied, NotKnown):
            self.message_user(request, NOT_ADMINISTRATOR, messages.ERROR)
        else:
            done = _("The access of the chosen systems is revoked. Their tokens have stopped working.")
            self.message_user(request, done, messages.SUCCESS)
