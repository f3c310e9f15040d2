"""The bare floor: a plain WSGI function that runs the same SQL on psycopg2 and writes the rows as JSON.

BENCH_FLOOR names a file: for each address the statements with their values, as the portal sent them. One that writes
is rolled back, since its rows may exist once only; so it lacks the commit, and the floor is lower than it could be.
"""

import json
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import orjson
import psycopg2

_local = threading.local()
_statements: dict[str, list[str]] = {}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with the rows of every statement of this address."""
    if not _statements:
        _statements.update(json.loads(Path(os.environ["BENCH_FLOOR"]).read_text("utf-8")))
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length:
        orjson.loads(environ["wsgi.input"].read(length))
    body = orjson.dumps({"results": _run(_statements[environ["PATH_INFO"]])}, default=str)
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _run(statements: list[str]) -> list[dict[str, Any]]:
    connection = getattr(_local, "connection", None)
    if connection is None:
        connection = _local.connection = psycopg2.connect(os.environ["BENCH_DSN"])
    rows: list[dict[str, Any]] = []
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            if cursor.description:
                names = [column.name for column in cursor.description]
                rows += [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    connection.rollback()
    return rows
