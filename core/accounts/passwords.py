"""Passwords that aren't taken: those that are guessed first, and those that the account had before.

What most people take is in Django's list of 20,000; `easy_words.txt` adds what is typical of the region. A word
of either with a year, some digits or signs around it, twice over or typed on the other keyboard, is as easy to guess.
"""

import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.accounts.models import PastPassword

WORDS = Path(__file__).with_name("easy_words.txt")
_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбю"
_SAME_KEYS = str.maketrans(_CYRILLIC, _LATIN)
_OTHER_KEYS = str.maketrans(_LATIN, _CYRILLIC)
_LEET = str.maketrans("0134578@$!", "oieastbasi")
_ROWS = ("1234567890", "0987654321", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ",
         "фывапролджэ", "ячсмитьбю", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm")  # fmt: skip


@cache
def easy_words() -> frozenset[str]:
    """The words of both lists, in small letters."""
    own = {
        line.strip().casefold()
        for line in WORDS.read_text("utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    }
    common = {word for word in CommonPasswordValidator().passwords if len(word) >= 4}
    return frozenset(own | common)


def is_easy(password: str) -> bool:
    """Whether the password is made of words and rows of keys that are guessed first."""
    text = password.casefold().strip()
    if len(set(text)) < 5:
        return True
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    for read in (text, text.translate(_SAME_KEYS), text.translate(_OTHER_KEYS), core.translate(_LEET)):
        if _made_of_easy(read):
            return True
    return False


def _made_of_easy(text: str) -> bool:
    words = easy_words()
    if text in words:
        return True
    letters = re.sub(r"[\W\d_]+", " ", text).split()
    if not letters:
        return _is_row(re.sub(r"\D", "", text))
    # Each part is a word of the list, or a part of a row of keys; digits and signs around them add next to nothing.
    return all(_is_word(part) or _is_row(part) for part in letters) and len(set(letters)) <= 2


def _is_word(part: str) -> bool:
    """Whether it is a word of the lists, several times over or with another one behind it."""
    words, part = easy_words(), _once(part)
    return part in words or any(part[:at] in words and part[at:] in words for at in range(3, len(part) - 2))


def _once(part: str) -> str:
    """A word that is written several times over, once."""
    for length in range(3, len(part) // 2 + 1):
        if len(part) % length == 0 and part == part[:length] * (len(part) // length):
            return part[:length]
    return part


def _is_row(part: str) -> bool:
    """Whether it goes along rows of the keyboard or the alphabet, one after the other, at least three keys of each."""
    if not part:
        return False
    while part:
        taken = next((n for n in range(len(part), 2, -1) if any(part[:n] in row * 3 for row in _ROWS)), 0)
        if not taken:
            return False
        part = part[taken:]
    return True


class EasyToGuessValidator:
    """Refuses what is tried first: common words, rows of keys, with a year or some digits around them."""

    def validate(self, password: str, user: Any = None) -> None:
        if is_easy(password):
            raise ValidationError(
                _(
                    "This password is among the first that are guessed. Take several words that don’t belong together."
                ),
                code="password_easy",
            )

    def get_help_text(self) -> str:
        return _("No common word, name of a town or row of keys, even with digits around it.")


class NotAgainValidator:
    """Refuses the present password and the last ones before it (settings.PASSWORDS_REMEMBERED in all)."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is None or user.pk is None:
            return
        if any(check_password(password, old) for old in _remembered(user)):
            count = settings.PASSWORDS_REMEMBERED
            raise ValidationError(
                ngettext(
                    "You had this password before. Take one that isn’t your last %(count)s.",
                    "You had this password before. Take one that isn’t among your last %(count)s.",
                    count,
                )
                % {"count": count},
                code="password_again",
            )

    def password_changed(self, password: str, user: Any = None) -> None:
        """Remember the hash; Django calls this after every password that is set, by whatever way."""
        if user is None or user.pk is None or not user.has_usable_password():
            return
        now, before = timezone.now(), user.password_before
        if before and not PastPassword.objects.filter(user=user, password=before).exists():
            # Of an account that was made with its password.
            PastPassword.objects.create(user=user, password=before, set_at=now - timedelta(microseconds=1))
        PastPassword.objects.create(user=user, password=user.password, set_at=now)
        rows = PastPassword.objects.filter(user=user).order_by("-set_at", "-pk")
        old = list(rows.values_list("pk", flat=True)[settings.PASSWORDS_REMEMBERED :])
        if old:
            PastPassword.objects.filter(pk__in=old).delete()

    def get_help_text(self) -> str:
        return _("None of the passwords that you had before.")


def _remembered(user: Any) -> list[str]:
    """The present hash and those of before; a hash that stands in both is looked at once."""
    rows = PastPassword.objects.filter(user=user).order_by("-set_at", "-pk")
    past = rows.values_list("password", flat=True)[: settings.PASSWORDS_REMEMBERED]
    return list(dict.fromkeys([user.password, *past]))
