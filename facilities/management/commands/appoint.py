from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from core.accounts.models import User
from core.actors import SYSTEM
from core.audit.log import record
from core.errors import PortalError
from core.permissions import Role
from facilities.actions import grant_membership
from facilities.models import Organisation


class Command(BaseCommand):
    help = "Make an account the administrator of an organisation: for the first one, who has nobody to confirm it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("organisation", help="its code, for instance OPERATOR or MOH-KZ")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError("There is no open account with this user name.")
        organisation = Organisation.objects.filter(code=options["organisation"], active=True).first()
        if organisation is None:
            raise CommandError("There is no organisation with this code.")
        try:
            role = Role.ADMINISTRATOR
            membership = grant_membership(
                user_id=user.pk, organisation_id=organisation.pk, role=role, by=SYSTEM
            )
        except PortalError as error:
            with translation.override("en"):
                raise CommandError(str(error.message)) from error
        details = {"organisation": organisation.code, "by": "command line"}
        record(
            "membership.appoint",
            by=SYSTEM,
            subject=membership,
            country=organisation.country_id or "",
            details=details,
        )
        self.stdout.write(f"{user.username} administers {organisation.code}.")
