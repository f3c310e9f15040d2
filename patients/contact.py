"""Free text of a patient's record: cleaning. Telephone numbers are `core.phones`."""

import unicodedata
from typing import Final

from core.placeholders import stands_for_none
from patients.names import has_hidden_character

#: What is typed before the @ where somebody has no e-mail, and on both sides of it.
_NOBODY: Final = frozenset(
    ("no", "none", "net", "нет", "no-email", "noemail", "nomail", "no-mail", "unknown", "noreply", "no-reply")
)
#: Words for “no” that are somebody's name or initials as well.
_SOMEBODY: Final = frozenset(("na", "nan", "nil", "void", "blank", "idk", "tba", "tbd"))
_BOTH_SIDES: Final = frozenset(("test", "mail", "email", "xxx", "asd", "asdf", "qwe", "qwerty", "123"))


def clean_text(text: str) -> str | None:
    """NFC with single spaces, or None with hidden characters in it."""
    if has_hidden_character(text):
        return None
    return " ".join(unicodedata.normalize("NFC", text).split())


def is_nobodys_email(address: str) -> bool:
    """Whether an e-mail address is one that people type for none: no@no.no, test@test.ru. It is a stranger's."""
    before, _at, domain = address.casefold().rpartition("@")
    name = domain.partition(".")[0]
    twice = before == name and (len(name) <= 2 or name in _BOTH_SIDES)
    says_none = before not in _SOMEBODY and not before.isdigit() and stands_for_none(before)
    return before in _NOBODY or twice or says_none
