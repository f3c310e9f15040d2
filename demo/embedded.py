"""The embedded servers as one thing: what `DATABASE_URL` and `REDIS_URL` don't name is started here."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from core.walls.roles import WEB, WORKER
from demo import places
from demo.children import unprivileged_owner
from demo.postgres import Postgres
from demo.valkey import Valkey

GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL", "REDIS_URL")


class Servers:
    """PostgreSQL and Valkey for as long as the `with` block lasts; `environment` names them to the portal.

    A variable that `given` already holds wins: that server is somebody else's and is neither started nor stopped.
    """

    def __init__(self, base: Path, *, durable: bool, given: Mapping[str, str] | None = None) -> None:
        given = os.environ if given is None else given
        self.durable = durable
        self.places = places.choose(base, unprivileged_owner())
        self.environment: dict[str, str] = {name: given[name] for name in GIVEN if given.get(name)}
        self.postgres = None if "DATABASE_URL" in self.environment else Postgres(self.places, durable)
        self.valkey = None if "REDIS_URL" in self.environment else Valkey(self.places, durable)

    def start(self) -> "Servers":
        try:
            if self.postgres:
                self.start_postgres()
            if self.valkey:
                self.start_valkey()
        except BaseException:
            self.stop()
            raise
        return self

    def start_postgres(self) -> subprocess.Popen[bytes]:
        assert self.postgres
        self.postgres.set_up()
        process = self.postgres.start()
        self.postgres.ensure_database()
        self.environment["DATABASE_OWNER_URL"] = self.postgres.url()
        self.environment["DATABASE_URL"] = self.postgres.url(role=WEB)
        self.environment["DATABASE_WORKER_URL"] = self.postgres.url(role=WORKER)
        return process

    def start_valkey(self) -> subprocess.Popen[bytes]:
        assert self.valkey
        process = self.valkey.start()
        self.environment["REDIS_URL"] = self.valkey.url()
        return process

    def stop(self) -> None:
        if self.valkey:
            self.valkey.stop()
        if self.postgres:
            self.postgres.stop(at_once=not self.durable)

    def __enter__(self) -> "Servers":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class ThrowAway(Servers):
    """Servers for one run of the tests or one check; nothing of them is left behind.

    Their one login is the owner's: a test makes what it needs with it, and what acts takes the role of its process.
    """

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        places.clear_dead_runs()
        super().__init__(places.throw_away_folder(), durable=False, given=given)

    def start_postgres(self) -> subprocess.Popen[bytes]:
        process = super().start_postgres()
        self.environment["DATABASE_URL"] = self.environment.pop("DATABASE_OWNER_URL")
        del self.environment["DATABASE_WORKER_URL"]
        return process

    def stop(self) -> None:
        super().stop()
        self.places.remove()
