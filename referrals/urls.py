from django.urls import path

from referrals.pages import (
    alerts,
    decisions,
    desk,
    detail,
    emergency,
    filing,
    own_number,
    papers,
    steps,
    worklist,
)

app_name = "referrals"
urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("start/", filing.start, name="start"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("desk/", desk.desk, name="desk"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/new/", alerts.alert_new, name="alert_new"),
    path("alerts/<number:number>/", alerts.alert, name="alert"),
    path("emergency-accesses/", emergency.accesses, name="emergency_accesses"),
    path("<key:referral_id>/emergency-access/", emergency.open_case, name="emergency_open"),
    path(
        "<key:referral_id>/emergency-access/<number:access_id>/review/",
        emergency.review,
        name="emergency_review",
    ),
    path("<key:referral_id>/", detail.detail, name="detail"),
    path("<key:referral_id>/own-number/", own_number.own_number, name="own_number"),
    path("<key:referral_id>/check/", detail.check_fragment, name="check_fragment"),
    path("<key:referral_id>/file/<slug:page>/", filing.file_page, name="file_page"),
    path("<key:referral_id>/file/<slug:page>/autosave/", filing.autosave, name="autosave"),
    path("<key:referral_id>/submit/", filing.submit, name="submit"),
    path("<key:referral_id>/papers/", papers.papers, name="papers"),
    path("<key:referral_id>/papers/<number:number>/<slug:part>/<slug:language>/", papers.paper, name="paper"),
    path("<key:referral_id>/itinerary/", papers.itinerary, name="itinerary"),
    path("<key:referral_id>/itinerary/<slug:language>/", papers.itinerary_paper, name="itinerary_paper"),
    path("<key:referral_id>/decide/", decisions.decide, name="decide"),
    path("<key:referral_id>/do/<slug:event>/", steps.step, name="step"),
]
