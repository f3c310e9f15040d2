"""The second step, setting methods up, losing them, and being asked again before what matters."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts import second_factor
from core.accounts.models import Authenticator, RecoveryCode
from core.accounts.models.factors import accepted_step
from core.audit.models import AuditRow
from core.outbox import work
from core.outbox.models import Message
from core.permissions import Role
from tests.clock import WEDNESDAY, Clock
from tests.factories.facilities import PASSWORD, World, make_member
from tests.factories.sign_ins import code_of, make_authenticator, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
STEP, SETUP = reverse("accounts:second_step"), reverse("accounts:second_factor_new")


def text_of(answer: Any) -> str:
    return answer.content.decode()


def test_an_officer_goes_nowhere_before_a_method_is_set_up(world: World, clock: Clock) -> None:
    """The setting-up by hand, as without JavaScript: the secret as text, a wrong code, a right one, codes once."""
    clock.set(WEDNESDAY)
    client, officer = Client(), world.users["officer_kz"]
    assert sign_in(client, officer)["Location"] == "/"
    for path in ("/", "/referrals/decisions/", "/accounts/profile/", "/accounts/security/", "/kept/"):
        assert client.get(path)["Location"].startswith(SETUP), path
    assert client.get("/api/v1/referrals/").json()["code"] == "second_factor_needed"
    page = client.get(f"{SETUP}?next=/referrals/decisions/")
    assert "<svg" in text_of(page)
    assert "data:" not in text_of(page).split("<main")[1]
    sealed = re.search(r'name="secret" value="([^"]+)"', text_of(page))
    shown = re.search(r'id="secret">([A-Z2-7 ]+)<', text_of(page))
    assert sealed is not None
    assert shown is not None
    from base64 import b32decode

    secret = b32decode(shown[1].replace(" ", ""))
    fields = {"secret": sealed[1], "name": "my telephone", "next": "/referrals/decisions/"}
    wrong = client.post(SETUP, {**fields, "code": "000000"})
    assert wrong.status_code == 422
    assert shown[1] in text_of(wrong)
    assert not Authenticator.objects.exists()
    right = client.post(SETUP, {**fields, "code": code_of(secret)})
    codes = re.findall(r"<li><code>([a-z0-9-]+)</code></li>", text_of(right))
    assert len(set(codes)) == 10
    assert client.get("/referrals/decisions/").status_code == 200
    stored = Authenticator.objects.get()
    assert secret.hex().encode() not in bytes(stored.sealed)
    assert not RecoveryCode.objects.filter(digest__in=codes).exists()
    assert client.get(reverse("accounts:recovery_codes")).status_code == 200
    assert codes[0] not in text_of(client.get(reverse("accounts:security")))


def test_the_second_step_takes_each_code_once(world: World, clock: Clock) -> None:
    clock.set(WEDNESDAY)
    clinician = world.users["clinician_kz"]
    make_authenticator(clinician)
    client = Client()
    sign_in(client, clinician)
    key = client.cookies["sessionid"].value
    asked = client.get("/patients/")
    assert asked["Location"] == f"{STEP}?next=%2Fpatients%2F"
    assert client.post(STEP, {"code": "123"}).status_code == 422
    taken = client.post(STEP, {"code": f" {code_of()[:3]} {code_of()[3:]} ", "next": "/patients/"})
    assert taken["Location"] == "/patients/"
    assert client.cookies["sessionid"].value != key, "the session's key changes with what it may do"
    assert client.get("/patients/").status_code == 200
    again = Client()
    sign_in(again, clinician)
    assert again.post(STEP, {"code": code_of()}).status_code == 422, "a code counts once"
    assert again.get("/patients/")["Location"].startswith(STEP)
    clock.go_on(timedelta(seconds=30))
    assert again.post(STEP, {"code": code_of(), "next": "https://example.org/"})["Location"] == "/"
    rows = AuditRow.objects.filter(action__startswith="account.second_factor").order_by("pk")
    assert [row.action for row in rows] == [
        "account.second_factor_failed",
        "account.second_factor",
        "account.second_factor",
    ]
    assert accepted_step(b"x" * 20, "١٢٣٤٥٦") is None


def test_recovery_codes_open_once_and_the_owner_is_told(world: World) -> None:
    clinician = world.users["clinician_kz"]
    make_authenticator(clinician)
    here = Client()
    here.force_login(clinician)
    page = reverse("accounts:recovery_codes")
    codes = re.findall(r"<li><code>([a-z0-9-]+)</code></li>", text_of(here.post(page)))
    client = Client()
    sign_in(client, clinician)
    assert client.post(STEP, {"code": codes[3].upper().replace("-", " ")}).status_code == 302
    assert client.get("/patients/").status_code == 200
    other = Client()
    sign_in(other, clinician)
    assert other.post(STEP, {"code": codes[3]}).status_code == 422
    new = re.findall(r"<li><code>([a-z0-9-]+)</code></li>", text_of(here.post(page)))
    assert other.post(STEP, {"code": codes[4]}).status_code == 422, "new codes take the old ones' place"
    assert other.post(STEP, {"code": new[0]}).status_code == 302
    work.drain()
    told = Message.objects.filter(user=clinician, kind="account.second_factor_changed", channel="inbox")
    assert {message.params["what"] for message in told} == {"recovery_codes", "recovery_used"}


def test_who_must_have_one(world: World) -> None:
    """By role, by organisation wherever one works, and as staff."""
    needed = {name: second_factor.required(user) for name, user in world.users.items()}
    strict = ("officer", "officer2", "approver", "auditor", "administrator")
    assert {name for name, must in needed.items() if must} == {
        name for name in needed if name.startswith(strict)
    }
    clinician, client = world.users["clinician_kz"], Client()
    sign_in(client, clinician)
    assert client.get("/patients/").status_code == 200
    make_member("both", world.taraz.organisation, Role.CLINICIAN)
    organisation = world.korday.organisation
    organisation.second_factor = True
    organisation.save()
    assert second_factor.required(clinician)
    assert client.get("/patients/")["Location"].startswith(SETUP), "at once, in an open session too"
    assert not second_factor.required(world.users["host_desk_kg"])
    desk = world.users["host_desk_kg"]
    desk.is_staff = True
    assert second_factor.required(desk)


def test_the_admin_asks_for_it_too(world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_still", True)  # what has to wait a second has to wait
    clock.set(WEDNESDAY)
    chief = world.users["administrator"]
    make_authenticator(chief)
    client = Client()
    # It has no sign-in of its own that could be tried out, or pass the second step by.
    tried = client.post("/admin/login/", {"username": chief.username, "password": PASSWORD})
    assert tried["Location"].startswith("/accounts/sign-in/")
    assert sign_in(client, chief).status_code == 302
    for path in ("/admin/", "/admin/accounts/user/", "/admin/password_change/"):
        assert client.get(path)["Location"].startswith(STEP), path
    assert client.post(STEP, {"code": code_of(), "next": "/admin/"})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_methods_are_added_and_removed_with_a_fresh_one_only(world: World, clock: Clock) -> None:
    clock.set(WEDNESDAY)
    officer, other = world.users["officer_kz"], world.users["officer_kg"]
    mine, theirs = make_authenticator(officer), make_authenticator(other)
    client, elsewhere = Client(), Client()
    for one in (client, elsewhere):
        clock.go_on(timedelta(minutes=1))
        sign_in(one, officer)
        one.post(STEP, {"code": code_of()})
    remove = reverse("accounts:method_remove", args=["app", mine.pk])
    assert client.get(reverse("accounts:method_remove", args=["app", theirs.pk])).status_code == 404
    clock.go_on(timedelta(minutes=16))
    for page in (SETUP, remove, reverse("accounts:recovery_codes")):
        assert client.post(page)["Location"].startswith(STEP), page
    assert Authenticator.objects.filter(user=officer).exists()
    assert client.post(STEP, {"code": code_of(), "next": remove})["Location"] == remove
    assert client.post(remove)["Location"] == reverse("accounts:security")
    assert not Authenticator.objects.filter(user=officer).exists()
    assert Authenticator.objects.filter(user=other).exists()


def test_a_reset_is_another_persons_and_is_told(world: World) -> None:
    officer, chief = world.users["officer_kz"], world.users["administrator"]
    make_authenticator(officer)
    there = Client()
    there.force_login(officer)
    admin = Client()
    admin.force_login(chief)
    assert reverse("accounts:second_factor_reset", args=[officer.pk]) in text_of(
        admin.get(f"/admin/accounts/user/{officer.pk}/change/")
    )
    assert "WebAuthn" not in text_of(admin.get("/admin/"))
    page = reverse("accounts:second_factor_reset", args=[officer.pk])
    client = Client()
    client.force_login(chief)
    assert client.post(page, {"reason": " "}).status_code == 422
    assert client.post(page, {"reason": "He came to the office with his passport."}).status_code == 302
    assert not Authenticator.objects.filter(user=officer).exists()
    assert there.get("/accounts/profile/").status_code == 302, "every session ended"
    row = AuditRow.objects.get(action="account.second_factor_reset")
    assert (row.actor_id, row.subject_id) == (str(chief.pk), str(officer.pk))
    work.drain()
    assert Message.objects.filter(user=officer, channel="inbox", params={"what": "reset"}).exists()
    own = reverse("accounts:second_factor_reset", args=[chief.pk])
    assert client.post(own, {"reason": "my own"}).status_code == 403
    # A hospital's administrator resets their own people's, not an officer's, nor somebody's who works elsewhere too.
    local = make_member("local", world.korday.organisation, Role.ADMINISTRATOR)
    client.force_login(local)
    assert client.get(page).status_code == 404
    ours = reverse("accounts:second_factor_reset", args=[world.users["clinician_kz"].pk])
    assert client.get(ours).status_code == 200
    client.force_login(world.users["clinician_kz"])
    assert client.get(ours).status_code == 403


def test_the_demonstrations_code_opens_the_demonstration_only(world: World, settings: Any) -> None:
    officer = world.users["officer_kz"]
    client = Client()
    sign_in(client, officer)
    assert client.post(STEP, {"code": "135790"})["Location"] == SETUP
    settings.SECOND_FACTOR_DEMONSTRATION_CODE = "135790"
    assert second_factor.enrolled(officer)
    assert not second_factor.enrolled(world.users["clinician_kz"])
    client = Client()
    sign_in(client, officer)
    assert client.get("/referrals/decisions/")["Location"].startswith(STEP)
    assert client.post(STEP, {"code": "135791"}).status_code == 422
    assert client.post(STEP, {"code": "135790"}).status_code == 302
    assert client.get("/referrals/decisions/").status_code == 200
