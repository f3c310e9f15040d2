"""The patients pages through Django's client: finding, registering, asking, recording; who may, and bad input."""

import gzip
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from patients import actions
from patients.cleaning import clean_person
from patients.models import Consent, Coverage, Identifier, Patient, Registration
from tests.factories.facilities import World
from tests.factories.patients import make_consent, make_coverage, make_patient, person

pytestmark = pytest.mark.django_db

IIN, IIN_BORN = "900101399016", date(1990, 1, 1)


@pytest.fixture
def clinician(world: World) -> Client:
    return signed_in(world, "clinician_kz")


@pytest.fixture
def outsider(world: World) -> Client:
    return signed_in(world, "outsider")


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def day(name: str, value: date) -> dict[str, str]:
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year)}


def key_of(client: Client) -> str:
    page = client.get(reverse("patients:register")).content.decode()
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found.group(1)


def answers(client: Client, **changes: str) -> dict[str, str]:
    """A filled-in registration form of a synthetic man born on the day that the IIN says."""
    return {
        "key": key_of(client),
        "family_name": "Тестов",
        "given_name": "Пациент",
        "patronymic": "Первый",
        **day("birth_date", IIN_BORN),
        "sex": "male",
        "citizenship": "KZ",
        "number0_system": "kz-iin",
        "number0_value": IIN,
        "preferred_language": "ru",
        **changes,
    }


def register(client: Client, **changes: str) -> Any:
    return client.post(reverse("patients:register"), answers(client, **changes))


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def hidden_fields(response: Any) -> dict[str, str]:
    """The hidden fields of the last form of a page, as a browser would send them again."""
    form = response.content.decode().rpartition("<form")[2]
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: value for name, value in pairs if name != "csrfmiddlewaretoken"}


def test_a_patient_is_registered_and_shown(world: World, clinician: Client, outsider: Client) -> None:
    response = register(
        clinician,
        residence_district="KZ:314800000",
        residence_district_query="KZ Kordayskiy",
        residence_district_searched="KZ Kordayskiy",
        phone="8 799 000 00 01",
        coverage_kind="insurance",
        coverage_fund=str(world.funds["KZ"].pk),
        coverage_source="register",
        **day("coverage_valid_from", date(2026, 1, 1)),
    )
    patient = Patient.objects.get()
    url = reverse("patients:detail", args=[patient.pk])
    assert (response.status_code, response["Location"]) == (302, url)
    assert (patient.residence_district, patient.phone) == (world.units["korday"], "+77990000001")
    page = text_of(clinician.get(url))
    for words in (
        "Тестов Пациент Первый",
        IIN,
        "Kordayskiy",
        "Compulsory health insurance",
        "Korday district hospital",
    ):
        assert words in page
    assert f"{reverse('referrals:start')}?patient={patient.pk}" in page
    assert outsider.get(url).status_code == 404


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "name", ["officer_kz", "coordinator_kz", "host_desk_kg", "auditor_kz", "administrator"]
)
def test_other_roles_are_denied(world: World, clinician: Client, name: str) -> None:
    other = signed_in(world, name)
    patient = make_patient(world.actor("clinician_kz"))
    for url in pages_of(patient):
        assert clinician.get(url).status_code == 200, url
        assert other.get(url).status_code == 403, url
        assert Client().get(url).status_code == 302, url


def pages_of(patient: Patient) -> list[str]:
    plain = ("find", "register", "register_unknown", "link", "district_suggest")
    own = ("detail", "edit", "identifier_add", "consent", "coverage")
    number = patient.identifiers.get()
    return [
        *(reverse(f"patients:{name}") for name in plain),
        *(reverse(f"patients:{name}", args=[patient.pk]) for name in own),
        reverse("patients:identifier_remove", args=[patient.pk, number.pk]),
    ]


def test_every_page_of_another_facilitys_patient_is_404(
    world: World, clinician: Client, outsider: Client
) -> None:
    actor = world.actor("clinician_kz")
    patient = make_patient(actor)
    consent = make_consent(actor, patient, "KG")
    withdraw = reverse("patients:consent_withdraw", args=[patient.pk, consent.pk])
    for url in [*pages_of(patient)[5:], withdraw]:
        assert clinician.get(url).status_code == 200, url
        assert outsider.get(url).status_code == 404, url
        assert outsider.post(url, {"version": 1}).status_code in {404, 405}, url
    assert Consent.objects.filter(withdrawn_at__isnull=True).count() == 1


@pytest.mark.in_turn
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"number0_value": "900101399017"}, "The last digit doesn’t fit the others"),
        ({"number0_value": "90010139901"}, "An IIN has 12 digits."),
        ({"number0_value": "90010139901X"}, "The number may contain digits only."),
        ({"number0_value": "9001\u200b01399016"}, "invisible character"),
        (
            {"number1_system": "passport", "number1_value": "АN1234567", "number1_country": "KZ"},
            "Cyrillic letters",
        ),
        ({"number1_system": "passport", "number1_value": "TEST12345"}, "Choose the country that issued"),
        ({"number1_value": "TEST12345"}, "Choose what kind of number it is."),
        (
            {"number1_system": "kz-iin", "number1_value": "850706499020"},
            "This kind of number was entered twice.",
        ),
        ({"birth_date_day": "31", "birth_date_month": "2"}, "must be a real date"),
        ({"birth_date_year": "2999"}, "The date of birth lies in the future."),
        ({"family_name": "Тестoв"}, "mixes Cyrillic and Latin letters"),
        ({"family_name": "Тест\u200bов"}, "invisible character"),
        ({"family_name": "Т" * 10_000}, "too long"),
        ({"address": "у" * 10_000}, "too long"),
        ({"sex": "other"}, "Select a valid choice"),
        ({"phone": "12"}, "Enter a telephone number"),
        ({"residence_district_query": "Нигденет"}, "nothing was found"),
        ({"residence_district": "KZ:1", "residence_district_query": "KZ:1"}, "nothing was found"),
        ({"coverage_kind": "insurance", "coverage_source": "register"}, "Choose the fund that pays."),
    ],
)
def test_bad_input_names_the_error_and_keeps_what_was_typed(
    clinician: Client, changes: dict[str, str], message: str
) -> None:
    response = register(clinician, **changes)
    page = text_of(response)
    assert response.status_code == 422
    assert "There is a problem" in page
    assert message in page
    assert 'value="Пациент"' in page
    assert not Patient.objects.exists()
    assert register(clinician).status_code == 302


def test_searching_a_district_saves_nothing_and_keeps_the_answers(clinician: Client) -> None:
    response = register(clinician, residence_district_query="кордай", residence_district_search="1")
    page = text_of(response)
    assert response.status_code == 200
    assert 'value="KZ:314800000"' in page
    assert "There is a problem" not in page
    assert 'value="Тестов"' in page
    assert not Patient.objects.exists()
    suggested = clinician.get(reverse("patients:district_suggest"), {"q": "Қордай"}).json()["results"]
    assert [row["value"] for row in suggested] == ["KZ:314800000"]
    assert clinician.get(reverse("patients:district_suggest"), {"q": "\u200b"}).json() == {"results": []}


def test_soft_warnings_are_shown_before_saving_and_kept(clinician: Client) -> None:
    shown = register(clinician, **day("birth_date", date(1990, 1, 2)))
    assert shown.status_code == 200
    assert not Patient.objects.exists()
    assert "The number speaks of another date of birth" in text_of(shown)
    asked = re.search(r'name="confirmed" value="(\w+)"', shown.content.decode())
    assert asked
    fields = hidden_fields(shown)
    back = clinician.post(reverse("patients:register"), fields | {"back": "1"})
    assert 'value="Тестов"' in text_of(back)
    assert not Patient.objects.exists()
    assert clinician.post(reverse("patients:register"), fields | {"confirmed": "x"}).status_code == 200
    assert not Patient.objects.exists()
    saved = clinician.post(reverse("patients:register"), fields | {"confirmed": asked.group(1)})
    assert saved.status_code == 302
    assert Identifier.objects.get().warnings == ["birth_date_differs"]
    assert "The number speaks of another date of birth" in text_of(clinician.get(saved["Location"]))


def test_a_likely_duplicate_is_shown_and_can_be_put_aside(world: World, clinician: Client) -> None:
    known = make_patient(
        world.actor("clinician_kz"), family_name="Testov", given_name="Patsient", birth_date=IIN_BORN
    )
    shown = register(clinician)
    page = text_of(shown)
    assert "Is it one of these patients?" in page
    assert reverse("patients:detail", args=[known.pk]) in page
    assert "None of these: register a new patient" in page
    asked = re.search(r'name="confirmed" value="(\w+)"', shown.content.decode())
    assert asked
    saved = clinician.post(reverse("patients:register"), hidden_fields(shown) | {"confirmed": asked.group(1)})
    assert saved.status_code == 302
    assert Patient.objects.count() == 2


def test_a_duplicate_of_another_facility_is_never_shown_by_name(
    world: World, clinician: Client, outsider: Client
) -> None:
    make_patient(world.actor("clinician_kz"), family_name="Тестов", given_name="Пациент", birth_date=IIN_BORN)
    assert register(outsider).status_code == 302
    assert "Is it one of these patients?" in text_of(register(clinician, number0_value="", number0_system=""))


def test_the_same_number_at_the_own_facility_leads_to_the_patient(world: World, clinician: Client) -> None:
    register(clinician)
    shown = register(clinician, family_name="Другой", given_name="Совсем")
    page = text_of(shown)
    assert reverse("patients:detail", args=[Patient.objects.get().pk]) in page
    assert "A number belongs to one patient only." in page
    assert 'name="confirmed"' not in page


def test_a_number_known_elsewhere_is_offered_only_with_the_right_birth_date(
    world: World, clinician: Client, outsider: Client
) -> None:
    register(clinician)
    patient = Patient.objects.get()
    other_date = day("birth_date", date(1990, 1, 2))
    refused = register(outsider, **other_date)
    if refused.status_code == 200:  # the soft warning is asked about first
        asked = re.search(r'name="confirmed" value="(\w+)"', refused.content.decode())
        assert asked
        assert "another facility" not in text_of(refused)
        refused = outsider.post(
            reverse("patients:register"), hidden_fields(refused) | {"confirmed": asked.group(1)}
        )
    assert refused.status_code == 422
    assert "already belongs to another patient" in text_of(refused)
    assert "Первый" in text_of(refused)
    assert "Korday district hospital" not in text_of(refused)

    offered = register(outsider)
    page = text_of(offered)
    assert "Register this patient at your facility" in page
    assert "Korday district hospital" not in page
    assert str(patient.pk) not in page
    linked = outsider.post(
        reverse("patients:link"),
        {"system": "kz-iin", "country": "KZ", "value": IIN, **day("birth_date", IIN_BORN)},
    )
    assert linked["Location"] == reverse("patients:detail", args=[patient.pk])
    assert Registration.objects.count() == 2
    assert Patient.objects.count() == 1


def test_linking_with_a_wrong_birth_date_says_nothing(
    world: World, clinician: Client, outsider: Client
) -> None:
    register(clinician)
    sent = {"system": "kz-iin", "value": IIN}
    wrong = outsider.post(reverse("patients:link"), sent | day("birth_date", date(1991, 1, 1)))
    unknown = outsider.post(
        reverse("patients:link"), {"system": "kz-iin", "value": "850706499020", **day("birth_date", IIN_BORN)}
    )
    assert wrong.status_code == unknown.status_code == 422
    sentence = "No patient with this number and this date of birth is known."
    assert sentence in text_of(wrong)
    assert sentence in text_of(unknown)
    assert outsider.post(reverse("patients:link"), sent | day("birth_date", IIN_BORN)).status_code == 302


def test_the_same_form_sent_twice_registers_once(clinician: Client, outsider: Client) -> None:
    sent = answers(clinician, number0_system="", number0_value="")
    first = clinician.post(reverse("patients:register"), sent)
    second = clinician.post(reverse("patients:register"), sent)
    assert first["Location"] == second["Location"]
    assert Patient.objects.count() == 1
    assert "Nothing was saved twice." in text_of(clinician.get(second["Location"]))
    assert (
        outsider.post(reverse("patients:register"), sent).status_code == 302
    )  # their own patient, not this one
    assert Patient.objects.count() == 2


def test_an_unknown_patient_in_an_emergency(clinician: Client) -> None:
    url = reverse("patients:register_unknown")
    assert clinician.post(url, {"sex": "unknown", "age": "old", "description": "x"}).status_code == 422
    made = clinician.post(url, {"sex": "female", "age": "40", "description": "Found at the crossing"})
    page = text_of(clinician.get(made["Location"]))
    for words in ("Unknown patient", "Identity not known", "about 40 years", "TMP-", "Found at the crossing"):
        assert words in page
    patient = Patient.objects.get()
    assert (patient.is_unknown, patient.birth_date_estimated) == (True, True)


def edited(patient: Patient, **changes: str) -> dict[str, str]:
    assert patient.birth_date is not None
    return {
        "version": str(patient.version),
        "family_name": patient.family_name,
        "given_name": patient.given_name,
        "patronymic": patient.patronymic,
        **day("birth_date", patient.birth_date),
        "sex": patient.sex,
        "citizenship": "KZ",
        "preferred_language": "ru",
        "phone": patient.phone,
        "email": patient.email,
        "next_of_kin_name": patient.next_of_kin_name,
        **changes,
    }


def test_editing_in_two_tabs_loses_nothing(world: World, clinician: Client) -> None:
    actor = world.actor("clinician_kz")
    patient = make_patient(actor)
    url = reverse("patients:edit", args=[patient.pk])
    actions.update_patient(by=actor, patient_id=patient.pk, expected_version=1, address="Street 1")
    conflict = clinician.post(url, edited(patient, address="Street 2"))
    page = text_of(conflict)
    assert conflict.status_code == 412
    assert "Somebody changed this patient’s record" in page
    assert "Street 1" in page
    assert 'value="Street 2"' in page
    assert 'name="version" value="2"' in page
    patient.refresh_from_db()
    assert patient.address == "Street 1"
    assert clinician.post(url, edited(patient, address="Street 2")).status_code == 302
    patient.refresh_from_db()
    assert (patient.address, patient.version) == ("Street 2", 3)


def test_an_edit_that_makes_a_number_disagree_asks_first(world: World, clinician: Client) -> None:
    patient = make_patient(world.actor("clinician_kz"))
    url = reverse("patients:edit", args=[patient.pk])
    other = "male" if patient.sex == "female" else "female"
    shown = clinician.post(url, edited(patient, sex=other))
    assert shown.status_code == 200
    assert "another sex" in text_of(shown)
    asked = re.search(r'name="confirmed" value="(\w+)"', shown.content.decode())
    assert asked
    assert clinician.post(url, edited(patient, sex=other, confirmed=asked.group(1))).status_code == 302
    assert Identifier.objects.get().warnings == ["sex_differs"]
    patient.refresh_from_db()
    assert clinician.post(url, edited(patient, family_name="Тестoв")).status_code == 422


def consent_form(**changes: str) -> dict[str, str]:
    today = timezone.localdate()
    return {
        "purpose": "treatment",
        "recipient_country": "KG",
        **day("valid_from", today),
        **day("valid_to", today + timedelta(days=90)),
        "how": "written",
        **changes,
    }


def test_consent_is_recorded_returns_to_the_filing_and_can_be_withdrawn(
    world: World, clinician: Client
) -> None:
    patient = make_patient(world.actor("clinician_kz"))
    url = reverse("patients:consent", args=[patient.pk])
    back = reverse("referrals:start") + f"?patient={patient.pk}"
    assert "checked" in text_of(clinician.get(url, {"country": "KG", "next": back}))
    recorded = clinician.post(url, consent_form(next=back))
    assert recorded["Location"] == back
    consent = Consent.objects.get()
    assert consent.recorded_by_label == "Test clinician_kz, Korday district hospital"

    page = text_of(clinician.get(reverse("patients:detail", args=[patient.pk])))
    withdraw = reverse("patients:consent_withdraw", args=[patient.pk, consent.pk])
    assert "Valid" in page
    assert withdraw in page
    assert clinician.get(withdraw).status_code == 200
    assert not Consent.objects.get().withdrawn_at
    assert clinician.post(withdraw).status_code == 302
    assert Consent.objects.get().withdrawn_at
    assert clinician.post(withdraw).status_code == 409
    assert "Withdrawn" in text_of(clinician.get(reverse("patients:detail", args=[patient.pk])))


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_next_never_leaves_the_portal(world: World, clinician: Client, target: str) -> None:
    patient = make_patient(world.actor("clinician_kz"))
    response = clinician.post(reverse("patients:consent", args=[patient.pk]), consent_form(next=target))
    assert response["Location"] == reverse("patients:detail", args=[patient.pk])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"recipient_country": "KZ"}, "Select a valid choice"),
        ({"recipient_country": ""}, "Country that receives the data: choose one."),
        ({"valid_to_year": "2001"}, "The consent ends before it begins."),
        ({"how": "representative"}, "Enter the representative’s name"),
        ({"given_by": "x" * 10_000}, "too long"),
    ],
)
def test_bad_consent_is_refused(
    world: World, clinician: Client, changes: dict[str, str], message: str
) -> None:
    patient = make_patient(world.actor("clinician_kz"))
    url = reverse("patients:consent", args=[patient.pk])
    response = clinician.post(url, consent_form(**changes))
    assert response.status_code == 422
    assert message in text_of(response)
    assert not Consent.objects.exists()
    assert clinician.post(url, consent_form()).status_code == 302


def test_coverage_is_recorded_once(world: World, clinician: Client) -> None:
    patient = make_patient(world.actor("clinician_kz"))
    url = reverse("patients:coverage", args=[patient.pk])
    sent = {
        "kind": "insurance",
        "fund": str(world.funds["KZ"].pk),
        **day("valid_from", date(2026, 1, 1)),
        "source": "register",
        **day("checked_on", timezone.localdate()),
    }
    assert clinician.post(url, sent | {"fund": ""}).status_code == 422
    assert clinician.post(url, sent).status_code == clinician.post(url, sent).status_code == 302
    assert Coverage.objects.count() == 1


def test_numbers_are_added_with_warnings_shown_and_removed(world: World, clinician: Client) -> None:
    patient = make_patient(world.actor("clinician_kz"), birth_date=IIN_BORN, sex="male", identifiers=[])
    url = reverse("patients:identifier_add", args=[patient.pk])
    assert clinician.post(url, {"system": "kz-iin", "value": "900101399017"}).status_code == 422
    wrong = {"system": "uz-pinfl", "value": "30101909999993"}
    shown = clinician.post(url, wrong)
    assert shown.status_code == 200
    assert "The last digit doesn’t fit" in text_of(shown)
    asked = re.search(r'name="confirmed" value="(\w+)"', shown.content.decode())
    assert asked
    assert clinician.post(url, wrong | {"confirmed": asked.group(1)}).status_code == 302
    number = patient.identifiers.get(system="uz-pinfl")
    remove = reverse("patients:identifier_remove", args=[patient.pk, number.pk])
    assert clinician.post(remove, {"reason": ""}).status_code == 422
    assert clinician.post(remove, {"reason": "typing_error"}).status_code == 302
    assert clinician.post(remove, {"reason": "typing_error"}).status_code == 404


def find(client: Client, q: str, **more: str) -> str:
    return text_of(client.post(reverse("patients:find"), {"q": q, **more}))


def test_finding_by_number_and_by_name_in_either_script(
    world: World, clinician: Client, outsider: Client
) -> None:
    known = make_patient(world.actor("clinician_kz"), family_name="Қордаева", given_name="Әсел")
    url = reverse("patients:detail", args=[known.pk])
    value = known.identifiers.get().value
    for q in ("Korday", "қордаева әсел", "Qordayva", value, f"{value[:6]} {value[6:]}"):
        assert url in find(clinician, q), q
        assert url not in find(outsider, q), q
    assert known.birth_date is not None
    assert url in find(clinician, "korday", **day("born", known.birth_date))
    assert url not in find(clinician, "korday", **day("born", date(1901, 1, 1)))
    assert "Name or number: fill this in." in find(clinician, "")
    nothing = find(clinician, "Нетникого")
    assert "No patient of your facility was found" in nothing
    assert reverse("patients:register") in nothing
    assert "invisible character" in find(clinician, "Қор\u200bдай")
    assert "too long" in find(clinician, "x" * 10_000)
    assert "must be a real date" in find(clinician, "", born_day="31", born_month="2", born_year="1990")


def queries(client: Client, url: str, data: dict[str, str] | None = None) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        response = client.post(url, data) if data else client.get(url)
    assert response.status_code == 200
    return len(caught)


def make_many(world: World, first: int, last: int) -> None:
    """Rows as `register_patient` makes them, in bulk."""
    patients, numbers = [], []
    for n in range(first, last):
        given = person(n, "KZ", citizenship="KZ", residence_district=world.units["korday"].pk)
        values, errors = clean_person(given, country="KZ")
        assert not errors
        patients.append(Patient(**values))
        (system, country, value), *_rest = given["identifiers"]
        numbers.append(Identifier(patient=patients[-1], system=system, country_id=country, value=value))
    Patient.objects.bulk_create(patients)
    Identifier.objects.bulk_create(numbers)
    Registration.objects.bulk_create(Registration(patient=one, facility=world.korday) for one in patients)


@pytest.mark.in_turn
def test_finding_takes_the_same_queries_from_10_to_1000_patients(world: World, clinician: Client) -> None:
    url = reverse("patients:find")
    make_many(world, 1, 11)
    few = [
        queries(clinician, url),
        queries(clinician, url, {"q": "Тестов"}),
        queries(clinician, url, {"q": IIN}),
    ]
    make_many(world, 11, 1001)
    many = [
        queries(clinician, url),
        queries(clinician, url, {"q": "Тестов"}),
        queries(clinician, url, {"q": IIN}),
    ]
    assert few == many
    assert max(many) <= 8, many


def test_the_name_index_serves_the_search(world: World) -> None:
    make_many(world, 1, 200)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM patients_patient WHERE name_key LIKE '%kordaeva%'")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "patient_name_key_trgm" in plan


def test_pages_are_light(world: World, clinician: Client) -> None:
    actor = world.actor("clinician_kz")
    make_many(world, 1, 25)
    patient = Patient.objects.order_by("created_at")[0]
    make_consent(actor, patient, "KG")
    make_coverage(actor, patient, world.funds["KZ"].pk)
    number = patient.identifiers.get()
    urls = [*pages_of(patient), reverse("patients:identifier_remove", args=[patient.pk, number.pk])]
    for url in urls:
        size = len(gzip.compress(clinician.get(url).content))
        assert size <= 15_000, (url, size)


def test_a_patients_page_takes_a_constant_number_of_queries(world: World, clinician: Client) -> None:
    actor = world.actor("clinician_kz")
    patient = make_patient(actor)
    url = reverse("patients:detail", args=[patient.pk])
    before = queries(clinician, url)
    for index in range(5):
        make_consent(actor, patient, "KG", valid_to=timezone.localdate() + timedelta(days=index))
        make_coverage(actor, patient, world.funds["KZ"].pk, number=str(index))
        actions.add_identifier(
            by=actor, patient_id=patient.pk, system="passport", country="KZ", value=f"TEST000{index}"
        )
    assert queries(clinician, url) <= before + 3  # the countries and funds of rows that weren't there
    assert before <= 15


def test_rare_parts_of_the_form_are_folded_until_they_hold_something(world: World, clinician: Client) -> None:
    fold = re.compile(r'<details class="[^"]*"( open)?>\s*<summary><h2>([\w ]+?) <')
    shown = clinician.get(reverse("patients:register")).content.decode()
    assert fold.findall(shown) == [("", "More numbers"), ("", "Next of kin"), ("", "Coverage")]
    wrong = {"number1_value": "TEST12345", "coverage_kind": "insurance", "coverage_source": "register"}
    page = register(clinician, **wrong).content.decode()
    assert fold.findall(page) == [(" open", "More numbers"), ("", "Next of kin"), (" open", "Coverage")]
    patient = make_patient(world.actor("clinician_kz"), next_of_kin_name="Тестова")
    edit = clinician.get(reverse("patients:edit", args=[patient.pk])).content.decode()
    assert fold.findall(edit) == [(" open", "Next of kin"), ("", "Death")]
