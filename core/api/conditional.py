"""ETag and If-Match: a change names the version that it was decided on."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException

from core.errors import Stale

_TAG = re.compile(r'\s*(?:W/)?"([^"]*)"\s*(?:,|$)')


class PreconditionRequired(APIException):
    status_code = 428
    default_code = "precondition_required"


def etag(version: int) -> str:
    """The entity tag of a version. Compression may weaken it on the way (W/), which `expected_version` accepts."""
    return f'"{version}"'


def expected_version(header: str | None, current: Callable[[], int]) -> int:
    """The version that If-Match names. `current` gives the present one, asked only when several are named.

    Raises PreconditionRequired (428) without the header or with `*`, which would match what nobody has read, and
    Stale (412) for a tag that was never given out. Whether the version still holds is for the action to say, under
    the row's lock.
    """
    tags = _tags(header)
    if not tags:
        raise PreconditionRequired(_("Send If-Match with the ETag of the version that you have read."))
    versions = [int(tag) for tag in tags if tag.isascii() and tag.isdigit() and len(tag) < 10]
    if not versions:
        raise Stale()
    if len(versions) == 1:
        return versions[0]
    now = current()
    return now if now in versions else versions[0]


def _tags(header: str | None) -> list[str]:
    text, found, place = header or "", [], 0
    while match := _TAG.match(text, place):
        found.append(match[1])
        place = match.end()
    if text.strip() and text.strip() != "*" and not found:
        found.append(text.strip())
    return found
