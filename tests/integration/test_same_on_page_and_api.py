"""Form by form, each bad value goes to the page and to the API: both refuse it, at the same field."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from patients.models import Consent, Coverage, Identifier, Patient
from referrals.models import Appointment
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.factories.patients import make_patient
from tests.integration.filing_pages import day, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
BORN = date(1990, 1, 1)
LONG = "x" * 5000
HIDDEN = "Те\u200bст"
#: What is typed on the page, what is sent instead, and the two names of the field that both find wrong.
Row = tuple[dict[str, Any], dict[str, Any], str, str]


def same(name: str, *values: Any, api: str = "") -> list[Row]:
    """A text that both call by the same name; `api` where that is `group.name`."""
    group, _dot, part = api.partition(".")
    return [
        ({name: value}, {group: {part: value}} if part else {name: value}, name, api or name)
        for value in values
    ]


def on(name: str, *days: date, api: str = "") -> list[Row]:
    """A day of three boxes."""
    return [(day(name, value), {api or name: value.isoformat()}, name, api or name) for value in days]


def compare(
    rows: list[Row], page: Callable[[dict[str, Any]], Any], api: Callable[[dict[str, Any]], Any]
) -> None:
    """Send each to both; tell of every difference at once."""
    wrong = []
    for typed, sent, field, name in rows:
        shown, refused = page(typed), api(sent)
        errors = set(shown.context["form"].errors) if shown.status_code == 422 else {f"{shown.status_code}"}
        named = {error["field"] for error in (refused.data or {}).get("errors", [])}
        # A stay that begins too late ends too late; a list's item may be named by its part.
        found = name in named or any(one.startswith(f"{name}.") for one in named)
        if (shown.status_code, refused.status_code) != (422, 422) or errors != {field} or not found:
            wrong.append(
                f"{str(typed)[:80]} / {str(sent)[:80]}: page {errors}, API {refused.status_code} {named}"
            )
    assert not wrong, "\n".join(wrong)


def today() -> date:
    return timezone.localdate()


def number(system: str, value: str, country: str = "", until: date | None = None, *, at: str) -> Row:
    """A number in the second row of the page's form, and as the only one of the API's."""
    typed = {"number1_system": system, "number1_value": value, "number1_country": country}
    typed |= day("number1_expires_on", until) if until else {}
    sent: dict[str, Any] = {"system": system, "value": value, **({"country": country} if country else {})}
    if until:
        sent["expires_on"] = until.isoformat()
    return typed, {"identifiers": [sent]}, "number1_value", at


def cover(at: str, **terms: Any) -> Row:
    typed: dict[str, Any] = {}
    for name, value in terms.items():
        typed |= day(f"coverage_{name}", value) if isinstance(value, date) else {f"coverage_{name}": value}
    sent = {name: value.isoformat() if isinstance(value, date) else value for name, value in terms.items()}
    return typed, {"coverage": sent}, f"coverage_{at}", f"coverage.{at}"


PERSON: list[Row] = [
    *same("family_name", "x" * 101, LONG, HIDDEN, "Тест1", "Тeст", "名前", "-", "no", "не знаю"),
    *same("given_name", "x" * 101, HIDDEN, "12", "?", "No", "жоқ"),
    *same("patronymic", "x" * 101, HIDDEN, "нет", "No", "N/A"),
    *on("birth_date", date(1879, 12, 31)),
    *same("sex", "", "other"),
    *same("address", "x" * 301, HIDDEN, "нет", "-", "0", "123", "maʼlumot yoʻq"),
    *same("phone", "12", "+7701", "0000000000", "call me", "нет", "-", "0", HIDDEN, "+7 701 234 56 78, 79"),
    *same("email", "nobody", "a@b", "a" * 250 + "@example.org", "a b@example.org", "нет@mail.kz"),
    *same("preferred_language", "fr", ""),
    *same("next_of_kin_name", "x" * 201, HIDDEN, "никто", "7", api="next_of_kin.name"),
    *same("next_of_kin_relation", "x" * 101, HIDDEN, "...", "xxx", api="next_of_kin.relation"),
    *same("next_of_kin_phone", "12", api="next_of_kin.phone"),
    ({"citizenship": "Narnia"}, {"citizenships": ["NA1"]}, "citizenship", "citizenships.0"),
    (
        {"citizenship_status": "stateless", "citizenship": "KZ"},
        {"citizenship_status": "stateless", "citizenships": ["KZ"]},
        "citizenship",
        "citizenships",
    ),
    (
        {"citizenship_status": "known", "citizenship": ""},
        {"citizenship_status": "known", "citizenships": []},
        "citizenship",
        "citizenships",
    ),
    ({"citizenship_status": "alien"}, {"citizenship_status": "alien"}, "citizenship_status", "citizenship_status"),
]  # fmt: skip


@pytest.fixture
def born_tomorrow() -> list[Row]:
    return on("birth_date", today() + timedelta(days=1), date(2199, 1, 1))


def person(**more: Any) -> dict[str, Any]:
    return {
        "family_name": "Тестов",
        "given_name": "Пациент",
        "sex": "male",
        "preferred_language": "ru",
        **more,
    }


def test_registering(world: World, born_tomorrow: list[Row]) -> None:
    browser, api = signed_in(world), make_api(world.korday)
    fund, start = str(world.funds["KZ"].pk), today()
    own = {"valid_from": start, "source": "stated"}

    def page(typed: dict[str, Any]) -> Any:
        return browser.post(reverse("patients:register"), person(**day("birth_date", BORN)) | typed)

    def send(sent: dict[str, Any]) -> Any:
        return api.post("patients/", person(birth_date=BORN.isoformat()) | sent)

    rows = [
        *PERSON,
        *born_tomorrow,
        number("kz-iin", "900101399017", at="identifiers.0"),
        number("kz-iin", "000000000000", at="identifiers.0"),
        number("kz-iin", "9001013990", at="identifiers.0"),
        *(number("passport", text, "KZ", at="identifiers.0") for text in ("N" * 41, "не знаю")),
        number("passport", "N1234567", at="identifiers.0"),
        number("passport", "N1234567", "KZ", date(1900, 1, 1), at="identifiers.0"),
        number("passport", "N1234567", "KZ", date(2199, 1, 1), at="identifiers.0"),
        number("kz-iin", "900101399016", "", date(2030, 1, 1), at="identifiers.0"),
        cover("fund", kind="insurance", **own),
        cover("country", kind="private", **own),
        cover("valid_to", kind="self", valid_to=start - timedelta(days=1), **own),
        cover("number", kind="private", country="KZ", number="x" * 41, **own),
        cover("number", kind="private", country="KZ", number="жоқ", **own),
        cover("number", kind="private", country="KZ", number=HIDDEN, **own),
        cover("source", kind="self", valid_from=start, source="hearsay"),
        cover("kind", kind="charity", **own),
    ]
    wrong_country = cover("country", kind="insurance", country="UZ", **own)
    wrong_country[0]["coverage_fund"] = fund
    wrong_country[1]["coverage"]["fund"] = world.funds["KZ"].code
    compare([*rows, wrong_country], page, send)
    assert not Patient.objects.exists()
    # What the one takes the other takes: the question about a second record is all that stands between.
    assert page({"phone": "8 (701) 234-56-78", "email": " a@example.org "}).status_code == 302
    taken = send({"phone": "8 (701) 234-56-78", "email": " a@example.org ", "duplicate_checked": True})
    assert taken.status_code == 201
    assert {(one.phone, one.email) for one in Patient.objects.all()} == {("+77012345678", "a@example.org")}
    assert Patient.objects.count() == 2


def test_changing_the_record(world: World, born_tomorrow: list[Row]) -> None:
    patient = make_patient(world.actor("clinician_kz"), birth_date=BORN, citizenships=["KZ"])
    browser, api = signed_in(world), make_api(world.korday)
    url = reverse("patients:edit", args=[patient.pk])

    def page(typed: dict[str, Any]) -> Any:
        said = person(version=patient.version, citizenship="KZ", **day("birth_date", BORN))
        return browser.post(url, said | typed)

    def send(sent: dict[str, Any]) -> Any:
        return api.patch(f"patients/{patient.pk}/", sent, If_Match=f'"{patient.version}"')

    known = [row for row in PERSON if row[0].get("citizenship_status") != "alien"]
    death = on("deceased_on", today() + timedelta(days=1), BORN - timedelta(days=1), date(1879, 1, 1))
    compare([*known, *born_tomorrow, *death], page, send)
    # An estimate doesn't let somebody die before they were born either.
    typed, sent, *_names = on("deceased_on", BORN - timedelta(days=400))[0]
    guess = {"birth_date_estimated": True}
    compare(
        [({**typed, "birth_date_estimated": "on"}, sent | guess, "deceased_on", "deceased_on")], page, send
    )
    assert Patient.objects.get(pk=patient.pk).version == patient.version


def test_numbers_consents_and_coverages(world: World) -> None:
    # The numbers below are a man's: there is something to ask about, once nothing is wrong.
    patient = make_patient(world.actor("clinician_kz"), birth_date=BORN, sex="female")
    browser, api = signed_in(world), make_api(world.korday)
    had = [kind.objects.count() for kind in (Identifier, Consent, Coverage)]

    def both(name: str, path: str, good: dict[str, Any], rows: list[Row]) -> None:
        typed: dict[str, Any] = {}
        for field, value in good.items():
            typed |= day(field, value) if isinstance(value, date) else {field: value}
        content = {
            key: value.isoformat() if isinstance(value, date) else value for key, value in good.items()
        }
        url = reverse(f"patients:{name}", args=[patient.pk])
        compare(
            rows,
            lambda change: browser.post(url, typed | change),
            lambda change: api.post(f"patients/{patient.pk}/{path}/", content | change),
        )

    both(
        "identifier_add",
        "identifiers",
        {"system": "passport", "country": "KZ", "value": "N1234567"},
        [
            *same("value", "", "0000000", "N" * 41, "ABC", HIDDEN),
            *same("system", "", "moon-card", "temporary"),
            ({"country": ""}, {"country": ""}, "country", "country"),
            ({"country": "Narnia"}, {"country": "N1"}, "country", "country"),
            *on("expires_on", date(1900, 1, 1), date(2199, 1, 1)),
            ({"system": "kz-iin", "value": "900101399016", **day("expires_on", date(2030, 1, 1))},
             {"system": "kz-iin", "value": "900101399016", "expires_on": "2030-01-01"}, "expires_on", "expires_on"),
        ],
    )  # fmt: skip
    start = today()
    both(
        "consent",
        "consents",
        {"purpose": "treatment", "recipient_country": "KG", "valid_from": start,
         "valid_to": start + timedelta(days=30), "how": "written", "kinds": ["care", "contact"]},
        [
            *same("purpose", "", "fun"),
            *same("recipient_country", "", "KZ", "FR"),
            *same("how", "", "telepathy"),
            *same("given_by", "x" * 201, HIDDEN, "нет", "0"),
            *on("valid_to", start - timedelta(days=1), date(2199, 1, 1)),
            ({"how": "representative"}, {"how": "representative"}, "given_by", "given_by"),
        ],
    )  # fmt: skip
    both(
        "coverage",
        "coverages",
        {"kind": "private", "country": "KZ", "valid_from": start, "source": "document", "checked_on": start},
        [
            *same("kind", "", "charity"),
            *same("country", "", "FR"),
            *same("number", "x" * 41, "000000", HIDDEN, "нет", "-", "0"),
            *same("source", "", "hearsay"),
            *on("checked_on", start + timedelta(days=1)),
            *on("valid_to", start - timedelta(days=1)),
            ({"kind": "insurance"}, {"kind": "insurance"}, "fund", "fund"),
        ],
    )
    assert [kind.objects.count() for kind in (Identifier, Consent, Coverage)] == had


def test_appointments(world: World) -> None:
    referral = make.make_sent(world)
    browser, api = signed_in(world, "host_desk_kg"), make_api(world.bishkek)
    url = reverse("referrals:step", args=[referral.pk, "accept"])
    zone = referral.host_zone
    first = timezone.localdate(timezone=zone) + timedelta(days=3)

    def typed(start: date = first, **changes: Any) -> dict[str, Any]:
        return {
            "version": referral.version,
            **day("start_date", start),
            "start_time": "9:00",
            "days": "5",
        } | changes

    def sent(start: date = first, stay: timedelta = timedelta(days=5), **changes: Any) -> dict[str, Any]:
        at = datetime.combine(start, time(9), tzinfo=zone)
        return {"starts_at": at.isoformat(), "ends_at": (at + stay).isoformat()} | changes

    yesterday, far = first - timedelta(days=4), date(2199, 1, 1)
    end = {"days": "", **day("end_date", first), "end_time": "8:00"}
    rows: list[Row] = [
        (typed(yesterday), sent(yesterday), "start_date", "starts_at"),
        (typed(far), sent(far), "start_date", "starts_at"),
        (typed(days="0"), sent(stay=timedelta(0)), "days", "ends_at"),
        (typed(days="181"), sent(stay=timedelta(days=181)), "days", "ends_at"),
        (typed(**end), sent(stay=timedelta(hours=-1)), "end_date", "ends_at"),
        *(
            (typed(**{name: text}), sent(**{name: text}), name, name)
            for name in ("place", "note")
            for text in ("x" * 501, HIDDEN, "нет", "-")
        ),
    ]
    had = Appointment.objects.count()
    compare(
        rows,
        lambda change: browser.post(url, change),
        lambda change: api.step(referral, "accept", change),
    )
    assert Appointment.objects.count() == had
    assert api.step(referral, "accept", sent()).status_code == 200
