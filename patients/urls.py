from django.urls import path

from patients.views import links, lookups, merging, own_number, records, registration, search

app_name = "patients"

urlpatterns = [
    path("", search.find, name="find"),
    path("districts/", search.district_suggest, name="district_suggest"),
    path("register/", registration.register, name="register"),
    path("register/unknown/", registration.register_unknown, name="register_unknown"),
    path("register/known-elsewhere/", search.link, name="link"),
    path("locked-lookups/", lookups.locked, name="locked_lookups"),
    path("locked-lookups/<number:budget_id>/", lookups.unlock, name="unlock_lookups"),
    path("<key:patient_id>/", records.detail, name="detail"),
    path("<key:patient_id>/edit/", registration.edit, name="edit"),
    path("<key:patient_id>/confirm-death/", records.death_confirm, name="death_confirm"),
    path("<key:patient_id>/merge/", merging.choose, name="merge_choose"),
    path("<key:patient_id>/merge/<key:other_id>/", merging.merge, name="merge"),
    path("<key:patient_id>/merges/<number:merge_id>/undo/", merging.undo, name="merge_undo"),
    path("<key:patient_id>/own-number/", own_number.own_number, name="own_number"),
    path("<key:patient_id>/numbers/", records.identifier_add, name="identifier_add"),
    path(
        "<key:patient_id>/numbers/<number:identifier_id>/remove/",
        records.identifier_remove,
        name="identifier_remove",
    ),
    path("<key:patient_id>/consent/", records.consent, name="consent"),
    path(
        "<key:patient_id>/consent/<number:consent_id>/withdraw/",
        records.consent_withdraw,
        name="consent_withdraw",
    ),
    path("<key:patient_id>/links/<number:registration_id>/withdraw/", links.end, name="link_end"),
    path("<key:patient_id>/coverage/", records.coverage, name="coverage"),
    path(
        "<key:patient_id>/coverage/<number:coverage_id>/", records.coverage_correct, name="coverage_correct"
    ),
]
