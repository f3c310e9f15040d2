from django.urls import path

from patients.views import links, lookups, merging, records, registration, search

app_name = "patients"

urlpatterns = [
    path("", search.find, name="find"),
    path("districts/", search.district_suggest, name="district_suggest"),
    path("register/", registration.register, name="register"),
    path("register/unknown/", registration.register_unknown, name="register_unknown"),
    path("register/known-elsewhere/", search.link, name="link"),
    path("locked-lookups/", lookups.locked, name="locked_lookups"),
    path("locked-lookups/<int:budget_id>/", lookups.unlock, name="unlock_lookups"),
    path("<key:patient_id>/", records.detail, name="detail"),
    path("<key:patient_id>/edit/", registration.edit, name="edit"),
    path("<key:patient_id>/confirm-death/", records.death_confirm, name="death_confirm"),
    path("<key:patient_id>/merge/", merging.choose, name="merge_choose"),
    path("<key:patient_id>/merge/<key:other_id>/", merging.merge, name="merge"),
    path("<key:patient_id>/merges/<int:merge_id>/undo/", merging.undo, name="merge_undo"),
    path("<key:patient_id>/numbers/", records.identifier_add, name="identifier_add"),
    path(
        "<key:patient_id>/numbers/<int:identifier_id>/remove/",
        records.identifier_remove,
        name="identifier_remove",
    ),
    path("<key:patient_id>/consent/", records.consent, name="consent"),
    path(
        "<key:patient_id>/consent/<int:consent_id>/withdraw/",
        records.consent_withdraw,
        name="consent_withdraw",
    ),
    path("<key:patient_id>/links/<int:registration_id>/withdraw/", links.end, name="link_end"),
    path("<key:patient_id>/coverage/", records.coverage, name="coverage"),
    path("<key:patient_id>/coverage/<int:coverage_id>/", records.coverage_correct, name="coverage_correct"),
]
