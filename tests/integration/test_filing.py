"""Filing a referral page by page: what is kept, what is refused, and that nothing typed is lost."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from patients import actions as patient_actions
from patients.models import Consent
from referrals import actions
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.facilities import World

PAGES = ("care", "diagnosis", "time", "evidence", "where", "payer", "consent", "check")


def signed_in(world: World, name: str = "clinician_kz") -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def page(draft: Referral, step: str, query: str = "") -> str:
    return reverse("referrals:file_page", args=[draft.pk, step]) + query


def fresh(draft: Referral) -> Referral:
    return Referral.objects.get(pk=draft.pk)


def day(name: str, value: date) -> dict[str, int]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def new_draft(world: World) -> Referral:
    by = world.actor("clinician_kz")
    make.make_agreement()
    return actions.start_draft(patient_id=make.make_patient(world, by).pk, by=by)


def answers(world: World) -> dict[str, dict[str, Any]]:
    """What a clinician posts on each page."""
    today = timezone.localdate()
    return {
        "care": {
            "specialty": world.specialties["cardiac_surgery"].pk,
            "service": "Mitral valve repair",
            "care_mode": "inpatient",
        },
        "diagnosis": {
            "diagnosis": "I34.0",
            "diagnosis_query": "I34.0",
            "diagnosis_searched": "I34.0",
            "clinical_reason": "Severe mitral insufficiency.",
            "goal": "Repair before heart failure.",
        },
        "time": {
            "priority": "urgent",
            **day("needed_by", today + timedelta(days=30)),
            "needed_by_reason": "The specialist’s limit.",
            "triage_note": "",
        },
        "evidence": {
            **day("dated_on", today - timedelta(days=5)),
            "author": "Test cardiologist",
            "text": "Repair advised.",
        },
        "where": {"host_facility": world.bishkek.pk},
        "payer": {
            "payer": "fund",
            "payer_note": "",
            "estimate_amount": "412 000,50",
            "estimate_currency": "KGS",
        },
        "consent": {
            "answer": "new",
            "how": "written",
            "given_by": "",
            **day("valid_from", today),
            **day("valid_to", today + timedelta(days=180)),
        },
    }


def send(client: Client, draft: Referral, step: str, data: dict[str, Any], query: str = "") -> Any:
    return client.post(page(draft, step, query), {"version": fresh(draft).version, **data})


def test_a_referral_is_filed_page_by_page(world: World) -> None:
    make.make_agreement()
    client = signed_in(world)
    patient = make.make_patient(world, world.actor("clinician_kz"))
    start = reverse("referrals:start")
    assert "Begin the referral" in client.get(f"{start}?patient={patient.pk}").content.decode()
    answer = client.post(start, {"patient": patient.pk})
    draft = Referral.objects.get()
    assert answer["Location"] == page(draft, "care")
    client.post(start, {"patient": patient.pk})
    assert Referral.objects.count() == 1, "the same button pressed twice begins one draft"

    for step, data in answers(world).items():
        shown = client.get(page(draft, step))
        assert shown.status_code == 200
        assert "Nothing is sent until the last page." in shown.content.decode()
        answer = send(client, draft, step, data)
        assert answer.status_code == 302, step
        assert answer["Location"] == page(draft, PAGES[PAGES.index(step) + 1])
    draft = fresh(draft)
    assert draft.state == "draft"
    assert draft.number is None
    assert draft.crossing == world.akzhol
    assert (draft.distance_km, draft.host_country_id) == (81, "KG")
    assert str(draft.estimate_amount) == "412000.50"
    assert draft.consent == Consent.objects.get()
    check = client.get(page(draft, "check")).content.decode()
    for text in ("Mitral valve repair", "I34.0", "Repair advised.", "National Hospital", "File the referral"):
        assert text in check
    assert "answers are missing" not in check

    filed = client.post(reverse("referrals:submit", args=[draft.pk]), {"version": draft.version})
    assert filed["Location"] == reverse("referrals:detail", args=[draft.pk])
    draft = fresh(draft)
    assert draft.state == "submitted"
    assert draft.number
    assert draft.number.startswith("KZ-")
    again = client.post(reverse("referrals:submit", args=[draft.pk]), {"version": draft.version}, follow=True)
    assert again.status_code == 200
    assert "was filed already" in again.content.decode()
    assert fresh(draft).number == draft.number
    assert client.get(page(draft, "care"))["Location"] == reverse("referrals:detail", args=[draft.pk])
    assert send(client, draft, "care", answers(world)["care"]).status_code == 302
    assert fresh(draft).version == draft.version


@pytest.mark.in_turn
def test_only_the_own_facilitys_clinicians_file(world: World) -> None:
    draft = make.make_draft(world)
    post = answers(world)["care"]
    expected = {
        "clinician_kz": 200,
        "outsider": 404,
        "officer_kz": 404,
        "host_desk_kg": 404,
        "clinician_kg": 404,
        "administrator": 404,
        "auditor_kz": 404,
    }
    for name, status in expected.items():
        client = signed_in(world, name)
        for step in ("care", "check"):
            assert client.get(page(draft, step)).status_code == status, (name, step)
        if status != 200:
            assert send(client, draft, "care", post).status_code == status
            assert client.post(reverse("referrals:submit", args=[draft.pk])).status_code == status
            assert client.post(reverse("referrals:autosave", args=[draft.pk, "care"])).status_code == status
    assert fresh(draft).version == draft.version
    filed = make.make_in_review(world)
    for name, status in (("officer_kz", 403), ("coordinator_kz", 403), ("outsider", 404)):
        assert signed_in(world, name).get(page(filed, "care")).status_code == status, name


def test_the_beginning_needs_a_patient_of_the_own_facility(world: World) -> None:
    start = reverse("referrals:start")
    patient = make.make_patient(world, world.actor("clinician_kz"))
    client = signed_in(world)
    without = client.get(start).content.decode()
    assert reverse("patients:find") in without
    assert reverse("patients:register") in without
    for name, status in (("outsider", 404), ("officer_kz", 403), ("host_desk_kz", 403)):
        other = signed_in(world, name)
        assert other.get(f"{start}?patient={patient.pk}").status_code == status, name
        assert other.post(start, {"patient": patient.pk}).status_code == status, name
    assert client.post(start).status_code == 422, "as any form that lacks an answer"
    assert client.post(start, {"patient": "not-a-number"}).status_code == 404
    assert not Referral.objects.exists()
    assert client.post(start, {"patient": patient.pk}).status_code == 302


@pytest.mark.parametrize("step", ["nonsense", "submit", "check-"])
def test_a_page_that_does_not_exist_is_not_found(world: World, step: str) -> None:
    draft = new_draft(world)
    client = signed_in(world)
    assert client.get(page(draft, step)).status_code == 404
    assert client.post(reverse("referrals:autosave", args=[draft.pk, step])).status_code == 404
    assert client.get(page(draft, "care")).status_code == 200


#: page → (what is posted wrongly, the sentence that says so)
BAD: dict[str, list[tuple[dict[str, Any], str]]] = {
    "care": [
        ({"specialty": "999999"}, "Specialty: choose one of the answers on this page."),
        ({"specialty": ""}, "Specialty: choose one."),
        ({"care_mode": "by_post"}, "Form of care: choose one of the answers on this page."),
        ({"service": "Valve\u200b repair"}, "U+200B"),
        ({"service": "x" * 10_000}, "it has 10000 characters and may have at most 200"),
    ],
    "diagnosis": [
        (
            {"diagnosis": "Z99.99", "diagnosis_query": "Z99.99", "diagnosis_searched": "Z99.99"},
            "nothing was found",
        ),
        ({"diagnosis": "", "diagnosis_query": "", "diagnosis_searched": ""}, "Diagnosis: search for it"),
        ({"clinical_reason": "ж" * 10_000}, "it has 10000 characters and may have at most 4000"),
        ({"goal": "Repair\u202e"}, "U+202E"),
    ],
    "time": [
        ({"priority": "yesterday"}, "Priority: choose one of the answers on this page."),
        ({"needed_by_day": 31, "needed_by_month": 2}, "Needed by must be a real date."),
        ({"needed_by_year": 1999}, "Needed by must be"),
        ({"needed_by_day": "", "needed_by_month": "", "needed_by_year": ""}, "Needed by: enter the date."),
        ({"priority": "stat"}, "Triage note: fill this in."),
    ],
    "evidence": [
        ({"dated_on_year": 2099}, "Date of the report must be"),
        ({"author": ""}, "Author: fill this in."),
        ({"text": "y" * 10_000}, "it has 10000 characters and may have at most 8000"),
    ],
    "where": [
        ({"host_facility": "999999"}, "Hospital: choose one of the answers on this page."),
        ({"host_facility": ""}, "Hospital: choose one."),
    ],
    "payer": [
        ({"payer": "aunt"}, "Who pays: choose one of the answers on this page."),
        ({"estimate_amount": "a lot"}, "Estimated cost: write the sum in digits"),
        ({"estimate_amount": "-5"}, "Estimated cost: write the sum in digits"),
        ({"estimate_amount": "0"}, "Estimated cost must be more than zero."),
        ({"estimate_amount": "9" * 14}, "Estimated cost is too large to be right."),
        ({"estimate_currency": ""}, "Currency of the estimate: choose one."),
        ({"payer": "other"}, "About the payer: say who pays."),
    ],
    "consent": [
        ({"how": ""}, "How was it given: choose one."),
        ({"how": "telepathy"}, "How was it given: choose one of the answers on this page."),
        ({"valid_to_year": 1999}, "The consent ends before it begins."),
        ({"answer": "999"}, "Consent: choose one of the answers on this page."),
    ],
}


@pytest.mark.in_turn
@pytest.mark.parametrize("step", BAD)
def test_bad_input_is_a_sentence_and_nothing_is_lost(world: World, step: str) -> None:
    draft = new_draft(world)
    client = signed_in(world)
    good = answers(world)
    for earlier in PAGES[: PAGES.index(step)]:
        assert send(client, draft, earlier, good[earlier]).status_code == 302
    version = fresh(draft).version
    for wrong, sentence in BAD[step]:
        posted = {**good[step], **wrong}
        refused = send(client, draft, step, posted)
        assert refused.status_code == 422, wrong
        html = refused.content.decode().replace("&#x27;", "'")
        assert sentence in html
        assert "There is a problem" in html
        kept = fresh(draft)
        assert kept.version == version
        texts = {name: value for name, value in posted.items() if isinstance(value, str) and value}
        assert texts.items() <= kept.draft_text[step].items()
        again = client.get(page(draft, step)).content.decode()
        assert "This is what you typed last time." in again
        assert all(
            posted[name] in again for name in ("service", "clinical_reason", "author") if posted.get(name)
        )
    assert send(client, draft, step, good[step]).status_code == 302
    assert step not in fresh(draft).draft_text


@pytest.mark.in_turn
def test_nul_and_files_where_text_belongs_break_nothing(world: World) -> None:
    draft = new_draft(world)
    client = signed_in(world)
    good = answers(world)
    for step, data in good.items():
        version = {"version": fresh(draft).version}
        nul = {name: f"{value}\x00" for name, value in data.items()} | version
        assert client.post(page(draft, step), nul).status_code in {200, 422}, step
        files = {name: SimpleUploadedFile("report.txt", b"no text") for name in data} | version
        assert client.post(page(draft, step), files).status_code in {200, 422}, step
        assert client.post(page(draft, step), {"version": "first"}).status_code == 422, step
        assert send(client, draft, step, data).status_code == 302, step
    assert client.get(page(draft, "where", "?q=%00&country=XX&page=-3")).status_code == 200


def test_what_is_typed_is_kept_without_being_an_answer(world: World) -> None:
    draft = new_draft(world)
    client = signed_in(world)
    address = reverse("referrals:autosave", args=[draft.pk, "diagnosis"])
    saved = client.post(
        address,
        {
            "clinical_reason": "Half a sent",
            "diagnosis_query": "митр",
            "version": "1",
            "csrfmiddlewaretoken": "x",
        },
    )
    assert saved.status_code == 200
    assert saved.json()["message"].startswith("Draft saved at ")
    assert "saved_at" in saved.json()
    kept = fresh(draft)
    assert kept.draft_text == {"diagnosis": {"clinical_reason": "Half a sent", "diagnosis_query": "митр"}}
    assert kept.clinical_reason == ""
    assert kept.version == draft.version
    html = client.get(page(draft, "diagnosis")).content.decode()
    assert "Half a sent" in html
    assert 'value="митр"' in html
    assert "Typed, but not saved as an answer" in client.get(page(draft, "check")).content.decode()
    much = client.post(address, {"clinical_reason": "ж" * 12_000, "goal": "ж" * 12_000})
    assert much.status_code == 422
    assert "too much text" in much.json()["message"]
    assert fresh(draft).draft_text == kept.draft_text
    assert signed_in(world, "outsider").post(address, {"goal": "x"}).status_code == 404
    assert client.get(address).status_code == 405


def test_two_windows_lose_nothing(world: World) -> None:
    draft = new_draft(world)
    client = signed_in(world)
    good = answers(world)["care"]
    old = draft.version
    assert client.post(page(draft, "care"), {**good, "version": old}).status_code == 302
    same = client.post(page(draft, "care"), {**good, "version": old})
    assert same["Location"] == page(draft, "diagnosis"), "the same page sent twice simply goes on"
    other = client.post(page(draft, "care"), {**good, "version": old, "service": "Valve replacement"})
    assert other.status_code == 412
    assert "changed in another window" in other.content.decode()
    assert fresh(draft).service == "Mitral valve repair"
    again = client.get(page(draft, "care")).content.decode()
    assert "Valve replacement" in again
    assert send(client, draft, "care", {**good, "service": "Valve replacement"}).status_code == 302
    assert fresh(draft).service == "Valve replacement"


def test_filing_with_an_old_page_is_explained(world: World) -> None:
    draft = make.make_draft(world)
    client = signed_in(world)
    address = reverse("referrals:submit", args=[draft.pk])
    assert client.post(address, {"version": draft.version - 1}).status_code == 412
    assert fresh(draft).state == "draft"
    assert client.get(address).status_code == 405
    assert client.post(address, {"version": draft.version}).status_code == 302
    assert fresh(draft).state == "submitted"


def test_a_session_that_ended_finds_the_draft_again(world: World) -> None:
    draft = new_draft(world)
    client = signed_in(world)
    client.post(reverse("referrals:autosave", args=[draft.pk, "care"]), {"service": "Angiogr"})
    client.logout()
    sent = client.post(page(draft, "care"), {**answers(world)["care"], "version": draft.version})
    assert sent.status_code == 302
    assert reverse("accounts:sign_in") in sent["Location"]
    assert f"next={page(draft, 'care')}" in sent["Location"]
    assert (
        client.post(reverse("referrals:autosave", args=[draft.pk, "care"]), {"service": "x"}).status_code
        == 302
    )
    client.force_login(world.users["clinician_kz"])
    assert "Angiogr" in client.get(page(draft, "care")).content.decode()
    assert fresh(draft).service == ""


def test_the_last_page_lists_what_is_missing_with_its_page(world: World) -> None:
    draft = new_draft(world)
    client = signed_in(world)
    html = client.get(page(draft, "check")).content.decode()
    assert "answers are missing" in html
    for step in ("care", "diagnosis", "time", "evidence", "where", "payer", "consent"):
        assert page(draft, step, "?back=check") in html, step
    refused = client.post(reverse("referrals:submit", args=[draft.pk]), {"version": draft.version})
    assert refused.status_code == 422
    assert "Choose the specialty that is needed." in refused.content.decode()
    assert fresh(draft).state == "draft"
    back = send(client, draft, "care", answers(world)["care"], "?back=check")
    assert back["Location"] == page(draft, "check")


def test_pages_that_depend_on_another_one_say_so(world: World) -> None:
    draft = new_draft(world)
    client = signed_in(world)
    where = client.get(page(draft, "where")).content.decode()
    assert "Choose the specialty first." in where
    assert page(draft, "care") in where
    consent = client.get(page(draft, "consent")).content.decode()
    assert "Choose the hospital first." in consent
    assert send(client, draft, "consent", answers(world)["consent"]).status_code == 200
    assert not Consent.objects.exists()


def test_the_nearest_hospital_across_the_border_stands_first(world: World) -> None:
    draft = new_draft(world)
    client = signed_in(world)
    send(client, draft, "care", answers(world)["care"])
    html = client.get(page(draft, "where")).content.decode()
    assert html.index("National Hospital") < html.index("Andijan regional hospital")
    assert "Taraz" not in html
    assert "81 km" in html
    assert "Ак-Жол / Кордай" in html
    assert "not confirmed by the facility" in html
    only = client.get(page(draft, "where", "?country=UZ")).content.decode()
    assert "National Hospital" not in only
    assert "Andijan regional hospital" in only
    assert (
        "No hospital across the border fits."
        in client.get(page(draft, "where", "?q=nowhere")).content.decode()
    )
    hidden = send(client, draft, "where", {"host_facility": world.bishkek.pk}, "?country=UZ")
    assert hidden.status_code == 302, "a filter narrows what is shown, not what may be chosen"
    own = send(client, draft, "where", {"host_facility": world.taraz.pk})
    assert own.status_code == 422
    assert fresh(draft).host_facility == world.bishkek


def test_a_consent_for_another_country_patient_purpose_or_day_does_not_count(world: World) -> None:
    by = world.actor("clinician_kz")
    draft = make.make_draft(world)
    client = signed_in(world)
    foreign = make.make_consent(draft.patient, by, "UZ")
    stranger = make.make_consent(make.make_patient(world, by), by, "KG")
    for_money = make.make_consent(draft.patient, by, "KG", purpose="payment")
    not_yet = make.make_consent(draft.patient, by, "KG", valid_from=timezone.localdate() + timedelta(days=1))
    withdrawn = make.make_consent(draft.patient, by, "KG", how="electronic")
    patient_actions.withdraw_consent(by=by, patient_id=draft.patient_id, consent_id=withdrawn.pk)
    html = client.get(page(draft, "consent")).content.decode()
    assert f'name="answer" value="{draft.consent_id}"' in html
    for consent in (foreign, stranger, for_money, not_yet, withdrawn):
        assert f'name="answer" value="{consent.pk}"' not in html
        assert send(client, draft, "consent", {"answer": consent.pk}).status_code == 422
    assert send(client, draft, "consent", {"answer": draft.consent_id}).status_code == 302
    to_andijan = send(client, draft, "where", {"host_facility": world.andijan.pk})
    assert to_andijan.status_code == 302
    assert fresh(draft).consent is None, "another country needs another consent"


def test_the_same_consent_page_sent_twice_records_one_consent(world: World) -> None:
    draft = new_draft(world)
    client = signed_in(world)
    good = answers(world)
    for step in ("care", "where"):
        send(client, draft, step, good[step])
    old = {"version": fresh(draft).version, **good["consent"]}
    assert client.post(page(draft, "consent"), old)["Location"] == page(draft, "check")
    assert client.post(page(draft, "consent"), old)["Location"] == page(draft, "check")
    assert Consent.objects.count() == 1


def test_an_emergency_goes_without_report_day_and_consent(world: World) -> None:
    draft = new_draft(world)
    client = signed_in(world)
    good = answers(world)
    nothing = {"dated_on_day": "", "dated_on_month": "", "dated_on_year": "", "author": "", "text": ""}
    emergency = {
        **good,
        "time": {"priority": "stat", "triage_note": "Cardiogenic shock."},
        "evidence": nothing,
        "consent": {"answer": "ground", "emergency_ground": "Unconscious, no representative in reach."},
    }
    for step, data in emergency.items():
        if step == "consent":
            assert send(client, draft, step, {"answer": "ground", "emergency_ground": ""}).status_code == 422
        if step == "evidence":
            assert send(client, draft, step, {**nothing, "author": "Somebody"}).status_code == 422
        assert send(client, draft, step, data).status_code == 302, step
    assert (
        client.post(
            reverse("referrals:submit", args=[draft.pk]), {"version": fresh(draft).version}
        ).status_code
        == 302
    )
    filed = fresh(draft)
    assert (filed.state, filed.consent) == ("sent", None)
    planned = new_draft(world)
    assert send(client, planned, "evidence", nothing).status_code == 422
    for step in ("care", "where"):
        send(client, planned, step, good[step])
    refused = send(client, planned, "consent", emergency["consent"])
    assert refused.status_code == 422
    assert fresh(planned).emergency_ground == ""


def test_another_specialty_drops_a_hospital_that_does_not_offer_it(world: World) -> None:
    draft = make.make_draft(world)
    client = signed_in(world)
    care = answers(world)["care"]
    kept = send(client, draft, "care", {**care, "specialty": world.specialties["cardiology"].pk})
    assert kept.status_code == 302
    assert fresh(draft).host_facility == world.bishkek
    world.bishkek.services.filter(specialty=world.specialties["oncology"]).delete()
    assert (
        send(client, draft, "care", {**care, "specialty": world.specialties["oncology"].pk}).status_code
        == 302
    )
    changed = fresh(draft)
    assert (changed.host_facility, changed.consent) == (None, None)


def test_a_search_without_a_script_shows_results_and_saves_nothing(world: World) -> None:
    draft = new_draft(world)
    client = signed_in(world)
    found = send(
        client, draft, "diagnosis", {"diagnosis_query": "mitral", "diagnosis_search": "1", "goal": "Repair"}
    )
    assert found.status_code == 200
    html = found.content.decode()
    assert 'type="radio"' in html
    assert 'value="I34.0"' in html
    assert "Repair" in html
    assert "There is a problem" not in html
    assert fresh(draft).diagnosis is None
    chosen = answers(world)["diagnosis"] | {"diagnosis_query": "mitral", "diagnosis_searched": "mitral"}
    assert send(client, draft, "diagnosis", chosen).status_code == 302
    assert fresh(draft).diagnosis_id == "I34.0"
