from django.urls import path

from retention.pages import erasures, holds, overview, periods

app_name = "retention"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("erasures/<number:erasure_id>/", erasures.decide, name="erasure"),
    path("holds/new/", holds.place, name="hold_new"),
    path("holds/<number:hold_id>/lift/", holds.lift, name="hold_lift"),
    path("periods/<number:period_id>/", periods.period, name="period"),
    path("periods/<number:period_id>/approve/", periods.approve, name="period_approve"),
    path("periods/<number:period_id>/withdraw/", periods.withdraw, name="period_withdraw"),
]
