from django.urls import path

from core.api import oauth

app_name = "oauth"
urlpatterns = [
    path("token", oauth.Token.as_view(), name="token"),
    path("revoke", oauth.Revoke.as_view(), name="revoke"),
]
