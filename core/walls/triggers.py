"""Triggers of tables that only grow."""

import pgtrigger


def dated_by_database(name: str, column: str = "at") -> pgtrigger.Trigger:
    """The moment of a new row is the database's own, whatever the client says.

    Only the owner's login may bring rows of another time: a release, the demonstration's history, the tests. What
    counts is who has logged in; taking another role changes nothing.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=(
            "IF NOT pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN "
            f"NEW.{column} := clock_timestamp(); END IF; RETURN NEW;"
        ),
    )


def append_only(name: str) -> pgtrigger.Trigger:
    """No row is changed or deleted, by nobody. The portal's roles lack the right besides, and that to empty a table."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)
