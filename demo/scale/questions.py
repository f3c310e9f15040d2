"""What is asked: every list and every search, and what a reader opens out of them, by readers of each kind."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.test import Client
from django.urls import reverse

from core.actors import Actor

TEXTS: Final = (
    "Familiaaaab 1955",
    "Imiaaaac Familiaaaab",
    "Familyaaacd",
    "N10000400",
    "+7 705 000 01 20",
    "KZ-90-000120",
    "120",
    "I34",
    "Бишкек",
)
PARTS: Final = (
    *("to_decide", "stopped", "elsewhere", "declined", "emergencies", "appeals", "with_hosts", "all"),
    *("all&direction=out-KG", "all&direction=in", "all&priority=stat"),
)
_REFERRALS: Final = (
    "",
    "?sort=created_at",
    "?sort=updated_at&updated_since=2026-01-01T00:00:00Z",
    "?state=sent",
    "?state=closed&state=withdrawn&priority=routine",
    "?direction=received",
    "?country=KG",
    "?number=KZ-90-000120",
)
_DIRECTORY: Final = (
    *("facilities/?q=hospital", "hosts/?specialty=394579002", "districts/?q=кордай", "icd10/?q=mitral"),
    *("crossings/", "specialties/", "funds/", "agreements/"),
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody, and their browser or their system, which is signed in."""

    actor: Actor
    http: Client


@dataclass(frozen=True, slots=True)
class Readers:
    """People, and the systems of three hospitals: the clinician's, one with few referrals, the host's."""

    clinician: Reader
    officer: Reader
    coordinator: Reader
    officer_there: Reader
    desk: Reader
    auditor: Reader
    large: Reader
    small: Reader
    host: Reader


@dataclass(frozen=True, slots=True)
class Question:
    """By whom, what, and how it is asked: `ask` gives a response."""

    name: str
    actor: Actor
    ask: Callable[[], Any]


def questions(by: Readers) -> Iterator[Question]:
    """Every question, in the order of the portal's rooms."""
    yield from _lists(by)
    for name in ("large", "small", "host"):
        yield from _of_a_system(name, getattr(by, name))
    yield from _opened(by)


def _lists(by: Readers) -> Iterator[Question]:
    worklist, decisions, desk = (reverse(f"referrals:{name}") for name in ("worklist", "decisions", "desk"))
    find = reverse("patients:find")
    for who, reader, page, tabs in (
        ("clinician", by.clinician, worklist, ("mine", "others", "over", "over&page=40")),
        ("desk", by.desk, desk, ("answer", "preparation", "in_care", "over", "elsewhere")),
        ("officer", by.officer, decisions, (*PARTS, "all&page=40")),
        ("coordinator", by.coordinator, decisions, ("declined",)),
        ("officer of the host's country", by.officer_there, decisions, ("with_hosts", "all", "to_decide")),
    ):
        key = "tab" if page == worklist else "part"
        sorts = ("", "&sort=filed") if reader is by.officer else ("",)
        for query in (f"?{key}={tab}{sort}" for tab in tabs for sort in sorts):
            yield _got(f"{who}: {page}{query}", reader, page + query)
        # A coordinator looks where the officer does.
        for text in TEXTS if reader is not by.coordinator else ():
            part = {"part": "all"} if page == decisions else {}
            yield _searched(f"{who}: {page} “{text}”", reader, page, {"q": text}, part)
    for query in ("", "?page=20"):
        yield _got(f"clinician: {find}{query}", by.clinician, find + query)
    for text, born in (*((text, "") for text in TEXTS), ("Familiaaaab", "1951")):
        asked = {"q": text, "born": born}
        yield _searched(f"clinician: {find} “{text}” {born}".rstrip(), by.clinician, find, asked, {})
    for reader, page in (
        (by.clinician, reverse("messages:inbox")),
        (by.officer, reverse("referrals:emergency_accesses")),
        (by.officer, reverse("patients:locked_lookups")),
        (by.clinician, f"{reverse('facilities:list')}?q=hospital"),
        *((by.auditor, reverse("web:audit") + query) for query in ("", "?page=20", "?part=disclosures")),
        *((by.auditor, f"{reverse('web:audit')}?part={part}&q=KZ-90-000120") for part in ("", "disclosures")),
        *((by.auditor, f"{reverse('web:audit')}?part={part}&q=Scale") for part in ("", "disclosures")),
    ):
        yield _got(f"{sorted(reader.actor.roles)[0]}: {page}", reader, page)


def _of_a_system(name: str, reader: Reader) -> Iterator[Question]:
    def got(path: str) -> Question:
        return _got(f"API of the {name} hospital: {path}", reader, f"/api/v1/{path}")

    yield from (got(f"referrals/{query}") for query in _REFERRALS)
    yield got("patients/")
    yield got("patients/?birth_date=1951-01-01")
    yield got("events/")
    for content in (
        {"identifier": "N10000400"},
        {"identifier": "+77050000120"},
        {"name": "Imiaaaac Familiaaaab", "birth_date": "1955"},
    ):
        yield Question(
            f"API of the {name} hospital: patients/search/ {' '.join(content.values())}",
            reader.actor,
            partial(_post, reader, "patients/search/", content),
        )
    if name == "large":
        yield from (got(path) for path in _DIRECTORY)
        # A second record of one person is looked for before a patient is registered.
        yield Question("API of the large hospital: register a patient", reader.actor, Registering(reader))


def _opened(by: Readers) -> Iterator[Question]:
    """The first of what a list shows."""
    for who, reader, system, states, address in (
        ("clinician", by.clinician, by.large, ("sent", "closed"), "referrals:detail"),
        ("officer", by.officer, by.large, ("in_review",), "referrals:decide"),
        ("officer", by.officer, by.large, ("closed",), "referrals:detail"),
        ("desk", by.desk, by.host, ("sent", "in_care"), "referrals:detail"),
    ):
        for state in states:
            for key in _first(system, f"referrals/?limit=1&state={state}"):
                page = reverse(address, args=[key])
                yield _got(f"{who}: {address} {state}", reader, page)
                yield _got(f"API: referrals/… {state}", system, f"/api/v1/referrals/{key}/")
    for key in _first(by.large, "patients/?limit=1"):
        yield _got("clinician: patients:detail", by.clinician, reverse("patients:detail", args=[key]))
        yield _got("API: patients/…", by.large, f"/api/v1/patients/{key}/")


class Registering:
    """Registers somebody new, whose name many have, each time that it is called."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.number = 0

    def __call__(self) -> Any:
        self.number += 1
        letters = "".join(chr(ord("a") + int(digit)) for digit in str(self.number))
        given: dict[str, Any] = {
            "family_name": "Familiaaaab",
            "given_name": f"Zhyldyz{letters}",
            "sex": "female",
        }
        given |= {"birth_date": "1951-03-02", "citizenship_status": "not_known", "is_synthetic": True}
        return _post(self.reader, "patients/", given)


def _first(reader: Reader, path: str) -> list[str]:
    return [row["id"] for row in reader.http.get(f"/api/v1/{path}").json()["results"]]


def _got(name: str, reader: Reader, path: str) -> Question:
    return Question(name, reader.actor, partial(reader.http.get, path))


def _searched(name: str, reader: Reader, page: str, asked: dict[str, str], part: dict[str, str]) -> Question:
    """A search is posted, and what it found has an address then."""
    query = "?" + "&".join(f"{key}={value}" for key, value in part.items()) if part else ""
    answer = reader.http.post(page + query, asked)
    assert answer.status_code == 302, (name, answer.status_code)
    return _got(name, reader, answer["Location"])


def _post(reader: Reader, path: str, content: dict[str, Any]) -> Any:
    return reader.http.post(f"/api/v1/{path}", json.dumps(content), content_type="application/json")
