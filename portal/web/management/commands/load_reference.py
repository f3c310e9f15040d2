"""`manage.py load_reference`: load or refresh the reference data from the project's own copy."""

from django.core.management.base import BaseCommand

import agreements.loading
import disclosure.loading
import facilities.reference
import retention.loading
from core.actors import SYSTEM
from core.db import transaction_for
from core.feed.announce import announce
from facilities.events import DIRECTORY_LOADED
from referrals import actions


class Command(BaseCommand):
    help = "Load countries, districts, crossings, facilities, codes, agreements and data law. Safe to repeat."

    def handle(self, *args: object, **options: object) -> None:
        loaded = facilities.reference.load(self._say if options["verbosity"] else _silent)
        report = facilities.reference.LoadReport()
        with transaction_for(SYSTEM):
            agreements.loading.load(report)
            disclosure.loading.load(report)
            retention.loading.load(report)
            changed = [
                table.name for table in (*loaded.tables, *report.tables) if table.created or table.updated
            ]
            if changed:
                actions.look_again(by=SYSTEM)
                announce(DIRECTORY_LOADED, payload={"tables": changed}, by=SYSTEM)
        if options["verbosity"]:
            for line in report.lines():
                self._say(line)

    def _say(self, line: str) -> None:
        self.stdout.write(line)


def _silent(line: str) -> None:
    """For a caller who wants to see nothing."""
