"""What matters most asks for the second factor again, and nothing that was typed is lost on the way."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.sessions import SIGN_IN
from core.permissions import Role
from facilities.models import PartnerClient
from referrals.models import StatusChange
from tests.clock import WEDNESDAY, Clock
from tests.factories import referrals as make
from tests.factories.facilities import World, make_member, make_partner_client
from tests.factories.sign_ins import code_of, make_authenticator
from tests.integration.decision_pages import grant_data

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
STEP = reverse("accounts:second_step")


def let_it_grow_old(client: Client, clock: Clock) -> None:
    """The second factor was shown sixteen minutes ago."""
    session = client.session
    session[SIGN_IN] = session[SIGN_IN] | {"verified": (clock.now - timedelta(minutes=16)).timestamp()}
    session.save()


def test_a_decision_asks_again_and_keeps_what_was_typed(world: World, clock: Clock) -> None:
    clock.set(WEDNESDAY)
    referral = make.make_in_review(world)
    officer, client = world.users["officer_kz"], Client()
    make_authenticator(officer)
    client.force_login(officer)
    page = reverse("referrals:decide", args=[referral.pk])
    opened = client.get(page).content.decode()
    mark = opened.split('name="kept" value="')[1].split('"')[0]
    typed = {**grant_data(referral), "reason_text": "typed before", "kept": mark}
    before = StatusChange.objects.count()
    let_it_grow_old(client, clock)
    sent = client.post(page, typed)
    assert sent["Location"].startswith(f"{STEP}?next=")
    assert StatusChange.objects.count() == before
    back = client.post(STEP, {"code": code_of(), "next": page})
    assert back["Location"] == page
    assert "typed before" in client.get(page).content.decode()
    assert client.post(page, typed).status_code == 302
    assert StatusChange.objects.count() > before
    let_it_grow_old(client, clock)
    step = reverse("referrals:step", args=[referral.pk, "revoke"])
    assert client.get(step).status_code == 200
    assert client.post(step, {"comment": "typed"})["Location"].startswith(STEP)
    # A clinician's own steps are no decisions.
    clinician = Client()
    clinician.force_login(world.users["clinician_kz"])
    let_it_grow_old(clinician, clock)
    withdraw = reverse("referrals:step", args=[referral.pk, "withdraw"])
    assert clinician.post(withdraw, {}).status_code == 422


def test_a_credential_asks_again_and_keeps_what_was_typed(world: World, clock: Clock) -> None:
    clock.set(WEDNESDAY)
    # A secret is shown to the hospital's own people alone.
    chief, client = make_member("chief", world.korday.organisation, Role.ADMINISTRATOR), Client()
    make_authenticator(chief)
    client.force_login(chief)
    new = reverse("facilities:client_new")
    mark = client.get(new).content.decode().split('name="kept" value="')[1].split('"')[0]
    let_it_grow_old(client, clock)
    known = make_partner_client(world.korday.organisation, secret="s" * 40, scopes=[])
    rotate = reverse("facilities:client_rotate", args=[known.pk])
    assert client.post(new, {"name": "Laboratory", "kept": mark})["Location"].startswith(STEP)
    assert client.post(rotate)["Location"].startswith(STEP)
    assert PartnerClient.objects.count() == 1
    assert client.post(STEP, {"code": code_of(), "next": new})["Location"] == new
    assert 'value="Laboratory"' in client.get(new).content.decode()
    assert client.post(rotate).status_code == 200


def test_a_form_of_a_session_without_the_second_step_is_kept(world: World, clock: Clock) -> None:
    """The session had ended; in another window the person has typed the password, and nothing more yet."""
    clock.set(WEDNESDAY)
    clinician, client = world.users["clinician_kz"], Client()
    make_authenticator(clinician)
    client.force_login(clinician)
    register = reverse("patients:register")
    mark = client.get(register).content.decode().split('name="kept" value="')[1].split('"')[0]
    session = client.session
    session[SIGN_IN] = {name: value for name, value in session[SIGN_IN].items() if name != "verified"}
    session.save()
    assert client.post(register, {"family_name": "Typedname", "kept": mark})["Location"].startswith(STEP)
    client.post(STEP, {"code": code_of()})
    assert "Typedname" in client.get(register).content.decode()
