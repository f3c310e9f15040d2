"""Pages of a list by keyset: the cursor says where the last page ended, signed, and nothing is counted."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from core.api.answers import Page
from core.errors import Invalid

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Keyset:
    """An order that no two rows share: `field`, then `tie`, both descending or both ascending.

    `parse` reads the field's value back from its text in a cursor.
    """

    field: str
    descending: bool
    tie: str = "pk"
    parse: Callable[[str], Any] = str

    @property
    def order(self) -> tuple[str, str]:
        sign = "-" if self.descending else ""
        return f"{sign}{self.field}", f"{sign}{self.tie}"

    def after(self, value: Any, tie: Any) -> Q:
        """The rows behind the one with these values."""
        way = "lt" if self.descending else "gt"
        # The first condition is implied by the second, and lets the index find the place at once.
        return Q(**{f"{self.field}__{way}e": value}) & (
            Q(**{f"{self.field}__{way}": value}) | Q(**{self.field: value, f"{self.tie}__{way}": tie})
        )


BY_PLACE = Keyset("place", descending=False, parse=int)


def newest_first(field: str) -> Keyset:
    """By a moment, the newest first."""
    return Keyset(field, descending=True, parse=datetime.fromisoformat)


def oldest_first(field: str) -> Keyset:
    """By a moment, the oldest first: for a system that keeps itself up to date."""
    return Keyset(field, descending=False, parse=datetime.fromisoformat)


def bound_to(request: Request, keyset: Keyset, content: Mapping[str, Any] | None = None) -> str:
    """What a cursor belongs to: who asks, which list, filtered and ordered how. Limit and fields may change.

    `content`: what a search that is sent by POST says instead of the address.
    """
    actor = request.actor  # type: ignore[attr-defined]
    names = sorted(name for name in request.query_params if name not in {"cursor", "limit", "fields"})
    said = [
        [actor.kind, actor.id, actor.organisation_id],
        request.path,
        [[name, request.query_params.getlist(name)] for name in names],
        keyset.order,
        sorted((name, str(content[name])) for name in content if name not in {"cursor", "limit"})
        if content
        else [],
    ]
    return hashlib.sha256(orjson.dumps(said)).hexdigest()[:16]


def continued(rows: QuerySet[Any], keyset: Keyset, cursor: str, bound: str) -> QuerySet[Any]:
    """`rows` in order, from behind the cursor on ("" for the first page). Raises Invalid for a foreign cursor."""
    if cursor:
        rows = rows.filter(keyset.after(*place(keyset, cursor, bound)))
    return rows.order_by(*keyset.order)


def split(rows: Sequence[Row], limit: int) -> tuple[Sequence[Row], bool]:
    """The page's rows out of `limit` + 1 that were asked for, and whether more stand behind them."""
    return rows[:limit], len(rows) > limit


def one_page(
    request: Request, rows: QuerySet[Any], keyset: Keyset, wanted: Mapping[str, Any]
) -> tuple[Sequence[Any], str]:
    """The rows of the page that `wanted` (of a `ListQuery`) asks for, and the cursor behind it, "" behind the last."""
    bound, limit = bound_to(request, keyset), wanted["limit"]
    found = continued(rows, keyset, wanted.get("cursor", ""), bound)
    shown, more = split(list(found[: limit + 1]), limit)
    return shown, make(getattr(shown[-1], keyset.field), shown[-1].pk, bound) if more else ""


def page_by_place(
    request: Request,
    rows: "QuerySet[Any] | Sequence[Any]",
    wanted: Mapping[str, Any],
    *,
    in_content: bool = False,
) -> tuple[Sequence[Any], str]:
    """As `one_page`, for an order that no column has, such as likeness or distance: a page begins at a place in it.

    `in_content`: what is asked for was sent by POST.
    """
    bound = bound_to(request, BY_PLACE, wanted if in_content else None)
    limit, cursor = wanted["limit"], wanted.get("cursor", "")
    start = place(BY_PLACE, cursor, bound)[0] if cursor else 0
    shown, more = split(list(rows[start : start + limit + 1]), limit)
    return shown, make(start + limit, "", bound) if more else ""


def make(value: Any, tie: Any, bound: str) -> str:
    """The cursor that stands behind a row with these values."""
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return _signer().sign_object([bound, text, str(tie)])


def page(request: Request, results: Sequence[Any], cursor: str) -> Page:
    """The answer of a list: the rows, and where the next page is, "" for nowhere."""
    return Page(results=results, next=next_url(request, cursor), next_cursor=cursor or None)


def next_url(request: Request, cursor: str) -> str | None:
    """The address of the next page, None behind the last."""
    return following(request, "cursor", cursor) if cursor else None


def following(request: Request, name: str, place: str) -> str:
    """The address of the same question from another place on, which the parameter `name` holds."""
    parameters = [
        (one, value)
        for one in request.query_params
        if one != name
        for value in request.query_params.getlist(one)
    ]
    return f"{settings.PUBLIC_URL}{request.path}?{urlencode([*parameters, (name, place)])}"


def place(keyset: Keyset, cursor: str, bound: str) -> tuple[Any, str]:
    """The values of the row behind which the cursor stands. Raises Invalid for a foreign cursor."""
    try:
        owner, value, tie = _signer().unsign_object(cursor)
        if owner != bound:
            raise BadSignature(cursor)
        return keyset.parse(value), tie
    except BadSignature as error:
        raise Invalid(
            {"cursor": [_("This cursor isn’t one of this list. Begin again without a cursor.")]},
            code="invalid_cursor",
        ) from error


def _signer() -> Signer:
    # The dot needs no escape in an address. Without a time in it a page that is asked for again has the same cursor.
    return Signer(sep=".", salt="core.api.cursors")
