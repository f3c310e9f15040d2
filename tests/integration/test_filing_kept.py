"""Filing page by page: nothing that was typed is lost."""

from django.urls import reverse

from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.integration.filing_pages import answers, fresh, new_draft, page, send, signed_in


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
