"""The feed of events as partners' systems get it: who is told of what, and what of it they may still see."""

from typing import Any

import pytest
from django.test import Client

from core.actors import SYSTEM
from core.feed.announce import announce
from core.feed.registry import KINDS, SOURCES, TYPES
from core.outbox import work
from disclosure.models import Disclosure
from facilities import events as of_facilities
from facilities.actions import follow_facts
from patients import actions as patients
from patients import events as of_patients
from patients.models import Registration
from referrals import actions
from referrals.access import visible_referrals
from referrals.events import noticed
from referrals.feed import parties
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.api import Api, make_api
from tests.factories.facilities import World
from tests.factories.merging import merge, record, undo
from tests.factories.situations import second_host

pytestmark = pytest.mark.django_db


def read(api: Api, after: str = "", **more: Any) -> Any:
    """An answer of the feed."""
    query = "&".join(f"{name}={value}" for name, value in {"after": after, **more}.items() if value)
    response = api.get(f"events/?{query}")
    assert response.status_code == 200, response.content
    return response.data


def told(api: Api, after: str, kind: str = "referral") -> list[str]:
    """The types behind a place, of one kind of subject."""
    return [row["type"] for row in read(api, after)["results"] if row["subject"]["kind"] == kind]


def person(world: World, name: str) -> Api:
    http = Client()
    http.force_login(world.users[name], backend="django.contrib.auth.backends.ModelBackend")
    return Api(http)


def end(api: Api) -> str:
    """The place behind everything."""
    data = read(api, "now")
    assert (data["results"], data["more"], data["pause_seconds"]) == ([], False, 5)
    return str(data["after"])


def test_each_side_is_told_of_what_it_may_know(world: World) -> None:
    api, host, stranger = make_api(world.korday), make_api(world.bishkek), make_api(world.taraz)
    ministries = {code: person(world, f"officer_{code.lower()}") for code in ("KZ", "KG", "UZ")}
    start = end(api)
    draft = make.make_draft(world)
    assert told(api, start) == ["referral.start_draft", "referral.save_draft"]
    assert told(ministries["KZ"], start) == told(ministries["KG"], start) == []
    referral = make.make_sent(world)
    filed = ["referral.submit", "referral.begin_screening", "authorisation.open_review"]
    filed += ["referral.finish_screening", "authorisation.grant", "referral.send"]
    assert told(api, start)[-6:] == filed == told(ministries["KZ"], start) == told(ministries["KG"], start)
    assert told(host, start) == ["referral.send"]
    assert told(stranger, start) == told(ministries["UZ"], start) == []
    (row,) = read(host, start)["results"]
    address = f"/api/v1/referrals/{referral.pk}/"
    subject = {"kind": "referral", "id": str(referral.pk), "number": referral.number, "self": address}
    assert row == {
        "id": row["id"],
        "type": "referral.send",
        "at": row["at"],
        "gone": False,
        "subject": subject,
    }
    assert host.get(address).status_code == 200
    actions.discard(draft.pk, by=world.actor("clinician_kz"))
    assert told(api, row["id"]) == ["referral.discard"]
    assert_told_is_seen(world)


def assert_told_is_seen(world: World) -> None:
    """Whoever would be told of a referral now may know of it, and the other way round."""
    for one in Referral.objects.all():
        for name in ("clinician_kz", "officer_kz", "officer_kg", "officer_uz", "host_desk_kg", "outsider"):
            actor = world.actor(name)
            reads = bool(parties(one) & set(KINDS["referral"].parties(actor)))
            assert reads == visible_referrals(actor).filter(pk=one.pk).exists(), (name, one.state)


def test_who_may_not_see_it_any_more_is_told_that_it_is_gone(world: World) -> None:
    other = second_host(world)
    host, new = make_api(world.bishkek), make_api(other)
    referral = make.make_sent(world)
    seen = read(host)
    assert seen["results"][-1]["subject"]["number"] == referral.number
    actions.decline(
        referral.pk, by=world.actor("host_desk_kg"), reason_code="no_capacity", reason_text="No bed."
    )
    actions.re_route(referral.pk, by=world.actor("coordinator_kz"), host_facility=other, reason_text="Full.")
    dates = {name: moment.isoformat() for name, moment in make.dates().items()}
    assert new.step(referral, "accept", dates).status_code == 200
    assert told(new, seen["after"]) == ["referral.re_route", "referral.accept"]
    rows = read(host, seen["after"])["results"]
    gone = {"kind": "referral", "id": str(referral.pk), "number": None, "self": None}
    assert [(row["type"], row["gone"], row["subject"]) for row in rows] == [("referral.gone", True, gone)] * 2
    # Also what was told with a number before, and whatever types are asked for.
    assert {row["type"] for row in read(host, types="referral.send")["results"]} == {"referral.gone"}
    assert_told_is_seen(world)
    actions.enter_in_error(referral.pk, by=world.actor("clinician_kz"), reason_text="Another patient.")
    assert told(new, seen["after"])[-1] == "referral.gone"
    assert told(make_api(world.korday), seen["after"])[-1] == "referral.enter_in_error"
    assert_told_is_seen(world)


def test_a_record_its_consents_and_its_merge(world: World) -> None:
    clinician, elsewhere = world.actor("clinician_kz"), make_api(world.taraz)
    api, host = make_api(world.korday), make_api(world.bishkek)
    referral = make.make_sent(world)
    patient = referral.patient
    start = end(api)
    changed = {"by": clinician, "patient_id": patient.pk, "expected_version": patient.version}
    patients.update_patient(**changed, phone="+7 701 000 00 77")
    consent = make.make_consent(patient, clinician, country="UZ")
    patients.withdraw_consent(by=clinician, patient_id=patient.pk, consent_id=consent.pk)
    patients.withdraw_consent(by=clinician, patient_id=patient.pk, consent_id=referral.consent_id)
    work.drain()
    rows = read(api, start)
    assert told(api, start, "patient") == ["patient.changed"]
    assert told(api, start, "consent") == ["consent.recorded", "consent.withdrawn", "consent.withdrawn"]
    address = next(row for row in rows["results"] if row["subject"]["kind"] == "consent")["subject"]["self"]
    assert api.get(address).data["id"] == consent.pk
    assert set(told(host, start)) - {"referral.checked_again"} == {
        "referral.consent_withdrawn",
        "referral.patient_changed",
    }
    assert read(elsewhere, start)["results"] == []
    # One row of the ledger for an answer that names patients, none for one that doesn't.
    noted = Disclosure.objects.filter(what="patients.events")
    before = noted.count()
    read(api, start)
    assert [one.patients for one in noted.order_by("-id")[:1]] == [[patient.pk]]
    read(host, start)
    assert noted.count() == before + 1

    # Another facility comes to know the record: it is told of the person, and of no consent.
    Registration.objects.create(patient=patient, facility=world.taraz)
    start = end(api)
    make.make_consent(patient, clinician)
    changed["expected_version"] += 1
    patients.update_patient(**changed, phone="+7 701 000 00 78")
    assert [row["type"] for row in read(elsewhere, start)["results"]] == ["patient.changed"]

    survivor, merged = record(world), record(world)
    start = end(api)
    done = merge(world, survivor, merged)
    rows = [row for row in read(api, start)["results"] if row["type"] in ("patient.gone", "patient.merged")]
    assert [(row["subject"]["id"], row["gone"]) for row in rows] == [
        (str(merged.pk), True),
        (str(survivor.pk), False),
    ]
    assert read(elsewhere, start)["results"] == []
    start = end(api)
    undo(world, done)
    parted = [row for row in read(api, start)["results"] if row["type"] == "patient.merge_undone"]
    assert {row["subject"]["id"] for row in parted} == {str(survivor.pk), str(merged.pk)}


def test_the_directory_is_everybody_s(world: World) -> None:
    api = make_api(world.taraz, scopes=["directory:read"])
    start = end(api)
    for row in (world.bishkek, world.akzhol, world.funds["KZ"], make.make_agreement()):
        follow_facts(row, by=SYSTEM)
    announce(of_facilities.DIRECTORY_LOADED, payload={"tables": ["services", "ICD-10 codes"]}, by=SYSTEM)
    make.make_sent(world)
    rows = read(api, start)["results"]
    assert [(row["type"], row["subject"]["self"]) for row in rows] == [
        ("facility.changed", f"/api/v1/facilities/{world.bishkek.pk}/"),
        ("directory.changed", "/api/v1/crossings/"),
        ("directory.changed", "/api/v1/funds/"),
        ("directory.changed", "/api/v1/agreements/"),
        ("directory.loaded", "/api/v1/facilities/"),
        ("directory.loaded", "/api/v1/icd10/"),
    ]
    # A system that came or went may change who answers: so is the scope of this one heard of, and a closed facility.
    world.bishkek.organisation.active = False
    world.bishkek.organisation.save()
    assert read(api, start)["results"][0]["type"] == "facility.gone"
    assert all(api.get(row["subject"]["self"]).status_code == 200 for row in rows[1:4])


def test_a_token_follows_what_its_scopes_read(world: World) -> None:
    make.make_sent(world)
    narrow = make_api(world.korday, scopes=["directory:read"])
    assert {row["subject"]["kind"] for row in read(narrow)["results"]} <= {"facility", "directory"}
    refused = narrow.get("events/?types=facility.changed,referral.send")
    assert (refused.status_code, refused.data["code"]) == (403, "insufficient_scope")
    assert 'scope="referrals:read"' in refused["WWW-Authenticate"]
    writing = make_api(world.korday, scopes=["referrals:write"])
    assert writing.get("events/").status_code == 403
    assert {row["subject"]["kind"] for row in read(make_api(world.korday))["results"]} >= {
        "patient",
        "consent",
        "referral",
    }
    some = read(
        make_api(world.korday, scopes=["referrals:read"]), types="referral.submit,authorisation.grant"
    )
    assert [row["type"] for row in some["results"]] == ["referral.submit", "authorisation.grant"]


#: What is published and isn't in the feed, since no answer of the API says anything else by it.
NOT_TOLD = {
    of_patients.LOOKUPS_LOCKED,
    of_facilities.ASKED,
    of_facilities.REFUSED,
    of_facilities.CLIENT_ASKED,
    *noticed.UNHEARD.values(),
}


def test_everything_that_is_published_is_told_or_said_not_to_be() -> None:
    published = {
        value
        for module in (of_patients, of_facilities, noticed)
        for name, value in vars(module).items()
        if isinstance(value, str) and not name.startswith("_")
    }
    assert {of_patients.LINKED, noticed.CHECKED_AGAIN, of_facilities.GIVEN} <= published
    assert published - SOURCES.keys() - NOT_TOLD == set()
    assert not NOT_TOLD & SOURCES.keys()
    used = {told.name for sources in SOURCES.values() for told, _about in sources}
    assert used | {kind.gone for kind in KINDS.values()} == set(TYPES)
