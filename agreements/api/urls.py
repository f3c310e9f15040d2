from django.urls import path

from agreements.api import agreements

urlpatterns = [path("agreements/", agreements.Agreements.as_view(), name="agreements")]
