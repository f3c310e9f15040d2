"""What stands below a patient's address."""

from django.urls import path

from retention.pages import requests

app_name = "erasure"

urlpatterns = [path("<key:patient_id>/erasure/", requests.ask, name="ask")]
