"""What in the plan of a statement grows with the tables."""

import json
from collections.abc import Iterator
from typing import Any, Final

from django.db import connection

from core.actors import Actor
from core.db import as_actor

LARGE: Final = frozenset(
    {
        *(
            "referrals_referral",
            "referrals_authorisation",
            "referrals_eligibilitycheck",
            "referrals_ruleresult",
        ),
        *("referrals_evidenceitem", "referrals_appointment", "referrals_statuschange"),
        *("patients_patient", "patients_registration", "patients_identifier", "patients_searchword"),
        *("patients_consent", "patients_contactstatement", "referrals_formerhost"),
        *("audit_auditrow", "disclosure_disclosure", "outbox_event", "outbox_message"),
    }
)
MOST_SORTED: Final = 500
"""Rows that a sort may be given: a page, and what was found of a search."""


def plan_of(sql: str, actor: Actor) -> dict[str, Any]:
    """The plan of a statement with its values in it, made for that reader: with the policies of the database."""
    with as_actor(actor), connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql.replace("%", "%%"), {})
        (found,) = cursor.fetchone()
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The plan and all that is below."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def faults(sql: str, actor: Actor) -> list[str]:
    """Large tables that are read whole, and long sorts."""
    return [
        f"{node['Node Type']} {node.get('Relation Name', '')} of {node['Plan Rows']} rows"
        for node in nodes(plan_of(sql, actor))
        if (node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE)
        or (node["Node Type"] == "Sort" and _given(node) > MOST_SORTED)
    ]


def _given(node: dict[str, Any]) -> int:
    return max((int(part["Plan Rows"]) for part in node.get("Plans", ())), default=0)
