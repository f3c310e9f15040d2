"""Whether a crossing takes persons now, as far as the words of its source say (pure).

The words are as of the source's date, never as of today: pages show the date beside the answer.
"""

import re

_OPEN = re.compile(r"\b(operating|reopened|daylight hours|named as operating checkpoint)\b")
_CLOSED = re.compile(r"\bclosed\b")
_MAY_HAVE_OPENED = re.compile(r"reopening (announced|prepared)|not verified")
_CARGO_ONLY = re.compile(r"\b(operating for trucks|trucks only)\b")


def operating(status: str) -> bool | None:
    """True when the source names it as working, False when as closed, None when the words leave it open.

    A closed crossing whose reopening was announced is open to question, since nobody reported the outcome.
    """
    words = status.lower()
    if "named as operating checkpoint" in words:
        return True
    if _CLOSED.search(words):
        if re.match(r"(operating|reopened)", words):
            return True
        return None if _MAY_HAVE_OPENED.search(words) else False
    return True if _OPEN.search(words) else None


def cargo_only(status: str, persons: str) -> bool:
    """Whether the source names it for goods only, so that no patient can be sent that way."""
    return not persons and bool(_CARGO_ONLY.search(status.lower()))
