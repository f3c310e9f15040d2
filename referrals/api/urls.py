from django.urls import path

from referrals.api import collection, emergency, papers, steps

urlpatterns = [
    path("referrals/", collection.Referrals.as_view(), name="referrals"),
    path("referrals/former/", emergency.FormerReferrals.as_view(), name="referrals_former"),
    path(
        "referrals/<key:pk>/emergency-accesses/",
        emergency.EmergencyAccesses.as_view(),
        name="referral_emergency_accesses",
    ),
    path(
        "referrals/<key:pk>/emergency-accesses/<number:number>/review/",
        emergency.ReviewEmergencyAccess.as_view(),
        name="referral_emergency_review",
    ),
    path("referrals/<key:pk>/papers/", papers.Papers.as_view(), name="referral_papers"),
    path(
        "referrals/<key:pk>/papers/<number:number>/<slug:part>/<slug:language>/",
        papers.OnePaper.as_view(),
        name="referral_paper",
    ),
    path(
        "referrals/<key:pk>/itinerary/<slug:language>/", papers.Itinerary.as_view(), name="referral_itinerary"
    ),
    path("referrals/<key:pk>/", collection.OneReferral.as_view(), name="referral"),
    *(
        path(
            f"referrals/<key:pk>/{view.step.replace('_', '-')}/",
            view.as_view(),
            name=f"referral_{view.step}",
        )
        for view in steps.ALL
    ),
]
