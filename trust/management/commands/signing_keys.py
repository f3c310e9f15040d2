import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from core.actors import SYSTEM
from core.errors import Invalid
from trust import keys
from trust.models import SigningKey
from trust.signers import private_of, public_of, signer, text_of


class Command(BaseCommand):
    help = "The keys by which ministries sign certificates: make one, register, list, retire, revoke."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        make = what.add_parser("make", help="print a new private key for SIGNING_KEYS; nothing is kept of it")
        make.add_argument("country", help="two letters, such as KZ")
        what.add_parser("register", help="publish the keys of SIGNING_KEYS that are not known yet")
        what.add_parser("list", help="show every key; fails where a ministry has none that can sign")
        what.add_parser("retire", help="let a key sign no more").add_argument("key")
        revoke = what.add_parser("revoke", help="let nothing that a key has signed be genuine")
        revoke.add_argument("key")
        revoke.add_argument("because")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        with translation.override("en"):
            try:
                getattr(self, f"_{what}")(options)
            except Invalid as error:
                raise CommandError(
                    " ".join(str(text) for found in error.fields.values() for text in found)
                ) from error

    def _make(self, options: dict[str, Any]) -> None:
        text = f"{options['country'].upper()}:{text_of(secrets.token_bytes(32))}"
        country, key = private_of(text)
        self.stdout.write(text)
        self.stderr.write(
            f"Its id will be {public_of(country, key.public_key()).id}. Keep it where secrets are kept."
        )

    def _register(self, options: dict[str, Any]) -> None:
        for row in keys.register(by=SYSTEM):
            self.stdout.write(f"{row} signs from {row.signs_from:%Y-%m-%d %H:%M %Z}.")

    def _list(self, options: dict[str, Any]) -> None:
        at_hand = {key.id for key in signer().public()}
        countries = dict.fromkeys(row.country for row in signer().public())
        for row in SigningKey.objects.order_by("country", "-signs_from", "pk"):
            state = "revoked" if row.revoked_at else "retired" if row.retired_at else "signs"
            hand = "private key at hand" if row.pk in at_hand else "no private key"
            self.stdout.write(
                f"{row.country} {row.pk} {state:8} from {row.signs_from:%Y-%m-%d %H:%M}Z  {hand}"
            )
            countries.setdefault(row.country)
        if lacking := keys.lacking(list(countries)):
            raise CommandError(f"No key can sign now for: {', '.join(lacking)}.")

    def _retire(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"{keys.retire(options['key'], by=SYSTEM)} signs no more.")

    def _revoke(self, options: dict[str, Any]) -> None:
        row = keys.revoke(options["key"], because=options["because"], by=SYSTEM)
        self.stdout.write(
            f"{row} is revoked. Certificates get a signature of the next key when they are printed again."
        )
