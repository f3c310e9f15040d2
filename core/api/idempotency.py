"""Idempotency-Key: a POST that is sent again gets the answer that it got the first time.

The request's one transaction holds a lock on the key, the work, and the stored answer. So an answer is stored exactly
when the work is done; a refusal and a killed server leave neither, and the lock goes with the transaction.
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
from core.api.models import StoredAnswer
from core.db import beginnings
from core.errors import Invalid

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
DAYS_KEPT = 7
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("ETag", "Location", "Content-Language")
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
    """Make a POST handler honour the Idempotency-Key. Without the header the work is simply done."""

    @wraps(method)
    def run(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None:
            return method(view, request, *args, **kwargs)
        if not _KEY.fullmatch(key):
            text = _("An Idempotency-Key has 1 to 255 visible ASCII characters, for instance a random UUID.")
            raise Invalid({HEADER: [text]}, code="invalid_idempotency_key")
        work = partial(method, view, request, *args, **kwargs)
        return _run_once(request, key, work, lambda response: view.again(response, **kwargs))

    # What the test of all endpoints looks at.
    run.honours_key = True  # type: ignore[attr-defined]
    return run  # type: ignore[return-value]


def _run_once(
    request: Request,
    key: str,
    work: Callable[[], HttpResponse],
    again: Callable[[HttpResponse], HttpResponse],
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    owner = f"{actor.kind}:{actor.id}:{actor.organisation_id}"
    fingerprint = hashlib.sha256(
        b"\0".join([(request.method or "").encode(), request.get_full_path().encode(), request.body])
    ).hexdigest()
    if not _lock(owner, key):
        raise InFlight()
    began = beginnings()
    stored = StoredAnswer.objects.filter(owner=owner, key=key).first()
    if stored is not None:
        # What the reader might see then they may not see any more now: the view says what is left of it.
        response = again(_replay(stored, fingerprint))
        response[REPLAYED] = "true"
        return response
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
        body=response.content,
        created_at=timezone.now(),  # by the clock that `tasks.purge` asks
    )


def _replay(stored: StoredAnswer, fingerprint: str) -> HttpResponse:
    if stored.fingerprint != fingerprint:
        raise KeyReused(
            _("This Idempotency-Key was used for another request. Take a new key for each new request.")
        )
    return HttpResponse(
        bytes(stored.body), status=stored.status, content_type="application/json", headers=stored.headers
    )
