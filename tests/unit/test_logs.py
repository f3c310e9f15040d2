"""No log holds the content of a row that the database refused."""

import logging

import pytest
from django.conf import settings
from django.db import IntegrityError, connection

from core.logs import WithoutContent


@pytest.mark.django_db
def test_a_refused_row_leaves_its_content_out_of_the_log() -> None:
    name = "".join(["Тай", "ная"])  # not in the source line that a traceback shows
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE refused (name text, age int CHECK (age > 0))")
        with pytest.raises(IntegrityError) as refused:
            cursor.execute("INSERT INTO refused VALUES (%s, -1)", [name])
    raw = str(refused.value)
    assert name in raw, "else this test proves nothing"
    found = (type(refused.value), refused.value, refused.tb)
    record = logging.LogRecord("x", logging.ERROR, "", 0, "failed: %s", (raw,), found)
    written = WithoutContent("%(message)s").format(record)
    assert name not in written
    assert "violates check constraint" in written
    assert settings.LOGGING["formatters"]["plain"]["()"] == "core.logs.WithoutContent"
