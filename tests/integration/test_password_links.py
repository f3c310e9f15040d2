"""Links by e-mail: the only way in which an account gets a password from outside, and nobody's but its owner's."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from core.accounts.models import PasswordLink, User
from core.audit.models import AuditRow
from core.outbox import work
from core.outbox.models import Message
from core.permissions import Role
from facilities.models import Membership, Organisation
from tests.clock import Clock, set_to
from tests.factories.facilities import World, make_member, make_user
from tests.factories.mail import Letters, mail_server
from tests.factories.sign_ins import signed_in_as

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
NEW = "quite a new long password"


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def link_in(letters: Letters, address: str) -> str:
    """The path of the newest link that an address got."""
    texts = [letter.get_content() for to, letter in letters.kept if to == address]
    return re.findall(r"https?://[^/\s]+(/accounts/link/\?t=\S+)", "".join(texts))[-1]


def send(world: World, by: str, to: str) -> int:
    member = Membership.objects.get(user=world.users[to])
    return browser(world.users[by]).post(f"/facilities/people/{member.pk}/link/").status_code


def typed(**changes: Any) -> dict[str, Any]:
    return {"new_password1": NEW, "new_password2": NEW, "preferred_language": "ky", **changes}


def test_a_link_works_once_for_its_owner_alone(world: World) -> None:
    world.users["chief"] = make_member("chief", world.korday.organisation, Role.ADMINISTRATOR)
    user = world.users["clinician_kz"]
    theirs = browser(user)
    with mail_server() as letters:
        assert send(world, "chief", "clinician_kz") == 302
        work.drain()
        first = link_in(letters, user.email)
        assert send(world, "chief", "clinician_kz") == 302
        work.drain()
        newer = link_in(letters, user.email)
    stored = str(list(Message.objects.values())) + str(list(AuditRow.objects.values()))
    token = newer.partition("t=")[2]
    assert token.partition("%3A")[2] not in stored, "the link stands nowhere but in the e-mail"
    assert Message.objects.filter(user=user, channel="inbox", kind="password.link_noticed").count() == 2
    assert "accounts/link" not in theirs.get("/messages/").content.decode()
    for broken in (
        first,
        newer[:-2] + "xx",
        "/accounts/link/?t=",
        "/accounts/link/",
        "/accounts/link/?t=x%3Ay",
    ):
        assert Client().get(broken).status_code == 404
    visitor = Client()
    assert visitor.get("/accounts/link/password/").status_code == 404
    assert visitor.get(newer)["Location"] == "/accounts/link/password/"
    page = visitor.get("/accounts/link/password/")
    assert "no-store" in page["Cache-Control"]
    assert user.username in page.content.decode()
    for wrong in ({"new_password2": "other"}, {"new_password1": "short", "new_password2": "short"},
                  {"preferred_language": "xx"}):  # fmt: skip
        assert visitor.post("/accounts/link/password/", typed(**wrong)).status_code == 422
    assert theirs.get("/accounts/profile/").status_code == 200
    second = Client()
    second.get(newer)
    assert visitor.post("/accounts/link/password/", typed())["Location"] == "/accounts/sign-in/"
    assert (
        second.post(
            "/accounts/link/password/", typed(new_password1="z" * 20, new_password2="z" * 20)
        ).status_code
        == 404
    )
    assert theirs.get("/accounts/profile/").status_code == 302, "every session has ended"
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert user.preferred_language == "ky"
    assert Client().get(newer).status_code == 404
    rows = AuditRow.objects.filter(action__startswith="account.").order_by("pk")
    assert [(row.action, row.country) for row in rows] == [
        ("account.link_sent", "KZ"), ("account.link_sent", "KZ"), ("account.password_set", "KZ"),
    ]  # fmt: skip
    work.drain()
    assert Message.objects.filter(user=user, kind="password.was_set").count() == 2


def test_a_link_is_over_with_time_with_the_account_and_with_its_role(world: World) -> None:
    world.users["chief"] = make_member("chief", world.korday.organisation, Role.ADMINISTRATOR)
    user = world.users["clinician_kz"]
    User.objects.filter(pk=user.pk).update(last_login=Clock().now)
    for ending in ("time", "closed", "role"):
        with mail_server() as letters, set_to(Clock().now) as clock:
            assert send(world, "chief", "clinician_kz") == 302
            work.drain()
            link = link_in(letters, user.email)
            assert Client().get(link).status_code == 302
            if ending == "time":
                clock.go_on(timedelta(minutes=61))
            elif ending == "closed":
                User.objects.filter(pk=user.pk).update(is_active=False)
            else:
                member = Membership.objects.get(user=user)
                browser(world.users["chief"]).post(f"/facilities/people/{member.pk}/end/")
            assert Client().get(link).status_code == 404, ending
        User.objects.filter(pk=user.pk).update(is_active=True)


def test_nobody_sends_a_link_into_their_own_hands(world: World) -> None:
    chief = make_member("chief", world.korday.organisation, Role.ADMINISTRATOR)
    other = make_member("other", world.korday.organisation, Role.ADMINISTRATOR)
    second = make_member("second", world.operator, Role.ADMINISTRATOR, is_staff=True, is_superuser=True)
    world.users |= {"chief": chief, "other": other, "second": second}
    user, operator = world.users["clinician_kz"], world.users["administrator"]
    assert send(world, "chief", "chief") == 403
    assert send(world, "outsider", "clinician_kz") == 403
    world.users["foreign"] = make_member("foreign", world.bishkek.organisation, Role.ADMINISTRATOR)
    assert send(world, "foreign", "clinician_kz") == 404
    assert not PasswordLink.objects.exists()
    # The operator gives the account his own address, and sends himself a link.
    boss, old = signed_in_as(operator), user.email
    url = reverse("admin:accounts_user_change", args=[user.pk])
    data = {
        "username": user.username,
        "full_name": user.full_name,
        "preferred_language": "en",
        "is_active": "on",
    }
    assert send(world, "chief", "clinician_kz") == 302
    assert boss.post(url, data | {"email": "mine@example.org"}).status_code == 302
    assert PasswordLink.objects.get().ended_at is not None, "what went to the old address works no more"
    chosen = {"action": "send_link", "_selected_action": [user.pk]}
    users = reverse("admin:accounts_user_changelist")
    assert "only another administrator" in boss.post(users, chosen, follow=True).content.decode()
    with mail_server() as letters:
        work.drain()
    to = [
        address
        for address, letter in letters.kept
        if "address of your account was changed" in letter["Subject"]
    ]
    assert sorted(to) == sorted([old, "mine@example.org"])
    assert [row.country for row in AuditRow.objects.filter(action="account.email_changed")] == ["KZ"]
    # A second person may; and so may he, when the change has been known for three days.
    assert (
        "Links sent: 1."
        in signed_in_as(world.users["second"]).post(users, chosen, follow=True).content.decode()
    )
    with set_to(Clock().now + timedelta(days=3, minutes=1)):
        late = signed_in_as(operator)
        assert "Links sent: 1." in late.post(users, chosen, follow=True).content.decode()
    # Without an address there is no link, and the page says so.
    User.objects.filter(pk=user.pk).update(email="", email_changed_at=None)
    member = Membership.objects.get(user=user)
    refused = browser(chief).post(f"/facilities/people/{member.pk}/link/")
    assert refused.status_code == 409
    assert "no e-mail address" in refused.content.decode()


def test_an_account_of_the_admin_gets_an_invitation(world: World) -> None:
    boss, url = signed_in_as(world.users["administrator"]), reverse("admin:accounts_user_add")
    data = {"username": "invited", "full_name": "Invited Person", "preferred_language": "en"}
    with_password = data | {"password1": NEW, "password2": NEW}
    assert boss.post(url, with_password).status_code == 200, "an address is needed"
    with mail_server() as letters:
        assert boss.post(url, with_password | {"email": "invited@example.org"}).status_code == 302
        work.drain()
    user = User.objects.get(username="invited")
    assert not user.has_usable_password()
    visitor = Client()
    visitor.get(link_in(letters, "invited@example.org"))
    assert visitor.post("/accounts/link/password/", typed()).status_code == 302
    assert visitor.post("/accounts/sign-in/", {"username": "invited", "password": NEW}).status_code == 302


def test_the_command_line_leaves_a_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user("first", is_staff=True)
    theirs = browser(user)
    monkeypatch.setattr("getpass.getpass", lambda prompt: NEW)
    call_command("changepassword", "first", verbosity=0)
    assert theirs.get("/accounts/profile/").status_code == 302
    call_command("appoint", "first", "MOH-KG", verbosity=0)
    assert Membership.objects.get(user=user).organisation == Organisation.objects.get(code="MOH-KG")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", NEW)
    call_command(
        "createsuperuser",
        interactive=False,
        username="root",
        email="r@example.org",
        full_name="Root",
        verbosity=0,
    )
    rows = AuditRow.objects.filter(details__by="command line").order_by("pk")
    assert [(row.action, row.country) for row in rows] == [
        ("account.change_password", ""), ("membership.appoint", "KG"), ("account.create_superuser", ""),
    ]  # fmt: skip
