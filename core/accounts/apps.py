from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.fallbacks import use_fallbacks


class AccountsConfig(AppConfig):
    name = "core.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from core.accounts import notices  # noqa: F401  it registers the outbox handler

        use_fallbacks()
