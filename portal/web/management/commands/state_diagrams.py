"""`manage.py state_diagrams`: draw docs/state-machines.md, and the overview in the code, from referrals/events."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.road import Transition
from referrals.events import AUTHORISATION_TRANSITIONS, REFERRAL_TRANSITIONS
from referrals.states import (
    ACTIVE_STATES,
    BEFORE_CARE,
    BEFORE_SENDING,
    OVER_STATES,
    UNDECIDED,
    AuthorisationState,
    ReferralState,
)

TARGET = Path(settings.BASE_DIR) / "docs" / "state-machines.md"
#: The module whose docstring holds the same tables in short, for who reads the code.
OVERVIEW = Path(settings.BASE_DIR) / "referrals" / "events" / "__init__.py"
ABOVE = "(written here by `manage.py state_diagrams`):\n\n"
#: Sets of sources that the table names in words.
GROUPS: dict[frozenset[StrEnum], str] = {
    frozenset(ACTIVE_STATES): "any active state",
    frozenset(BEFORE_CARE): "any active state before care",
    frozenset(ACTIVE_STATES - {ReferralState.DISCHARGED}): "active, not discharged",
    frozenset(UNDECIDED): "not decided",
    frozenset(BEFORE_SENDING): "filed, not sent",
    frozenset(BEFORE_SENDING | {ReferralState.SENT}): "filed, not accepted",
    frozenset(ReferralState) - {ReferralState.DRAFT, ReferralState.ENTERED_IN_ERROR}: "filed, not in error",
}
MANY = 6  # a step from more states than this is told below the diagram, not drawn into it

HEAD = """# State machines

Drawn from the records in [`referrals/events`](../referrals/events/__init__.py) by `manage.py state_diagrams`; a test
fails when this page isn't current. Nothing changes a state but `core/road.py`, and it asks these tables.
"""


class Command(BaseCommand):
    help = "Write docs/state-machines.md and the overview of the events. With --check, say whether they are current."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where the page is old")

    def handle(self, *args: object, **options: object) -> None:
        for target, text in ((TARGET, page()), (OVERVIEW, module())):
            if not options["check"]:
                target.write_text(text, "utf-8")
            elif not target.exists() or target.read_text("utf-8") != text:
                raise CommandError(f"{target.name} is old. Run manage.py state_diagrams and commit it.")


def module() -> str:
    """The source of the module with the overview in its docstring."""
    source = OVERVIEW.read_text("utf-8")
    head, above, rest = source.partition(ABOVE)
    _old, quotes, code = rest.partition('"""')
    return "".join([head, above, overview(), quotes, code])


def overview() -> str:
    """Both tables in columns, one after the other."""
    table: list[tuple[str, str, str, str] | None] = [("event", "from", "to", "who"), None]
    for rows, states in (
        (REFERRAL_TRANSITIONS, ReferralState),
        (AUTHORISATION_TRANSITIONS, AuthorisationState),
    ):
        for row in rows:
            sources = _sources(row.sources, states).replace("`", "")
            who = " or ".join(sorted(party.value for party in row.parties))
            table.append((row.event.value, sources, row.target.value if row.target else "as before", who))
        table.append(None)
    widths = [max(len(line[column]) for line in table if line) for column in range(3)]
    lines = []
    for line in table[:-1]:
        cells = [cell.ljust(width) for cell, width in zip(line[:3], widths, strict=True)] if line else []
        lines.append("  ".join([*cells, line[3]]) if line else "")
    return "\n".join(lines) + "\n"


def page() -> str:
    """The whole page."""
    referral = _machine("Referral", REFERRAL_TRANSITIONS, ReferralState, ["draft"])
    authorisation = _machine(
        "Authorisation", AUTHORISATION_TRANSITIONS, AuthorisationState, ["pending", "not_required"]
    )
    over = ", ".join(f"`{state}`" for state in ReferralState if state in OVER_STATES)
    over = f"Over, so that nothing goes on by itself: {over}."
    begin = (
        "An authorisation begins when its referral is filed: `pending`, or `not_required` for an emergency "
        "(priority `stat`), which the ministry reviews afterwards."
    )
    return "\n".join([HEAD, referral, over, "", authorisation, begin, ""])


def _machine(name: str, rows: tuple[Transition, ...], states: type[StrEnum], begin: list[str]) -> str:
    drawn = [row for row in rows if len(row.sources) <= MANY]
    told = [row for row in rows if len(row.sources) > MANY]
    lines = [f"## {name}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    [*] --> {state}" for state in begin]
    for row in drawn:
        lines += [
            f"    {source} --> {row.target or source}: {row.event}"
            for source in states
            if source in row.sources
        ]
    lines += ["```", ""]
    if told:
        lines += ["Not drawn, since they lead from many states:", ""]
        lines += [f"- `{row.event}` from {_sources(row.sources, states)} to {_target(row)}" for row in told]
        lines.append("")
    lines += ["| event | from | to | who |", "| --- | --- | --- | --- |"]
    for row in rows:
        who = ", ".join(sorted(party.value.replace("_", " ") for party in row.parties))
        lines.append(f"| `{row.event}` | {_sources(row.sources, states)} | {_target(row)} | {who} |")
    return "\n".join([*lines, ""])


def _target(row: Transition) -> str:
    return f"`{row.target}`" if row.target else "the same state"


def _sources(sources: frozenset[StrEnum], states: Iterable[StrEnum]) -> str:
    every = list(states)
    if sources in GROUPS:
        return GROUPS[sources]
    missing = [state for state in every if state not in sources]
    if len(sources) > MANY and len(missing) == 1:
        return f"anywhere but `{missing[0]}`"
    return ", ".join(f"`{state}`" for state in every if state in sources)
