from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Retention(AppConfig):
    name = "retention"
    verbose_name = _("Keeping and erasing")

    def ready(self) -> None:
        # They register the outbox handlers, and the part of a patient's page.
        from retention import notifications, tasks  # noqa: F401
        from retention.pages import requests  # noqa: F401
