"""What an address, a search, a feed or a look-up might tell of somebody else's patients."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from patients.identifiers import BY_CODE
from tools.attack.kinds.objects import strangers
from tools.attack.target import NotPossible, Target, Try, Visitor, attack

#: Of one client's look-ups in vain a few a day are let through (docs/operations.md): this takes two.
GROUND = {"kind": "consent", "how": "written", "covers": []}


def _person(owner: Visitor, patient: str) -> dict[str, Any]:
    found: dict[str, Any] = owner.get(f"/api/v1/patients/{patient}/").data or {}
    return found


@attack("the events of others", "API1", "API3")
def events(target: Target) -> Iterator[Try]:
    owner, stranger, patient, referral = strangers(target)
    told = stranger.get("/api/v1/events/?limit=200").body
    silent = patient.encode() not in told and referral.encode() not in told
    yield Try("GET a stranger’s events", f"{len(told)} bytes, none of these two: {silent}", silent)
    place = (owner.get("/api/v1/events/?limit=1").data or {}).get("after", "")
    named = stranger.get(f"/api/v1/events/?limit=200&after={place}")
    held = patient.encode() not in named.body and referral.encode() not in named.body
    yield Try("GET events behind another’s place", named.short, held)
    for wrong in ("0", "-1", "zzz", "1' OR '1'='1", "%00", "9" * 90):
        answer = stranger.get(f"/api/v1/events/?after={wrong.replace(' ', '%20')}")
        yield Try(f"GET events behind {wrong[:20]}", answer.short, answer.refused)


@attack("searches for another’s patient, and searches that stand in an address", "API1", "API6")
def searches(target: Target) -> Iterator[Try]:
    owner, stranger, patient, _referral = strangers(target)
    person = _person(owner, patient)
    number = next(iter(person.get("identifiers") or [{}]))
    asked = {
        "by name and date": {"name": person["family_name"], "birth_date": person["birth_date"]},
        "by number": {"identifier": number.get("value", "x"), "system": number.get("system", "passport")},
        "by an own record number": {"record_number": person.get("record_number") or "1"},
        "by signs of a pattern": {"name": "%_%", "birth_date": person["birth_date"][:4]},
    }
    for how, content in asked.items():
        answer = stranger.send("/api/v1/patients/search/", content)
        yield Try(f"POST a search {how}", answer.short, patient.encode() not in answer.body)
    for query in (
        f"identifier={number.get('value', 'x')}",
        f"name={person['family_name']}",
        "record_number=1",
    ):
        answer = owner.get(f"/api/v1/patients/?{quote(query, safe='=')}")
        yield Try("GET a search in the address", answer.short, answer.status == 422)


@attack("another’s record number: read, set, tried", "API1", "API3")
def record_numbers(target: Target) -> Iterator[Try]:
    _owner, stranger, patient, referral = strangers(target)
    for path in (f"patients/{patient}", f"referrals/{referral}"):
        answer = stranger.send(f"/api/v1/{path}/", {"record_number": "ATTACK-1"}, "PATCH", If_Match='"1"')
        yield Try(
            f"PATCH another’s {path.partition('/')[0]} with a record number",
            answer.short,
            answer.status == 404,
        )
    found = stranger.get("/api/v1/referrals/?record_number=ATTACK-1")
    yield Try("GET by a number of nobody’s", found.short, (found.data or {}).get("results") in ([], None))


@attack("opening a case in an emergency from outside", "API1", "API5")
def emergencies(target: Target) -> Iterator[Try]:
    owner, stranger, _patient, referral = strangers(target)
    said = {"reason": "An attack.", "hours": 24}
    missing = stranger.send(f"/api/v1/referrals/{uuid4()}/emergency-accesses/", said)
    foreign = stranger.send(f"/api/v1/referrals/{referral}/emergency-accesses/", said)
    alike = foreign.status == missing.status and foreign.refused and len(foreign.body) == len(missing.body)
    yield Try("POST by a stranger’s system", f"{foreign.short}, as for nobody’s: {alike}", alike)
    own = owner.send(f"/api/v1/referrals/{referral}/emergency-accesses/", said)
    yield Try("POST by the directing hospital’s system", own.short, own.refused)
    for number in (1, 2**62, 2**70):
        answer = stranger.send(
            f"/api/v1/referrals/{referral}/emergency-accesses/{number}/review/", {"verdict": "justified"}
        )
        yield Try(f"POST a review of access {str(number)[:6]}", answer.short, answer.refused)


@attack("look-ups: a number that somebody has and one that nobody has", "API1", "API6", quick=False)
def look_ups(target: Target) -> Iterator[Try]:
    """With a wrong date of birth both must be answered alike. Takes two of the client's look-ups in vain."""
    owner, stranger, patient, _referral = strangers(target)
    person = owner.get(f"/api/v1/patients/{patient}/").data or {}
    known = next((one for one in person.get("identifiers", []) if BY_CODE[one["system"]].synthetic), None)
    if known is None:
        raise NotPossible("the patient has no national number")
    system = BY_CODE[known["system"]]
    assert system.synthetic is not None
    nobodys = system.synthetic(date(1931, 2, 3), person["sex"], 990)
    answers = [
        stranger.send(
            "/api/v1/patients/link/",
            {
                "identifier": {"system": system.code, "value": value},
                "birth_date": "1931-02-03",
                "ground": GROUND,
            },
        )
        for value in (known["value"], nobodys)
    ]
    alike = answers[0].status == answers[1].status and len(answers[0].body) == len(answers[1].body)
    alike = alike and all(answer.refused and patient.encode() not in answer.body for answer in answers)
    yield Try("POST patients/link/ for both", f"{answers[0].short}, and {answers[1].short}", alike)
    without = stranger.send(
        "/api/v1/patients/link/",
        {
            "identifier": {"system": system.code, "value": known["value"]},
            "birth_date": person["birth_date"][:4],
        },
    )
    yield Try("POST without a ground", without.short, without.status == 422)


def _with_a_patient(target: Target, patient: str) -> tuple[Visitor, str]:
    """A system that has a patient of its own and doesn't know this one."""
    for number in range(len(target.credentials["clients"])):
        client = target.client(number)
        rows = (client.get("/api/v1/patients/?limit=1").data or {}).get("results") or []
        if rows and client.get(f"/api/v1/patients/{patient}/").status == 404:
            return client, str(rows[0]["id"])
    raise NotPossible("no other system has a patient")


@attack("a number that somebody else’s patient has, added to one’s own", "API1", "API6", quick=False)
def added_numbers(target: Target) -> Iterator[Try]:
    """Something else in the request is wrong, so that nothing is written; both must be answered alike."""
    owner, _stranger, patient, _referral = strangers(target)
    person = _person(owner, patient)
    known = next((one for one in person.get("identifiers", []) if BY_CODE[one["system"]].synthetic), None)
    stranger, own = _with_a_patient(target, patient)
    if known is None:
        raise NotPossible("the patient has no national number")
    system = BY_CODE[known["system"]]
    assert system.synthetic is not None
    nobodys = system.synthetic(date(1931, 2, 3), person["sex"], 991)
    answers = [
        stranger.send(
            f"/api/v1/patients/{own}/identifiers/",
            {"system": system.code, "value": value, "expires_on": "1999-01-01"},
        )
        for value in (known["value"], nobodys)
    ]
    alike = answers[0].status == answers[1].status and b"identifier_taken" not in answers[0].body
    yield Try("POST identifiers/ with both", f"{answers[0].short}, and {answers[1].short}", alike)


@attack("small numbers one after the other", "API1", "API6")
def counted(target: Target) -> Iterator[Try]:
    """Rows of a patient have small numbers: of another's patient none is told from one that isn't there."""
    owner, stranger, patient, _referral = strangers(target)
    consents = (owner.get(f"/api/v1/patients/{patient}/consents/").data or {}).get("results") or [{"id": 1}]
    for kind in ("consents", "coverages"):
        numbers = sorted({1, 2, 3, 4, 5, int(consents[0]["id"]), 2**62})
        seen = {stranger.get(f"/api/v1/patients/{patient}/{kind}/{number}/").status for number in numbers}
        yield Try(f"GET {len(numbers)} {kind} of a stranger’s patient", f"{sorted(seen)}", seen <= {404, 405})
    for nobodys in (uuid4(), patient):
        seen = {stranger.get(f"/api/v1/patients/{nobodys}/links/").status for _again in range(2)}
        yield Try("GET links, of nobody’s and of a stranger’s", f"{sorted(seen)}", seen == {404})
