from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class Administration(AdminConfig):
    """Stands in for `django.contrib.admin` in the installed apps."""

    default_site = "core.administration.site.PortalAdminSite"

    def ready(self) -> None:
        super().ready()  # finds what the apps register
        from core.administration import watch

        watch.connect(admin.site._registry)
