"""Sign-in, sign-out, profile and password, over Django's test client."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.test import Client

from core.accounts.models import User
from core.audit.models import AuditRow
from tests import clock as clocks
from tests.clock import WEDNESDAY, Clock

PASSWORD = "a long password of the tests"

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


@pytest.fixture
def user() -> User:
    return get_user_model().objects.create_user(
        username="test-clinician", full_name="Test Clinician", password=PASSWORD, preferred_language="en"
    )


def sign_in(client: Client, password: str = PASSWORD, **extra: str):
    return client.post("/accounts/sign-in/", {"username": "test-clinician", "password": password, **extra})


def actions() -> list[str]:
    return list(AuditRow.objects.order_by("pk").values_list("action", flat=True))


def test_the_right_password_signs_in_and_the_wrong_one_does_not(client: Client, user: User) -> None:
    wrong = sign_in(client, "wrong")
    assert wrong.status_code == 200
    assert "_auth_user_id" not in client.session
    assert "Error: " in wrong.content.decode()
    assert "wrong" not in wrong.content.decode().split("<main")[1].split('value="')[1][:40]
    right = sign_in(client, next="/accounts/profile/")
    assert right.status_code == 302
    assert right["Location"] == "/accounts/profile/"
    assert actions() == ["account.sign_in_failed", "account.sign_in"]


def test_the_next_page_is_never_another_host(client: Client, user: User) -> None:
    assert sign_in(client, next="https://example.org/")["Location"] == "/"


def test_too_many_wrong_passwords_make_even_the_right_one_wait(client: Client, user: User) -> None:
    clock = Clock(still=True)
    clock.set(WEDNESDAY)
    answers = [sign_in(client, f"wrong {attempt}").status_code for attempt in range(10)]
    assert answers == [200] * 10
    early = sign_in(client)
    assert early.status_code == 429
    assert early["Retry-After"] == "1"
    assert "Too many attempts" in early.content.decode()
    assert "_auth_user_id" not in client.session
    clock.go_on(timedelta(seconds=2))
    assert sign_in(client).status_code == 302
    clock.stop()
    assert set(actions()) == {"account.sign_in_failed", "account.sign_in_delayed", "account.sign_in"}


def test_signing_out_takes_a_post(client: Client, user: User) -> None:
    sign_in(client)
    assert client.get("/accounts/sign-out/").status_code == 405
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/sign-out/").status_code == 302
    assert "_auth_user_id" not in client.session
    assert actions() == ["account.sign_in", "account.sign_out"]


def test_an_anonymous_reader_is_sent_to_sign_in_and_may_choose_a_language(client: Client) -> None:
    assert client.get("/accounts/profile/")["Location"] == "/accounts/sign-in/?next=/accounts/profile/"
    assert client.get("/i18n/setlang/").status_code == 405
    answer = client.post("/i18n/setlang/", {"language": "ru", "next": "/accounts/sign-in/"})
    assert answer["Location"] == "/accounts/sign-in/"
    assert '<html lang="ru"' in client.get("/accounts/sign-in/").content.decode()


def test_the_language_before_signing_in_stays_unless_the_account_chose_one_later(
    client: Client, user: User
) -> None:
    """Of this browser: chosen by hand, then of the browser itself; and the account's later choice above both."""

    def heading(one: Client) -> str:
        return one.get("/accounts/profile/").content.decode().split("<html lang=")[1][1:3]

    client.post("/i18n/setlang/", {"language": "uz", "next": "/accounts/sign-in/"})
    sign_in(client)
    assert heading(client) == "uz"
    client.post("/accounts/sign-out/")
    with clocks.set_to(datetime.now(UTC) + timedelta(hours=1)):
        other = Client(headers={"accept-language": "de, ky;q=0.9"})
        assert '<html lang="ky"' in other.get("/accounts/sign-in/").content.decode()
        sign_in(other)
        assert heading(other) == "ky"
        other.post("/accounts/profile/", {"preferred_language": "ru"})
    with clocks.set_to(datetime.now(UTC) + timedelta(hours=2)):
        sign_in(client)
        assert heading(client) == "ru", "chosen for the account after it was chosen here"
        client.post("/accounts/sign-out/")
        client.post("/i18n/setlang/", {"language": "kk", "next": "/"})
        sign_in(client)
        assert heading(client) == "kk", "and here again after that"
    plain = Client()
    User.objects.update(language_chosen_at=None, preferred_language="en")
    sign_in(plain)
    assert heading(plain) == "en", "a browser that says nothing speaks the account's language"


def test_the_profile_keeps_a_language_and_refuses_an_unknown_one(client: Client, user: User) -> None:
    sign_in(client)
    assert client.post("/accounts/profile/", {"preferred_language": "xx"}).status_code == 422
    assert client.post("/accounts/profile/", {"preferred_language": "ky"}).status_code == 302
    user.refresh_from_db()
    assert user.preferred_language == "ky"
    assert '<html lang="ky"' in client.get("/accounts/profile/").content.decode()
    assert actions() == ["account.sign_in", "account.choose_language"]


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong", "quite a new long password", "quite a new long password", "old_password"),
        (PASSWORD, "short", "short", "new_password1"),
        (PASSWORD, "quite a new long password", "another new long password", "new_password2"),
        (PASSWORD, "", "", "new_password1"),
    ],
)
def test_a_password_that_may_not_be(
    client: Client, user: User, old: str, new: str, again: str, field: str
) -> None:
    sign_in(client)
    data = {"old_password": old, "new_password1": new, "new_password2": again}
    answer = client.post("/accounts/password/", data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client: Client, user: User) -> None:
    elsewhere = Client()
    sign_in(client)
    sign_in(elsewhere)
    new = "quite a new long password"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/accounts/password/", data).status_code == 302
    assert client.get("/accounts/profile/").status_code == 200
    assert elsewhere.get("/accounts/profile/").status_code == 302
    assert actions()[-1] == "account.change_password"


def test_where_to_report_a_weakness_stands_on_every_page_once_it_is_set(
    client: Client, settings: LazySettings
) -> None:
    page = "/accounts/sign-in/"
    assert "mailto:" not in client.get(page).content.decode()
    settings.SECURITY_CONTACT = "security@portal.example"
    assert 'href="mailto:security@portal.example"' in client.get(page).content.decode()
    settings.SECURITY_CONTACT = "https://portal.example/security"
    assert 'href="https://portal.example/security"' in client.get(page).content.decode()
