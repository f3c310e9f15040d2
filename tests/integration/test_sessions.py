"""Where one is signed in: how long, what the row holds, and what ends it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Session
from core.accounts.sessions import SIGN_IN, row_key
from core.accounts.tasks import purge
from core.permissions import Role
from tests.clock import WEDNESDAY, Clock
from tests.factories.facilities import PASSWORD, World, make_user
from tests.factories.sign_ins import code_of, make_authenticator, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
PROFILE, SECURITY, END = "/accounts/profile/", reverse("accounts:security"), reverse("accounts:sessions_end")


def opened(user: Any, agent: str = "") -> Client:
    client = Client(headers={"User-Agent": agent})
    sign_in(client, user)
    return client


def test_idle_and_absolute_limits_by_role(world: World, clock: Clock) -> None:
    clock.set(WEDNESDAY)
    clinician, officer = world.users["clinician_kz"], world.users["officer_kz"]
    make_authenticator(officer)
    strict = opened(officer)
    strict.post(reverse("accounts:second_step"), {"code": code_of()})
    usual, busy = opened(clinician), opened(clinician)
    clock.go_on(timedelta(minutes=31))
    assert strict.get(PROFILE).status_code == 302, "half an hour for an officer"
    assert busy.get(PROFILE).status_code == 200
    clock.go_on(timedelta(minutes=30))
    assert usual.get(PROFILE).status_code == 302, "an hour for the others"
    assert busy.get(PROFILE).status_code == 200
    for _half_hour in range(21):
        clock.go_on(timedelta(minutes=30))
        assert busy.get(PROFILE).status_code == 200
    clock.go_on(timedelta(minutes=30))
    assert busy.get(PROFILE).status_code == 302, "twelve hours in all, however busy"
    assert not Session.objects.filter(user=officer).exists()
    # A role that is given meanwhile counts from the next minute on.
    late = opened(clinician)
    clinician.memberships.update(role=Role.COORDINATOR)
    clinician.is_staff = True
    clinician.save()
    clock.go_on(timedelta(minutes=2))
    late.get(PROFILE)
    clock.go_on(timedelta(minutes=21))
    assert late.get(PROFILE)["Location"].startswith("/accounts/sign-in/")


def test_the_list_and_signing_out_elsewhere(world: World) -> None:
    user, stranger = world.users["clinician_kz"], world.users["clinician_kg"]
    here = opened(user, "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    telephone, third = opened(user, "Mozilla/5.0 (Linux; Android 15) Chrome/142.0 Safari/537"), opened(user)
    foreign = opened(stranger)
    page = here.get(SECURITY).content.decode()
    for words in ("Firefox, Windows", "Chrome, Android", "127.0.0.1", "This place"):
        assert words in page, words
    theirs = row_key(foreign.session.session_key)
    here.post(END, {"which": theirs})
    assert foreign.get(PROFILE).status_code == 200, "nobody ends another's session"
    here.post(END, {"which": row_key(telephone.session.session_key)})
    assert [one.get(PROFILE).status_code for one in (here, telephone, third)] == [200, 302, 200]
    here.post(END, {"which": "others"})
    assert [one.get(PROFILE).status_code for one in (here, third)] == [200, 302]
    again = opened(user)
    assert here.post(END, {"which": "all"})["Location"] == "/accounts/sign-in/"
    assert [one.get(PROFILE).status_code for one in (here, again)] == [302, 302]
    assert not Session.objects.filter(user=user).exists()


def test_closing_and_reopening_an_account_revives_nothing(world: World) -> None:
    user = world.users["clinician_kz"]
    for close in ("save", "update"):
        client, asleep = opened(user), opened(user)
        for active in (False, True):
            if close == "save":
                user.is_active = active
                user.save()
            else:
                type(user).objects.filter(pk=user.pk).update(is_active=active)
            if not active:
                assert client.get(PROFILE).status_code == 302
        assert client.get(PROFILE).status_code == 302
        assert asleep.get(PROFILE).status_code == 302, close
        user.refresh_from_db()
    assert opened(user).get(PROFILE).status_code == 200


def test_the_row_tells_no_name_and_no_key(world: World, clock: Clock) -> None:
    clock.set(WEDNESDAY)
    client = opened(world.users["clinician_kz"])
    client.post(reverse("patients:find"), {"q": "Canaryname"})
    key = client.cookies["sessionid"].value
    row = Session.objects.get(user=world.users["clinician_kz"])
    assert row.session_key == row_key(key) != key
    assert not Session.objects.filter(session_key=key).exists()
    held = str(row.get_decoded())
    assert "Canaryname" not in held
    assert world.users["clinician_kz"].full_name not in held
    stranger = Client()
    stranger.cookies["sessionid"] = row.session_key
    assert stranger.get(PROFILE).status_code == 302, "what the table holds opens nothing"
    clock.go_on(timedelta(hours=13))
    closed = make_user("closed")
    opened(closed)
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    assert purge() >= 2
    assert not Session.objects.exists()


def test_a_new_password_ends_the_other_sessions(world: World) -> None:
    user = world.users["clinician_kz"]
    here, other = opened(user), opened(user)
    old, new = PASSWORD, "seven blue lanterns swim"
    assert (
        here.post(
            "/accounts/password/", {"old_password": old, "new_password1": new, "new_password2": new}
        ).status_code
        == 302
    )
    assert here.get(PROFILE).status_code == 200
    assert other.get(PROFILE).status_code == 302
    assert SIGN_IN in here.session
