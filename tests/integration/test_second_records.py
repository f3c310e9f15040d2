"""One person, one record: two clerks at once, and an unknown patient who becomes somebody known."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from patients.actions import register_patient
from patients.blind import with_number
from patients.models import Identifier, Patient, Registration
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World, make_world_with_cast
from tests.integration.filing_pages import signed_in
from tests.integration.patient_forms import answers as form_answers
from tests.integration.patient_forms import day

BORN = date(1985, 7, 6)


def person(**changes: Any) -> dict[str, Any]:
    return {
        "family_name": "Тестова",
        "given_name": "Двойня",
        "birth_date": BORN.isoformat(),
        "sex": "female",
        "is_synthetic": True,
        **changes,
    }


def at_once(tasks: list[Callable[[], Any]]) -> list[Any]:
    """What each gives, all begun in the same moment, each with a connection of its own."""
    start, answers = threading.Barrier(len(tasks)), []

    def run(task: Callable[[], Any]) -> None:
        start.wait()
        try:
            answers.append(task())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(tasks)
    return answers


def test_twelve_clerks_in_one_second_make_one_record(transactional_db: None) -> None:
    """By name, by number, at two hospitals, by page, with the same Idempotency-Key and with others."""
    world = make_world_with_cast()
    apis = [make_api(world.korday) for _ in range(2)]
    answers = at_once([lambda api=apis[n % 2]: api.post("patients/", person()) for n in range(12)])
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 11]
    assert Patient.objects.filter(birth_date=BORN).count() == 1
    # Somebody who looked may register a namesake of the same day.
    assert apis[0].post("patients/", person(duplicate_checked=True)).status_code == 201

    # The same number, by systems of two hospitals, of whom half say that they have looked.
    apis = [make_api(world.korday), make_api(world.taraz)]
    iin = {"identifiers": [{"system": "kz-iin", "value": "900101399016"}], "birth_date": "1990-01-01"}

    def send(n: int) -> Any:
        said = person(family_name="Номер" + "абвгде"[n % 6], duplicate_checked=n % 4 < 2, **iin)
        return apis[n % 2].post("patients/", said, Idempotency_Key=f"clerk-{n}")

    answers = at_once([lambda n=n: send(n) for n in range(12)])
    codes = {(answer.status_code, answer.data.get("code")) for answer in answers}
    # One at each: that the other hospital has the number, too, is nobody's to learn without a ground.
    assert [answer.status_code for answer in answers].count(201) == 2
    assert codes <= {(201, None), (409, "likely_duplicate"), (422, "invalid")}
    taken = [answer.data["errors"] for answer in answers if answer.status_code == 422]
    assert {(error["field"], error["code"]) for errors in taken for error in errors} <= {
        ("identifiers.0", "identifier_taken")
    }
    own = Identifier.objects.filter(with_number("kz-iin", "900101399016")).values_list(
        "recorder_id", flat=True
    )
    assert sorted(own) == sorted([world.korday.pk, world.taraz.pk])

    # The same request twelve times: what was answered once, or that it is still being worked on.
    said = person(
        identifiers=[{"system": "passport", "country": "KZ", "value": "N1234567"}], birth_date="1980-01-01"
    )
    send_same = lambda: apis[0].post("patients/", said, Idempotency_Key="the-same")  # noqa: E731
    answers = at_once([send_same] * 12)
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {answer.data["code"] for answer in answers if answer.status_code == 409} <= {"request_in_progress"}
    assert len({answer.data["id"] for answer in answers if answer.status_code == 201}) == 1
    assert send_same().status_code == 201
    assert Identifier.objects.filter(with_number("passport", "N1234567")).count() == 1

    # By page: half of them the same form, sent twice and more.
    number = {
        "number0_system": "kz-iin",
        "number0_value": "910101399018",
        **day("birth_date", date(1991, 1, 1)),
    }
    browsers = [signed_in(world) for _ in range(8)]
    forms = [form_answers(browsers[0], **number)] * 4 + [form_answers(one, **number) for one in browsers[4:]]
    shown = at_once([lambda n=n: browsers[n].post(reverse("patients:register"), forms[n]) for n in range(8)])
    patient = Identifier.objects.get(with_number("kz-iin", "910101399018")).patient_id
    page = reverse("patients:detail", args=[patient])
    for answer in shown:
        clear = answer["Location"] == page if answer.status_code == 302 else page in answer.content.decode()
        assert clear, answer.status_code
    assert Patient.objects.count() == 6


@pytest.mark.django_db
def test_who_becomes_known_as_somebody_known_is_asked_about(world: World) -> None:
    clinician = world.actor("clinician_kz")
    known = make.make_patient(world, clinician, family_name="Тестова", given_name="Двойня", birth_date=BORN)
    unknown = register_patient(
        by=clinician,
        is_unknown=True,
        sex="female",
        preferred_language="ru",
        description="Found at the crossing.",
    )
    browser, url = signed_in(world), reverse("patients:edit", args=[unknown.pk])
    sent = {
        "version": unknown.version,
        "identified": "on",
        "family_name": "Тестова",
        "given_name": "Двойня",
        "sex": "female",
        "preferred_language": "ru",
        **day("birth_date", BORN),
    }
    asked = browser.post(url, sent)
    assert asked.status_code == 200
    assert [one.patient.pk for one in asked.context["found"].here] == [known.pk]
    assert reverse("patients:detail", args=[known.pk]) in asked.content.decode()
    unknown.refresh_from_db()
    assert unknown.is_unknown
    # The API asks the same, once.
    api = make_api(world.korday)
    path, etag = f"patients/{unknown.pk}/", api.get(f"patients/{unknown.pk}/")["ETag"]
    said = person(is_unknown=False)
    refused = api.patch(path, said, If_Match=etag)
    assert (refused.status_code, refused.data["code"]) == (409, "likely_duplicate")
    assert [row["id"] for row in refused.data["candidates"]] == [str(known.pk)]
    # A "yes" to that question saves; one to another question doesn't.
    assert browser.post(url, sent | {"confirmed": "another"}).status_code == 200
    assert browser.post(url, sent | {"confirmed": asked.context["asked"]}).status_code == 302
    unknown.refresh_from_db()
    assert (unknown.is_unknown, unknown.family_name) == (False, "Тестова")
    # What changes neither name nor day asks nothing.
    etag = api.get(path)["ETag"]
    assert api.patch(path, {"phone": "+7 799 000 00 01"}, If_Match=etag).status_code == 200


@pytest.mark.django_db
def test_the_patient_s_page_shows_the_referrals_and_a_new_one_says_that_one_is_under_way(
    world: World,
) -> None:
    clinician = world.actor("clinician_kz")
    patient = make.make_patient(world, clinician)
    page, start = (
        reverse("patients:detail", args=[patient.pk]),
        f"{reverse('referrals:start')}?patient={patient.pk}",
    )
    browser = signed_in(world)
    assert "No referral was filed for this patient." in browser.get(page).content.decode()
    assert "under way" not in browser.get(start).content.decode()
    referral = make.make_in_review(world, patient=patient)
    link = reverse("referrals:detail", args=[referral.pk])
    assert link in browser.get(page).content.decode()
    begun = browser.get(start).content.decode()
    assert "A referral of this patient is under way" in begun
    assert link in begun
    # A colleague of another hospital that knows the patient learns nothing of this one's referral.
    Registration.objects.create(patient=patient, facility=world.taraz)
    other = signed_in(world, "outsider")
    assert other.get(page).status_code == 200
    assert link not in other.get(page).content.decode()
    assert "under way" not in other.get(start).content.decode()
