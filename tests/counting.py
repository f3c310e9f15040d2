"""Counting the statements of a request. Inside a test's own transaction Django marks an actor's with savepoints."""

from django.test.utils import CaptureQueriesContext

_MARKS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


def statements(captured: CaptureQueriesContext) -> list[str]:
    """What was asked of the database and written to it, without the marks of transactions."""
    return [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(_MARKS)]


def readings(captured: CaptureQueriesContext) -> int:
    """How many questions were asked. Besides them a page that shows nobody's data writes nothing, any other one row."""
    asked = [sql for sql in statements(captured) if sql.startswith(("SELECT", "WITH", "(SELECT"))]
    written = [sql.split()[2] for sql in statements(captured) if sql not in asked]
    assert written in ([], ['"disclosure_disclosure"']), written
    return len(asked)
