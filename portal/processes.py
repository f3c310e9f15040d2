"""The processes of the portal and their commands, in one place.

`./dev demo` runs these commands, docker-compose.yml repeats them word for word, and a test compares the two.
What differs from one machine to the other (addresses, secrets, numbers) comes from the environment, see
docs/operations.md.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Process:
    """A command of the portal, and a check that exits with 0 while the process does its work, or has done it.

    `login` names the role of the database for it: the owner of the tables, or one that owns nothing
    (`core/walls/roles.py`).
    """

    name: str
    command: tuple[str, ...]
    check: tuple[str, ...]
    login: str


# Ends by itself: tables and reference data. The others wait for it.
MIGRATE = Process(
    "migrate", ("python", "-m", "portal.release"), ("python", "-m", "portal.release", "--check"), "owner"
)
# Workers, threads and the address come from WEB_CONCURRENCY, WEB_THREADS and WEB_BIND.
WEB = Process(
    "web",
    ("gunicorn", "--config", "portal/gunicorn.py", "portal.wsgi:application"),
    ("python", "-P", "portal/health.py", "web"),
    "portal_web",
)
# The number of children comes from WORKER_CONCURRENCY.
WORKER = Process(
    "worker",
    ("celery", "--app", "portal", "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
    ("python", "-P", "portal/health.py", "worker"),
    "portal_worker",
)
# The schedule is kept in memory: what is due is found by a query, so a beat that starts afresh misses nothing.
BEAT = Process(
    "beat",
    ("celery", "--app", "portal", "beat", "--loglevel", "INFO", "--scheduler", "portal.heartbeat.Scheduler"),
    ("python", "-P", "portal/health.py", "beat"),
    "portal_worker",
)

# In the order of starting; stopping goes the other way.
ALL = (MIGRATE, WEB, WORKER, BEAT)
SERVING = (WEB, WORKER, BEAT)
