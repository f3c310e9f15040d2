"""The auditor's page."""

import re
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.audit.log import record
from portal.web.audit_words import ACTIONS
from referrals.events.noticed import DRAFT_SAVED, DRAFT_STARTED
from referrals.states import AuthorisationEvent, ReferralEvent
from tests.counting import statements
from tests.factories import referrals as make
from tests.factories.facilities import World

ROOT = Path(__file__).resolve().parents[2]
LOG = reverse("web:audit")


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def test_the_auditor_reads_their_own_countrys_rows(world: World) -> None:
    referral = make.make_sent(world)
    text = signed_in(world, "auditor_kz").get(LOG).content.decode()
    assert "authorisation.grant" in text
    assert str(referral.pk) in text
    assert referral.patient.family_name not in text
    assert str(referral.pk) not in signed_in(world, "auditor_kg").get(LOG).content.decode()
    for name in ("officer_kz", "clinician_kz", "host_desk_kg", "administrator"):
        assert signed_in(world, name).get(LOG).status_code == 403, name


def test_search_and_pages(world: World) -> None:
    actor = world.actor("clinician_kz")
    for number in range(45):
        record(f"test.{'even' if number % 2 == 0 else 'odd'}", by=actor, details={"number": number})
    client = signed_in(world, "auditor_kz")
    with CaptureQueriesContext(connection) as queries:
        first = client.get(LOG)
    assert len(first.context["page"].items) == 20
    assert len(statements(queries)) <= 8
    assert "page=2" in first.content.decode()
    assert "No row fits your search." in client.get(LOG, {"q": "signed out"}).content.decode()
    record("account.sign_out", by=actor)
    by_words = client.get(LOG, {"q": "signed out"})
    assert [row.action for row in by_words.context["page"].items] == ["account.sign_out"]
    found = client.get(LOG, {"q": "test.even", "page": "2"})
    assert [row.action for row in found.context["page"].items] == ["test.even"] * 3
    assert "No row fits your search." in client.get(LOG, {"q": "<script>"}).content.decode()
    assert "<script>alert" not in client.get(LOG, {"q": "<script>alert"}).content.decode()


def test_every_action_that_the_code_records_has_words() -> None:
    events = {f"referral.{event}" for event in ReferralEvent} | {
        f"authorisation.{event}" for event in AuthorisationEvent
    }
    named = re.compile(r"""record\(\s*"([a-z_]+\.[a-z_]+)\"""")
    for folder in ("agreements", "core", "disclosure", "facilities", "patients", "portal", "referrals"):
        for file in (ROOT / folder).rglob("*.py"):
            events.update(named.findall(file.read_text(encoding="utf-8")))
    events |= {DRAFT_STARTED, DRAFT_SAVED}
    assert "patient.registered" in events
    assert events - set(ACTIONS) == set()
