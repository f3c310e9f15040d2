"""The wall in the database: what its roles may do, and which rows it shows while the application asks for all.

What depends on who has logged in is tried on connections that log in as the roles do; the rest in the test's own
connection, which takes the role of a process for each transaction (`core.walls.session`).
"""

import contextlib
import os
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import psycopg2
import pytest
from django.apps import apps
from django.db import connection, transaction

from core.walls.build import build
from core.walls.declared import LETTERS, Table, tables, undeclared
from core.walls.roles import WEB, WORKER
from patients.models import Patient
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.integration.test_url_matrix import things

__all__ = ["things"]  # a fixture

pytestmark = pytest.mark.django_db
APPEND_ONLY = (
    "audit_auditrow",
    "disclosure_disclosure",
    "referrals_statuschange",
    "audit_auditseal",
    "audit_audithead",
)


def test_every_table_is_declared() -> None:
    assert undeclared() == [], (
        "Say in the app’s walls.py what the web and the worker may do with these tables (letters out of SIUD), and, "
        "where they hold a patient’s data, which rows somebody sees (rows=): core/walls/declared.py."
    )
    # Whatever hangs on a patient or a referral shows its rows to those who may see these.
    private = {Patient, Referral}
    for model in apps.get_models():
        if any(field.related_model in private for field in model._meta.concrete_fields if field.is_relation):
            assert tables()[model._meta.db_table].rows is not None, (
                f"{model.__name__} needs rows= in walls.py"
            )


def test_the_database_is_as_declared_and_a_second_build_changes_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT relname, pg_get_userbyid(grantee), string_agg(privilege_type, ',')
            FROM pg_class, aclexplode(relacl) WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            AND grantee <> relowner GROUP BY 1, 2"""
        )
        granted = {(table, role): set(rights.split(",")) for table, role, rights in cursor.fetchall()}
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        forced = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            """SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication,
            EXISTS (SELECT 1 FROM pg_auth_members WHERE member = r.oid),
            EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid)
            FROM pg_roles r WHERE rolname IN %s""",
            [(WEB, WORKER)],
        )
        assert cursor.fetchall() == [(False, False, False)] * 2, "they own nothing and belong to nobody"
    wanted = {
        (name, role): {LETTERS[letter] for letter in letters}
        for name, table in tables().items()
        for role, letters in ((WEB, table.web), (WORKER, table.worker))
        if letters
    }
    assert granted == wanted
    assert forced == {name for name, table in tables().items() if table.rows is not None}
    for name in APPEND_ONLY:
        assert set(tables()[name].web + tables()[name].worker) <= set("SI")
    ran: list[str] = []
    with connection.execute_wrapper(lambda execute, sql, *rest: (ran.append(sql), execute(sql, *rest))[1]):
        build()
    assert not [sql for sql in ran if "POLICY" in sql or "ALTER" in sql]
    # What is declared anew is built, and what is declared no more is taken away.
    changed = {**tables(), "agreements_agreement": Table(web="S", rows=tables()["audit_auditrow"].rows)}
    changed["agreements_agreement"] = Table(web="S")
    with patch("core.walls.build.tables", lambda: changed | {"audit_auditrow": Table(web="S")}):
        build()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_policies WHERE tablename = 'audit_auditrow'")
        assert cursor.fetchone() == (0,)


# --- With the roles' own logins -------------------------------------------------------------------------------------


@contextlib.contextmanager
def login(role: str) -> Iterator[Any]:
    """A cursor of that login on the tests' database; what it does is rolled back."""
    if "PORTAL_TEST_SERVERS" not in os.environ:
        pytest.skip("the roles can log in without a password on the embedded server alone")
    facts = connection.settings_dict
    own = psycopg2.connect(host=facts["HOST"], dbname=facts["NAME"], user=role)
    try:
        with own.cursor() as cursor:
            yield cursor
    finally:
        own.rollback()
        own.close()


def refused(cursor: Any, statement: str) -> str:
    """The name of the error with which the database refuses; empty when it does not."""
    cursor.execute("SAVEPOINT before")
    try:
        cursor.execute(statement)
    except psycopg2.Error as error:
        cursor.execute("ROLLBACK TO before")
        return type(error).__name__
    return ""


@pytest.mark.parametrize("role", [WEB, WORKER])
def test_what_only_grows_can_be_neither_changed_nor_switched_off(role: str) -> None:
    with login(role) as cursor:
        for table in APPEND_ONLY:
            column = tables_column(table)
            for deed in (
                f"UPDATE {table} SET {column} = {column}",
                f"DELETE FROM {table}",
                f"TRUNCATE {table}",
                f"TRUNCATE {table} CASCADE",
                f"ALTER TABLE {table} DISABLE TRIGGER ALL",
                f"ALTER TABLE {table} DISABLE TRIGGER USER",
                f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
                f"DROP TABLE {table}",
                f"CREATE RULE away AS ON INSERT TO {table} DO INSTEAD NOTHING",
                f"SELECT 1 FROM {table} FOR UPDATE",
            ):
                assert refused(cursor, deed) == "InsufficientPrivilege", deed
        for deed in (
            "SET session_replication_role = replica",
            "SET LOCAL session_replication_role = 'local'",
            "SET ROLE portal",
            "SET SESSION AUTHORIZATION portal",
            f"SET ROLE {WORKER if role == WEB else WEB}",
            "CREATE TABLE mine (number int)",
            "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "DROP POLICY wall_read ON audit_auditrow",
            "CREATE POLICY mine ON audit_auditrow USING (true)",
            f"ALTER ROLE {role} BYPASSRLS",
            f"GRANT portal TO {role}",
        ):
            assert refused(cursor, deed) == "InsufficientPrivilege", deed
        # It says that it maintains, or that it is the portal: the web gains nothing by either.
        cursor.execute(
            "SELECT set_config('portal.maintenance', 'on', true), set_config('portal.kind', 'system', true)"
        )
        cursor.execute("SELECT count(*) FROM audit_auditrow")
        if role == WEB:
            assert cursor.fetchone() == (0,)


def tables_column(table: str) -> str:
    return "id" if table != "audit_audithead" else "hash"


AUDIT = """INSERT INTO audit_auditrow (at, action, actor_kind, actor_id, actor_label, country, subject_type,
subject_id, details, request_id, mac)
VALUES ('2001-01-01', 'test.forged', 'person', '7', 'X', 'KZ', '', '', '{}', '', 'm')"""
LEDGER = """INSERT INTO disclosure_disclosure (at, what, actor_kind, actor_id, actor_label, country, purpose, basis,
clinical, patients, countries, subject_type, subject_id, request_id)
VALUES ('2001-01-01', 'test', 'person', '7', 'X', 'KZ', 'care', '{}', false, '{}', '{KZ}', '', '', '')"""
HISTORY = """INSERT INTO referrals_statuschange (referral_id, machine, event, from_state, to_state, at, by_kind,
by_label, by_organisation, reason_code, reason_text)
VALUES (gen_random_uuid(), 'referral', 'x', '', '', '2001-01-01', 'person', 'X', '', '', '')"""
SEAL = "INSERT INTO audit_auditseal (country, position, row_id, hash, sealed_at) VALUES ('KZ', 1, 1, 'h', '2001-01-01')"
AS_AUDITOR = """SELECT set_config('portal.kind', 'person', true), set_config('portal.roles', 'auditor', true),
set_config('portal.country', 'KZ', true)"""
AS_PORTAL = "SELECT set_config('portal.kind', 'system', true)"


def test_the_moment_of_a_row_is_the_database_s() -> None:
    def recent(cursor: Any, table: str, column: str = "at") -> bool:
        cursor.execute(
            f"SELECT {column} BETWEEN now() - interval '1 minute' AND clock_timestamp() FROM {table}"
        )
        return bool(cursor.fetchall() == [(True,)])

    with login(WEB) as cursor:
        cursor.execute(AS_AUDITOR)
        cursor.execute(AUDIT)
        cursor.execute(LEDGER)
        assert recent(cursor, "audit_auditrow")
        assert recent(cursor, "disclosure_disclosure")
        assert refused(cursor, HISTORY) == "InsufficientPrivilege", (
            "no history of a referral that they don't see"
        )
        assert refused(cursor, SEAL) == "InsufficientPrivilege"
    with login(WORKER) as cursor:
        cursor.execute(AS_PORTAL)
        for table, column, statement in (
            ("audit_auditrow", "at", AUDIT),
            ("referrals_statuschange", "at", HISTORY),
            ("audit_auditseal", "sealed_at", SEAL),
        ):
            cursor.execute(statement)
            assert recent(cursor, table, column)


def test_the_owner_sees_rows_only_where_it_says_so(world: World) -> None:
    make.make_draft(world)
    with transaction.atomic(), connection.cursor() as cursor:
        assert Referral.objects.exists()
        cursor.execute("SELECT set_config('portal.maintenance', '', true)")
        for name, table in tables().items():
            if table.rows is not None and table.rows.read != "true":
                cursor.execute(f"SELECT count(*) FROM {name}")
                assert cursor.fetchone() == (0,), name
        transaction.set_rollback(True)
