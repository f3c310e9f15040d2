from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WallsConfig(AppConfig):
    name = "core.walls"
    label = "walls"
    verbose_name = _("Walls of the database")

    def ready(self) -> None:
        post_migrate.connect(_after_migrating, dispatch_uid="walls")


def _after_migrating(sender: AppConfig, **facts: Any) -> None:
    """Once, after the last app. A test that empties the tables sends the signal too, without a plan."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender.name == last.name and facts.get("plan") is not None:
        from core.walls.build import build

        build(facts["using"])
