"""A person whose every word is known goes all ways through the portal, and turns up in no place where nobody may be."""

import io
import json
import logging
import re
import smtplib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.channels.email import transport
from core.logs import WithoutContent
from core.outbox import work
from core.outbox.messages import words_of
from core.outbox.models import Job, Message
from patients import access
from patients.models import Patient
from referrals import actions
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.factories.patients import make_patient, person
from tests.factories.sign_ins import signed_in_as

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]

NUMBER = ("passport", "KZ", "CANARY778812")
SAID = {
    "family_name": "Канареева",
    "given_name": "Кенарь",
    "patronymic": "Желтопёровна",
    "address": "Canary street 4417",
    "phone": "+77017734417",
    "email": "canary4417@example.org",
    "next_of_kin_name": "Canarykin Ovna",
    "next_of_kin_phone": "+77017734418",
}
CLINICAL = "canaryectomy"
CANARIES = (
    *SAID.values(),
    "Kanareeva",
    "KANAREEVA",
    "kanareeva",
    NUMBER[2],
    CLINICAL,
    "7734417",
    "canary4417",
)
#: What is written down about doings; names stand in the patient's own tables alone.
TRACES = r"^(audit|outbox|feed|api|disclosure|accounts|django|oauth2|sealed|kept)_"


def told(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text or canary in unquote(text)]


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What a process of the portal would have written to its log."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(WithoutContent("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.setLevel(level)
    root.handlers[:] = handlers


def traces() -> str:
    """Every row of the tables about doings, as the database writes it."""
    rows = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~ %s", [TRACES]
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def addresses_in(page: str) -> str:
    return " ".join(re.findall(r'(?:href|action|src|data-[a-z-]*url)="([^"]*)"', page))


def test_a_canary_sings_nowhere(
    world: World, logged: io.StringIO, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SMS_DIR = tmp_path
    clinician = world.actor("clinician_kz")
    api, stranger = make_api(world.korday), make_api(world.taraz)
    number = dict(zip(("system", "country", "value"), NUMBER, strict=True))
    sent = json.loads(json.dumps(person(country="KZ", **SAID, identifiers=[number]), default=str))
    kin = {
        name.removeprefix("next_of_kin_"): sent.pop(name)
        for name in list(sent)
        if name.startswith("next_of_kin_")
    }
    sent["next_of_kin"] = kin
    district = sent.pop("residence_district", None)
    del district

    # By the API: what is refused names fields, not what was in them.
    refused = [
        api.post("patients/", {**sent, "sex": SAID["family_name"], "unknown_field": SAID["email"]}),
        api.post("patients/", json.dumps(sent)[:-20]),
        api.get(f"patients/?system=passport&identifier={NUMBER[2]}"),
        api.call("PUT", "patients/", sent),
        api.get(f"patients/{NUMBER[2]}/"),
        stranger.post(
            "patients/link/", {"identifier": number, "birth_date": "1931-01-01", "ground": {"kind": "x"}}
        ),
    ]
    assert {answer.status_code for answer in refused} <= {400, 404, 405, 409, 422}
    assert [answer.content.decode() for answer in refused if told(answer.content.decode())] == []

    patient = make_patient(clinician, **SAID, identifiers=[NUMBER])
    silent = make_patient(clinician, **{**SAID, "email": "", "phone": "+77017734419"}, identifiers=[])
    assert told(api.get(f"patients/{patient.pk}/").content.decode()), "else nothing is proven"
    found = api.post(
        "patients/search/", {"name": SAID["family_name"], "birth_date": str(patient.birth_date), "limit": 1}
    )
    assert found.status_code == 200
    assert not told(json.dumps([found.data.get("next"), found.data.get("next_cursor")]))

    # By pages: a search leads to an address that tells nothing, and so does every link beside what is shown.
    browser = signed_in_as(world.users["clinician_kz"])
    browser.raise_request_exception = False
    moved = browser.post(reverse("patients:find"), {"q": f"{SAID['family_name']} {SAID['given_name']}"})
    assert moved.status_code == 302
    assert not told(moved["Location"])
    for url in (moved["Location"], reverse("patients:detail", args=[patient.pk])):
        page = browser.get(url).content.decode()
        assert told(page)
        assert not told(addresses_in(page)), url
    for url in (f"/patients/{NUMBER[2]}/", f"/{SAID['phone']}", f"/referrals/?q={SAID['phone']}"):
        answer = browser.get(url)
        assert answer.status_code != 200 or not told(addresses_in(answer.content.decode()))
        shown = answer.content.decode().replace(url, "")  # the way back, to where the asker was
        assert answer.status_code == 200 or not told(shown), url

    # A fault of the portal's own, whose words quote everything.
    def fault(*_args: Any, **_more: Any) -> None:
        raise RuntimeError(f"{SAID!r} {SAID['family_name']} {SAID['phone']} {NUMBER[2]} '{CLINICAL}'")

    with monkeypatch.context() as broken:
        broken.setattr(access, "get_whole", fault)
        broken.setattr(access, "get_visible", fault)
        failed = [browser.get(reverse("patients:detail", args=[patient.pk]))]
        api.http.raise_request_exception = False
        failed.append(api.get(f"patients/{patient.pk}/"))
    assert [answer.status_code for answer in failed] == [500, 500]
    assert not told("".join(answer.content.decode() for answer in failed))

    # A whole case; the first letters to the patient are refused by a server that repeats the address.
    words = {"clinical_reason": f"{CLINICAL} advised", "service": CLINICAL, "goal": CLINICAL}
    with monkeypatch.context() as broken:

        def refuse(letter: Any) -> None:
            raise smtplib.SMTPRecipientsRefused({letter.address: (450, f"no {letter.address} here".encode())})

        broken.setattr(transport, "send", refuse)
        referral = make.make_in_care(world, patient=patient, **words)
        make.make_sent(world, patient=silent, **words)
        work.drain()
    Job.objects.filter(finished_at=None).update(next_attempt_at=timezone.now() - timedelta(minutes=1))
    summary = {**make.summary(), "care_given": CLINICAL, "outcome": CLINICAL, "advice": CLINICAL}
    actions.discharge(referral.pk, by=make.desk_of(world, referral), **summary)
    work.drain()
    assert any(SAID["email"] in letter.to for letter in mail.outbox)
    for letter in mail.outbox:
        assert not told(
            f"{letter.subject}\n{letter.body}\n{letter.from_email}\n{letter.message()['Reply-To']}"
        )
    texts = [json.loads(path.read_text("utf-8")) for path in tmp_path.glob("*.json")]
    assert texts, "the second patient has a telephone alone"
    assert not told(json.dumps([text["text"] for text in texts], ensure_ascii=False))
    for message in Message.objects.all():
        told_people = words_of(message, "ru")
        assert not told(f"{told_people.subject} {told_people.body} {message.link}")
    for each in (api, stranger, make_api(world.bishkek)):
        assert not told(each.get("events/").content.decode())

    log = logged.getvalue()
    assert "RuntimeError" in log
    assert "SMTPRecipientsRefused" in log
    assert not told(log)
    assert not told(traces())
    assert Patient.objects.filter(family_name=SAID["family_name"]).count() == 2
    assert isinstance(browser, Client)
