from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FacilitiesConfig(AppConfig):
    name = "facilities"
    verbose_name = _("Facilities and reference data")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.accounts.actions import closed_or_opened
        from facilities import feed, notifications, role_notices  # noqa: F401  they register handlers and event types
        from facilities.actions import end_all

        closed_or_opened.connect(
            lambda user, by, **rest: end_all(user=user, by=by), weak=False, dispatch_uid="facilities.roles"
        )
