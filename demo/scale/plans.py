"""What in the plan of a statement grows with the tables."""

import json
from collections.abc import Iterator
from typing import Any, Final

from django.db import connection

from core.actors import Actor
from core.db import as_actor
from demo.scale.fill import FILLED

MOST_SORTED: Final = 500
"""Rows that a sort may be given: a page, and what was found of a search."""


_FEW: Final = frozenset({"message_undelivered"})
"""Indexes of few rows, whose condition is all that is asked of them."""


def plan_of(sql: str, actor: Actor, *without: str) -> dict[str, Any]:
    """The plan of a statement with its values in it, made for that reader: with the policies of the database.

    `without`: settings of the planner that are off meanwhile.
    """
    with as_actor(actor), connection.cursor() as cursor:
        for setting in without:
            cursor.execute(f"SET LOCAL {setting} = off")
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql.replace("%", "%%"), {})
        (found,) = cursor.fetchone()
        for setting in without:
            cursor.execute(f"SET LOCAL {setting} = on")
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def nodes(plan: dict[str, Any], *, limited: bool = False) -> Iterator[tuple[dict[str, Any], bool]]:
    """The plan and all that is below, each with whether a LIMIT ends its reading early."""
    yield plan, limited
    # What sorts, hashes or counts reads everything that is below it.
    ends = plan["Node Type"] in {"Sort", "Hash", "Aggregate", "HashAggregate", "BitmapOr", "Materialize"}
    for part in plan.get("Plans", ()):
        yield from nodes(part, limited=plan["Node Type"] == "Limit" or (limited and not ends))


def faults(plan: dict[str, Any]) -> list[str]:
    """Large tables that are read whole, and long sorts."""
    return [
        f"{node['Node Type']} {node.get('Relation Name', '')} {node.get('Index Name', '')} of {node['Plan Rows']} rows"
        for node, limited in nodes(plan)
        if _reads_all(node, limited=limited) or _sorts_much(node)
    ]


def paths(plan: dict[str, Any]) -> list[str]:
    """By what the large tables are read."""
    return [
        " ".join(
            str(node[part])
            for part in ("Node Type", "Index Name", "Relation Name", "Plan Rows", "Index Cond", "Filter")
            if part in node
        )[:400]
        for node, _limited in nodes(plan)
        if node.get("Relation Name") in FILLED or node["Node Type"] in {"Bitmap Index Scan", "Sort"}
    ]


def _reads_all(node: dict[str, Any], *, limited: bool) -> bool:
    """A large table from its beginning to its end: as it lies, or along an index of which nothing is asked."""
    if node.get("Relation Name") not in FILLED:
        return False
    if node["Node Type"] == "Seq Scan":
        return True
    along = node["Node Type"] in {"Index Scan", "Index Only Scan"} and "Index Cond" not in node
    along = along and node["Index Name"] not in _FEW
    return along and not (limited and "Filter" not in node)


def _sorts_much(node: dict[str, Any]) -> bool:
    given = max((int(part["Plan Rows"]) for part in node.get("Plans", ())), default=0)
    return node["Node Type"] == "Sort" and given > MOST_SORTED
