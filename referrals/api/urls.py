from django.urls import path

from referrals.api import collection, steps

urlpatterns = [
    path("referrals/", collection.Referrals.as_view(), name="referrals"),
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
