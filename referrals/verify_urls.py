from django.urls import path

from referrals.pages import verify

app_name = "verify"
urlpatterns = [
    path("", verify.ask, name="ask"),
    path("<str:code>", verify.one, name="one"),
]
