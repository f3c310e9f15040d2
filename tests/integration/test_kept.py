"""Nothing typed is lost: sessions that end, other persons at the same browser, changes meanwhile, closed windows."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import User
from core.kept import store
from core.kept.models import KeptText
from core.kept.tasks import purge
from core.outbox import work
from facilities import actions as facilities
from facilities.models import Membership
from patients.actions import update_patient
from patients.actions.registration import current_fields
from referrals import actions
from tests import clock
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.integration.filing_pages import page, signed_in
from tests.integration.patient_forms import edited, hidden_fields

pytestmark = pytest.mark.in_turn

REGISTER = "/patients/register/"
TYPED = {"family_name": "Тестова", "given_name": "Айгуль", "birth_date_day": "3", "birth_date_year": "1984"}


def ticket(html: str) -> str:
    found = re.search(r'name="kept" value="([^"]+)"', html)
    assert found, "the form has its ticket"
    return found[1]


def opened(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_session_that_ended_loses_nothing_and_tells_nobody_else(world: World) -> None:
    client = signed_in(world)
    mark = ticket(opened(client, REGISTER))
    client.logout()
    sent = client.post(REGISTER, {**TYPED, "kept": mark}, follow=True)
    html = sent.content.decode()
    assert sent.redirect_chain == [(f"{reverse('accounts:sign_in')}?next={REGISTER}", 302)]
    assert "is kept until" in html
    assert "Тестова" not in html
    row = KeptText.objects.get()
    assert "Тестова".encode() not in bytes(row.sealed)
    # Somebody else signs in at the same browser, of the same hospital too: they never see it.
    colleague = User.objects.create_user("colleague", full_name="A Colleague", preferred_language="en")
    Membership.objects.create(
        user=colleague, organisation_id=world.actor("clinician_kz").organisation_id, role="clinician"
    )
    client.force_login(colleague)
    for address in (REGISTER, f"{REGISTER}?typed={row.form}", "/kept/"):
        assert "Тестова" not in opened(client, address)
        assert row.form not in opened(client, "/kept/")
    assert client.get(f"/kept/{row.form}/").status_code == 404
    # What they send by the other one's form is kept for the other one, and nothing is done.
    assert client.post(REGISTER, {**TYPED, "family_name": "Иванова", "kept": mark}).status_code == 409
    client.force_login(world.users["clinician_kz"])
    again = opened(client, REGISTER)
    assert 'value="Иванова"' in again
    assert "This is what you typed on" in again
    assert 'value="1984"' in again
    assert "Иванова" in opened(client, f"/kept/{row.form}/")
    # An empty form beside it; thrown away, it is gone.
    assert "Иванова" not in opened(client, f"{REGISTER}?typed=new")
    client.post(REGISTER, {"kept": ticket(again), "kept_discard": "1"})
    assert "Иванова" not in opened(client, REGISTER)
    assert "No text is kept for you." in opened(client, "/kept/")


def test_an_old_token_keeps_the_text(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users["clinician_kz"])
    mark = ticket(opened(client, REGISTER))
    refused = client.post(REGISTER, {**TYPED, "kept": mark, "csrfmiddlewaretoken": "of another sign-in"})
    assert refused.status_code == 403
    link = re.search(rf'href="({REGISTER}\?typed=[^"]+)"', refused.content.decode())
    assert link, "the form is one click away"
    assert 'value="Тестова"' in opened(client, link[1])
    saving = client.post(REGISTER, {**TYPED, "kept": mark, "autosave": "1", "given_name": "Later"})
    assert (saving.status_code, "is kept until" in saving.json()["message"]) == (403, True)
    assert 'value="Later"' in opened(client, REGISTER)
    forged = client.post(REGISTER, {**TYPED, "kept": mark[:-2] + "xx"})
    assert "could not be kept" in forged.content.decode()
    client.force_login(world.users["outsider"])
    assert "typed=" not in client.post(REGISTER, {**TYPED, "kept": mark}).content.decode()


def test_saving_by_itself_and_what_is_too_long(world: World) -> None:
    client = signed_in(world)
    mark = ticket(opened(client, REGISTER))
    saved = client.post(REGISTER, {**TYPED, "kept": mark, "autosave": "1"})
    assert saved.status_code == 200
    assert saved.json()["message"].startswith("Saved at ")
    assert 'value="Тестова"' in opened(client, REGISTER)
    long = client.post(REGISTER, {"family_name": "ж" * (store.LONGEST + 1), "kept": mark, "autosave": "1"})
    assert (long.status_code, "Not saved" in long.json()["message"]) == (422, True)
    assert 'value="Тестова"' in opened(client, REGISTER)
    # Sent and refused, it is kept, and the page says so; two windows keep two texts.
    wrong = client.post(REGISTER, {**TYPED, "kept": mark})
    assert wrong.status_code == 422
    assert "What you typed is kept for you alone until" in wrong.content.decode()
    other = ticket(opened(client, f"{REGISTER}?typed=new"))
    client.post(REGISTER, {"family_name": "Вторая", "kept": other, "autosave": "1"})
    both = opened(client, REGISTER)
    assert 'value="Вторая"' in both
    assert "in another window too" in both
    # A form that was sent forgets its text, also for a saving that was still under way.
    done = client.post("/patients/register/unknown/", {"sex": "female", "kept": other, "description": "At 5"})
    assert done.status_code == 302
    late = client.post("/patients/register/unknown/", {"sex": "female", "kept": other, "autosave": "1"})
    assert late.status_code == 422
    assert KeptText.objects.filter(sent=False).count() == 1
    client.logout()
    gone = client.post(REGISTER, {**TYPED, "kept": mark, "autosave": "1"})
    assert (gone.status_code, "signed out" in gone.json()["message"]) == (401, True)


def test_a_step_that_came_too_late_shows_both_texts(world: World) -> None:
    referral = make.make_in_care(world)
    desk = world.actor("host_desk_kg")
    client = signed_in(world, "host_desk_kg")
    address = reverse("referrals:step", args=[referral.pk, "discharge"])
    html = opened(client, address)
    mine = {
        "version": referral.version,
        "care_given": "Mine: a valve was repaired",
        "outcome": "Well",
        "kept": ticket(html),
    }
    missing = client.post(address, mine)
    assert missing.status_code == 422
    assert "Mine: a valve was repaired" in opened(client, address)
    theirs = {**make.summary(), "care_given": "Theirs: a valve was replaced"}
    actions.discharge(referral.pk, by=desk, **theirs)
    late = opened(client, address)
    assert "Mine: a valve was repaired" in late
    assert "Theirs: a valve was replaced" in late
    assert "What you typed" in late


def test_of_two_windows_the_second_text_is_kept_and_a_second_click_is_not(world: World) -> None:
    referral = make.make_sent(world)
    client = signed_in(world, "host_desk_kg")
    address = reverse("referrals:step", args=[referral.pk, "decline"])
    first, second = ticket(opened(client, address)), ticket(opened(client, address))
    mine = {"version": referral.version, "reason_code": "no_capacity", "reason_text": "Full.", "kept": first}
    assert client.post(address, mine).status_code == 302
    twice = client.post(address, mine, follow=True).content.decode()
    assert "The second click changed nothing" in twice
    assert "another text" not in twice
    other = {**mine, "reason_text": "Other: no surgeon.", "kept": second}
    html = client.post(address, other, follow=True).content.decode()
    assert "another text" in html
    assert KeptText.objects.filter(sent=False).count() == 1
    assert "Other: no surgeon." in opened(client, address)


def test_what_is_kept_ends_with_its_week_and_with_the_role(world: World) -> None:
    client = signed_in(world)
    client.post(REGISTER, {**TYPED, "kept": ticket(opened(client, REGISTER)), "autosave": "1"})
    assert purge() == 0
    with clock.set_to(datetime.now(UTC) + timedelta(days=store.DAYS_KEPT, minutes=1)):
        assert "Тестова" not in opened(client, REGISTER)
        assert purge() == 1
    client.force_login(world.users["clinician_kz"])
    client.post(REGISTER, {**TYPED, "kept": ticket(opened(client, REGISTER)), "autosave": "1"})
    membership = Membership.objects.get(user=world.users["clinician_kz"], role="clinician")
    facilities.end_membership(membership_id=membership.pk, by=world.actor("administrator"))
    assert not KeptText.objects.exists()


def test_the_filing_takes_up_what_a_lost_session_kept(world: World) -> None:
    slug = "diagnosis"
    draft = make.make_draft(world)
    client = signed_in(world)
    mark = ticket(opened(client, page(draft, slug)))
    client.logout()
    client.post(page(draft, slug), {"clinical_reason": "A long reason", "version": "1", "kept": mark})
    client.force_login(world.users["clinician_kz"])
    html = opened(client, page(draft, slug))
    assert "A long reason" in html
    assert "This is what you typed last time" in html
    assert not KeptText.objects.filter(sent=False).exists()


def test_of_two_texts_either_is_taken_field_by_field(world: World) -> None:
    by = world.actor("clinician_kz")
    patient = make.make_patient(world, by)
    client = signed_in(world)
    address = reverse("patients:edit", args=[patient.pk])
    mine = edited(patient, address="Mine 2", next_of_kin_name="Мая") | {
        "kept": ticket(opened(client, address))
    }
    theirs = {**current_fields(patient), "address": "Theirs 1", "next_of_kin_name": "Тест"}
    update_patient(by=by, patient_id=patient.pk, expected_version=patient.version, **theirs)
    stale = client.post(address, mine)
    assert stale.status_code == 412
    html = stale.content.decode()
    for text in ("Mine 2", "Theirs 1", "Мая", "Тест", "Somebody changed this", 'value="address"'):
        assert text in html, text
    again = {**mine, **hidden_fields(stale)}
    taken = client.post(address, {**again, "take_now": "address"}, follow=True)
    html = taken.content.decode()
    assert taken.redirect_chain == [(address, 302)]
    assert 'value="Theirs 1"' in html
    assert 'value="Мая"' in html
    assert "Mine 2" not in html
    # A new window still knows that the text is older than the record, until it is sent.
    assert "Compare before you send it." in opened(client, address)
    last = {**edited(patient, address="Theirs 1", next_of_kin_name="Мая"), **hidden_fields(taken)}
    assert client.post(address, last).status_code == 302
    patient.refresh_from_db()
    assert (patient.address, patient.next_of_kin_name) == ("Theirs 1", "Мая")
    assert "Мая" in opened(client, address)
    assert "This is what you typed on" not in opened(client, address)


def test_a_decision_that_a_colleague_made_meanwhile_loses_no_reason(world: World) -> None:
    referral = make.make_in_review(world)
    client = signed_in(world, "officer_kz")
    address = reverse("referrals:decide", args=[referral.pk])
    mine = {"version": referral.version, "choice": "refuse", "reason_text": "Mine: a place is free at home."}
    mine["kept"] = ticket(opened(client, address))
    actions.request_information(referral.pk, by=world.actor("coordinator_kz"), questions=["Fit?"])
    for answer in (client.post(address, mine), client.get(address)):
        html = answer.content.decode()
        assert "Mine: a place is free at home." in html
        assert "The ministry asked for information" in html
    assert client.post(address, mine).status_code == 409
    actions.answer(referral.pk, by=world.actor("clinician_kz"), answers={1: "Yes"})
    work.drain()
    html = opened(client, address)
    assert "Mine: a place is free at home.</textarea>" in html
    assert "What happened since you typed your text" in html
