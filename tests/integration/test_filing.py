"""Filing a referral page by page: what is kept, what is refused, and that nothing typed is lost."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from patients.models import Consent
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.integration.filing_pages import PAGES, answers, fresh, new_draft, page, send, signed_in


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
    late = send(client, draft, "care", answers(world)["care"])
    assert late.status_code == 409
    assert "What you typed is kept for you alone" in late.content.decode()
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
    assert client.get(page(draft, "where", "?q=%20&country=XX&page=-3")).status_code == 200
