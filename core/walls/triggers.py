"""Triggers of tables that only grow, and those that see further than who writes."""

from typing import Any

import pgtrigger
from pgtrigger import compiler

_AS_OWNER = "RETURNS TRIGGER SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"


class AsOwnerSql(compiler.UpsertTriggerSql):
    """A trigger's function that runs with the owner's rights, whoever writes. Migrations name this class."""

    def get_template(self) -> str:
        return super().get_template().replace("RETURNS TRIGGER AS $$", _AS_OWNER)


class AsOwner(pgtrigger.Trigger):
    """A trigger after a row that keeps something in order for others than who writes, in rows that they may not see.

    Nobody can call its function, which takes no arguments: what it does follows from the row that was written. `func`
    is without a `RETURN`: meanwhile the owner maintains, which the policies want to be told.
    """

    def render_declare(self, model: Any) -> str:
        return "DECLARE told TEXT := current_setting('portal.maintenance', true);"

    def render_func(self, model: Any) -> str:
        return (
            f"PERFORM set_config('portal.maintenance', 'on', true);\n{super().render_func(model)}\n"
            "PERFORM set_config('portal.maintenance', coalesce(told, ''), true);\nRETURN NULL;"
        )

    def compile(self, model: Any) -> compiler.Trigger:
        made = super().compile(model)
        return compiler.Trigger(name=made.name, sql=AsOwnerSql(**made.sql.kwargs))


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
