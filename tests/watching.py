"""Watching for whom a request or a job asks the database."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.core.handlers.base import BaseHandler
from django.db import connection
from django.http import HttpRequest

from core.db import current_actor

#: What only somebody for whom it is done may read and write. Who that is must be read before: memberships and clients.
GUARDED = ("patients_", "referrals_", "agreements_", "disclosure_", "audit_", "outbox_", "facilities_")
BEFORE = {"facilities_membership", "facilities_partnerclient"}
_TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE)\s+"?(\w+)"?')


class Watch:
    """Looks at every statement, and notes those on guarded tables that nobody's transaction holds."""

    def __init__(self) -> None:
        self.seen = 0
        self.alone: list[str] = []
        #: What was asked while presentation ran, with the function of it that did: words are made of what was read.
        self.by_presentation: set[str] = set()

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        tables = set(_TABLE.findall(sql))
        if any(table.startswith(GUARDED) for table in tables - BEFORE):
            self.seen += 1
            if current_actor() is None or not connection.in_atomic_block:
                self.alone.append(sql[:120])
        if asking := _presentation_that_runs():
            self.by_presentation.add(f"{asking}: {sql[:120]}")
        return execute(sql, *rest)


def _presentation_that_runs() -> str:
    """The function of a room's presentation that is being run, empty where none is."""
    frame = sys._getframe(2)
    while frame is not None:
        code = frame.f_code
        if "/presentation" in code.co_filename and not code.co_filename.endswith(".html"):
            return f"{code.co_filename.rpartition('/presentation')[2].lstrip('/')} {code.co_qualname}"
        frame = frame.f_back  # type: ignore[assignment]
    return ""


@contextmanager
def watched() -> Iterator[Watch]:
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield watch


@contextmanager
def views_of_nobody() -> Iterator[list[str]]:
    """The views that are called for somebody who is signed in, while nobody's transaction is open."""
    found: list[str] = []
    make_view_atomic = BaseHandler.make_view_atomic

    def probed(self: BaseHandler, view: Any) -> Any:
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if getattr(request, "actor", None) is not None and current_actor() is None:
                found.append(f"{view.__module__}.{getattr(view, '__qualname__', view)}")
            return make_view_atomic(self, view)(request, *args, **kwargs)

        return run

    with patch.object(BaseHandler, "make_view_atomic", probed):
        yield found
