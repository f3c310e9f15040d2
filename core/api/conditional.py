"""ETag, If-Match and If-None-Match: a change names what it was decided on.

A tag has the version of the row, the language of the words, and a digest of everything that the answer shows:
`"3.ru.9f86d081884c7d65"`. So it is another one whenever anything in the answer is, whoever changed it and by whichever
table. The digest's first half leaves out what the portal works out by itself in the background (a check, a warning):
a change doesn't fail because of that. The version alone, `"3"`, names the row without what hangs on it: who has read it
in a list has no more.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException

from core import languages
from core.errors import Stale

_TAG = re.compile(r'\s*(?:W/)?"([^"]*)"\s*(?:,|$)')
_FORM = re.compile(r"(\d{1,9})(?:\.([a-z]{2})\.([0-9a-f]{16}))?", re.ASCII | re.IGNORECASE)
#: For the description.
PATTERN = '^"[0-9]{1,9}([.][a-z]{2}[.][0-9a-f]{16})?"$'
EXAMPLE = '"3.en.9f86d081884c7d65"'


class PreconditionRequired(APIException):
    status_code = 428
    default_code = "precondition_required"


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer of which a change may name the tag.

    `decided` writes what of it a decision may rest on, in the language that is active then.
    """

    version: int
    decided: Callable[[], bytes]


def tag_of(version: int, content: bytes, decided: bytes | None = None) -> str:
    """The entity tag of an answer. `decided`: its part that a decision may rest on, where that isn't all.

    Compression may weaken a tag on the way (W/), which is accepted.
    """
    first = _half(content if decided is None else decided)
    return f'"{version}.{languages.active()}.{first}{_half(content)}"'


def _half(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:8]


def expected_version(header: str | None, shown: Callable[[], Shown]) -> int:
    """The version that If-Match names, when the answer still is as it was read.

    Raises PreconditionRequired (428) without the header or with `*`, which would match what nobody has read, and
    Stale (412) for a tag that was never given out or of which the answer says something else now. Whether a version
    still holds is for the action to say, under the row's lock.
    """
    tags = _tags(header)
    if not tags:
        raise PreconditionRequired(_("Send If-Match with the ETag of the version that you have read."))
    named = [match for tag in tags if (match := _FORM.fullmatch(tag))]
    if not named:
        raise Stale()
    if len(named) == 1 and not named[0][2]:
        return int(named[0][1])
    present = shown()
    for version, language, digest in (match.groups() for match in named):
        if int(version) != present.version:
            continue
        if not language or _decided(present, language.lower()) == digest[:8].lower():
            return present.version
    raise Stale()


def is_same(first: str, now: str) -> bool:
    """Whether two tags are of one content; in two languages as far as their version tells."""
    one, two = _FORM.fullmatch(first.strip('"')), _FORM.fullmatch(now.strip('"'))
    if one is None or two is None:
        return False
    return one[0] == two[0] if one[2] == two[2] else one[1] == two[1]


def is_known(header: str | None, tag: str) -> bool:
    """Whether If-None-Match names the tag: the reader has this answer already."""
    return header is not None and (header.strip() == "*" or tag.strip('"') in _tags(header))


def _decided(one: Shown, language: str) -> str:
    if language not in languages.CODES:
        return ""
    with translation.override(language):
        return _half(one.decided())


def _tags(header: str | None) -> list[str]:
    text, found, place = header or "", [], 0
    while match := _TAG.match(text, place):
        found.append(match[1])
        place = match.end()
    if text.strip() and text.strip() != "*" and not found:
        found.append(text.strip())
    return found
