"""A record that another hospital made: who has no ground learns nothing of it, and who has one the least."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.audit.models import AuditRow
from core.outbox import work
from core.outbox.models import Message
from disclosure.models import Disclosure
from facilities.models import Membership
from patients.models import (
    Identifier,
    LookupBudget,
    Patient,
    Registration,
)
from patients.synthetic import synthetic_person
from tests.clock import WEDNESDAY, Clock
from tests.counting import statements
from tests.factories.api import Api, make_api
from tests.factories.facilities import World, make_member, make_world_with_cast
from tests.integration.patient_forms import signed_in
from tests.integration.test_api_directing import person, registered

pytestmark = pytest.mark.in_turn

NUMBER = {"system": "passport", "country": "KZ", "value": "N12345678"}
GROUND = {"kind": "consent", "how": "written"}


def iin(n: int) -> dict[str, str]:
    system, _country, value = synthetic_person(n, "KZ")["identifiers"][0]
    return {"system": system, "value": value}


def shape(content: Any) -> Any:
    """The keys and types of an answer, without its values."""
    if isinstance(content, dict):
        return {name: shape(value) for name, value in content.items()}
    if isinstance(content, list):
        return [shape(value) for value in content]
    return type(content).__name__


def asked(api: Api, path: str, content: Any) -> tuple[Any, list[str]]:
    """The answer, and the statements that it cost without their values."""
    with CaptureQueriesContext(connection) as captured:
        answer = api.post(path, content)
    return answer, [" ".join(sql.split()[:3]) for sql in statements(captured)]


@pytest.mark.django_db
def test_a_number_that_another_hospital_knows_makes_no_difference_without_a_ground(world: World) -> None:
    home, stranger = make_api(world.korday), make_api(world.taraz)
    registered(home)
    unheard = NUMBER | {"value": "N87654321"}
    asked(stranger, "patients/", person(identifiers=[], given_name="Первая"))  # what a process reads once
    found = [
        asked(stranger, "patients/", person(identifiers=[number], given_name=name, birth_date=born))
        for number, name, born in (
            (NUMBER, "Анна", "1990-02-03"),
            (NUMBER | {"value": "N87654320"}, "Берта", "1970-02-03"),
        )
    ]
    (hit, of_hit), (miss, of_miss) = found
    assert (hit.status_code, miss.status_code) == (201, 201), miss.data
    assert shape(hit.data) == shape(miss.data)
    assert of_hit == of_miss
    assert hit.data["version"] == 1
    # A number that is added later, the search, and a second name of the same day neither.
    own = stranger.post(
        "patients/", person(identifiers=[], given_name="Цецилия", birth_date="1960-01-01")
    ).data["id"]
    Identifier.objects.filter(recorder_id=world.taraz.pk).delete()
    (hit, of_hit), (miss, of_miss) = (
        asked(stranger, f"patients/{own}/identifiers/", number)
        for number in (NUMBER, unheard | {"system": "health-card"})
    )
    assert (hit.status_code, miss.status_code) == (201, 201), (hit.data, miss.data)
    assert shape(hit.data) == shape(miss.data)
    assert of_hit == of_miss
    with CaptureQueriesContext(connection) as of_hit:  # type: ignore[assignment]
        assert len(stranger.post("patients/search/", {"identifier": "N12345678"}).data["results"]) == 1, (
            "their own alone"
        )
    with CaptureQueriesContext(connection) as of_miss:  # type: ignore[assignment]
        assert stranger.post("patients/search/", {"identifier": "N87654329"}).data["results"] == []
    assert abs(len(of_hit) - len(of_miss)) <= 3, (
        "the row that is shown with its numbers, and the facility's own"
    )
    assert not Disclosure.objects.filter(what="patients.lookup").exists()


@pytest.mark.django_db
def test_one_number_of_a_kind_before_anything_is_looked_up(world: World) -> None:
    stranger = make_api(world.taraz)
    ten = [iin(number) for number in range(10)]
    refused, asked_for = asked(stranger, "patients/", person(identifiers=ten))
    assert refused.status_code == 422
    assert {error["field"] for error in refused.data["errors"]} == {f"identifiers.{n}" for n in range(1, 10)}
    assert not [sql for sql in asked_for if "patients_" in sql]
    assert (
        asked(stranger, "patients/link/", {"identifier": ten, "birth_date": "1990-02-03"})[0].status_code
        == 422
    )
    page = signed_in(world, "outsider").post(
        reverse("patients:register"),
        {f"number{n}_{part}": ten[n][part] for n in range(3) for part in ("system", "value")},
    )
    assert page.status_code == 422
    assert "This kind of number was entered twice." in page.content.decode()


@pytest.mark.django_db
@pytest.mark.in_turn
def test_guessing_finds_nobody_and_stops_until_a_person_unlocks(
    world: World, settings: Any, clock: Clock
) -> None:
    clock.set(WEDNESDAY)
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    home, guesser = make_api(world.korday), make_api(world.bishkek)
    registered(home)
    known = {"identifier": NUMBER, "birth_date": "1990-02-03", "ground": GROUND}
    # Ten numbers at once are refused unread; one by one they are counted, and more than enough change nothing.
    for first in range(0, 100, 10):
        ten = [iin(number) for number in range(first, first + 10)]
        assert guesser.post("patients/", person(identifiers=ten, ground=GROUND)).status_code == 422
    assert not LookupBudget.objects.exists()
    answers = [guesser.post("patients/link/", known | {"identifier": iin(number)}) for number in range(60)]
    assert [one.status_code for one in answers[:21]] == [422] * 20 + [429]
    assert {one.status_code for one in answers[21:]} == {429}
    assert len({json.dumps(shape(one.data)) for one in answers[:20]}) == 1
    assert {one.data["code"] for one in answers[20:]} == {"lookups_locked"}
    # Who is locked learns nothing from a number that is right, by no way in, and no window opens it.
    clock.go_on(timedelta(days=40))
    assert make_api(world.bishkek).post("patients/", person(identifiers=[NUMBER])).status_code == 201
    fresh = make_api(world.bishkek)
    assert fresh.post("patients/link/", known | {"identifier": iin(1)}).status_code == 422, (
        "another client goes on"
    )
    row = LookupBudget.objects.get(scope="client", locked_at__isnull=False)
    assert row.failed == 20
    refused = AuditRow.objects.filter(action="patient.link_refused")
    assert set(refused.values_list("country", flat=True)) == {"KG", "KZ"}, "the asking one's and the number's"
    rows = [*refused, *Disclosure.objects.filter(what="patients.lookup")]
    assert len(rows) == 21 * 3
    assert not [one for one in rows if iin(1)["value"] in json.dumps(one.__dict__, default=str)]
    # A person unlocks with a reason: the organisation's administrator, or an officer of its country.
    make_member("admin_kg", world.bishkek.organisation, "administrator")
    make_member("admin_kz", world.taraz.organisation, "administrator")
    world.users |= {
        name: Membership.objects.get(user__username=name).user for name in ("admin_kg", "admin_kz")
    }
    work.drain()
    url = reverse("patients:unlock_lookups", args=[row.pk])
    assert Message.objects.filter(user=world.users["officer_kg"], channel="inbox", link=url).exists()
    for name, status in (("clinician_kg", 403), ("admin_kz", 404), ("officer_kz", 404)):
        assert signed_in(world, name).post(url, {"reason": "Let me."}).status_code == status, name
    admin = signed_in(world, "admin_kg")
    assert url in admin.get(reverse("patients:locked_lookups")).content.decode()
    assert admin.post(url, {"reason": " "}).status_code == 422
    assert LookupBudget.objects.get(pk=row.pk).locked_at is not None
    assert admin.post(url, {"reason": "A test of the new system."}).status_code == 302
    unlocked = AuditRow.objects.get(action="patient.lookups_unlocked")
    assert unlocked.details["reason"] == "A test of the new system."
    assert admin.post(url, {"reason": "Twice."}).status_code == 404


@pytest.mark.django_db
def test_a_registration_with_a_ground_is_counted_as_a_look_up_too(world: World, settings: Any) -> None:
    settings.LOOKUP_FAILURES = {"client": 3, "account": 3, "organisation": 100}
    home, stranger = make_api(world.korday), make_api(world.taraz)
    patient, _consent = registered(home)

    def sent(number: dict[str, str], **more: Any) -> dict[str, Any]:
        return person(identifiers=[number], ground=GROUND, duplicate_checked=True, **more)

    linked = stranger.post("patients/", sent(NUMBER, phone="+7 701 000 00 09"))
    assert (linked.status_code, linked.data["id"]) == (201, patient)
    assert linked.data["phone"] == ""
    # In vain it registers, and counts; a number of one's own patient does neither.
    assert stranger.post("patients/", sent(iin(1))).status_code == 201
    assert stranger.post("patients/", sent(iin(1))).status_code == 422
    assert [stranger.post("patients/", sent(iin(n))).status_code for n in (2, 4)] == [201, 201]
    assert stranger.post("patients/", sent(iin(3))).status_code == 429
    assert stranger.post("patients/", person(identifiers=[iin(3)], duplicate_checked=True)).status_code == 201
    # On a page the account is counted.
    page, form = signed_in(world, "outsider"), {"system": "kz-iin", "ground_kind": "emergency"}
    born = {"birth_date_day": "1", "birth_date_month": "2", "birth_date_year": "1990"}
    form |= born | {"ground_reason": "Unconscious."}
    statuses = [
        page.post(reverse("patients:link"), form | {"value": iin(number)["value"]}) for number in range(5)
    ]
    assert [one.status_code for one in statuses] == [422] * 3 + [429] * 2
    assert "Too many look-ups from here found nobody" in statuses[-1].content.decode()


def test_three_hospitals_with_a_ground_in_one_second_make_one_record(transactional_db: None) -> None:
    world = make_world_with_cast()
    apis = [make_api(one) for one in (world.korday, world.taraz, world.bishkek)]
    sent = person(ground=GROUND, duplicate_checked=True)
    barrier, statuses = threading.Barrier(6), []

    def register(number: int) -> None:
        barrier.wait(10)
        try:
            statuses.append(apis[number % 3].post("patients/", sent).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Patient.objects.count() == 1, statuses
    assert Registration.objects.count() == 3
    assert set(statuses) <= {201, 422}
