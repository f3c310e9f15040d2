"""`manage.py verify_audit`: whether the audit log is what the portal wrote; the first broken row where it isn't."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from core.actors import SYSTEM
from core.audit import copies, sealing, verifying
from core.db import as_actor
from core.walls.roles import WORKER
from core.walls.session import working

_SEES_ALL = """SELECT NOT row_security_active(oid) OR pg_has_role(current_user, %s, 'USAGE')
OR (pg_has_role(current_user, relowner, 'USAGE') AND current_setting('portal.maintenance', true) = 'on')
FROM pg_class WHERE oid = 'audit_auditrow'::regclass"""


class Command(BaseCommand):
    help = (
        "Compare every row of the audit log with its country’s hash chain, its own code and the signed heads in and "
        "outside the database. Names the first broken row of each country and exits with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seal", action="store_true", help="first seal what waits, as a worker would")

    def handle(self, *args: Any, **options: Any) -> None:
        self._refuse_half_sight()
        if options["seal"]:
            sealing.seal(thorough=True)
            copies.copy()
        with working(), as_actor(SYSTEM):
            report = verifying.verify()
        for country, number in sorted(report.sealed.items()):
            self.stdout.write(f"{country or 'portal'}: {number} rows sealed and whole")
        self.stdout.write(f"{report.heads} signed heads in the database, {report.copied} outside")
        if report.waiting:
            since = f", since {report.waiting_since} UTC: does a worker run?" if report.waiting_since else ""
            self.stdout.write(f"{report.waiting} rows wait for their seal{since}")
        for broken in report.broken:
            self.stderr.write(str(broken))
        if report.broken:
            raise CommandError("The audit log is not what the portal wrote.", returncode=1)

    def _refuse_half_sight(self) -> None:
        """A log of which the login sees nothing would look as if everything were missing."""
        with connection.cursor() as cursor:
            cursor.execute(_SEES_ALL, [WORKER])
            if not cursor.fetchone()[0]:
                raise CommandError(
                    "This login doesn’t see the whole audit log: run it where DATABASE_URL is the worker’s, "
                    "for instance with docker compose run --rm worker, or with DATABASE_AS=owner."
                )
