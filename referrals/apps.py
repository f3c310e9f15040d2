from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = _("Referrals")

    def ready(self) -> None:
        # They register the outbox handlers, the types of events in the feed, and what becomes of referrals when two
        # patients' records are merged.
        from referrals import feed, merging, notifications, tasks, undelivered  # noqa: F401

        # They look up every part that an event's record names: a part that is missing stops the portal here.
        from referrals.api import steps  # noqa: F401
        from referrals.pages import deciding, of_patient, pointing  # noqa: F401
