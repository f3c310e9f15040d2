"""Other organisations' things: by their ids, by tampered cursors, by fields that nobody asked for."""

import json
from collections.abc import Iterator
from datetime import date
from uuid import uuid4

from patients.identifiers import BY_CODE
from tools.attack.target import Answer, NotPossible, Target, Try, Visitor, attack


def _first(client: Visitor, path: str) -> str:
    found = (client.get(path).data or {}).get("results") or []
    if not found:
        raise NotPossible(f"nothing stands at {path}")
    return str(found[0]["id"])


def strangers(target: Target) -> tuple[Visitor, Visitor, str, str]:
    """Two systems of different organisations, a patient of the first and a referral that the second may not know."""
    for number in range(len(target.credentials["clients"])):
        owner = target.client(number)
        for other in range(len(target.credentials["clients"])):
            try:
                patient, stranger = _first(owner, "/api/v1/patients/"), target.client(other)
                rows = owner.get("/api/v1/referrals/?limit=100").data["results"]
            except (NotPossible, KeyError, TypeError):
                continue
            known = {
                row["id"]
                for row in (stranger.get("/api/v1/referrals/?limit=100").data or {}).get("results", [])
            }
            own = {
                row["id"]
                for row in (stranger.get("/api/v1/patients/?limit=100").data or {}).get("results", [])
            }
            unknown = [row["id"] for row in rows if row["id"] not in known]
            if unknown and patient not in own:
                return owner, stranger, patient, unknown[0]
    raise NotPossible("no two systems of which one may not know the other’s")


@attack("another organisation’s patient and referral, by their ids", "API1")
def by_id(target: Target) -> Iterator[Try]:
    _owner, stranger, patient, referral = strangers(target)
    nobodys = uuid4()
    for path in ("", "consents/", "coverages/"):
        answer = stranger.get(f"/api/v1/patients/{patient}/{path}")
        missing = stranger.get(f"/api/v1/patients/{nobodys}/{path}")
        alike = answer.status == missing.status == 404 and len(answer.body) == len(missing.body)
        yield Try(f"GET a stranger’s patient/{path}", f"{answer.short}, as for nobody’s: {alike}", alike)
    read = stranger.get(f"/api/v1/referrals/{referral}/")
    yield Try("GET a referral of two others", read.short, read.status == 404)
    for step in ("withdraw", "accept", "discharge", "submit", "close", "record_death", "record-death"):
        answer = stranger.send(f"/api/v1/referrals/{referral}/{step}/", {}, If_Match='"1"')
        yield Try(f"POST its {step}", answer.short, answer.refused and answer.status != 412)
    for path, content in (("", {"address": "x"}), ("identifiers/", {"system": "kz-iin", "value": "1"})):
        method = "POST" if path else "PATCH"
        answer = stranger.send(f"/api/v1/patients/{patient}/{path}", content, method, If_Match='"1"')
        yield Try(f"{method} a stranger’s patient/{path}", answer.short, answer.status in {404, 422})


@attack("a page’s cursor that was tampered with, or that another one got", "API1", "API3")
def cursors(target: Target) -> Iterator[Try]:
    owner, stranger, _patient, _referral = strangers(target)
    cursor = (owner.get("/api/v1/referrals/?limit=1").data or {}).get("next_cursor")
    if not cursor:
        raise NotPossible("the list has one page only")
    swapped = cursor[:-1] + ("a" if cursor[-1] != "a" else "b")
    for who, name, given in (
        (stranger, "another’s cursor", cursor),
        (owner, "a changed cursor", swapped),
        (owner, "a cursor of another list", f"{cursor}&sort=x"),
        (owner, "half a cursor", cursor[: len(cursor) // 2]),
        (owner, "a made-up cursor", "WyJ4IiwieSIsInoiXQ.AAAA"),
    ):
        answer = who.get(f"/api/v1/referrals/?limit=1&cursor={given}")
        yield Try(name, answer.short, answer.status == 422)


@attack("fields that are not for a client to set", "API3")
def mass_assignment(target: Target) -> Iterator[Try]:
    client = target.client()
    patient = _first(client, "/api/v1/patients/")
    etag = client.get(f"/api/v1/patients/{patient}/").headers.get("etag", "")
    for name, value in {
        "id": str(uuid4()), "organisation": 1, "organisation_id": 1, "managing_organisation": 1, "version": 99,
        "is_active": False, "created_at": "2020-01-01T00:00:00Z", "merged_into": str(uuid4()), "role": "administrator",
    }.items():  # fmt: skip
        answer = client.send(f"/api/v1/patients/{patient}/", {name: value}, "PATCH", If_Match=etag)
        yield Try(f"PATCH a patient with {name}", answer.short, answer.status == 422)
    for name, value in {
        "state": "authorised",
        "authorisation": "granted",
        "decided_by": 1,
        "owner": 1,
    }.items():
        answer = client.send("/api/v1/referrals/", {"patient": patient, name: value})
        yield Try(f"POST a referral with {name}", answer.short, answer.status == 422)


@attack("which numbers exist, asked without a reason", "API1", "API6", quick=False)
def enumeration(target: Target) -> Iterator[Try]:
    """A number that somebody else's patient has, and one that nobody has, must be answered alike.

    Something else in the request is wrong, so that it leaves no patient behind.
    """
    owner, stranger, patient, _referral = strangers(target)
    person = owner.get(f"/api/v1/patients/{patient}/").data or {}
    known = next((one for one in person.get("identifiers", []) if BY_CODE[one["system"]].synthetic), None)
    if known is None:
        raise NotPossible("the patient has no national number")
    system, born = BY_CODE[known["system"]], date.fromisoformat(person["birth_date"])
    assert system.synthetic is not None
    nobodys = [system.synthetic(born, person["sex"], 900 + serial) for serial in range(10)]
    asked = {
        "family_name": "Test",
        "given_name": "Test",
        "birth_date": str(born),
        "sex": person["sex"],
        "phone": "1",
    }

    def ask(*values: str) -> Answer:
        numbers = [{"system": system.code, "value": value} for value in values]
        return stranger.send("/api/v1/patients/", asked | {"identifiers": numbers})

    hit, miss = ask(known["value"]), ask(nobodys[0])
    alike = hit.status == miss.status and b"linkable" not in hit.body
    yield Try("a stranger’s patient’s number, and nobody’s", f"{hit.short}, and {miss.short}", alike)
    many, none = ask(known["value"], *nobodys[:9]), ask(*nobodys)
    alike = many.status == none.status and b"linkable" not in many.body
    yield Try("ten numbers in one request, with it and without", f"{many.short}, and {none.short}", alike)


@attack("a list of everything", "API4", "API6")
def whole_lists(target: Target) -> Iterator[Try]:
    client = target.client()
    for path in ("patients", "referrals", "facilities"):
        answer = client.get(f"/api/v1/{path}/?limit=1000000")
        yield Try(f"{path}, a million on a page", answer.short, answer.status == 422)
        rows = (client.get(f"/api/v1/{path}/").data or {}).get("results", [])
        yield Try(f"{path}, as many as it likes", f"{len(rows)} rows", len(rows) <= 100)
    body = json.dumps(client.get("/api/v1/me/").data or {})
    yield Try(
        "what a client reads of itself", f"{len(body)} bytes", "secret" not in body and "password" not in body
    )
