from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    name = "patients"
    label = "patients"
    verbose_name = _("Patients")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from patients import feed, notifications  # noqa: F401  they register the outbox handlers and event types
