"""Bringing a database in line with what is declared: roles, grants, policies. Run by the owner, after each migration.

It may run while the portal serves, and changes nothing that is as it should be: a policy carries the hash of its text.
"""

import hashlib
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction

from core.walls.declared import LETTERS, Rows, Table, functions, tables, told
from core.walls.roles import WEB, WORKER

_SYSTEM = f"{told('kind')} = 'system'"
_MAINTENANCE = f"{told('maintenance')} = 'on'"
# Sent instead of the text, so that what PostgreSQL makes of it need not be read.
_KNOWN = """
SELECT c.relname, p.polname, obj_description(p.oid, 'pg_policy')
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = 'public'::regnamespace
"""
_FORCED = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relrowsecurity AND relforcerowsecurity
"""
# The owner too sees rows only while they are maintained: for this one question, and never after it.
_ASKING = """
DECLARE
    was text := coalesce(current_setting('portal.maintenance', true), '');
    answer boolean;
BEGIN
    PERFORM set_config('portal.maintenance', 'on', true);
    answer := ({question});
    PERFORM set_config('portal.maintenance', was, true);
    RETURN answer;
END
"""


def build(using: str = "default") -> None:
    """Make roles that are missing, grant what is declared and nothing else, and write the policies."""
    declared = tables()
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('portal.walls'))")
        _ensure_roles(cursor)
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        there = {name for (name,) in cursor.fetchall()}
        present = {name: table for name, table in declared.items() if name in there}
        cursor.execute("; ".join([*_grants(present), *_functions(), *_policies(cursor, present)]))


def _ensure_roles(cursor: Any) -> None:
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname IN %s", [(WEB, WORKER)])
    missing = sorted({WEB, WORKER} - {name for (name,) in cursor.fetchall()})
    if not missing:
        return
    cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    if not cursor.fetchone()[0]:
        wanted = "; ".join(f"CREATE ROLE {name} LOGIN PASSWORD '…'" for name in missing)
        raise ImproperlyConfigured(
            f"The database has no role {' and no role '.join(missing)}, and its owner may create none. "
            f"Run as an administrator of the database: {wanted}. docs/operations.md says more."
        )
    for name in missing:
        cursor.execute(
            f"CREATE ROLE {name}; GRANT {name} TO CURRENT_USER"
        )  # a person gives it a password and LOGIN


def _grants(present: dict[str, Table]) -> list[str]:
    both = f"{WEB}, {WORKER}"
    said = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {both}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {both}",
        f"GRANT USAGE ON SCHEMA public TO {both}",
    ]
    for name, table in sorted(present.items()):
        for role, letters in ((WEB, table.web), (WORKER, table.worker)):
            if letters:
                rights = ", ".join(LETTERS[letter] for letter in letters)
                said.append(f'GRANT {rights} ON "{name}" TO {role}')
    return said


def _functions() -> list[str]:
    """With a fixed search path, for the portal's two roles alone."""
    said = []
    for signature, question in sorted(functions().items()):
        if question.sees_all:
            how, body = "SECURITY DEFINER", _ASKING.format(question=question.asks)
        else:
            how, body = "PARALLEL SAFE", f"BEGIN RETURN ({question.asks}); END"
        said.append(
            f"CREATE OR REPLACE FUNCTION {signature} RETURNS boolean LANGUAGE plpgsql STABLE {how} "
            f"SET search_path = pg_catalog, public, pg_temp AS $wall$ {body} $wall$"
        )
        said.append(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        said.append(f"GRANT EXECUTE ON FUNCTION {signature} TO {WEB}, {WORKER}")
    return said


def _policies(cursor: Any, present: dict[str, Table]) -> list[str]:
    cursor.execute(_KNOWN)
    known = {(table, name): mark for table, name, mark in cursor.fetchall()}
    cursor.execute(_FORCED)
    forced = {name for (name,) in cursor.fetchall()}
    wanted: dict[tuple[str, str], str] = {}
    for name, table in sorted(present.items()):
        if table.rows is not None:
            wanted |= {(name, policy): text for policy, text in _of(table, table.rows).items()}
    walled = {table for table, _policy in wanted}
    said = [_switch(name, "ENABLE", "FORCE") for name in sorted(walled - forced)]
    for (name, policy), mark in sorted(known.items()):
        if mark != _mark(wanted.get((name, policy), "")):
            said.append(f'DROP POLICY "{policy}" ON "{name}"')
    for (name, policy), text in sorted(wanted.items()):
        if known.get((name, policy)) != _mark(text):
            said.append(f'CREATE POLICY "{policy}" ON "{name}" {text}')
            said.append(f'COMMENT ON POLICY "{policy}" ON "{name}" IS \'{_mark(text)}\'')
    return [*said, *(_switch(name, "DISABLE", "NO FORCE") for name in sorted(forced - walled))]


def _switch(name: str, enable: str, force: str) -> str:
    return f'ALTER TABLE "{name}" {enable} ROW LEVEL SECURITY, {force} ROW LEVEL SECURITY'


def _of(table: Table, rows: Rows) -> dict[str, str]:
    """The policies of a table by name. The owner sees rows only where a connection says that it maintains."""
    both = f"TO {WEB}, {WORKER}"
    found = {
        "wall_owner": f"TO CURRENT_USER USING ({_MAINTENANCE})",
        "wall_system": f"TO {WORKER} USING ({_SYSTEM})",
        "wall_read": f"FOR SELECT {both} USING ({rows.read})",
    }
    letters = set(table.web + table.worker)
    if "I" in letters:
        found["wall_add"] = f"FOR INSERT {both} WITH CHECK ({rows.add or rows.read})"
    change = rows.change or rows.read
    if "U" in letters:
        found["wall_change"] = f"FOR UPDATE {both} USING ({change})"
    if "D" in letters:
        found["wall_delete"] = f"FOR DELETE {both} USING ({change})"
    return found


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
