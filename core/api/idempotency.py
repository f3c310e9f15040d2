"""Idempotency-Key: a change that is sent again is done once, and answered with what its reader may see of it now.

The request's one transaction holds a lock on the key, the work, and what is kept of the answer. So it is kept exactly
when the work is done; a refusal and a killed server leave neither, and the lock goes with the transaction. Only the
status, the address and the id are kept, nothing that was said: the answer is read anew, which is a reading like any
other, and two headers tell the first state from the present one.
"""

import hashlib
import re
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar

from django.db import connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from core.actors import Actor
from core.api.conditional import is_same
from core.api.jsonio import dumps, loads
from core.api.kept_answers import Kept
from core.api.models import StoredAnswer
from core.db import beginnings
from core.errors import Invalid

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
#: Of a repeated answer: the ETag that the first one had, and whether the thing is as it was then.
FIRST_TAG = "Idempotent-First-ETag"
STATE = "Idempotent-State"
UNCHANGED, CHANGED = "unchanged", "changed"
DAYS_KEPT = 7
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_KEPT_HEADERS = ("ETag", "Location")
Method = TypeVar("Method", bound=Callable[..., HttpResponse])


class InFlight(APIException):
    status_code = 409
    default_code = "request_in_progress"

    def __init__(self) -> None:
        super().__init__(_("The first request with this Idempotency-Key is still being worked on."))
        self.wait = 1


class KeyReused(APIException):
    status_code = 422
    default_code = "idempotency_key_reused"


def once(method: Method) -> Method:
    """Make a handler honour the Idempotency-Key. Without the header the work is simply done."""

    @wraps(method)
    def run(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None:
            return method(view, request, *args, **kwargs)
        if not _KEY.fullmatch(key):
            text = _("An Idempotency-Key has 1 to 255 visible ASCII characters, for instance a random UUID.")
            raise Invalid({HEADER: [text]}, code="invalid_idempotency_key")
        key = key.lower() if _UUID.fullmatch(key) else key  # one UUID, however it is written
        work = partial(method, view, request, *args, **kwargs)
        return _run_once(request, key, work, lambda kept: view.again(kept, **kwargs))

    # What the test of all endpoints looks at.
    run.honours_key = True  # type: ignore[attr-defined]
    return run  # type: ignore[return-value]


def _run_once(
    request: Request,
    key: str,
    work: Callable[[], HttpResponse],
    again: Callable[[Kept], HttpResponse],
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    owner = f"{actor.kind}:{actor.id}:{actor.organisation_id}"
    address = _UUID.sub(lambda match: match[0].lower(), request.get_full_path())
    fingerprint = hashlib.sha256(
        b"\0".join([(request.method or "").encode(), address.encode(), request.body])
    ).hexdigest()
    if not _lock(owner, key):
        raise InFlight()
    began = beginnings()
    stored = StoredAnswer.objects.filter(owner=owner, key=key).first()
    if stored is not None:
        return _replay(stored, fingerprint, again)
    response = work()
    if beginnings() == began:  # else an action was undone, and the lock with it
        _store(owner, key, fingerprint, response)
    return response


def _lock(owner: str, key: str) -> bool:
    assert transaction.get_connection().in_atomic_block
    digest = hashlib.sha256(f"{owner}\0{key}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)]
        )
        return bool(cursor.fetchone()[0])


def _store(owner: str, key: str, fingerprint: str, response: HttpResponse) -> None:
    StoredAnswer.objects.create(
        owner=owner,
        key=key,
        fingerprint=fingerprint,
        status=response.status_code,
        headers={name: response[name] for name in _KEPT_HEADERS if response.has_header(name)},
        body=dumps({"id": _id_in(response)}),
        created_at=timezone.now(),  # by the clock that `tasks.purge` asks
    )


def _id_in(response: HttpResponse) -> Any:
    """The id of what was answered, None where the answer has none."""
    said = loads(response.content) if response.content else None
    return said.get("id") if isinstance(said, dict) else None


def _replay(stored: StoredAnswer, fingerprint: str, again: Callable[[Kept], HttpResponse]) -> HttpResponse:
    if stored.fingerprint != fingerprint:
        raise KeyReused(
            _("This Idempotency-Key was used for another request. Take a new key for each new request.")
        )
    location = stored.headers.get("Location", "")
    response = again(Kept(stored.status, location, loads(bytes(stored.body)).get("id")))
    response[REPLAYED] = "true"
    if location:
        response["Location"] = location
    if first := stored.headers.get("ETag"):
        response[FIRST_TAG] = first
        response[STATE] = UNCHANGED if is_same(first, response.get("ETag", "")) else CHANGED
    return response
