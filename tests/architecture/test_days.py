"""What day it is, one place says: a day belongs to a place, never to the server."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.test_circles import ROOMS
from tests.architecture.test_files import ROOT, tracked

THE_PLACE = "core/zones.py"
#: Calls that give the present moment; its `.date()` is a day of nobody's.
_NOW = {"now", "utcnow", "localtime"}


def asked_for(source: str) -> Iterator[int]:
    """The lines of a module that ask what day it is.

    `localdate(moment)` and `localtime(moment)` tell the day and the time of a moment that is given: they don't ask.
    """
    tree = ast.parse(source)
    given = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args}
    for node in ast.walk(tree):
        name = getattr(node, "attr", None) or getattr(node, "id", None)
        if (
            (name == "localdate" and id(node) not in given)
            or (name == "today" and _is_a_date(getattr(node, "value", None)))
            or (name == "date" and _is_now(getattr(node, "value", None)))
        ):
            yield node.lineno


def _is_a_date(node: ast.expr | None) -> bool:
    return (getattr(node, "attr", None) or getattr(node, "id", "")) in {"date", "datetime"}


def _is_now(node: ast.expr | None) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
    return name in _NOW and not (name == "localtime" and node.args)


def test_nobody_asks_the_server_what_day_it_is() -> None:
    rooms = set(ROOMS) - {"tests"}
    files = [path.relative_to(ROOT) for path in tracked("*.py")]
    asked = [
        f"{path}:{line}"
        for path in files
        if path.parts[0] in rooms and "migrations" not in path.parts and str(path) != THE_PLACE
        for line in asked_for((ROOT / path).read_text("utf-8"))
    ]
    assert asked == [], f"ask zones.today() of {THE_PLACE}, with the zone whose day it is"
    assert list(asked_for((ROOT / THE_PLACE).read_text("utf-8")))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("timezone.localdate()", True),
        ("localdate(timezone=zone)", True),
        ("Field(latest=timezone.localdate)", True),
        ("from django.utils.timezone import localdate as d\nlocaldate", True),
        ("date.today()", True),
        ("datetime.date.today", True),
        ("timezone.now().date()", True),
        ("timezone.localtime().date()", True),
        ("datetime.now(UTC).date()", True),
        ("timezone.localdate(moment, zone)", False),
        ("timezone.localtime(moment).date()", False),
        ("zones.today(zone)", False),
        ("timezone.now()", False),
    ],
)
def test_every_way_to_ask_is_found(source: str, found: bool) -> None:
    assert bool(list(asked_for(source))) is found
