import getpass
from typing import Any

from django.contrib.auth.management.commands.changepassword import Command as DjangoCommand
from django.db import transaction

from core.accounts.models import User
from core.actors import SYSTEM
from core.audit.log import record


class Command(DjangoCommand):
    """Django's own, with a row of the audit log, and every session ended. For the operator at the machine."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        with transaction.atomic():
            said: str | None = super().handle(*args, **options)
            user = User.objects.get(username=options["username"] or getpass.getuser())
            user.end_sessions()
            record("account.change_password", by=SYSTEM, subject=user, details={"by": "command line"})
        return said
