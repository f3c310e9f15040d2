"""`manage.py reseal`: bring what is encrypted under the present keys, after a change of DATA_KEY or INDEX_KEY."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from core import progress
from core.sealed import resealing
from core.sealed.known import lost, take_note

_OWNS = """SELECT pg_has_role(current_user, relowner, 'USAGE') AND current_setting('portal.maintenance', true) = 'on'
FROM pg_class WHERE oid = 'sealed_sealedkey'::regclass"""


class Command(BaseCommand):
    help = (
        "Seal every row anew by the present DATA_KEY, and make its blind index by the present INDEX_KEY. The portal "
        "may run meanwhile; what is interrupted goes on where it was. Earlier keys can be taken away afterwards."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only count what waits; exits with 1 if anything does"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_OWNS)
            if not cursor.fetchone()[0]:
                raise CommandError("This login doesn’t own the tables: run it with DATABASE_AS=owner.")
        if options["check"]:
            self._count()
            return
        take_note()
        if faults := lost():
            raise CommandError("\n".join(faults))
        with progress.shown("Sealing anew"):
            rows = resealing.reseal(lambda table, done, of: progress.note(f"{table}: {done} of {of} rows"))
        self.stdout.write(f"{rows} rows sealed anew; nothing needs an earlier key any more")

    def _count(self) -> None:
        waiting = {table: number for table, number in resealing.left().items() if number}
        for table, number in waiting.items():
            self.stdout.write(f"{table}: {number} rows wait")
        if waiting:
            raise CommandError("Run reseal before an earlier key is taken away.", returncode=1)
        self.stdout.write("Everything is sealed by the present keys")
