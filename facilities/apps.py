from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FacilitiesConfig(AppConfig):
    name = "facilities"
    verbose_name = _("Facilities and reference data")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from facilities import notifications  # noqa: F401  it registers the outbox handlers
