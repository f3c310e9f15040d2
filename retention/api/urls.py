from django.urls import path

from retention.api import erasures

urlpatterns = [
    path("patients/<key:pk>/erasures/", erasures.Erasures.as_view(), name="patient_erasures"),
]
