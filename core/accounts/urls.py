from django.urls import path

from core.accounts import link_views, views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", views.SignOut.as_view(), name="sign_out"),
    path("profile/", views.profile, name="profile"),
    path("password/", views.password, name="password"),
    path("link/", link_views.link, name="link"),
    path("link/password/", link_views.link_password, name="link_password"),
]
