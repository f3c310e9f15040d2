"""`manage.py load_demo`: people, partner clients, patients and referrals for a look around. Refuses production."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.actors import SYSTEM
from core.audit.log import record
from core.audit.models import AuditRow
from core.db import as_actor
from demo.data import history, keeping, people, second_records
from demo.data.clock import held_clock
from facilities.models import Facility
from patients.models import Patient

LOADED = "demo.loaded"
ALLOWED = {"demo", "test", "development"}


class Command(BaseCommand):
    help = (
        "Load the demonstration data. Safe to repeat; refuses production and a database with real patients."
    )

    def handle(self, *args: object, **options: object) -> None:
        self._refuse_production()
        with as_actor(SYSTEM):
            made, credentials = self._load()
        people.write_credentials(credentials)
        if options.get("verbosity"):
            self.stdout.write(
                f"Demonstration data: {made} new referrals, sign-ins in {people.credentials_path()}"
            )

    def _load(self) -> tuple[int, Any]:
        """The number of new referrals, and the sign-ins."""
        if not Facility.objects.exists():
            raise CommandError("The reference data are missing. Run manage.py load_reference first.")
        loaded = AuditRow.objects.filter(action=LOADED).exists()
        if not loaded and Patient.objects.filter(is_synthetic=False).exists():
            raise CommandError(
                "This database holds patients that aren’t synthetic, so no demonstration is loaded into it."
            )
        if loaded:
            _actors, credentials = people.ensure_people()
            return 0, credentials
        with held_clock(timezone.now() - history.LENGTH):
            actors, credentials = people.ensure_people()
        made = history.play(actors)
        second_records.play(actors["clinician.kz"])
        keeping.play(actors["clinician.kz"], actors["officer.kz"])
        record(LOADED, by=SYSTEM, details={"referrals": made})
        return made, credentials

    def _refuse_production(self) -> None:
        if settings.PRODUCTION or settings.ENVIRONMENT not in ALLOWED:
            raise CommandError(
                "Demonstration data are never loaded into production (DJANGO_ENV says where this is)."
            )
