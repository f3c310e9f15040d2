"""What strangers' clients looked for, and how they were refused: numbers, several states, problems, limits."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from core.api import throttling
from core.api.kinds import KINDS
from core.audit.models import AuditRow
from disclosure.models import Disclosure
from patients.models import Patient
from portal import refusing
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.api import Api, get_token, make_api
from tests.factories.facilities import World
from tests.integration.test_api_directing import person, registered

pytestmark = pytest.mark.django_db


def test_one_s_own_numbers_are_found_by_oneself_alone(world: World) -> None:
    referral = make.make_sent(world)
    home, host, other = (make_api(facility) for facility in (world.korday, world.bishkek, world.taraz))
    about, path = f"patients/{referral.patient_id}/", f"referrals/{referral.pk}/"
    assert (
        home.patch(about, {"record_number": " MRN  7 "}, If_Match=home.get(about)["ETag"]).status_code == 200
    )
    assert home.get(about).data["record_number"] == "MRN 7"
    version = Patient.objects.get().version
    for api, number in ((home, "ORDER-1"), (host, "CASE-9")):
        done = api.patch(path, {"record_number": number}, If_Match=api.get(path)["ETag"])
        assert (done.status_code, done.data["record_number"]) == (200, number), done.data
    assert Referral.objects.get().version == referral.version
    for api, mine, foreign in ((home, "ORDER-1", "CASE-9"), (host, "CASE-9", "ORDER-1")):
        assert [row["record_number"] for row in api.get("referrals/").data["results"]] == [mine]
        assert len(api.get(f"referrals/?record_number={mine}").data["results"]) == 1
        assert api.get(f"referrals/?record_number={foreign}").data["results"] == []
        assert foreign not in api.get(path).content.decode()
    assert "MRN 7" not in host.get(path).content.decode()
    found = home.post("patients/search/", {"record_number": "MRN 7"}).data["results"]
    assert [(row["id"], row["record_number"]) for row in found] == [(str(referral.patient_id), "MRN 7")]
    assert other.post("patients/search/", {"record_number": "MRN 7"}).data["results"] == []
    # Another patient of the hospital can't have it; at another hospital it is another number.
    second = person(identifiers=[], birth_date="1961-01-02", record_number="MRN 7")
    refused = home.post("patients/", second)
    assert (refused.status_code, refused.data["errors"][0]["code"]) == (422, "record_number_taken")
    assert Patient.objects.count() == 1
    assert other.post("patients/", second).data["record_number"] == "MRN 7"
    draft = home.post("referrals/", {"patient": str(referral.patient_id), "record_number": "ORDER-1"})
    assert (draft.status_code, draft.data["errors"][0]["field"]) == (422, "record_number")
    assert Referral.objects.count() == 1
    taken_away = home.patch(about, {"record_number": None}, If_Match=home.get(about)["ETag"])
    assert (taken_away.data["record_number"], taken_away.data["version"]) == ("", version)
    assert home.post("patients/search/", {"record_number": "MRN 7"}).data["results"] == []
    words = [row.details for row in AuditRow.objects.filter(action__endswith=".record_number")]
    assert "MRN" not in str(words)


def test_referrals_are_found_by_their_number_and_in_several_states(world: World) -> None:
    draft, sent, accepted = make.make_draft(world), make.make_sent(world), make.make_accepted(world)
    api = make_api(world.korday)

    def ids(query: str) -> set[str]:
        response = api.get(f"referrals/?{query}")
        assert response.status_code == 200, response.data
        return {row["id"] for row in response.data["results"]}

    assert ids(f"number={str(sent.number).lower()}") == {str(sent.pk)}
    assert ids("number=KZ-1999-000001") == set()
    both = {str(draft.pk), str(accepted.pk)}
    assert ids("state=draft,accepted") == ids("state=draft&state=accepted") == both
    assert ids("state=accepted,accepted") == {str(accepted.pk)}
    assert ids("state=draft,sent,accepted&priority=routine,stat") == set()
    pages = [api.get("referrals/?state=draft,sent,accepted&limit=1")]
    while pages[-1].data["next"]:
        pages.append(api.get(pages[-1].data["next"].partition("/api/v1/")[2]))
    assert len({page.data["results"][0]["id"] for page in pages}) == 3


def test_every_search_ends_with_a_next_page_or_with_its_end(world: World) -> None:
    api = make_api(world.korday)
    by = world.actor("clinician_kz")
    born = "1960-01-01"
    made = {str(make.make_patient(world, by, birth_date=date.fromisoformat(born)).pk) for _number in range(5)}
    found: list[str] = []
    page = api.get(f"patients/?birth_date={born}&limit=2")
    while page is not None:
        found += [row["id"] for row in page.data["results"]]
        following = page.data["next"]
        page = api.get(following.partition("/api/v1/")[2]) if following else None
    assert sorted(found) == sorted(made)
    sought, found = {"birth_date": born, "limit": 2}, []
    while True:
        answered = api.post("patients/search/", sought).data
        found += [row["id"] for row in answered["results"]]
        if not answered["next_cursor"]:
            break
        sought["cursor"] = answered["next_cursor"]
    assert sorted(found) == sorted(made)
    foreign = api.post("patients/search/", {"birth_date": "1950", "cursor": sought["cursor"]})
    assert foreign.data["code"] == "invalid_cursor"


def in_chunks(api: Api, path: str, body: bytes, *, joined: bool, **headers: str) -> Any:
    """A request as a server hands it over that has joined its chunks, or hasn't."""
    environ: dict[str, Any] = {
        "wsgi.input": BytesIO(body),
        "CONTENT_TYPE": "application/json",
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input_terminated": joined,
    }
    sent = {"Authorization": f"Bearer {api.token}"} | {k.replace("_", "-"): v for k, v in headers.items()}
    return api.http.generic("PATCH", f"/api/v1/{path}", b"", headers=sent, **environ)


def test_a_body_in_chunks_is_read_or_refused_and_never_empty(world: World) -> None:
    api = make_api(world.korday)
    patient, _consent = registered(api)
    path = f"patients/{patient}/"
    tag = api.get(path)["ETag"]
    done = in_chunks(api, path, b'{"phone": "+77010000009"}', joined=True, If_Match=tag)
    assert done.json()["phone"] == "+77010000009"
    refused = in_chunks(api, path, b"1\r\n{\r\n", joined=False, If_Match=tag)
    assert (refused.status_code, refused.json()["code"]) == (411, "length_required")
    large = in_chunks(api, path, b'"' + b"x" * 1_100_000 + b'"', joined=True, If_Match=tag)
    assert (large.status_code, large.json()["code"]) == (413, "too_large")


def test_every_refusal_is_a_problem_with_an_id_in_the_language_that_it_names(world: World) -> None:
    api = make_api(world.korday)
    mine = {"X_Request_ID": "client-7:abc", "Accept_Language": "ru"}
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    many = {f"unknown{number}": 1 for number in range(50)}
    for response, status, code, language in (
        (api.get("/api/nothing/", **mine), 404, "not_found", "ru"),
        (api.get("nothing/", **mine), 404, "not_found", "ru"),
        (api.get("referrals/", Host="evil.example", X_Request_ID="client-7:abc"), 400, "wrong_host", "en"),
        (api.post("patients/", many, **mine), 422, "invalid", "ru"),
        (api.post("patients/", b"\xff{", **mine), 400, "invalid_json", "ru"),
        (api.post("patients/", "{}", Content_Encoding="gzip", **mine), 415, "unsupported_media_type", "ru"),
        (api.call("TRACE", "patients/", **mine), 405, "method_not_allowed", "ru"),
    ):
        assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
        assert (response.data["code"], response["Content-Language"]) == (code, language), response.data
        assert response["X-Request-ID"] == response.data["request_id"] == "client-7:abc"
    refused = api.post("patients/", many).data
    assert (len(refused["errors"]), refused["more_errors"]) == (20, 50 + len(person_needs(refused)) - 20)
    patient, _consent = registered(api)
    path = f"patients/{patient}/"
    assert api.get(path, X_Request_ID="mine", traceparent=trace)["traceparent"] == trace
    assert Disclosure.objects.filter(request_id="mine").exists()
    assert api.get(path, traceparent=trace)["X-Request-ID"] == trace.split("-")[1]
    for wrong in ("", "a b", "x" * 65, "job-1", "é", "a\nb"):
        assert api.get(path, X_Request_ID=wrong)["X-Request-ID"] != wrong
    assert "traceparent" not in api.get(path, traceparent="00-0-0-01")
    assert get_token("nobody", http=api.http)["Content-Language"] == "en"
    assert api.get("schema/", Accept_Language="ru")["Content-Language"] == "en"
    # What no view ever sees speaks by the same codes.
    for status, kind in refusing.KINDS.items():
        assert KINDS[kind.code].status == status


def person_needs(refused: Any) -> list[str]:
    """Of a patient without anything: the fields that are missing stand behind the unknown ones."""
    assert {error["code"] for error in refused["errors"]} == {"unknown_field"}
    return ["sex"]


@pytest.fixture
def limited(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.API_REQUESTS_PER_MINUTE = 3
    monkeypatch.setattr(throttling.time, "time", lambda: 2_000_000_000.0 + id(settings) % 1_000_000 * 60)
    return


def test_who_is_refused_is_counted_too(world: World, limited: None) -> None:
    lacking = make_api(world.korday, scopes=["directory:read"])
    stranger = Api(Client(REMOTE_ADDR="203.0.113.9"), "no-such-token")
    for api, status in ((stranger, 401), (lacking, 403)):
        statuses = [api.get("patients/").status_code for _time in range(4)]
        assert statuses == [status, status, status, 429], status
        assert api.get("patients/")["Retry-After"]
    other = make_api(world.taraz, scopes=["patients:write"])
    large = [other.post("patients/", b"x" * 1_100_000).status_code for _time in range(4)]
    assert large == [413, 413, 413, 429]
