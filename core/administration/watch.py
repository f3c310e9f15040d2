"""Who changed what in the administration: one row of the audit log for each row that is written there.

While a view of the admin runs, Django's signals say what is saved and deleted, and a look at every statement says what
was written past them, by `update` or in bulk. So no form, action, inline or import can forget its row, whatever it is.
A row is written where the change is, so that both stand or fall together.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, models
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.http import HttpRequest

from core.actors import SYSTEM, Actor
from core.audit import log
from core.audit.concern import countries_concerned, everywhere
from core.db import beginnings, current_actor
from core.errors import Denied

#: What a request writes by itself, or as the consequence of a change that has its own row.
_BESIDE = ("django_session", "django_admin_log", "audit_", "axes_", "kept_")
_CONSEQUENCE = ("outbox_",)
_WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM) "([^"]+)"')
#: Rights that no form gives.
_RIGHTS = ("is_staff", "is_superuser")
MOST_KEYS = 50


class Watch:
    """One request to the admin."""

    def __init__(self, by: Actor, model: type[Model] | None) -> None:
        self.by = by
        self.model = model
        self.before: dict[int, Model | None] = {}
        self.written: set[str] = set()
        self.told: set[str] = set()
        self.beginning = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if found := _WRITES.match(sql):
            self.forget_undone()
            self.written.add(found[1])
        return execute(sql, *rest)

    def forget_undone(self) -> None:
        """What was written in a transaction that has begun anew since was not written."""
        now = beginnings() if current_actor() else 0
        if now != self.beginning:
            self.beginning, self.written, self.told = now, set(), set()

    def tell(self, what: str, row: Model, countries: set[str], details: dict[str, Any]) -> None:
        """Write the row, once for each country whose auditors are to read it."""
        self.told.add(row._meta.db_table)
        for country in sorted(countries) or everywhere():
            log.record(what, by=self.by, subject=row, country=country, details=details)

    def silent(self) -> set[str]:
        """The tables that were written past the signals."""
        own = self.model._meta.db_table if self.model else ""
        return {
            table
            for table in self.written - self.told
            if not table.startswith(_BESIDE) and (table == own or not table.startswith(_CONSEQUENCE))
        }


_watch: ContextVar[Watch | None] = ContextVar("administration", default=None)


@contextmanager
def watching(request: HttpRequest, view: Any) -> Iterator[None]:
    """Watch one view of the admin."""
    owner = getattr(view, "__self__", None)
    watch = Watch(getattr(request, "actor", None) or SYSTEM, getattr(owner, "model", None))
    token = _watch.set(watch)
    try:
        # Not `execute_wrapper`: when the actor's transaction begins anew, the wrappers change their places.
        connection.execute_wrappers.append(watch)
        yield
        _tell_of_action(watch, request)
    finally:
        connection.execute_wrappers.remove(watch)
        _watch.reset(token)


def _tell_of_action(watch: Watch, request: HttpRequest) -> None:
    """A row for an action on chosen rows, and for whatever was written unseen."""
    watch.forget_undone()
    name = request.POST.get("action", "")
    silent = watch.silent()
    if not silent and not (name and watch.told):
        return
    chosen = request.POST.getlist("_selected_action")
    details = {"action": name, "number": len(chosen), "chosen": chosen[:MOST_KEYS], "tables": sorted(silent)}
    rows = watch.model._base_manager.filter(pk__in=chosen) if watch.model and chosen else ()
    countries = {country for row in rows for country in countries_concerned(row)}
    for country in sorted(countries) or everywhere():
        log.record("admin.action" if name else "admin.write", by=watch.by, country=country, details=details)


def connect(registered: Iterable[type[Model]]) -> None:
    """Listen to every model; outside of the admin this is one look at a variable.

    Deletions are heard of the registered models only: a listener makes Django read every row before it deletes, and
    what goes with a row is seen by its statement.
    """
    pre_save.connect(_before, dispatch_uid="administration.before")
    post_save.connect(_saved, dispatch_uid="administration.saved")
    for model in registered:
        if not model._meta.db_table.startswith(_BESIDE + _CONSEQUENCE):
            uid = f"administration.{model._meta.label}"
            pre_delete.connect(_deleting, sender=model, dispatch_uid=uid)
            post_delete.connect(_deleted, sender=model, dispatch_uid=uid)
    m2m_changed.connect(_linked, dispatch_uid="administration.linked")


def _of(sender: type[Model]) -> Watch | None:
    watch = _watch.get()
    return None if watch is None or sender._meta.db_table.startswith(_BESIDE + _CONSEQUENCE) else watch


def _before(sender: type[Model], instance: Model, **rest: Any) -> None:
    watch = _of(sender)
    if watch is None:
        return
    old = sender._base_manager.filter(pk=instance.pk).first() if instance.pk is not None else None
    for right in _RIGHTS:
        if getattr(instance, right, False) and not getattr(old, right, False):
            raise Denied(code="rights_by_command_only")
    watch.before[id(instance)] = old


def _saved(sender: type[Model], instance: Model, created: bool, **rest: Any) -> None:
    watch = _of(sender)
    if watch is None:
        return
    old = watch.before.pop(id(instance), None)
    countries = countries_concerned(instance) | (countries_concerned(old) if old else set())
    prefix = getattr(instance, "audit_prefix", "admin")
    watch.tell(f"{prefix}.{'add' if created else 'change'}", instance, countries, changes(old, instance))


def _deleting(sender: type[Model], instance: Model, **rest: Any) -> None:
    if watch := _of(sender):
        watch.tell("admin.delete", instance, countries_concerned(instance), {})


def _deleted(sender: type[Model], instance: Model, **rest: Any) -> None:
    if watch := _of(sender):
        watch.told.add(sender._meta.db_table)


def _linked(sender: type[Model], instance: Model, action: str, **rest: Any) -> None:
    watch = _of(type(instance))
    if watch is None or not action.startswith("post_"):
        return
    details = {"fields": [sender._meta.model_name], "keys": sorted(str(key) for key in rest["pk_set"] or ())}
    watch.told.add(sender._meta.db_table)
    watch.tell("admin.change", instance, countries_concerned(instance), details)


def changes(old: Model | None, new: Model) -> dict[str, Any]:
    """Which fields differ, and of choices, marks and references the codes; never a text, a number or a secret."""
    fields, before, after = [], {}, {}
    for field in new._meta.concrete_fields:
        had, has = getattr(old, field.attname, None), getattr(new, field.attname)
        unchanged = had == has if old is not None else has in field.empty_values
        if unchanged or field.primary_key or not field.editable:
            continue
        fields.append(field.name)
        if field.choices or isinstance(field, models.BooleanField | models.ForeignKey):
            before[field.name], after[field.name] = had, has
    details: dict[str, Any] = {"fields": fields}
    if after:
        details |= {"to": after} if old is None else {"from": before, "to": after}
    return details
