from django.urls import path

from facilities import client_views, confirm_views, people_views, views

app_name = "facilities"
urlpatterns = [
    path("", views.facility_list, name="list"),
    path("<number:pk>/", views.facility_detail, name="detail"),
    path("<number:pk>/confirm/", confirm_views.confirm, name="confirm"),
    path("<number:pk>/confirm/ask/", confirm_views.ask, name="ask_to_confirm"),
    path("clients/", client_views.clients, name="clients"),
    path("clients/new/", client_views.client_new, name="client_new"),
    path("clients/<number:pk>/rotate/", client_views.client_rotate, name="client_rotate"),
    path("clients/<number:pk>/revoke/", client_views.client_revoke, name="client_revoke"),
    path("clients/<number:pk>/accept/", client_views.client_accept, name="client_accept"),
    path("people/", people_views.people, name="people"),
    path("people/invite/", people_views.people_invite, name="people_invite"),
    path("people/<number:pk>/end/", people_views.member_end, name="member_end"),
    path("people/<number:pk>/link/", people_views.member_link, name="member_link"),
    path("people/roles/<number:pk>/", people_views.role_decide, name="role_decide"),
    path("organisation/", views.switch_organisation, name="switch_organisation"),
    path("suggest/icd10/", views.icd10_suggest, name="icd10_suggest"),
    path("suggest/districts/", views.district_suggest, name="district_suggest"),
]
