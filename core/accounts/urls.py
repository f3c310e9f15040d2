from django.urls import path, register_converter

from core.accounts import link_views
from core.accounts.views import passkeys, profile, reset, security, sign_in


class Kind:
    """A kind of second factor in an address."""

    regex = "app|passkey"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Kind, "method")
app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("second-step/", sign_in.second_step, name="second_step"),
    path("sign-out/", profile.SignOut.as_view(), name="sign_out"),
    path("profile/", profile.profile, name="profile"),
    path("password/", profile.password, name="password"),
    path("security/", security.security, name="security"),
    path("security/app/", security.authenticator_new, name="second_factor_new"),
    path("security/codes/", security.recovery_codes, name="recovery_codes"),
    path("security/<method:kind>/<number:number>/remove/", security.method_remove, name="method_remove"),
    path("security/sessions/", security.sessions_end, name="sessions_end"),
    path("security/passkey/options/", passkeys.passkey_options, name="passkey_options"),
    path("security/passkey/add/", passkeys.passkey_add, name="passkey_add"),
    path("security/passkey/challenge/", passkeys.passkey_challenge, name="passkey_challenge"),
    path("security/passkey/show/", passkeys.passkey_show, name="passkey_show"),
    path("people/<number:number>/second-factor/", reset.second_factor_reset, name="second_factor_reset"),
    path("link/", link_views.link, name="link"),
    path("link/password/", link_views.link_password, name="link_password"),
]
