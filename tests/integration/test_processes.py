"""Every command of docker-compose.yml starts here, on embedded servers, and its health check tells the truth."""

import contextlib
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from demo import children
from demo.embedded import ThrowAway
from demo.supervisor import with_login
from demo.valkey import find_server
from portal.processes import MIGRATE, SERVING, WEB, WORKER
from tests.architecture.test_compose import SERVICES

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.xdist_group("processes"), pytest.mark.machine_clock]


@pytest.fixture(scope="module")
def servers() -> Iterator[ThrowAway]:
    with ThrowAway(given={}) as started:
        yield started


@pytest.fixture(scope="module")
def environment(servers: ThrowAway, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Production's own settings, with the embedded servers for its servers."""
    assert servers.postgres
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    static = tmp_path_factory.mktemp("static")
    (static / "staticfiles.json").write_text('{"version": "1.1", "paths": {}, "hash": ""}')
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO"))},
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "DJANGO_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "AUDIT_KEY": secrets.token_urlsafe(32),
        "SIGNING_KEYS": ",".join(f"{country}:{secrets.token_urlsafe(32)}" for country in ("KZ", "KG", "UZ")),
        "DATA_KEY": secrets.token_urlsafe(32),
        "INDEX_KEY": secrets.token_urlsafe(32),
        "AUDIT_COPIES": str(tmp_path_factory.mktemp("audit")),
        "PUBLIC_URL": "https://portal.example",
        "ALLOWED_HOSTS": "portal.example",
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "SMS_BACKEND": "off",
        "STATE_DIR": str(tmp_path_factory.mktemp("state")),
        "STATIC_ROOT": str(static),
        "WEB_BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": "1",
        "WORKER_CONCURRENCY": "1",
        **servers.environment,
        "DATABASE_OWNER_URL": servers.postgres.url(),
        "DATABASE_URL": servers.postgres.url(role=WEB.login),
        "DATABASE_WORKER_URL": servers.postgres.url(role=WORKER.login),
    }


@pytest.fixture(scope="module")
def migrated(environment: dict[str, str]) -> dict[str, str]:
    done = run(MIGRATE.check, environment)
    assert done.returncode == 1, "an empty database lacks migrations"
    done = run(MIGRATE.command, environment)
    assert done.returncode == 0, done.stderr
    return environment


def run(command: tuple[str, ...], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def wait_for(condition: Callable[[], bool], patience: float = 90.0) -> bool:
    deadline = time.monotonic() + patience
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    return condition()


def answers(environment: dict[str, str], path: str) -> bool:
    request = urllib.request.Request(
        f"http://{environment['WEB_BIND']}{path}", headers={"Host": "portal.example"}
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_migrate_brings_an_empty_database_up_to_date_and_a_second_run_finds_nothing_to_do(migrated):
    assert run(MIGRATE.check, migrated).returncode == 0
    assert run(MIGRATE.command, migrated).returncode == 0


def test_the_processes_start_show_their_health_and_end_in_order(migrated, tmp_path):
    signs = Path(migrated["STATE_DIR"]) / "run"
    for process in SERVING:
        assert run(process.check, migrated).returncode == 1, f"{process.name} is not there yet"
    logs = {process: tmp_path / process.name for process in SERVING}
    running = {
        process: children.start(
            process.command, env=with_login(migrated, process), log=logs[process], cwd=ROOT
        )
        for process in SERVING
    }
    try:
        assert wait_for(lambda: answers(migrated, "/readyz")), logs[WEB].read_text()
        for name in ("worker", "beat"):
            assert wait_for((signs / f"{name}.alive").exists), (tmp_path / name).read_text()
        for process, child in running.items():
            assert run(process.check, migrated).returncode == 0, process.name
            assert child.poll() is None, logs[process].read_text()
        for child in running.values():
            child.send_signal(signal.SIGTERM)
        for process, child in running.items():
            assert child.wait(30) == 0, logs[process].read_text()
    finally:
        for child in running.values():
            children.stop(child, signal.SIGKILL, 0)
    assert run(WEB.check, migrated).returncode == 1


def test_postgresql_takes_the_options_of_the_service(servers):
    program, *options = SERVICES["postgres"]["command"]
    assert program == "postgres"
    assert servers.postgres
    initdb = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    if servers.postgres.major >= 17:
        expected = {*servers.postgres._locale(), "--encoding=UTF8", "--auth-local=scram-sha-256"}
        assert expected == set(initdb)
    settings = [option.partition("=") for option in options if option != "-c"]
    assert settings
    for name, _, value in settings:
        # -C prints the value that a start with these options would have.
        command = [
            str(servers.postgres.binaries / program),
            "-D",
            str(servers.postgres.data),
            *options,
            "-C",
            name,
        ]
        done = servers.postgres._run(command)
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() in (value, {"on": "pglz"}.get(value))


def test_the_role_script_makes_roles_that_are_no_superusers(servers):
    assert servers.postgres
    with (
        contextlib.closing(servers.postgres.connect("postgres")) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("ALTER DATABASE portal RENAME TO portal_elsewhere")
        roles = ("portal", WEB.login, WORKER.login)
        for role in roles:
            cursor.execute(f"ALTER ROLE {role} RENAME TO {role}_elsewhere")
        try:
            path = f"{servers.postgres.binaries}:{os.environ['PATH']}"
            environment = {
                "PATH": path,
                "PGHOST": str(servers.places.sockets),
                "PORTAL_DB_PASSWORD": "a'b\"c",
                "PORTAL_WEB_DB_PASSWORD": "w",
                "PORTAL_WORKER_DB_PASSWORD": "v",
            }
            done = run(("sh", str(ROOT / "deploy" / "create-role.sh")), environment)
            assert done.returncode == 0, done.stderr
            cursor.execute(
                "SELECT rolsuper, rolcreatedb, rolpassword LIKE 'SCRAM%%' FROM pg_authid WHERE rolname IN %s",
                [roles],
            )
            assert cursor.fetchall() == [(False, False, True)] * 3
            with (
                contextlib.closing(
                    psycopg2.connect(host=str(servers.places.sockets), user="portal", dbname="portal")
                ) as own,
                own.cursor() as as_portal,
            ):
                as_portal.execute("CREATE EXTENSION IF NOT EXISTS btree_gist; CREATE TABLE mine (number int)")
        finally:
            cursor.execute("DROP DATABASE IF EXISTS portal")
            for role in roles:
                cursor.execute(f"DROP ROLE IF EXISTS {role}")
                cursor.execute(f"ALTER ROLE {role}_elsewhere RENAME TO {role}")
            cursor.execute("ALTER DATABASE portal_elsewhere RENAME TO portal")


def test_valkey_starts_with_the_command_of_the_service(tmp_path, servers):
    assert servers.valkey
    shell, flag, line = SERVICES["valkey"]["command"]
    line = line.replace("$$", "$").replace(
        "valkey-server", f"valkey-server --port 0 --unixsocket {tmp_path}/s"
    )
    folder = tmp_path / "bin"
    folder.mkdir()
    server = find_server()
    (folder / "valkey-server").symlink_to(server)
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", "VALKEY_PASSWORD": "pass word"}
    child = children.start((shell, flag, line), env=environment, log=tmp_path / "log", cwd=tmp_path)
    try:
        deadline = time.monotonic() + 10
        while not (tmp_path / "s").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(tmp_path / "s"))
            connection.sendall(b"PING\r\n")
            assert connection.recv(99).startswith(b"-NOAUTH")
            connection.sendall(b'AUTH "pass word"\r\nPING\r\n')
            assert re.match(rb"\+OK\r\n\+PONG", connection.recv(99))
    finally:
        children.stop(child, signal.SIGTERM, 5)
