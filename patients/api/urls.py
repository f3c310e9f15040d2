from django.urls import path

from patients.api import collection, coverages, links, merges, records, search

urlpatterns = [
    path("patients/", collection.Patients.as_view(), name="patients"),
    path("patients/search/", search.SearchPatients.as_view(), name="patient_search"),
    path("patients/link/", collection.LinkPatient.as_view(), name="patient_link"),
    path("patients/<key:pk>/", collection.OnePatient.as_view(), name="patient"),
    path("patients/<key:pk>/confirm-death/", collection.ConfirmDeath.as_view(), name="patient_confirm_death"),
    path("patients/<key:pk>/merges/", merges.Merges.as_view(), name="patient_merges"),
    path(
        "patients/<key:pk>/merges/preview/", merges.MergePreviewView.as_view(), name="patient_merge_preview"
    ),
    path(
        "patients/<key:pk>/merges/<number:number>/undo/",
        merges.UndoMerge.as_view(),
        name="patient_merge_undo",
    ),
    path("patients/<key:pk>/identifiers/", records.Identifiers.as_view(), name="patient_identifiers"),
    path(
        "patients/<key:pk>/identifiers/<number:number>/remove/",
        records.RemoveIdentifier.as_view(),
        name="patient_identifier_remove",
    ),
    path("patients/<key:pk>/coverages/", coverages.Coverages.as_view(), name="patient_coverages"),
    path(
        "patients/<key:pk>/coverages/<number:number>/correct/",
        coverages.CorrectCoverage.as_view(),
        name="patient_coverage_correct",
    ),
    path("patients/<key:pk>/links/", links.Links.as_view(), name="patient_links"),
    path(
        "patients/<key:pk>/links/<number:number>/withdraw/",
        links.EndLink.as_view(),
        name="patient_link_end",
    ),
    path("patients/<key:pk>/consents/", records.Consents.as_view(), name="patient_consents"),
    path("patients/<key:pk>/consents/<number:number>/", records.OneConsent.as_view(), name="patient_consent"),
    path(
        "patients/<key:pk>/consents/<number:number>/withdraw/",
        records.WithdrawConsent.as_view(),
        name="patient_consent_withdraw",
    ),
    path(
        "patients/<key:pk>/consents/<number:number>/state-withdrawal/",
        records.StateWithdrawal.as_view(),
        name="patient_consent_state_withdrawal",
    ),
    path(
        "patients/<key:pk>/consents/<number:number>/disclosures/",
        records.ConsentDisclosures.as_view(),
        name="patient_consent_disclosures",
    ),
]
