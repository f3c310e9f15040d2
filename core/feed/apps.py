from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedConfig(AppConfig):
    name = "core.feed"
    label = "feed"
    verbose_name = _("Feed of events")
    default_auto_field = "django.db.models.BigAutoField"
