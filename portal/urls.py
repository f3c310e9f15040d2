"""The only root URL map. `portal.public_urls` is the same without the administration."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.utils.translation import gettext_lazy as _

from core.accounts.views.profile import choose_language
from core.keys import KeyConverter, NumberConverter

register_converter(KeyConverter, "key")
register_converter(NumberConverter, "number")

admin.site.site_header = _("Patient mobility: administration")
admin.site.site_title = _("Patient mobility")
admin.site.index_title = _("Administration")

# One address space under one name, made by the apps in the order of the one-way streets.
api_v1 = [
    path("", include("facilities.api.urls")),
    path("", include("patients.api.urls")),
    path("", include("agreements.api.urls")),
    path("", include("referrals.api.urls")),
    path("", include("retention.api.urls")),
    path("", include("core.api.urls")),
]

public: list[URLPattern | URLResolver] = [
    path("", include("portal.web.urls")),
    path("accounts/", include("core.accounts.urls")),
    path("facilities/", include("facilities.urls")),
    path("patients/", include("patients.urls")),
    path("patients/", include("retention.patient_urls")),
    path("referrals/agreements/", include("agreements.urls")),
    path("referrals/", include("referrals.urls")),
    path("retention/", include("retention.urls")),
    path("trust/", include("trust.urls")),
    path("verify/", include("referrals.verify_urls")),
    path("kept/", include("core.kept.urls")),
    path("messages/", include("portal.web.messages_urls")),
    path("i18n/setlang/", choose_language, name="set_language"),
    path("api/v1/", include((api_v1, "api"))),
    path("oauth/", include("core.api.oauth_urls")),
]
urlpatterns = list(public)
if settings.ADMIN_URL:
    urlpatterns.append(path(settings.ADMIN_PATH, admin.site.urls))

handler400 = "portal.web.errors.bad_request"
handler403 = "portal.web.errors.permission_denied"
handler404 = "portal.web.errors.not_found"
handler500 = "portal.web.errors.server_error"
