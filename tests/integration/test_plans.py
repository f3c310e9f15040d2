"""Every list and search reads its page by an index: no plan reads a large table whole, or sorts it."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from referrals import actions
from referrals.models import Referral
from tests.counting import statements
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World

MANY = 600
"""Copies of each of the patterns, half of them another hospital's."""
LARGE = {
    "referrals_referral",
    "referrals_authorisation",
    "patients_patient",
    "patients_registration",
    "patients_identifier",
    "patients_searchword",
}
MOST_SORTED = 500
TEXTS = ("Скрытнев 1955", "Скритнев", "АВ7654321", "8 701 123 45 67", "KZ-26-900001", "4817", "I34", "Бишкек")

_COPIES = """
CREATE TEMPORARY TABLE copied ON COMMIT DROP AS
SELECT n, gen_random_uuid() AS patient, gen_random_uuid() AS referral, r.id AS pattern, r.patient_id AS person
FROM referrals_referral r CROSS JOIN generate_series(1, %(many)s) n;
INSERT INTO patients_patient SELECT (jsonb_populate_record(p, jsonb_build_object(
    'id', c.patient, 'name_key', 'familia' || c.n, 'search_key', 'familia' || c.n || ' imia' || c.n %% 40 || ' ~fml',
    'birth_date', date '1950-01-01' + c.n, 'phone', '+7705' || lpad(c.n::text, 7, '0')
))).* FROM patients_patient p JOIN copied c ON c.person = p.id;
INSERT INTO patients_identifier (patient_id, system, country, value, warnings, created_at, recorder_id)
SELECT patient, 'passport', 'KZ', 'N' || row_number() OVER () + 1000000, '[]', now(), %(own)s FROM copied;
INSERT INTO referrals_referral SELECT (jsonb_populate_record(r, jsonb_build_object(
    'id', c.referral, 'patient_id', c.patient,
    'number', 'KZ-26-' || 100000 + row_number() OVER (),
    'directing_facility_id', CASE c.n %% 2 WHEN 0 THEN r.directing_facility_id ELSE %(other)s END,
    'state_since', r.state_since - c.n * interval '1 hour',
    'updated_at', r.updated_at - c.n * interval '1 hour',
    'created_at', r.created_at - c.n * interval '1 hour',
    'submitted_at', r.submitted_at - c.n * interval '1 hour',
    'over_at', r.over_at - c.n * interval '1 hour'
))).* FROM referrals_referral r JOIN copied c ON c.pattern = r.id;
INSERT INTO referrals_authorisation SELECT (jsonb_populate_record(a, jsonb_build_object(
    'id', nextval(pg_get_serial_sequence('referrals_authorisation', 'id')), 'referral_id', c.referral,
    'due_at', a.due_at - c.n * interval '1 hour'
))).* FROM referrals_authorisation a JOIN copied c ON c.pattern = a.referral_id;
INSERT INTO patients_registration (patient_id, facility_id, registered_at, ground, covers, how, given_by, reason)
SELECT patient, CASE n %% 2 WHEN 0 THEN %(own)s ELSE %(other)s END, now() - n * interval '1 hour',
    'registered', '{}', '', '', '' FROM copied;
"""


def fill(world: World) -> None:
    """Some thousand referrals in every place of the lists, by two hospitals of one country."""
    clinician, officer = world.actor("clinician_kz"), world.actor("officer_kz")
    make.make_draft(world)
    make.make_in_review(world)
    make.make_sent(world)
    make.make_in_care(world)
    gone, refused = make.make_submitted(world), make.make_in_review(world)
    actions.withdraw(gone.pk, by=clinician, reason_code="patient_wish")
    actions.refuse(refused.pk, by=officer, reason_code="available_home", reason_text="It is available.")
    values = {"many": MANY, "own": world.korday.pk, "other": world.actor("outsider").organisation_id}
    with connection.cursor() as cursor:
        cursor.execute(_COPIES, values)
        cursor.execute("ANALYZE")


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def faults(sql: str) -> list[str]:
    """What in the plan of a statement grows with the tables."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql.replace("%", "%%"))
        (found,) = cursor.fetchone()
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return [
        f"{node['Node Type']} {node.get('Relation Name', '')} of {node['Plan Rows']} rows\n  {sql}"
        for node in nodes(plan)
        if (node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE)
        or (node["Node Type"] == "Sort" and _sorted(node) > MOST_SORTED)
    ]


def _sorted(node: dict[str, Any]) -> int:
    return max(int(part["Plan Rows"]) for part in node["Plans"])


def asked_of(world: World) -> Iterator[tuple[str, Any]]:
    """Every list and search, as a name and what asks for it."""
    for name, page, tabs in (
        ("clinician_kz", "referrals:worklist", ("?tab=mine", "?tab=others", "?tab=over", "?tab=over&page=9")),
        (
            "officer_kz",
            "referrals:decisions",
            tuple(
                f"?part={part}{sort}"
                for part in (
                    *("to_decide", "stopped", "declined", "emergencies", "appeals", "with_hosts", "all"),
                    *("all&direction=out-KG", "all&direction=in"),
                )
                for sort in ("", "&sort=filed")
            ),
        ),
        ("officer_kg", "referrals:decisions", ("?part=all", "?part=with_hosts")),
        (
            "host_desk_kg",
            "referrals:desk",
            ("?part=answer", "?part=preparation", "?part=in_care", "?part=over"),
        ),
        ("clinician_kz", "patients:find", ("", "?page=3")),
    ):
        client = Client()
        client.force_login(world.users[name])
        for tab in tabs:
            yield f"{name} {tab}", partial(client.get, reverse(page) + tab)
        for text in TEXTS:
            address = client.post(reverse(page), {"q": text})["Location"]
            yield f"{name} {page} {text}", partial(client.get, address)
    for facility in (world.korday, world.bishkek):
        api = make_api(facility)
        for query in ("", "?sort=created_at", "?state=sent", "?direction=received", "?sort=updated_at"):
            yield f"API {query}", partial(api.get, f"referrals/{query}")
        yield "API patients", partial(api.get, "patients/")
        yield "API patients by day", partial(api.get, "patients/?birth_date=1951-01-01")


@pytest.mark.in_turn
@pytest.mark.django_db
def test_no_list_and_no_search_reads_or_sorts_a_large_table(world: World) -> None:
    fill(world)
    assert Referral.objects.count() > 3000
    wrong = []
    for name, ask in asked_of(world):
        ask()
        with CaptureQueriesContext(connection) as queries:
            assert ask().status_code == 200
        found = [fault for sql in statements(queries) if sql.startswith("SELECT") for fault in faults(sql)]
        wrong += [f"{name}: {fault}" for fault in found]
    assert not wrong, "\n".join(wrong)
