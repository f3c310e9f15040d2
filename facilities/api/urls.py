from django.urls import path

from facilities.api import asking, codes, directory, places

urlpatterns = [
    path("facilities/", directory.Facilities.as_view(), name="facilities"),
    path("facilities/<number:pk>/", directory.OneFacility.as_view(), name="facility"),
    path("facilities/<number:pk>/ask-to-confirm/", asking.AskToConfirm.as_view(), name="facility_ask"),
    path("hosts/", directory.Hosts.as_view(), name="hosts"),
    path("funds/", directory.Funds.as_view(), name="funds"),
    path("districts/", places.Districts.as_view(), name="districts"),
    path("crossings/", places.Crossings.as_view(), name="crossings"),
    path("specialties/", codes.Specialties.as_view(), name="specialties"),
    path("icd10/", codes.Icd10Codes.as_view(), name="icd10"),
]
