from django.urls import path

from patients.api import collection, links, merges, records

urlpatterns = [
    path("patients/", collection.Patients.as_view(), name="patients"),
    path("patients/link/", collection.LinkPatient.as_view(), name="patient_link"),
    path("patients/<uuid:pk>/", collection.OnePatient.as_view(), name="patient"),
    path(
        "patients/<uuid:pk>/confirm-death/", collection.ConfirmDeath.as_view(), name="patient_confirm_death"
    ),
    path("patients/<uuid:pk>/merges/", merges.Merges.as_view(), name="patient_merges"),
    path(
        "patients/<uuid:pk>/merges/preview/", merges.MergePreviewView.as_view(), name="patient_merge_preview"
    ),
    path(
        "patients/<uuid:pk>/merges/<int:number>/undo/", merges.UndoMerge.as_view(), name="patient_merge_undo"
    ),
    path("patients/<uuid:pk>/identifiers/", records.Identifiers.as_view(), name="patient_identifiers"),
    path(
        "patients/<uuid:pk>/identifiers/<int:number>/remove/",
        records.RemoveIdentifier.as_view(),
        name="patient_identifier_remove",
    ),
    path("patients/<uuid:pk>/coverages/", records.Coverages.as_view(), name="patient_coverages"),
    path(
        "patients/<uuid:pk>/coverages/<int:number>/correct/",
        records.CorrectCoverage.as_view(),
        name="patient_coverage_correct",
    ),
    path("patients/<uuid:pk>/links/", links.Links.as_view(), name="patient_links"),
    path(
        "patients/<uuid:pk>/links/<int:number>/withdraw/",
        links.EndLink.as_view(),
        name="patient_link_end",
    ),
    path("patients/<uuid:pk>/consents/", records.Consents.as_view(), name="patient_consents"),
    path("patients/<uuid:pk>/consents/<int:number>/", records.OneConsent.as_view(), name="patient_consent"),
    path(
        "patients/<uuid:pk>/consents/<int:number>/withdraw/",
        records.WithdrawConsent.as_view(),
        name="patient_consent_withdraw",
    ),
    path(
        "patients/<uuid:pk>/consents/<int:number>/state-withdrawal/",
        records.StateWithdrawal.as_view(),
        name="patient_consent_state_withdrawal",
    ),
    path(
        "patients/<uuid:pk>/consents/<int:number>/disclosures/",
        records.ConsentDisclosures.as_view(),
        name="patient_consent_disclosures",
    ),
]
