"""Places in the feed: the id of an event says where it stands. Compared as texts, the later one is the greater.

An id is 24 hexadecimal digits: 13 of the number, 8 of the mark, 3 that betray a typing error. Nobody but the portal
reads them.
"""

import hashlib
import re
from dataclasses import dataclass

_FORM = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class Place:
    """Behind the entry with this number and mark."""

    number: int
    mark: int

    def __str__(self) -> str:
        said = f"{self.number:013x}{self.mark:08x}"
        return said + _check(said)


#: Before the first event of all.
START = Place(0, 0)


def read(text: str) -> Place | None:
    """The place of an id; None for what never was one."""
    text = text.lower()
    if not _FORM.fullmatch(text) or _check(text[:21]) != text[21:]:
        return None
    return Place(int(text[:13], 16), int(text[13:21], 16))


def _check(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()[:3]
