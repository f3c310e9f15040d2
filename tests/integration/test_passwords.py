"""Passwords that aren't taken: easy to guess, or had before."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from core.accounts.models import PastPassword
from core.accounts.passwords import is_easy
from tests.factories.facilities import PASSWORD, make_user


@pytest.mark.parametrize(
    "password",
    ["Kazakhstan2026", "tashkent123456", "!!!Bishkek!!!2025", "parolparolparol", "пароль2026пароль", "gfhjkm123456789",
     "qwertyuiop[]", "123456789012345", "qazwsxedcrfv", "1qaz2wsx3edc", "Almaty-Astana-1", "aaaaaaaaaaaa",
     "АлматыАлматы", "samarqandtoshkent", "P@ssw0rd20262026", "nauryznauryz1", "zxcvbnmasdfgh"],
)  # fmt: skip
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "seven blue lanterns swim",
        PASSWORD,
        "кит слушает чайник утром",
        "Xq7-plum-Tarn-09",
        "correct horse battery staple",
    ],
)
def test_what_is_not_is_taken(password: str) -> None:
    validate_password(password)
    assert not is_easy(password)


@pytest.mark.django_db
def test_none_of_the_last_is_taken_again(settings: object) -> None:
    settings.PASSWORDS_REMEMBERED = 3  # type: ignore[attr-defined]
    user, client = make_user("changing"), Client()
    client.force_login(user)
    words = [PASSWORD, "seven blue lanterns swim", "eight green ladders sing", "nine red kettles dream"]

    def change(old: str, new: str) -> int:
        fields = {"old_password": old, "new_password1": new, "new_password2": new}
        return int(client.post("/accounts/password/", fields).status_code)

    assert change(words[0], words[0]) == 422
    assert change(words[0], words[1]) == 302
    assert change(words[1], words[0]) == 422
    assert change(words[1], "Kazakhstan2026") == 422
    assert change(words[1], words[2]) == 302
    assert change(words[2], words[3]) == 302
    assert change(words[3], words[1]) == 422
    assert change(words[3], words[0]) == 302, "the fourth before may come back"
    assert PastPassword.objects.filter(user=user).count() == 3
    assert not PastPassword.objects.filter(password__contains="kettles").exists()
    # Whoever sets a password, by whatever way: the next form knows it.
    user.refresh_from_db()
    user.set_password(words[2])
    user.save()
    with pytest.raises(ValidationError, match="You had this password before"):
        validate_password(words[2], user)
