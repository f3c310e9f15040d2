"""The admin of places, organisations and codes: corrected here, never deleted. `people_admin` has people's."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from core import languages
from facilities import actions
from facilities.admin_base import ReferenceAdmin, columns, searched
from facilities.admin_calendar import CalendarDayAdmin
from facilities.forms import OrganisationForm
from facilities.lookups.directory import says, words_of
from facilities.lookups.districts import search_districts
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
    Specialty,
)
from facilities.people_admin import MembershipAdmin

__all__ = ["CalendarDayAdmin", "MembershipAdmin", "ReferenceAdmin", "searched"]

MOST_FOUND = 100


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

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By what a field contains, and by each of the unit's names in any spelling, as forms find it."""
        found, distinct = super().get_search_results(request, queryset, search_term)
        others = [unit.pk for unit in search_districts(search_term, MOST_FOUND, regions=True)]
        return (found | queryset.filter(pk__in=others) if others else found), distinct


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
    """To look at: roles are asked for under “requests for roles” and ended under “memberships”."""

    model = Membership
    extra = 0
    can_delete = False
    fields = readonly_fields = ("user", "role", "active", "since", "ended_at")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(ReferenceAdmin):
    form = OrganisationForm
    list_display = ("code", "name", "kind", "country", "active")
    list_filter = ("kind", "country", "active")
    list_select_related = ("country",)
    search_fields = ("code", "name", *searched("names"))
    inlines = (MembershipInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What its people may do, and where, follows from these: they are chosen once."""
        return (*self.readonly_fields, *(("kind", "country") if obj is not None else ()))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        facility = (
            Facility.objects.select_related("organisation", "admin_unit__parent").filter(pk=obj.pk).first()
        )
        if facility:
            actions.refresh_search_text(facility)


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

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """As the directory searches: names, places and types in any language and script."""
        for word in words_of(search_term):
            queryset = queryset.filter(says(word))
        return queryset, False

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
