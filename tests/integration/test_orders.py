"""The order of every list is total: it follows from keys that the code states, and never from chance."""

import ast
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.db.models import F, Model, QuerySet, UniqueConstraint
from django.db.models.expressions import OrderBy

from agreements.access import visible_versions
from core.audit.access import visible_rows
from core.listed import Listed
from core.outbox.inbox import visible_messages
from disclosure.access import visible_disclosures
from facilities import access as directory
from facilities.api.directory import _BY_CODE
from facilities.lookups.directory import DirectoryFilter
from facilities.models import AdminUnit, Country, Organisation
from patients import access as patients
from patients.api.collection import _LATEST
from referrals import access, queues, reading, worklist
from referrals.api.collection import _KEYSETS
from tests.architecture.test_files import ROOT, tracked
from tests.factories import referrals as make
from tests.factories.facilities import World

KEYS = {"pk", "-pk", "id", "-id"}
#: Orders that end with another key that no two rows share, and the model whose it is.
OTHER_KEYS: dict[tuple[str, tuple[str, ...]], type[Model]] = {
    ("facilities/api/places.py", ("country_id", "code")): AdminUnit,
    ("facilities/api/directory.py", ("code",)): Organisation,
    ("patients/access.py", ("code",)): Country,
    ("patients/access.py", ("country_id", "code")): Organisation,
}

#: Orders of groups, whose last key is the highest of the group's rows' own: a row is in one group alone.
OF_GROUPS = {
    ("disclosure/access.py", ("-day", "-last")),
    ("core/audit/copies.py", ("country",)),
    ("referrals/reading/papers.py", ("outcome",)),
    ("core/audit/verifying.py", ("last",)),
    ("core/listed.py", ("…",)),  # the different values of a field, of which no two are equal
}


def is_total(model: type[Model], order: Iterable[Any]) -> bool:
    """Whether no two rows of the model can be equal in all keys of the order."""
    names = {name.lstrip("-") for key in order if (name := _name(key))}
    if any(_is_unique(model, name) for name in names):
        return True
    fields = {field for name in names if (field := _field(model, name))}
    groups = [one.fields for one in model._meta.constraints if _holds_for_all(one)]
    return any({model._meta.get_field(name) for name in group} <= fields for group in groups)


def _name(key: Any) -> str:
    key = key.expression if isinstance(key, OrderBy) else key
    return key.name if isinstance(key, F) else key if isinstance(key, str) else ""


def _is_unique(model: type[Model], path: str) -> bool:
    """Whether a field is unique and never empty, through a chain of one-to-one relations too."""
    first, _sep, rest = path.partition("__")
    field = _field(model, first)
    if field is None or not field.unique or field.null:
        return False
    return not rest or (field.related_model is not None and _is_unique(field.related_model, rest))


def _field(model: type[Model], name: str) -> Any:
    """The model's own column of that name, None for an annotation or a path."""
    if name == "pk":
        return model._meta.pk
    return next((one for one in model._meta.concrete_fields if name in {one.name, one.attname}), None)


def _holds_for_all(constraint: Any) -> bool:
    return (
        isinstance(constraint, UniqueConstraint) and constraint.condition is None and bool(constraint.fields)
    )


def ours() -> list[type[Model]]:
    """The models of this repository."""
    folders = {path.name for path in ROOT.iterdir()}
    return [model for model in apps.get_models() if model.__module__.partition(".")[0] in folders]


def test_what_a_total_order_is() -> None:
    assert is_total(Organisation, ["name", "-pk"])
    assert is_total(Organisation, ["country", "code"])
    assert is_total(AdminUnit, ["country_id", F("code").asc()])
    assert not is_total(AdminUnit, ["code"]), "two countries may have the same code"
    assert not is_total(Organisation, ["name", "distance"])
    assert not is_total(Organisation, [])


def test_a_model_s_own_order_is_total() -> None:
    assert len(ours()) > 25
    wrong = [
        model._meta.label
        for model in ours()
        if model._meta.ordering and not is_total(model, model._meta.ordering)
    ]
    assert not wrong


def orders() -> Iterator[tuple[str, int, tuple[str, ...] | None]]:
    """Every `order_by` of the portal: file, line and its keys; None where the last isn't written there."""
    for path in tracked("*.py"):
        where = path.relative_to(ROOT)
        if {"tests", "tools", "examples", "demo", "migrations"} & set(where.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr == "order_by" and node.args:
                texts = tuple(arg.value if isinstance(arg, ast.Constant) else "…" for arg in node.args)
                of_keyset = ast.unparse(node.args[-1]) in {"*keyset.order", "*self.order"}
                yield str(where), node.lineno, None if of_keyset else texts


def test_every_order_in_the_code_ends_with_a_key() -> None:
    found = list(orders())
    assert len(found) > 30
    others = {(file, keys) for file, _line, keys in found if keys and keys[-1] not in KEYS}
    assert others == set(OTHER_KEYS) | OF_GROUPS, "end the order with the rows' own key"
    for (_file, keys), model in OTHER_KEYS.items():
        assert is_total(model, keys)


def in_order(listed: Listed[Any]) -> Iterator[QuerySet[Any]]:
    """The parts of a list as it reads them."""
    return (branch.order_by(*listed.order) for branch in listed.branches)


def lists(world: World) -> Iterator[QuerySet[Any]]:
    """Every list that a person or a system pages through, in each of its orders."""
    clinician, officer, desk = (world.actor(name) for name in ("clinician_kz", "officer_kz", "host_desk_kg"))
    rows = queues.decision_rows(officer, queues.Wanted())
    for part, sort in product(queues.DECISION_PARTS, ("clock", "filed")):
        yield from in_order(queues.decision_list(rows, officer, part, sort))
    for part in queues.DESK_PARTS:
        yield from in_order(queues.desk_list(queues.desk_rows(desk), part))
    for tab in worklist.TABS:
        yield from in_order(worklist.under(tab, worklist.found(clinician, "")))
    patient = make.make_patient(world, clinician)
    yield reading.drafts_of(clinician, patient.pk)
    yield visible_versions(world.actor("officer_kz"))
    for text in ("", patient.name_latin, "TEST0000001"):
        yield patients.search_patients(clinician, text)
    yield patients.search_similar(clinician, patient.name_latin)
    yield from (patients.districts(), patients.countries(), patients.funds())
    for near in (None, world.units["korday"]):
        yield directory.directory(clinician, DirectoryFilter(near=near))
    yield from (directory.visible_admin_units(clinician), directory.visible_crossings(clinician))
    yield from (directory.visible_specialties(clinician), directory.visible_organisations(clinician))
    yield directory.services_of(world.bishkek)
    yield directory.visible_clients(world.actor("administrator"))
    yield visible_rows(world.actor("auditor_kz"))
    yield visible_disclosures(world.actor("auditor_kz"))
    yield visible_messages(clinician)
    for keyset in _KEYSETS.values():
        yield access.visible_referrals(clinician).order_by(*keyset.order)
    yield patients.search_patients(clinician, "").order_by(*_LATEST.order)
    yield directory.visible_facilities(clinician).order_by(*_BY_CODE.order)


@pytest.mark.django_db
def test_the_order_of_every_list_is_total(world: World) -> None:
    wrong = [
        f"{rows.model.__name__}: {order}"
        for rows in lists(world)
        if not is_total(rows.model, order := rows.query.order_by or rows.model._meta.ordering)
    ]
    assert not wrong
