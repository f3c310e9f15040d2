from django.urls import path

from facilities import client_views, confirm_views, views

app_name = "facilities"
urlpatterns = [
    path("", views.facility_list, name="list"),
    path("<int:pk>/", views.facility_detail, name="detail"),
    path("<int:pk>/confirm/", confirm_views.confirm, name="confirm"),
    path("<int:pk>/confirm/ask/", confirm_views.ask, name="ask_to_confirm"),
    path("clients/", client_views.clients, name="clients"),
    path("clients/new/", client_views.client_new, name="client_new"),
    path("clients/<int:pk>/rotate/", client_views.client_rotate, name="client_rotate"),
    path("clients/<int:pk>/revoke/", client_views.client_revoke, name="client_revoke"),
    path("organisation/", views.switch_organisation, name="switch_organisation"),
    path("suggest/icd10/", views.icd10_suggest, name="icd10_suggest"),
    path("suggest/districts/", views.district_suggest, name="district_suggest"),
]
