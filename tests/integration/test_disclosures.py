"""Whoever is shown a patient's data stands in the ledger: each page and answer is tried with a marked patient."""

from collections.abc import Iterator
from functools import partial
from types import ModuleType
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, path, reverse

from core.accounts.middleware import actor_of
from core.audit.models import AuditRow
from disclosure.models import Disclosure
from patients.access import visible_patients
from patients.models import Consent, Patient
from portal.web.disclosure_words import WHAT
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.integration.addresses import PARTS, address, addresses, people, things

__all__ = ["things"]  # the fixture
pytestmark = pytest.mark.django_db
MARK = "Zzyzxmarked"
#: Where somebody is shown a patient, at the least: a walk that never met one would prove nothing.
SHOWN_AT_LEAST = {
    "api:patients",
    "api:patient",
    "api:patient_consent",
    "api:referrals",
    "api:referral",
    "patients:find",
    "patients:detail",
    "patients:edit",
    "patients:consent",
    "patients:consent_withdraw",
    "patients:coverage",
    "patients:identifier_add",
    "patients:identifier_remove",
    "referrals:decide",
    "referrals:decisions",
    "referrals:desk",
    "referrals:detail",
    "referrals:file_page",
    "referrals:start",
    "referrals:step",
    "referrals:worklist",
}


@pytest.fixture
def marked(world: World, things: dict[str, Any]) -> None:
    """The patient of everything that the addresses speak of has a name that nothing else has."""
    make.make_sent(world)
    make.make_in_care(world)
    Patient.objects.update(family_name=MARK, name_key=MARK.lower(), search_key=MARK.lower())
    consent = Consent.objects.get(pk=things["consent"])
    consent.pk, consent.given_by = None, MARK
    consent.save(force_insert=True)
    things["consent"] = consent.pk


def shows_one(response: Any) -> bool:
    """Whether an answer shows a marked patient."""
    return MARK in response.content.decode(errors="replace")


def untold(response: Any) -> bool:
    """Whether an answer shows a marked patient and the ledger has no row for its request that names one."""
    rows = Disclosure.objects.filter(request_id=response["X-Request-ID"])
    named = Patient.objects.filter(pk__in=[one for row in rows for one in row.patients], family_name=MARK)
    return shows_one(response) and not named.exists()


def walk(who: dict[str, Any], part: str, things: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """The answer of every address to everybody, with the names of both."""
    patterns = dict(addresses(get_resolver()))
    for name in PARTS[part]:
        url = address(name, patterns[name], things)
        if name == "referrals:start":
            url += f"?patient={things['patient']}"
        for person, get in who.items():
            with transaction.atomic():
                response = get(url)
                noted = Disclosure.objects.filter(request_id=response["X-Request-ID"])
                assert set(noted.values_list("what", flat=True)) <= set(WHAT), "a code without words"
                yield name, person, response
                transaction.set_rollback(True)


@pytest.mark.in_turn
def test_no_page_shows_a_patient_without_a_row(world: World, things: dict[str, Any], marked: None) -> None:
    who = {name: client.get for name, client in people(world).items()}
    shown, wrong = set(), []
    for name, person, response in walk(who, "pages", things):
        if shows_one(response):
            shown.add(name)
        if untold(response):
            wrong.append(f"{name} to {person}")
    assert not wrong
    assert shown >= {name for name in SHOWN_AT_LEAST if not name.startswith("api:")}


@pytest.mark.in_turn
def test_no_answer_of_the_api_shows_a_patient_without_a_row(
    world: World, things: dict[str, Any], marked: None
) -> None:
    who = {"session": people(world)["clinician"].get}
    for name, facility in (
        ("directing", world.korday),
        ("host", world.bishkek),
        ("stranger", world.taraz),
    ):
        api = make_api(facility)
        who[name] = partial(api.http.get, headers={"Authorization": f"Bearer {api.token}"})
    shown, wrong = set(), []
    for name, person, response in walk(who, "api", things):
        if shows_one(response):
            shown.add(name)
        if untold(response):
            wrong.append(f"{name} to {person}")
    assert not wrong
    assert shown >= {name for name in SHOWN_AT_LEAST if name.startswith("api:")}


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def forgetful(request: HttpRequest) -> HttpResponse:
    """A view as it must not be: it shows the patients that its reader may see, and notes nothing."""
    return HttpResponse(", ".join(patient.full_name for patient in visible_patients(actor_of(request))))


def test_a_page_that_forgets_the_row_is_found(
    world: World, things: dict[str, Any], marked: None, settings: Any
) -> None:
    urls = ModuleType("urls_with_a_forgetful_page")
    urls.urlpatterns = [path("forgetful/", forgetful), *get_resolver().url_patterns]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = urls
    clinician = signed_in(world, "clinician_kz")
    planted = clinician.get("/forgetful/")
    assert shows_one(planted)
    assert untold(planted)
    assert not untold(clinician.get("/referrals/"))


def test_a_list_is_one_row_with_its_patients(world: World) -> None:
    own = [make.make_in_review(world).patient_id for _number in range(3)]
    clinician, host = signed_in(world, "clinician_kz"), signed_in(world, "host_desk_kg")
    clinician.get("/referrals/?tab=others")
    row = Disclosure.objects.get()
    assert (row.what, row.subject_id, row.clinical) == ("referrals.worklist", "", True)
    assert set(row.patients) == set(own)
    assert (row.country, row.countries, row.basis) == ("KZ", ["KZ"], ["own_patient"])
    # A list that shows nobody discloses nothing.
    host.get("/referrals/desk/")
    assert Disclosure.objects.count() == 1
    sent = make.make_sent(world)
    host.get("/referrals/desk/")
    row = Disclosure.objects.first()  # type: ignore[assignment]
    assert (row.what, row.patients, row.basis) == ("referrals.desk", [sent.patient_id], ["consent"])
    assert (row.country, row.countries) == ("KG", ["KG", "KZ"])


def test_the_ministry_s_readings_have_their_own_purpose(world: World) -> None:
    referral = make.make_in_review(world)
    url = f"/referrals/{referral.pk}/"
    signed_in(world, "officer_kz").get(url)
    row = Disclosure.objects.get()
    assert (row.purpose, row.basis, row.clinical) == ("authorisation", ["public_duty"], True)
    signed_in(world, "officer_kg").get(url)
    row = Disclosure.objects.first()  # type: ignore[assignment]
    assert (row.purpose, row.basis, row.clinical, row.patients) == ("oversight", ["public_duty"], False, [])


def test_who_only_acts_is_shown_nothing_until_the_page_comes_back(world: World) -> None:
    referral = make.make_sent(world)
    desk = signed_in(world, "host_desk_kg")
    step = reverse("referrals:step", args=[referral.pk, "decline"])
    version = {"version": referral.version}
    missing = desk.post(step, version)
    assert missing.status_code == 422
    assert Disclosure.objects.get().patients == [referral.patient_id]
    done = desk.post(step, version | {"reason_code": "no_capacity", "reason_text": "Full."})
    assert done.status_code == 302
    assert Disclosure.objects.count() == 1


def test_a_refusal_that_shows_patients_is_noted_although_it_is_undone(world: World) -> None:
    known = make.make_patient(world, world.actor("clinician_kz"))
    api = make_api(world.korday)
    person = {
        "family_name": known.family_name,
        "given_name": known.given_name,
        "birth_date": str(known.birth_date),
        "sex": known.sex,
    }
    refused = api.post("patients/", person)
    assert (refused.status_code, refused.data["code"]) == (409, "likely_duplicate")
    row = Disclosure.objects.get(what="patients.duplicates")
    assert row.patients == [known.pk]
    assert row.purpose == "identification"
    # A search is noted though it finds nobody: asking is an act too.
    assert api.get("patients/?name=Nobody&birth_date=1901-01-01").data["results"] == []
    assert Disclosure.objects.get(what="patients.search").patients == []


def test_what_one_has_just_written_is_no_disclosure_and_what_one_leaves_out_neither(world: World) -> None:
    draft = make.make_draft(world)
    api = make_api(world.korday)
    made = api.post("referrals/", {"patient": str(draft.patient_id)})
    assert made.status_code == 201
    assert api.get("referrals/?fields=id,state").status_code == 200
    assert not Disclosure.objects.exists()
    api.get("referrals/?fields=id,diagnosis")
    assert Disclosure.objects.get().what == "referrals.list"


def test_the_ledger_is_only_ever_added_to(world: World) -> None:
    signed_in(world, "officer_kz").get(f"/referrals/{make.make_in_review(world).pk}/")
    row = Disclosure.objects.get()
    for change in (lambda: row.delete(), lambda: Disclosure.objects.update(what="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Disclosure.objects.get().what == row.what
    assert not [field.name for field in Disclosure._meta.get_fields() if field.is_relation]


def test_the_auditor_reads_who_was_shown_what(world: World) -> None:
    referral = make.make_sent(world)
    signed_in(world, "host_desk_kg").get(f"/referrals/{referral.pk}/")

    def page(name: str, **query: str) -> Any:
        return signed_in(world, name).get("/audit/", {"part": "disclosures", **query})

    for auditor in ("auditor_kz", "auditor_kg"):  # the patient's country and the reader's
        text = page(auditor).content.decode()
        assert "Test host_desk_kg" in text
        assert str(referral.pk) in text
        assert referral.patient.family_name not in text
    # What concerns one country alone is for its auditors alone.
    signed_in(world, "officer_kz").get(f"/referrals/{referral.pk}/")
    assert "Test officer_kz" in page("auditor_kz").content.decode()
    assert "Test officer_kz" not in page("auditor_kg").content.decode()
    assert page("officer_kz").status_code == 403
    for wanted in (str(referral.patient_id), str(referral.pk), "host_desk", "referrals.case", "A referral"):
        assert len(page("auditor_kz", q=wanted).context["page"].items) >= 1, wanted
    assert "No row fits your search." in page("auditor_kz", q="<script>").content.decode()
    assert not AuditRow.objects.filter(action__endswith=".read").exists(), "one ledger, not two"
