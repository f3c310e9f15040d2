"""`manage.py load_reference`: load or refresh the reference data from the project's own copy."""

from django.core.management.base import BaseCommand

import facilities.reference
from portal.core.actors import SYSTEM
from portal.core.db import transaction_for
from referrals import agreements


class Command(BaseCommand):
    help = "Load countries, districts, crossings, facilities, specialties, ICD-10 and agreements. Safe to repeat."

    def handle(self, *args: object, **options: object) -> None:
        facilities.reference.load(self.stdout.write)
        report = facilities.reference.LoadReport()
        with transaction_for(SYSTEM):
            agreements.load(report)
        for line in report.lines():
            self.stdout.write(line)
