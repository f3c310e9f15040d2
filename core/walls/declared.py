"""What is declared of the tables: which role may do what, and which rows it sees.

An app's `walls.py` has `TABLES: dict[str, Table]`, by the table's name in the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from core.permissions import ROLE_PERMISSIONS, Permission

LETTERS = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Which rows somebody who acts reads and writes: conditions in SQL, made of the words below.

    `add` and `change` are what `read` says unless they are given. A lock is a change. The portal itself, in a
    worker, sees all rows; the portal itself in a web process sees none.
    """

    read: str
    add: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`web` and `worker`: letters out of SIUD, as of SELECT, INSERT, UPDATE, DELETE.

    `rows`: None where all rows are seen.
    """

    web: str = ""
    worker: str = ""
    rows: Rows | None = None

    def __post_init__(self) -> None:
        assert set(self.web + self.worker) <= set(LETTERS)


def tables() -> dict[str, Table]:
    """Every declaration. ImproperlyConfigured for a table that two apps name."""
    found: dict[str, Table] = {}
    for module in ("core.walls.tables", *(f"{config.name}.walls" for config in apps.get_app_configs())):
        if module.startswith("core.walls.walls") or find_spec(module) is None:
            continue
        for name, table in import_module(module).TABLES.items():
            if found.setdefault(name, table) is not table:
                raise ImproperlyConfigured(f"{module} names {name}, which another app has named already.")
    return found


@dataclass(frozen=True)
class Question:
    """What policies ask again and again: one SELECT that answers yes or no, with the names of its arguments.

    Asked in a function, whose plan PostgreSQL keeps, where the same words in a policy would be planned anew in every
    statement: a policy that leads to others grows to a hundred subqueries. `sees_all` asks with the owner's eyes and
    gives out nothing but its answer: for what would go round in a circle as a policy.
    """

    asks: str
    sees_all: bool = False


def functions() -> dict[str, Question]:
    """`FUNCTIONS` of the apps: the questions by their signatures."""
    found: dict[str, Question] = {}
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.walls") is not None:
            found |= getattr(import_module(f"{config.name}.walls"), "FUNCTIONS", {})
    return found


def undeclared() -> list[str]:
    """The tables of models that no app has named: what is forgotten is closed, and a test says so."""
    managed = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return sorted(managed - set(tables()))


# --- Words for conditions --------------------------------------------------------------------------------------------
# Each is asked once in a query and not once for each row: PostgreSQL evaluates such a subquery before it reads.


def told(name: str) -> str:
    """What `session` told of who acts; NULL when it is empty."""
    return f"(SELECT NULLIF(current_setting('portal.{name}', true), ''))"


def having(permissions: Iterable[Permission], value: str = "true", otherwise: str = "NULL") -> str:
    """`value` for those who have one of the permissions by their roles, `otherwise` for the rest."""
    wanted = set(permissions)
    roles = ",".join(sorted(role.value for role, held in ROLE_PERMISSIONS.items() if wanted & held))
    has = f"string_to_array(current_setting('portal.roles', true), ',') && '{{{roles}}}'::text[]"
    return f"(SELECT CASE WHEN {has} THEN {value} ELSE {otherwise} END)"


def organisation(*permissions: Permission) -> str:
    """The key of the organisation for which somebody with one of the permissions acts; NULL for the rest."""
    return having(permissions, "NULLIF(current_setting('portal.organisation', true), '')::bigint")


def country(*permissions: Permission) -> str:
    """The country of the organisation for which somebody with one of the permissions acts; NULL for the rest."""
    return having(permissions, "NULLIF(current_setting('portal.country', true), '')")


def there_is(select: str) -> str:
    """Whether the SELECT finds a row, which an index looks up for each row that is read.

    `OFFSET 0` changes nothing of that. Without it PostgreSQL may read all that the SELECT could ever find before it
    reads the first row: a million referrals for a page of twenty.
    """
    return f"EXISTS ({select} OFFSET 0)"


def reaching(reach: str) -> str:
    """True while `session.reaching` is open for this purpose."""
    return f"(SELECT current_setting('portal.reach', true) = '{reach}')"
