"""Merging on the pages and by the API: the preview, the choice, two at once, the old address, the undo."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from disclosure.models import Disclosure
from patients.actions import register_patient
from patients.models import Merge, Patient
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World, make_world_with_cast
from tests.factories.patients import make_merge
from tests.integration.filing_pages import day, signed_in
from tests.integration.test_merging import record

BORN = date(1985, 7, 6)


def url(name: str, *args: Any) -> str:
    return reverse(f"patients:{name}", args=args)


@pytest.mark.django_db
def test_from_the_patient_s_page_to_one_record_and_back(world: World) -> None:
    survivor = record(world, phone="+77010000001")
    merged = record(world, phone="+77010000002", given_name="Двойняя")
    browser = signed_in(world)
    page = url("merge", survivor.pk, merged.pk)
    assert url("merge_choose", survivor.pk) in browser.get(url("detail", survivor.pk)).content.decode()
    offered = browser.get(url("merge_choose", survivor.pk)).content.decode()
    assert url("merge", merged.pk, survivor.pk) in offered
    found = browser.post(url("merge_choose", survivor.pk), {"q": merged.identifiers.get().value}, follow=True)
    assert page in found.content.decode()
    shown = browser.get(page)
    assert Disclosure.objects.filter(what="patients.merge").latest("id").patients == [survivor.pk, merged.pk]
    form = shown.context["form"]
    hidden = {name: form[name].value() for name in ("survivor_version", "merged_version")}
    assert {"choice_name", "choice_phone"} < {*form.fields}
    # Nothing is chosen for the person: what contradicts has to be decided.
    unsaid = browser.post(page, hidden)
    assert (unsaid.status_code, {*unsaid.context["form"].errors}) == (
        422,
        {"choice_name", "choice_phone", "ground"},
    )
    said = {"choice_name": "survivor", "choice_phone": "merged", "ground": "said"}
    Patient.objects.filter(pk=merged.pk).update(version=2)
    assert browser.post(page, hidden | said).status_code == 412
    again = browser.post(page, {"survivor_version": 1, "merged_version": 2} | said)
    assert (again.status_code, again["Location"]) == (302, url("detail", survivor.pk))
    assert (
        browser.post(page, {"survivor_version": 1, "merged_version": 2} | said)["Location"]
        == again["Location"]
    )
    done = Merge.objects.get()
    # The old address leads to the record that stays, with a word; what was typed there comes along.
    led = browser.get(url("detail", merged.pk), follow=True)
    assert led.redirect_chain == [(url("detail", survivor.pk), 302)]
    assert "was merged into this one" in led.content.decode()
    assert url("merge_undo", survivor.pk, done.pk) in led.content.decode()
    started = browser.get(f"{reverse('referrals:start')}?patient={merged.pk}")
    assert started["Location"].endswith(f"?patient={survivor.pk}")
    consent = {"purpose": "treatment", "given_by": "A voice that must not be lost"}
    typed = browser.post(url("consent", merged.pk), consent, follow=True)
    assert typed.redirect_chain == [(url("consent", survivor.pk), 302)]
    assert "A voice that must not be lost" in typed.content.decode()
    assert "Nothing was saved" in typed.content.decode()
    # Undone with a reason, and shown in the record's history.
    part = url("merge_undo", survivor.pk, done.pk)
    version = browser.get(part).context["form"]["version"].value()
    assert browser.post(part, {"version": version}).status_code == 422
    assert browser.post(part, {"version": 1, "reason": "two_persons"}).status_code == 412
    assert browser.post(part, {"version": version, "reason": "two_persons"}).status_code == 302
    assert browser.get(url("detail", merged.pk)).status_code == 200
    history = browser.get(url("detail", survivor.pk)).content.decode()
    assert "They are two persons" in history
    assert "can’t be undone any more" in browser.get(part).content.decode()
    assert browser.post(part, {"version": version + 1, "reason": "two_persons"}).status_code == 409
    # Another hospital's clinician sees neither.
    assert signed_in(world, "outsider").get(page).status_code == 404
    assert signed_in(world, "officer_kz").get(page).status_code == 403


@pytest.mark.django_db
def test_what_stands_against_it_is_said_before_and_the_questions_offer_the_merge(world: World) -> None:
    clinician = world.actor("clinician_kz")
    known = record(world, identifiers=[("passport", "KZ", "N10000007")])
    browser = signed_in(world)
    born_later = record(world, birth_date=date(1985, 7, 7))
    page = url("merge", known.pk, born_later.pk)
    shown = browser.get(page).content.decode()
    assert "The two dates of birth can’t be one." in shown
    assert 'name="ground"' not in shown
    sent = {"survivor_version": 1, "merged_version": 1, "ground": "said"}
    assert browser.post(page, sent).status_code == 409
    # An unknown patient who becomes somebody known: the question offers it, and so does a number that is taken.
    unknown = register_patient(
        by=clinician,
        is_unknown=True,
        sex="female",
        preferred_language="ru",
        description="x",
        is_synthetic=True,
    )
    edit = {
        "version": 1, "identified": "on", "family_name": "Тестова", "given_name": "Двойня", "sex": "female",
        "preferred_language": "ru", **day("birth_date", BORN),
    }  # fmt: skip
    link = url("merge", known.pk, unknown.pk)
    assert link in browser.post(url("edit", unknown.pk), edit).content.decode()
    number = {"system": "passport", "country": "KZ", "value": "N10000007"}
    taken = browser.post(url("identifier_add", unknown.pk), number)
    assert (taken.status_code, link in taken.content.decode()) == (422, True)
    assert browser.get(link).context["form"]["ground"].value() == "identified"
    # A third record: the question on registration offers to merge the two that are there.
    twice = record(world)
    registering = edit | {"citizenship_status": "not_known"}
    asked = browser.post(url("register"), registering)
    assert {one.patient for one in asked.context["found"].here} >= {known, twice}
    text = asked.content.decode()
    assert url("merge", known.pk, twice.pk) in text or url("merge", twice.pk, known.pk) in text


@pytest.mark.django_db
def test_a_system_merges_in_the_name_of_a_person(world: World) -> None:
    survivor, merged = record(world, phone="+77010000001"), record(world, phone="+77010000002")
    referral = make.make_draft(world, patient=merged)
    api, stranger = make_api(world.korday), make_api(world.taraz)
    path = f"patients/{survivor.pk}/merges/"
    preview = api.get(f"{path}preview/?merged={merged.pk}")
    assert preview.status_code == 200
    states = {row["name"]: row["state"] for row in preview.data["units"]}
    assert (states["phone"], states["name"], preview.data["obstacles"]) == ("contradicts", "same", [])
    assert {"kind": "referral", "number": 1} in preview.data["moves"]
    assert api.get(f"{path}preview/?merged={survivor.pk}").data["obstacles"][0]["code"] == "same_record"
    sent = {
        "merged": str(merged.pk), "merged_version": preview.data["merged"]["version"], "ground": "document",
        "choices": {"phone": "merged"}, "decided_by": "Test Registrar",
    }  # fmt: skip
    etag = preview["ETag"]
    assert stranger.post(path, sent, If_Match=etag).status_code == 404
    assert api.post(path, sent).status_code == 428
    assert api.post(path, sent, If_Match='"9"').status_code == 412
    assert api.post(path, sent | {"merged_version": 9}, If_Match=etag).status_code == 412
    for wrong, field in (
        ({"decided_by": ""}, "decided_by"),
        ({"choices": {}}, "choices.phone"),
        ({"choices": {"phone": "both"}}, "choices.phone"),
        ({"choices": {"shoe": "merged"}}, "choices.shoe"),
        ({"merged": str(survivor.pk), "merged_version": 1}, "merged"),
        ({"ground": "whim"}, "ground"),
        ({"merged_version": "1"}, "merged_version"),
    ):
        refused = api.post(path, sent | wrong, If_Match=etag)
        assert (refused.status_code, [error["field"] for error in refused.data["errors"]]) == (422, [field])
    other = record(world, birth_date=date(1985, 7, 7))
    refused = api.post(path, sent | {"merged": str(other.pk), "merged_version": 1}, If_Match=etag)
    assert (refused.status_code, refused.data["code"]) == (409, "born_differently")
    done = api.post(path, sent, If_Match=etag, Idempotency_Key="merge-1")
    assert (done.status_code, done.data["decided_by"], done.data["undo_obstacles"]) == (
        201,
        "Test Registrar",
        [],
    )
    assert api.post(path, sent, If_Match=etag, Idempotency_Key="merge-1").data == done.data
    assert api.get(f"patients/{survivor.pk}/").data["phone"] == "+77010000002"
    assert api.get(f"patients/{survivor.pk}/")["ETag"] == done["ETag"]
    # Whoever reads the old address is led on; whoever writes there is told, and nothing is written.
    for ending in ("", "coverages/", "consents/", "merges/"):
        led = api.get(f"patients/{merged.pk}/{ending}?" if not ending else f"patients/{merged.pk}/{ending}")
        assert (led.status_code, led.data["code"], led.data["merged_into"]) == (
            308,
            "merged",
            str(survivor.pk),
        )
        assert str(survivor.pk) in led["Location"]
    late = [
        api.patch(f"patients/{merged.pk}/", {"phone": "+77010000009"}, If_Match='"2"'),
        api.post(
            f"patients/{merged.pk}/identifiers/", {"system": "passport", "country": "KZ", "value": "N7654321"}
        ),
        api.post("referrals/", {"patient": str(merged.pk)}),
        api.post(path, sent, If_Match=done["ETag"]),
    ]
    assert [(one.status_code, one.data["code"], one.data["merged_into"]) for one in late] == [
        (409, "merged", str(survivor.pk))
    ] * 4
    assert stranger.get(f"patients/{merged.pk}/").status_code == 404
    assert [row["id"] for row in api.get("patients/?name=Тестова&birth_date=1985").data["results"]].count(
        str(merged.pk)
    ) == 0
    referral.refresh_from_db()
    assert referral.patient == survivor
    # The list of merges has its pages; undone, both are there again.
    third = record(world, phone="+77010000002")
    make_merge(world.actor("clinician_kz"), survivor, third)
    first = api.get(f"{path}?limit=1")
    assert [row["merged"] for row in first.data["results"]] == [str(third.pk)]
    assert [row["id"] for row in api.get(first.data["next"].partition("/api/v1/")[2]).data["results"]] == [
        done.data["id"]
    ]
    end, now = f"{path}{done.data['id']}/undo/", api.get(f"patients/{survivor.pk}/")["ETag"]
    reason = {"reason": "two_persons", "decided_by": "Test Registrar"}
    assert api.post(end, reason, If_Match=done["ETag"]).status_code == 412
    assert api.post(end, {"reason": "two_persons"}, If_Match=now).data["errors"][0]["field"] == "decided_by"
    assert api.post(f"{path}{2**70}/undo/", reason, If_Match=now).status_code == 404
    undone = api.post(end, reason, If_Match=now)
    assert (undone.status_code, undone.data["undo_reason"]) == (200, "two_persons")
    assert api.get(f"patients/{merged.pk}/").data["phone"] == "+77010000002"
    again = api.post(end, reason, If_Match=undone["ETag"])
    assert (again.status_code, again.data["code"]) == (409, "undone")


def test_two_who_merge_at_once_make_one_record(transactional_db: None) -> None:
    """A into B while B goes into A, eight times at once, with a filing between: one merge, and nobody waits forever."""
    world = make_world_with_cast()
    one, other = record(world), record(world)
    make.make_agreement()
    draft = make.make_draft(world, patient=other)
    api = make_api(world.korday)
    start, answers = threading.Barrier(9), []

    def send(pair: tuple[Patient, Patient]) -> None:
        start.wait()
        said = {"merged": str(pair[1].pk), "merged_version": 1, "ground": "said", "decided_by": "Test"}
        try:
            answers.append(api.post(f"patients/{pair[0].pk}/merges/", said, If_Match='"1"').status_code)
        finally:
            connection.close()

    def file() -> None:
        start.wait()
        try:
            filed.append(api.post(f"referrals/{draft.pk}/submit/", None, If_Match='"1"').status_code)
        finally:
            connection.close()

    filed: list[int] = []
    pairs = [(one, other), (other, one)] * 4
    threads = [threading.Thread(target=send, args=[pair]) for pair in pairs] + [threading.Thread(target=file)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, *[409] * 7]
    assert filed[0] in {412, 422}, "the draft is another version now, or isn’t complete"
    assert Patient.objects.filter(merged_into__isnull=True).count() == 1
    assert Merge.objects.count() == 1
