"""`manage.py state_diagrams`: draw docs/state-machines.md from the tables of referrals/states.py."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from referrals.states import (
    ACTIVE_STATES,
    AUTHORISATION_TRANSITIONS,
    BEFORE_CARE,
    OVER_STATES,
    REFERRAL_TRANSITIONS,
    AuthorisationState,
    ReferralState,
    Transition,
)

TARGET = Path(settings.BASE_DIR) / "docs" / "state-machines.md"
#: Sets of sources that the table names in words.
GROUPS: dict[frozenset[StrEnum], str] = {
    frozenset(ACTIVE_STATES): "any active state",
    frozenset(BEFORE_CARE): "any active state before care",
}
MANY = 6  # a step from more states than this is told below the diagram, not drawn into it

HEAD = """# State machines

Drawn from the tables in [`referrals/states.py`](../referrals/states.py) by `manage.py state_diagrams`; a test fails
when this page isn't current. Nothing changes a state but `referrals/actions/road.py`, and it asks these tables.
"""


class Command(BaseCommand):
    help = "Write docs/state-machines.md from the tables of states. With --check, only say whether it is current."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where the page is old")

    def handle(self, *args: object, **options: object) -> None:
        text = page()
        if options["check"]:
            if not TARGET.exists() or TARGET.read_text("utf-8") != text:
                raise CommandError(f"{TARGET.name} is old. Run manage.py state_diagrams and commit it.")
            return
        TARGET.write_text(text, "utf-8")


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
        lines += [f"    {source} --> {row.target}: {row.event}" for source in states if source in row.sources]
    lines += ["```", ""]
    if told:
        lines += ["Not drawn, since they lead from many states:", ""]
        lines += [f"- `{row.event}` from {_sources(row.sources, states)} to `{row.target}`" for row in told]
        lines.append("")
    lines += ["| event | from | to | who |", "| --- | --- | --- | --- |"]
    for row in rows:
        who = ", ".join(sorted(party.value.replace("_", " ") for party in row.parties))
        lines.append(f"| `{row.event}` | {_sources(row.sources, states)} | `{row.target}` | {who} |")
    return "\n".join([*lines, ""])


def _sources(sources: frozenset[StrEnum], states: Iterable[StrEnum]) -> str:
    every = list(states)
    if sources in GROUPS:
        return GROUPS[sources]
    missing = [state for state in every if state not in sources]
    if len(sources) > MANY and len(missing) == 1:
        return f"anywhere but `{missing[0]}`"
    return ", ".join(f"`{state}`" for state in every if state in sources)
