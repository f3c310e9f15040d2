from django.urls import path

from facilities import views

app_name = "facilities"
urlpatterns = [
    path("", views.facility_list, name="list"),
    path("<int:pk>/", views.facility_detail, name="detail"),
    path("organisation/", views.switch_organisation, name="switch_organisation"),
    path("suggest/icd10/", views.icd10_suggest, name="icd10_suggest"),
    path("suggest/districts/", views.district_suggest, name="district_suggest"),
]
