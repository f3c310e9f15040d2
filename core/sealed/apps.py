from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SealedConfig(AppConfig):
    name = "core.sealed"
    label = "sealed"
    verbose_name = _("Sealed data")

    def ready(self) -> None:
        from core.sealed.known import check

        checks.register(check, checks.Tags.database)
        post_migrate.connect(_after_migrating, sender=self)


def _after_migrating(**facts: Any) -> None:
    from core.sealed.known import take_note

    take_note(facts["using"])
