from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "core.outbox"
    label = "outbox"
    verbose_name = _("Outbox and messages")

    def ready(self) -> None:
        from core import channels
        from core.outbox import messages  # noqa: F401  registers the delivery handler

        checks.register(channels.check)
