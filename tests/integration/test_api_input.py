"""Bad input to the API: the right status, every mistake named, nothing half done."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.api import Api, make_api
from tests.factories.facilities import World
from tests.integration.test_api_directing import consent, person, referral_for, registered

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


def problem(response: Any, status: int, code: str) -> Any:
    """The problem that the response is, once it is known to be that one."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == PROBLEM
    assert response.data["code"] == code
    assert response.data["status"] == status
    assert {"type", "title", "detail", "remedy", "request_id"} <= set(response.data)
    return response.data


@pytest.fixture
def api(world: World) -> Api:
    make.make_agreement()
    return make_api(world.korday)


@pytest.mark.parametrize(
    "raw", ['{"patient": ', '{"patient": NaN}', "{'patient': 1}", '{"a": "\\ud800"}', "\x00", '{"a": 1,}']
)
def test_broken_json_is_400_and_says_where(api: Api, raw: str) -> None:
    found = problem(api.post("referrals/", raw), 400, "invalid_json")
    assert "line" in found["detail"]


def test_a_name_that_stands_twice_is_refused_wherever_it_stands(api: Api) -> None:
    """Else one reader takes the first of the two values and another one the last."""
    for raw in (
        '{"birth_date": "1960", "birth_date": "1961"}',
        '{"name": "Test", "birth_\\u0064ate": "1960", "birth_date": "1961"}',
        '{"next": [{"a": {"x": 1, "y": 2, "x": 1}}]}',
    ):
        assert "twice" in problem(api.post("patients/search/", raw), 400, "invalid_json")["detail"]
    assert api.post("patients/search/", '{"name": "Test", "birth_date": "1960"}').status_code == 200
    for content in ("grant_type=client_credentials&grant_type=password", "client_id=a&client_id=b"):
        refused = api.http.post("/oauth/token", content, content_type="application/x-www-form-urlencoded")
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("raw", ["[]", "1", '"text"', "null", "true"])
def test_json_that_is_no_object_is_422(api: Api, raw: str) -> None:
    found = problem(api.post("referrals/", raw), 422, "invalid")
    assert found["errors"][0]["code"] == "wrong_type"


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""])
def test_another_type_of_content_is_415(api: Api, kind: str) -> None:
    response: Any = api.http.generic(
        "POST",
        "/api/v1/referrals/",
        data="x=1",
        content_type=kind,
        headers={"Authorization": f"Bearer {api.token}"},
    )
    assert response.status_code == 415
    assert response.json()["code"] == "unsupported_media_type"


def test_ten_megabytes_are_413(api: Api) -> None:
    found = problem(api.post("patients/", b'{"family_name": "' + b"a" * 10_000_000 + b'"}'), 413, "too_large")
    assert str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE) in found["detail"]


def test_wrong_types_unknown_fields_and_long_texts_are_named_one_by_one(api: Api) -> None:
    content = {
        "patient": 7,
        "priority": ["urgent"],
        "service": 5,
        "clinical_reason": "a" * 10_000,
        "goal": "zero\u200bwidth",
        "needed_by": "2026-13-01",
        "estimate": {"amount": 5.5, "currency": "XXX", "vat": 1},
        "consent": "1",
        "submit": "yes",
        "specialty": "408466002",
        "colour": 1,
    }
    found = problem(api.post("referrals/", content), 422, "invalid")
    codes = {error["field"]: error["code"] for error in found["errors"]}
    assert codes == {
        "patient": "wrong_type",
        "priority": "wrong_type",
        "service": "wrong_type",
        "clinical_reason": "max_length",
        "goal": "unseen_character",
        "needed_by": "invalid_date",
        "estimate.amount": "wrong_type",
        "estimate.currency": "invalid_choice",
        "estimate.vat": "unknown_field",
        "consent": "wrong_type",
        "submit": "wrong_type",
        "specialty": "wrong_type",
        "colour": "unknown_field",
    }
    assert all(error["detail"] and error["remedy"] for error in found["errors"])
    assert not Referral.objects.exists()


def test_a_time_without_offset_is_refused(api: Api, world: World) -> None:
    referral = make.make_sent(world)
    host = make_api(world.bishkek)
    stay = {"starts_at": "2030-01-01T09:00:00", "ends_at": "2030-01-02T09:00:00+05:00"}
    found = problem(host.step(referral, "accept", stay), 422, "invalid")
    assert [(error["field"], error["code"]) for error in found["errors"]] == [("starts_at", "no_offset")]
    past = {"starts_at": "2020-01-01T09:00:00Z", "ends_at": "2020-01-02T09:00:00+05:00"}
    found = problem(host.step(referral, "accept", past), 422, "invalid")
    assert found["errors"][0]["field"] == "starts_at"


@pytest.mark.in_turn
@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("stat=sent", "stat", "unknown_parameter"),
        ("limit=1&limit=2", "limit", "repeated"),
        ("state=,", "state", "blank"),
        ("state=sent,lost", "state", "invalid_choice"),
        ("state=lost", "state", "invalid_choice"),
        ("limit=0", "limit", "min_value"),
        ("limit=101", "limit", "max_value"),
        ("limit=a", "limit", "invalid"),
        ("fields=id,name", "fields", "unknown_field"),
        ("updated_since=2026-01-01T00:00:00", "updated_since", "no_offset"),
        ("updated_since=yesterday", "updated_since", "invalid_moment"),
        ("cursor=abc", "cursor", "invalid_cursor"),
        ("cursor=%00", "cursor", "null_characters_not_allowed"),
        ("cursor=%D1%91", "cursor", "invalid_cursor"),
    ],
)
def test_wrong_parameters_are_named(api: Api, query: str, field: str, code: str) -> None:
    response = api.get(f"referrals/?{query}")
    assert response.status_code == 422, response.content
    assert [(error["field"], error["code"]) for error in response.data["errors"]] == [(field, code)]


def test_a_cursor_belongs_to_its_list_its_filter_and_its_reader(api: Api, world: World) -> None:
    by = world.actor("clinician_kz")
    for _number in range(5):
        make.make_draft(world, by)
    first = api.get("referrals/?limit=2&state=draft")
    cursor = first.data["next_cursor"]
    assert (
        first.data["next"] == f"{settings.PUBLIC_URL}/api/v1/referrals/?limit=2&state=draft&cursor={cursor}"
    )
    seen = [row["id"] for row in first.data["results"]]
    while cursor:
        page = api.get(f"referrals/?limit=2&state=draft&cursor={cursor}")
        seen += [row["id"] for row in page.data["results"]]
        cursor = page.data["next_cursor"]
    assert len(seen) == len(set(seen)) == 5
    cursor = first.data["next_cursor"]
    tampered = cursor[:-4] + ("AAAA" if cursor[-4:] != "AAAA" else "BBBB")
    other = make_api(world.korday, name="Second system")
    for asker, query in (
        (api, f"limit=2&state=draft&cursor={tampered}"),
        (api, f"limit=2&state=sent&cursor={cursor}"),
        (api, f"limit=2&state=draft&sort=created_at&cursor={cursor}"),
        (other, f"limit=2&state=draft&cursor={cursor}"),
    ):
        assert problem(asker.get(f"referrals/?{query}"), 422, "invalid_cursor")
    assert problem(api.get(f"patients/?cursor={cursor}"), 422, "invalid_cursor")
    assert len(api.get(f"referrals/?limit=3&state=draft&cursor={cursor}").data["results"]) == 3


def test_fields_are_sparse_and_the_order_is_stable(api: Api, world: World) -> None:
    drafts = [make.make_draft(world) for _number in range(3)]
    rows = api.get("referrals/?fields=id,state&sort=created_at").data["results"]
    assert rows == [{"id": str(draft.pk), "state": "draft"} for draft in drafts]
    since = Referral.objects.get(pk=drafts[2].pk).updated_at.isoformat()
    rows = api.get(f"referrals/?fields=id&updated_since={since}").data["results"]
    assert rows == [{"id": str(drafts[2].pk)}]


def test_filters_narrow(api: Api, world: World) -> None:
    draft, sent = make.make_draft(world), make.make_sent(world, host_facility=world.andijan)

    def ids(query: str) -> set[str]:
        return {row["id"] for row in api.get(f"referrals/?{query}").data["results"]}

    assert ids("") == {str(draft.pk), str(sent.pk)}
    assert ids("state=sent") == {str(sent.pk)}
    assert ids("country=UZ") == {str(sent.pk)}
    assert ids("direction=sent&priority=urgent") == {str(draft.pk), str(sent.pk)}
    assert ids("direction=received") == set()
    assert ids("priority=stat") == set()


def test_another_organisation_s_objects_are_not_there(api: Api, world: World) -> None:
    draft = make.make_draft(world)
    other = make_api(world.taraz)
    for path in (f"referrals/{draft.pk}/", f"patients/{draft.patient_id}/"):
        assert problem(other.get(path), 404, "not_found")
    assert problem(other.step_unseen(draft, "submit"), 404, "not_found")
    assert problem(other.patch(f"referrals/{draft.pk}/", {}, If_Match='"2"'), 404, "not_found")
    patient, consent_id = registered(api)
    mine = make.make_patient(world, world.actor("clinician_kz"))
    mixed = api.post("referrals/", referral_for(str(mine.pk), consent_id))
    found = problem(mixed, 422, "invalid")
    assert found["errors"][0]["field"] == "consent"
    assert patient


def test_addresses_that_are_not_there_are_problems_and_a_lost_slash_is_put_right(api: Api) -> None:
    assert problem(api.get("nothing/"), 404, "not_found")
    assert problem(api.get("referrals/not-a-uuid/"), 404, "not_found")
    moved = api.get("/api/v1/referrals?limit=1")
    assert (moved.status_code, moved["Location"]) == (308, "/api/v1/referrals/?limit=1")
    refused = api.call("DELETE", "referrals/")
    assert problem(refused, 405, "method_not_allowed")
    assert "GET" in refused["Allow"]
    assert problem(api.get("referrals/", Accept="text/csv"), 406, "not_acceptable")


def test_errors_speak_the_language_asked_for(api: Api) -> None:
    english = api.post("patients/", person(sex="other"))
    russian = api.post("patients/", person(sex="other"), Accept_Language="ru-KZ, en;q=0.5")
    assert english["Content-Language"] == "en"
    assert russian["Content-Language"] == "ru"
    assert "Accept-Language" in russian["Vary"]
    assert english.data["code"] == russian.data["code"] == "invalid"


def test_a_person_s_session_needs_the_csrf_token(world: World) -> None:
    http = Client(enforce_csrf_checks=True)
    http.force_login(world.users["clinician_kz"])
    api = Api(http)
    assert api.get("patients/").status_code == 200
    assert problem(api.post("patients/", person()), 403, "csrf")
    http.get("/api/v1/docs/")
    token = http.cookies["csrftoken"].value
    made = api.post("patients/", person(), X_CSRFToken=token)
    assert made.status_code == 201, made.data
    given = api.post(f"patients/{made.data['id']}/consents/", consent(), X_CSRFToken=token)
    assert given.data["recorded_by"].startswith("Test clinician_kz")


def test_who_may_not_is_refused(world: World) -> None:
    for name in ("officer_kz", "auditor_kz", "host_desk_kz", "administrator"):
        http = Client()
        http.force_login(world.users[name])
        api = Api(http)
        assert problem(api.post("patients/", person()), 403, "denied"), name
        assert api.get("patients/").data["results"] == []
        status = api.post("referrals/", {"patient": "00000000-0000-4000-8000-000000000000"}).status_code
        assert status == 403, name


def test_impossible_and_past_things_are_422(api: Api) -> None:
    patient, _consent_id = registered(api)
    path = f"patients/{patient}"
    found = problem(api.post(f"{path}/consents/", consent(valid_to="2020-01-01")), 422, "invalid")
    assert found["errors"][0]["field"] == "valid_to"
    found = problem(api.post(f"{path}/consents/", consent(recipient_country="KZ")), 422, "invalid")
    assert found["errors"][0]["field"] == "recipient_country"
    found = problem(
        api.post(f"{path}/identifiers/", {"system": "kz-iin", "value": "123456789012"}), 422, "invalid"
    )
    assert found["errors"][0]["field"] == "value"
    assert json.dumps(found)


def test_two_drafts_of_one_care_become_one_referral(api: Api) -> None:
    patient, consent_id = registered(api)
    assert api.post("referrals/", referral_for(patient, consent_id, submit=True)).status_code == 201
    again = api.post("referrals/", referral_for(patient, consent_id, submit=True))
    assert "active referral" in problem(again, 422, "invalid")["detail"]
    assert Referral.objects.count() == 1
