"""The embedded servers: safe after a kill, right in every language, and out of the way when others are named."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from demo import children, places
from demo.embedded import Servers, ThrowAway
from demo.errors import Stop
from demo.postgres import Postgres
from demo.valkey import Valkey


@pytest.fixture
def base() -> Iterator[Path]:
    """A folder that the servers' own account can reach; pytest's are private to us."""
    folder = places.throw_away_folder()
    yield folder
    places.choose(folder, children.unprivileged_owner()).remove()


def ask(servers: Servers, statement: str, database: str = "portal", user: str = "portal") -> object:
    with contextlib.closing(
        psycopg2.connect(host=str(servers.places.sockets), user=user, dbname=database)
    ) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None


def test_search_ignores_case_in_every_script_and_the_role_is_no_superuser(base):
    with Servers(base, durable=False, given={}) as servers:
        assert ask(servers, "SELECT 'ҚАЗ' ILIKE '%қаз%' AND 'OʻZBEK' ILIKE '%oʻz%' AND 'ЫҢҒАЙ' ILIKE 'ыңғай'")
        assert (
            ask(
                servers,
                "SELECT count(*) FROM pg_extension WHERE extname IN ('btree_gist','pg_trgm','unaccent')",
            )
            == 3
        )
        assert ask(servers, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert ask(servers, "SHOW listen_addresses") == ""
        assert servers.environment["REDIS_URL"].startswith("unix:///")


@pytest.mark.drill
def test_a_killed_database_and_broker_come_back_with_everything(base):
    servers = Servers(base, durable=True, given={}).start()
    assert servers.postgres
    assert servers.valkey
    ask(servers, "CREATE TABLE kept AS SELECT 42 AS number")
    redis.Redis.from_url(servers.environment["REDIS_URL"]).set("kept", "42")
    for server in (servers.postgres, servers.valkey):
        assert server.process
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
    # A pid that another process of ours has now, as after a restart of the machine.
    (servers.postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{servers.postgres.data}\n")
    with Servers(base, durable=True, given={}) as again:
        assert ask(again, "SELECT number FROM kept") == 42
        assert redis.Redis.from_url(again.environment["REDIS_URL"]).get("kept") == b"42"


def test_an_interrupted_set_up_leaves_no_half_cluster(base):
    servers = Servers(base, durable=False, given={})
    assert servers.postgres
    unfinished = servers.postgres.data.with_name("data.unfinished")
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18")
    with servers:
        assert ask(servers, "SELECT 1") == 1
    assert not unfinished.exists()


def test_a_long_path_of_the_checkout_moves_the_sockets(base):
    deep = base / ("a" * 60) / ("b" * 60)
    with Servers(deep, durable=False, given={}) as servers:
        assert len(os.fsencode(servers.places.sockets / ".s.PGSQL.5432")) <= 107
        assert servers.places.sockets.lstat().st_mode & 0o077 == 0
        assert ask(servers, "SELECT 1") == 1
    servers.places.remove()
    assert not servers.places.sockets.exists()


def test_named_servers_win(base):
    given = {"DATABASE_URL": "postgres://elsewhere/portal", "REDIS_URL": "redis://elsewhere"}
    with Servers(base, durable=True, given=given) as servers:
        assert (servers.postgres, servers.valkey) == (None, None)
        assert servers.environment == given
    with Servers(base, durable=False, given={"REDIS_URL": "redis://elsewhere"}) as servers:
        assert servers.valkey is None
        assert servers.environment["DATABASE_URL"].startswith("postgres://portal_web@//")


def test_data_of_another_major_version_are_one_sentence(base):
    servers = Servers(base, durable=False, given={})
    assert servers.postgres
    servers.postgres.data.mkdir()
    (servers.postgres.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(Stop, match=r"are PostgreSQL 14’s and this is PostgreSQL \d+: ./dev demo --reset"):
        servers.start()


def test_no_server_for_the_platform_is_one_sentence(base, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))
    monkeypatch.delenv("PORTAL_POSTGRES_BIN", raising=False)
    where = places.choose(base, children.unprivileged_owner())
    with pytest.raises(Stop, match="No PostgreSQL for this platform"):
        Postgres(where)
    with pytest.raises(Stop, match="No Valkey for this platform"):
        Valkey(where).start()


def test_nothing_of_a_test_run_is_left_behind():
    with ThrowAway(given={}) as servers:
        folder = servers.places.base
        assert servers.postgres
        assert servers.postgres.process
        pid = servers.postgres.process.pid
        assert children.started_at(pid)
    assert not folder.exists()
    assert children.started_at(pid) == ""


def test_folders_of_dead_runs_are_cleared_and_those_of_living_ones_stay():
    process = subprocess.Popen(["true"])
    process.wait()
    dead = places.throw_away_folder()
    dead = dead.rename(dead.with_name(f"{places.THROW_AWAY}{process.pid}-dead"))
    living = places.throw_away_folder()
    places.clear_dead_runs()
    assert (dead.exists(), living.exists()) == (False, True)
    living.rmdir()
