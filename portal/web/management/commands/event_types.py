"""`manage.py event_types`: write the tables of docs/events.md from the types of events that the rooms register."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from core.feed.registry import KINDS, TYPES

TARGET = Path(settings.BASE_DIR) / "docs" / "events.md"
#: What stands above the tables is written by hand.
BELOW = "<!-- Below this line `manage.py event_types` writes; a test fails when it isn't current. -->\n"


class Command(BaseCommand):
    help = "Write the tables of docs/events.md. With --check, say whether they are current."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where the page is old")

    def handle(self, *args: object, **options: object) -> None:
        before = TARGET.read_text("utf-8")
        now = before.partition(BELOW)[0] + BELOW + "\n".join(tables())
        if not options["check"]:
            TARGET.write_text(now, "utf-8")
        elif now != before:
            raise CommandError(f"{TARGET.name} is old. Run manage.py event_types and commit it.")


def tables() -> Iterable[str]:
    """The lines of a table for each kind of subject, in English."""
    with translation.override("en"):
        for kind in KINDS.values():
            yield f"\n## {kind.name}\n\n{kind.words} Scope: `{kind.resource}:read`.\n"
            yield "| type | what happened |\n| --- | --- |"
            for one in TYPES.values():
                if one.kind is kind:
                    yield f"| `{one.name}` | {str(one.words).rstrip('.')} |"
        yield ""
