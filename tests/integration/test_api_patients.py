"""Patients by API: find, register without doubling, link, refuse field by field, change, consent."""

import pytest

from patients.models import Patient
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.integration.test_api_directing import person, registered

pytestmark = pytest.mark.django_db


def test_patients_are_found_by_number_and_by_name_in_either_script(world: World) -> None:
    api, other = make_api(world.korday), make_api(world.taraz)
    patient, _consent = registered(api)
    for query in ("name=Testova&birth_date=1990-02-03", ""):
        found = api.get(f"patients/?{query}")
        assert [row["id"] for row in found.data["results"]] == [patient], query
        assert found.has_header("Deprecation") == bool(query)
        assert other.get(f"patients/?{query}").data["results"] == []
    for sought in (
        {"system": "passport", "identifier": "N12345678"},
        {"identifier": "n 12345678"},
        {"name": "Testova", "birth_date": "1990-02-03"},
        {"birth_date": "1990"},
    ):
        found = api.post("patients/search/", sought)
        assert [row["id"] for row in found.data["results"]] == [patient], sought
        assert other.post("patients/search/", sought).data["results"] == []
    for wrong, field in (
        ({"name": "Testova"}, "birth_date"),
        ({"system": "passport"}, "identifier"),
        ({"identifier": "N1", "record_number": "1"}, "identifier"),
        ({}, ""),
    ):
        refused = api.post("patients/search/", wrong)
        assert (refused.status_code, refused.data["errors"][0]["field"]) == (422, field), wrong
    in_address = api.get("patients/?system=passport&identifier=N12345678")
    assert (in_address.status_code, in_address.data["errors"][0]["code"]) == (422, "not_in_address")
    reader = make_api(world.korday, scopes=["patients:read"], name="Reads alone")
    assert reader.post("patients/search/", {"identifier": "N12345678"}).status_code == 200


GROUND = {"kind": "consent", "how": "written"}
NUMBER = {"system": "passport", "country": "KZ", "value": "N12345678"}


def test_a_likely_duplicate_is_shown_before_saving(world: World) -> None:
    api = make_api(world.korday)
    patient, _consent = registered(api)
    again = api.post("patients/", person(identifiers=[]))
    assert again.status_code == 409
    assert again.data["code"] == "likely_duplicate"
    assert again.data["candidates"][0]["id"] == patient
    assert api.post("patients/", person(identifiers=[], duplicate_checked=True)).status_code == 201


def test_a_link_needs_the_number_the_date_and_a_ground(world: World) -> None:
    api, other = make_api(world.korday), make_api(world.taraz)
    patient, _consent = registered(api)
    sent = {"identifier": NUMBER, "birth_date": "1990-02-03", "ground": GROUND}
    for wrong, field in (
        ({"birth_date": "1990-02-04"}, ""),
        ({"ground": {"kind": "consent"}}, "ground.how"),
        ({"ground": {"kind": "emergency"}}, "ground.reason"),
        ({"ground": {"kind": "consent", "how": "representative"}}, "ground.given_by"),
        ({"ground": GROUND | {"covers": ["everything"]}}, "ground.covers.0"),
    ):
        refused = other.post("patients/link/", sent | wrong, Idempotency_Key="a")
        assert refused.status_code == 422
        assert refused.data["errors"][0]["field"] == field
    linked = other.post("patients/link/", sent, Idempotency_Key="b")
    assert (linked.status_code, linked.data["id"]) == (201, patient)


def test_a_refused_link_stays_in_the_audit_log_with_a_key_too(world: World) -> None:
    from core.audit.models import AuditRow

    api = make_api(world.taraz)
    sent = {"identifier": NUMBER, "birth_date": "1990-02-04", "ground": GROUND}
    refused = api.post("patients/link/", sent, Idempotency_Key="a")
    assert refused.status_code == 422
    assert AuditRow.objects.filter(action="patient.link_refused").count() == 1


def test_wrong_people_are_refused_field_by_field(world: World) -> None:
    api = make_api(world.korday)
    refused = api.post(
        "patients/",
        person(
            family_name="Теcтова",  # a Latin c among Cyrillic letters
            birth_date="1990-02-30",
            identifiers=[{"system": "kz-iin", "value": "900203400001"}],
            next_of_kin={"phone": "none"},
            favourite_colour="blue",
        ),
        Accept_Language="ru",
    )
    assert refused.status_code == 422
    assert {error["field"] for error in refused.data["errors"]} == {"birth_date", "favourite_colour"}
    refused = api.post(
        "patients/",
        person(
            family_name="Теcтова",
            identifiers=[{"system": "kz-iin", "value": "900203400001"}],
            next_of_kin={"phone": "none"},
            coverage={"kind": "state", "fund": "NONE", "valid_from": "2025-01-01", "source": "stated"},
        ),
    )
    assert {error["pointer"] for error in refused.data["errors"]} == {"/coverage/fund"}
    refused = api.post(
        "patients/",
        person(
            family_name="Теcтова",
            identifiers=[{"system": "kz-iin", "value": "900203400001"}],
            next_of_kin={"phone": "none"},
        ),
    )
    assert {error["pointer"] for error in refused.data["errors"]} == {
        "/family_name",
        "/identifiers/0",
        "/next_of_kin/phone",
    }
    assert all(error["remedy"] for error in refused.data["errors"])
    assert not Patient.objects.exists()


def test_a_record_is_changed_on_the_version_that_was_read(world: World) -> None:
    api = make_api(world.korday)
    patient, consent_id = registered(api)
    etag = api.get(f"patients/{patient}/")["ETag"]
    changed = api.patch(f"patients/{patient}/", {"phone": "+77010000001"}, If_Match=etag)
    assert changed.status_code == 200
    assert changed.data["phone"] == "+77010000001"
    assert api.patch(f"patients/{patient}/", {"phone": "+77010000002"}, If_Match=etag).status_code == 412
    path = f"patients/{patient}/consents/{consent_id}/"
    given = api.get(path)
    assert api.post(f"{path}withdraw/").status_code == 428
    ended = api.post(f"{path}withdraw/", If_Match=given["ETag"])
    assert ended.status_code == 200
    assert ended.data["withdrawn_at"]
    assert api.post(f"{path}withdraw/", If_Match=given["ETag"]).status_code == 412
    assert api.post(f"{path}withdraw/", If_Match=ended["ETag"]).status_code == 409
    added = api.post(
        f"patients/{patient}/identifiers/", {"system": "health-card", "country": "KZ", "value": "HC-1234"}
    )
    assert added.status_code == 201, added.data
    removed = api.post(
        f"patients/{patient}/identifiers/{added.data['id']}/remove/",
        {"reason": "typing_error"},
        If_Match=api.get(f"patients/{patient}/")["ETag"],
    )
    assert removed.status_code == 200
    assert len(removed.data["identifiers"]) == 1
    cover = api.post(
        f"patients/{patient}/coverages/", {"kind": "self", "valid_from": "2026-01-01", "source": "stated"}
    )
    assert cover.status_code == 201
    assert cover.data["fund"] is None
