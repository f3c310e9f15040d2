from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "core.outbox"
    label = "outbox"
    verbose_name = _("Outbox and messages")

    def ready(self) -> None:
        from core.outbox import messages  # noqa: F401  registers the delivery handler
