"""The audit log's chain: what somebody who may do everything in the database does to it is found.

The owner stands for the superuser: with the triggers off nothing stops either. Each deed is undone by a savepoint.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core.actors import SYSTEM, Actor
from core.audit import chain, copies, keys, sealing, tasks
from core.audit.log import record
from core.audit.models import AuditHead, AuditRow, AuditSeal
from core.audit.verifying import Report, verify
from core.db import as_actor
from core.walls.session import working
from portal.celery import app

pytestmark = pytest.mark.django_db

BATCHES = 4
IN_BATCH = 5
ALL = BATCHES * IN_BATCH
PLACES = (1, IN_BATCH, IN_BATCH + 1, ALL)
"""Where things are done: at both ends, and on both sides of a signed head."""


@pytest.fixture
def log(settings: Any, tmp_path: Path) -> None:
    """Twenty rows of Kazakhstan and some of others, sealed in four batches; heads inside and outside."""
    settings.AUDIT_COPIES = tmp_path / "outside"
    kz, uz = (
        Actor(kind="person", id="7", label="Ə. Қ.", country=country, user_id=7) for country in ("KZ", "UZ")
    )
    for number in range(BATCHES):
        for step in range(IN_BATCH):
            record("test.step", by=kz, details={"n": number, "step": step, "of": ("a", 1.5)})
        record("test.other", by=uz)
        record("test.portal", by=SYSTEM)
        tasks.seal()
    with connection.cursor() as cursor:
        for table in ("audit_auditrow", "audit_auditseal", "audit_audithead"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("DROP INDEX audit_mac_once")


def found() -> Report:
    with working(), as_actor(SYSTEM):
        return verify()


@contextmanager
def done(*statements: str, **values: Any) -> Iterator[Report]:
    """What is found after these statements, which are undone afterwards."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, values or None)
        yield found()
        transaction.set_rollback(True)


def at(position: int) -> int:
    return AuditSeal.objects.get(country="KZ", position=position).row_id


def test_an_untouched_log_is_whole(log: None) -> None:
    report = found()
    assert report.broken == []
    assert report.sealed == {"": BATCHES, "KZ": ALL, "UZ": BATCHES}
    assert report.heads == report.copied == 3 * BATCHES
    assert report.waiting == 0
    record("test.later", by=SYSTEM)
    assert (found().waiting, found().broken) == (1, [])
    out = StringIO()
    call_command("verify_audit", "--seal", stdout=out)
    assert "KZ: 20 rows sealed and whole" in out.getvalue()
    assert "wait" not in out.getvalue()
    assert sealing.seal(thorough=True) == copies.copy() == 0, "all is done"


ALTERED = {
    "at": "at + interval '1 microsecond'",
    "action": "'test.forged'",
    "actor_kind": "'client'",
    "actor_id": "'8'",
    "actor_label": "'Somebody else'",
    "organisation_id": "99",
    "subject_type": "'patients.patient'",
    "subject_id": "'1'",
    "details": "details || '{\"n\": 99}'",
    "request_id": "'x'",
    "mac": "'0' || substr(mac, 2, 94) || 'x'",
    "country": "'UZ'",
}


def test_altering_is_found(log: None) -> None:
    assert set(ALTERED) == {field.name for field in AuditRow._meta.concrete_fields} - {"id"}
    everywhere = [(position, "details") for position in PLACES]
    for position, column in [*everywhere, *((ALL // 2, column) for column in ALTERED)]:
        deed = f"UPDATE audit_auditrow SET {column} = {ALTERED[column]} WHERE id = %(id)s"
        with done(deed, id=at(position)) as report:
            first = report.broken[0]
            assert (first.country, first.position, first.row) == ("KZ", position, at(position)), column
    # A row that waits for its seal, too.
    record("test.later", by=SYSTEM)
    last = AuditRow.objects.latest("pk").pk
    with done("UPDATE audit_auditrow SET actor_id = 'x' WHERE id = %(id)s", id=last) as report:
        assert [one.row for one in report.broken] == [last]


ROW_AND_SEAL = (
    "DELETE FROM audit_auditrow WHERE id = %(id)s",
    "DELETE FROM audit_auditseal WHERE row_id = %(id)s",
)
CLOSE_THE_GAP = (
    "UPDATE audit_auditseal SET position = position + 1000000 WHERE country = 'KZ' AND position > %(position)s",
    "UPDATE audit_auditseal SET position = position - 1000001 WHERE country = 'KZ' AND position > 1000000",
)
HEADS_AFTER = ("DELETE FROM audit_audithead WHERE country = 'KZ' AND position >= %(position)s",)


def test_deleting_is_found(log: None) -> None:
    for position in PLACES:
        values = {"id": at(position), "position": position}
        with done(ROW_AND_SEAL[0], **values) as report:
            assert [(one.position, one.row) for one in report.broken] == [(position, at(position))]
        for deed in (
            ROW_AND_SEAL,
            (*ROW_AND_SEAL, *CLOSE_THE_GAP),
            (*ROW_AND_SEAL, *CLOSE_THE_GAP, *HEADS_AFTER),
        ):
            with done(*deed, **values) as report:
                assert [one.position for one in report.broken] == [position], (position, deed)
        # The whole end, with all that tells of it in the database.
        tail = (
            "DELETE FROM audit_auditrow WHERE country = 'KZ' AND id >= %(id)s",
            "DELETE FROM audit_auditseal WHERE country = 'KZ' AND position >= %(position)s",
        )
        with done(*tail, *HEADS_AFTER, **values) as report:
            assert [(one.country, one.position) for one in report.broken] == [("KZ", position)]
    with done("TRUNCATE audit_auditrow, audit_auditseal, audit_audithead") as report:
        assert [one.country for one in report.broken] == ["", "KZ", "UZ"]


def test_reordering_is_found(log: None) -> None:
    columns = ", ".join(ALTERED)
    new = ", ".join(f"other.{column}" for column in ALTERED)
    rows = f"""UPDATE audit_auditrow AS one SET ({columns}) = ROW({new}) FROM audit_auditrow AS other
    WHERE (one.id, other.id) IN ((%(a)s, %(b)s), (%(b)s, %(a)s))"""
    seals = (
        "UPDATE audit_auditseal SET row_id = -row_id WHERE row_id IN (%(a)s, %(b)s)",
        "UPDATE audit_auditseal SET row_id = CASE row_id WHEN -%(a)s THEN %(b)s ELSE %(a)s END WHERE row_id < 0",
    )
    for first, second in pairwise(PLACES):
        for deed in ((rows,), seals):
            with done(*deed, a=at(first), b=at(second)) as report:
                assert [one.position for one in report.broken] == [first], (first, second, deed)


INSERT = """INSERT INTO audit_auditrow (id, at, action, actor_kind, actor_id, actor_label, country, subject_type,
    subject_id, details, request_id, mac)
    SELECT %(new)s, at, action, actor_kind, actor_id, actor_label, country, subject_type, subject_id, details,
    request_id, {mac} FROM audit_auditrow WHERE id = %(id)s"""


MAKE_ROOM = """UPDATE audit_auditseal SET position = position + 1000000
    WHERE country = 'KZ' AND position >= %(position)s"""


def test_inserting_is_found(log: None) -> None:
    for position in PLACES:
        values = {"id": at(position), "new": 1_000_000, "position": position}
        for mac in ("''", "mac", "'0' || substr(mac, 2, 95)"):
            with done(INSERT.format(mac=mac), **values) as report:
                assert {one.row for one in report.broken} == {1_000_000}, (position, mac)
        # In the middle of the chain, with a seal, and everything after it moved on.
        deed = (
            INSERT.format(mac="''"),
            MAKE_ROOM,
            "UPDATE audit_auditseal SET position = position - 999999 WHERE country = 'KZ' AND position > 1000000",
            """INSERT INTO audit_auditseal (country, position, row_id, hash)
            SELECT 'KZ', %(position)s, %(new)s, hash FROM audit_auditseal WHERE row_id = %(id)s""",
        )
        with done(*deed, **values) as report:
            assert [(one.position, one.row) for one in report.broken] == [(position, 1_000_000)]


def rebuild(country: str = "KZ") -> None:
    """Compute a chain anew, as one who has read this code can; only the keys are lacking."""
    seals = AuditSeal.objects.filter(country=country)
    rows = list(AuditRow.objects.filter(country=country).order_by("pk"))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_auditseal WHERE country = %s", [country])
    before, made = "", []
    for position, row in enumerate(rows, 1):
        before = chain.hash_after(before, position, row)
        made.append(AuditSeal(country=country, position=position, row_id=row.pk, hash=before))
    seals.bulk_create(made)


@pytest.mark.parametrize("heads", ["stay", "are deleted", "are signed by another key"])
def test_a_chain_that_was_computed_anew_is_found(log: None, heads: str) -> None:
    deeds: dict[str, Callable[[int], Any]] = {
        "alter": lambda row: AuditRow.objects.filter(pk=row).update(actor_id="8"),
        "delete": lambda row: AuditRow.objects.filter(pk=row).delete(),
        "insert": lambda row: AuditRow.objects.create(
            action="test.forged", country="KZ", actor_kind="person"
        ),
    }
    for position in PLACES:
        for name, deed in deeds.items():
            with transaction.atomic():
                deed(at(position))
                rebuild()
                if heads != "stay":
                    own = list(AuditHead.objects.filter(country="KZ"))
                    AuditHead.objects.filter(country="KZ").delete()
                if heads == "are signed by another key":
                    with patch.object(keys, "current", lambda: keys.Key.of("A" * 43)):
                        for head in own:
                            seal = AuditSeal.objects.filter(country="KZ", position=head.position).first()
                            if seal is not None:
                                head.hash, head.row_id = seal.hash, seal.row_id
                            chain.sign(head)
                    AuditHead.objects.bulk_create(own)
                assert found().broken, (heads, position, name)
                transaction.set_rollback(True)


def test_the_copies_outside_are_looked_at_too(log: None, settings: Any) -> None:
    file: Path = settings.AUDIT_COPIES / "KZ.jsonl"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_text().splitlines()) == BATCHES
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b'"position": 5', b'"position": 6'))
    assert "line 1 of KZ.jsonl" in str(found().broken[0])
    # What a crash cut short is copied anew, and nothing that stood there is written over.
    file.write_bytes(whole[:-40])
    tasks.copy()
    assert file.read_bytes().startswith(whole[:-40] + b"\n")
    assert len(file.read_bytes().splitlines()) == BATCHES + 1
    # A folder that can't be written stops nothing.
    file.unlink()
    with patch.object(copies, "_copy", side_effect=OSError):
        record("test.later", by=SYSTEM)
        tasks.seal()
    assert not file.exists()
    tasks.seal_thoroughly()
    assert len(file.read_text().splitlines()) == BATCHES
    err = StringIO()
    with done("DELETE FROM audit_auditrow WHERE id = %(id)s", id=at(3)):
        with pytest.raises(CommandError):
            call_command("verify_audit", stdout=StringIO(), stderr=err)
        assert f"KZ: row {at(3)}, place 3 of the chain: the row is missing" in err.getvalue()


def test_rows_from_before_the_chain_and_an_earlier_key(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_COPIES = tmp_path
    AuditRow.objects.create(action="test.old", country="KZ", actor_kind="person")
    tasks.seal()
    record("test.new", by=SYSTEM)
    tasks.seal()
    assert found().broken == []
    old, settings.AUDIT_KEY = settings.AUDIT_KEY, "A" * 43
    assert found().broken
    settings.AUDIT_KEY_FALLBACKS = [old]
    record("test.newest", by=SYSTEM)
    tasks.seal()
    assert found().broken == []
    # From now on nothing is believed without a code.
    AuditRow.objects.create(action="test.late", country="KZ", actor_kind="person")
    assert len(found().broken) == 1
    tasks.seal()
    assert [one.reason for one in found().broken] == ["the row was not written by the portal"]
    for text in ("", "short", "ü" * 43, "A" * 44):
        with pytest.raises(ImproperlyConfigured):
            keys.Key.of(text)


def test_only_one_seals_at_a_time_and_the_beat_asks_for_it(log: None) -> None:
    record("test.later", by=SYSTEM)
    with patch.object(sealing, "_LOCK", 1), patch.object(sealing.connection, "cursor") as cursor:
        cursor.return_value.__enter__.return_value.fetchone.return_value = (False,)
        assert sealing.seal() == 0
    assert sealing.seal() == 1
    asked = {entry["task"]: entry["schedule"] for entry in app.conf.beat_schedule.values()}
    assert asked["audit.seal"] <= 5
    assert asked["audit.seal_thoroughly"] <= 24 * 3600
