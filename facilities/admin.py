"""The admin of places, organisations, codes and memberships. Reference rows are corrected here, never deleted."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import languages
from core.audit import log as audit
from core.db import transaction_for
from core.errors import Denied, NotKnown
from facilities import actions
from facilities.admin_base import NOT_ADMINISTRATOR, ReferenceAdmin, columns, searched
from facilities.admin_calendar import CalendarDayAdmin
from facilities.forms import OrganisationForm
from facilities.models import (
    AdminUnit,
    BorderCrossing,
    Country,
    DistrictAdjacency,
    Facility,
    FacilityService,
    Icd10,
    Membership,
    Organisation,
    PartnerClient,
    Specialty,
)

__all__ = ["CalendarDayAdmin", "ReferenceAdmin", "searched"]


@admin.register(Country)
class CountryAdmin(ReferenceAdmin):
    list_display = ("code", "name", "currency", "time_zone", "phone_prefix")
    search_fields = ("code", *searched("names"))


@admin.register(AdminUnit)
class AdminUnitAdmin(ReferenceAdmin):
    list_display = ("code", *columns(*languages.COMMON), "country", "level", "kind", "parent")
    list_filter = ("country", "level", "kind")
    list_select_related = ("country", "parent")
    search_fields = ("code", *searched("names"), "name_latin")
    autocomplete_fields = ("parent",)
    readonly_fields = ("code_system", "source", "changed_here")


@admin.register(DistrictAdjacency)
class DistrictAdjacencyAdmin(ReferenceAdmin):
    list_display = ("a", "b", "min_distance_km", "contact_length_km", "confidence")
    list_filter = ("a__country", "b__country")
    list_select_related = ("a", "b")
    search_fields = (*searched("a__names"), *searched("b__names"), "a__code", "b__code")
    autocomplete_fields = ("a", "b")
    readonly_fields = ("method", "confidence", "changed_here")


@admin.register(BorderCrossing)
class BorderCrossingAdmin(ReferenceAdmin):
    list_display = ("name_a", "name_b", "country_a", "country_b", "mode", "operating", "status", "as_of")
    list_filter = ("country_a", "country_b", "mode", "operating")
    list_select_related = ("country_a", "country_b")
    search_fields = ("name_a", "name_b")
    autocomplete_fields = ("admin_unit_a", "admin_unit_b")
    readonly_fields = ("sources", "changed_here")


@admin.register(Specialty)
class SpecialtyAdmin(ReferenceAdmin):
    list_display = ("code", *columns(*languages.CODES), "selectable")
    list_filter = ("selectable", "system")
    search_fields = ("code", *searched("names"))
    readonly_fields = ("display", "source", "name_sources", "changed_here")


@admin.register(Icd10)
class Icd10Admin(ReferenceAdmin):
    list_display = ("code", "level", *columns(*languages.COMMON, field="titles"), "origin")
    list_filter = ("level", "origin")
    search_fields = ("code", *searched("titles"))
    raw_id_fields = ("parent",)
    readonly_fields = ("origin", "changed_here")


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    can_delete = False  # a role is ended by switching it off
    autocomplete_fields = ("user",)


@admin.register(Organisation)
class OrganisationAdmin(ReferenceAdmin):
    form = OrganisationForm
    list_display = ("code", "name", "kind", "country", "active")
    list_filter = ("kind", "country", "active")
    list_select_related = ("country",)
    search_fields = ("code", "name", *searched("names"))
    inlines = (MembershipInline,)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        facility = (
            Facility.objects.select_related("organisation", "admin_unit__parent").filter(pk=obj.pk).first()
        )
        if facility:
            actions.refresh_search_text(facility)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for what, rows in (
            ("membership.grant", formset.new_objects),
            ("membership.change", [row for row, _fields in formset.changed_objects]),
        ):
            for row in rows:
                details = {"user": row.user_id, "organisation": form.instance.code, "role": row.role}
                audit.record(what, by=request.actor, subject=form.instance, details=details)  # type: ignore[attr-defined]


class FacilityServiceInline(admin.TabularInline):
    model = FacilityService
    extra = 0
    autocomplete_fields = ("specialty",)
    readonly_fields = ("basis",)
    can_delete = False


@admin.register(Facility)
class FacilityAdmin(ReferenceAdmin):
    list_display = (
        "organisation",
        "facility_type",
        "care_level",
        "admin_unit",
        "accepts_referrals",
        "quality_flag",
    )
    list_filter = (
        "organisation__country",
        "facility_type",
        "care_level",
        "accepts_referrals",
        "quality_flag",
    )
    list_select_related = ("organisation", "admin_unit")
    search_fields = ("organisation__code", "organisation__name", "settlement")
    autocomplete_fields = ("organisation", "admin_unit", "possible_duplicate_of")
    readonly_fields = ("source", "licence", "stated_services", "changed_here")
    inlines = (FacilityServiceInline,)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        actions.refresh_search_text(obj)


@admin.register(FacilityService)
class FacilityServiceAdmin(ReferenceAdmin):
    list_display = ("facility", "specialty", "basis", "verified", "active", "wait_days")
    list_filter = ("basis", "verified", "active", "facility__organisation__country")
    list_select_related = ("facility__organisation", "specialty")
    search_fields = (
        "facility__organisation__code",
        "facility__organisation__name",
        *searched("specialty__names"),
    )
    autocomplete_fields = ("facility", "specialty")
    readonly_fields = ("basis", "changed_here")


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Roles are ended by switching them off, so that who held one can be told later."""

    list_display = ("user", "organisation", "role", "active")
    list_filter = ("role", "active", "organisation__kind", "organisation__country")
    list_select_related = ("user", "organisation")
    search_fields = ("user__username", "user__full_name", "organisation__code", "organisation__name")
    autocomplete_fields = ("user", "organisation")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        details = {
            "user": obj.user_id,
            "organisation": obj.organisation.code,
            "role": obj.role,
            "active": obj.active,
        }
        audit.record("membership.change", by=request.actor, subject=obj, details=details)  # type: ignore[attr-defined]


# The toolkit registers the client model with a form that could change a secret; ours only lists and revokes.
if admin.site.is_registered(PartnerClient):
    admin.site.unregister(PartnerClient)


@admin.register(PartnerClient)
class PartnerClientAdmin(admin.ModelAdmin):
    list_display = ("name", "organisation", "client_id", "scopes", "created", "revoked_at")
    list_filter = ("organisation__country",)
    list_select_related = ("organisation",)
    search_fields = ("name", "client_id", "organisation__code", "organisation__name")
    fields = ("name", "organisation", "client_id", "scopes", "created", "created_by", "revoked_at")
    readonly_fields = fields
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.action(description=_("Revoke the chosen systems’ access"), permissions=["change"])
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
