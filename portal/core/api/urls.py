from django.urls import re_path

from portal.core.api import views

urlpatterns = [
    re_path(r"^.*$", views.UnknownPath.as_view()),
]
