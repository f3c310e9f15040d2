"""No circles: of all imports, those inside functions and those for types alone included.

`lint-imports` holds the streets that somebody drew; this holds what nobody drew: no module leads back to itself, and
no two packages, at whatever level, import each other.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "agreements",
    "core",
    "demo",
    "disclosure",
    "documents",
    "eligibility",
    "facilities",
    "patients",
    "portal",
    "referrals",
    "tests",
    "tools",
)

Graph = Mapping[str, set[str]]


def modules(root: Path) -> dict[str, Path]:
    """Every module under the root by its full name; a package by its own."""
    found = {}
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def graph_of(root: Path) -> Graph:
    """What each module imports of the project: `from package import module` leads to the module."""
    known = modules(root)
    graph: dict[str, set[str]] = {name: set() for name in known}
    for name, path in known.items():
        for wanted in _imports(name, path):
            while wanted and wanted not in known:
                wanted = wanted.rpartition(".")[0]
            if wanted and wanted != name:
                graph[name].add(wanted)
    return graph


def _imports(name: str, path: Path) -> Iterator[str]:
    package = name.split(".") if path.stem == "__init__" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def circles(graph: Graph) -> list[list[str]]:
    """The groups of modules that each lead to one another (Tarjan's strongly connected components of two and more)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(one: str) -> None:
        order[one] = lowest[one] = len(order)
        stack.append(one)
        for other in sorted(graph[one]):
            if other not in order:
                visit(other)
                lowest[one] = min(lowest[one], lowest[other])
            elif other in stack:
                lowest[one] = min(lowest[one], order[other])
        if lowest[one] == order[one]:
            at = stack.index(one)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    for name in sorted(graph):
        if name not in order:
            visit(name)
    return found


def pairs(graph: Graph) -> list[str]:
    """Packages, or modules of one package, that import each other, with one import of either direction."""
    ways: dict[tuple[str, str], str] = {}
    for one, others in graph.items():
        for other in others:
            ways.setdefault(_siblings(one, other), f"{one} → {other}")
    return sorted(
        f"{way}, {ways[b, a]}" for (a, b), way in ways.items() if a < b and (b, a) in ways and a and b
    )


def _siblings(one: str, other: str) -> tuple[str, str]:
    """The two that stand side by side where the names part: `core.audit` and `core.outbox`; empty for one within the
    other, as a package's `__init__` and its modules.

    Tests that stand in the folder of what they test count as tests: nothing imports them.
    """
    left, right = _room(one), _room(other)
    for depth, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return ".".join(left[: depth + 1]), ".".join(right[: depth + 1])
    return "", ""


def _room(name: str) -> list[str]:
    parts = name.split(".")
    return ["tests", *parts] if "tests" in parts[1:] else parts


def test_no_module_leads_back_to_itself_and_no_packages_import_each_other() -> None:
    graph = graph_of(ROOT)
    assert len(graph) > 400
    assert sum(map(len, graph.values())) > 1500
    assert not circles(graph)
    assert not pairs(graph)


def _planted(root: Path, **files: str) -> Graph:
    for name, text in files.items():
        path = root.joinpath(*name.split("__")).with_suffix(".py")
        for folder in (path.parent, *path.parent.parents):
            if folder == root:
                break
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "__init__.py").touch()
        path.write_text(text, "utf-8")
    return graph_of(root)


def test_planted_circles_are_found(tmp_path: Path) -> None:
    graph = _planted(
        tmp_path,
        core__road="def move():\n    from core.words import say\n    say()\n",
        core__words="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from . import lock\n",
        core__lock="import core.road as road\n",
        core__alone="from core import lock\nfrom .road import move\nimport core.words\n",
    )
    assert circles(graph) == [["core.lock", "core.road", "core.words"]]
    assert pairs(graph) == []


def test_planted_pairs_are_found_at_every_level(tmp_path: Path) -> None:
    graph = _planted(
        tmp_path,
        core__audit__log="from core.outbox.publish import publish\n",
        core__outbox__publish="",
        core__outbox__work="from ..audit import rows\n",
        core__audit__rows="",
        patients__access="import facilities.models.codes\n",
        facilities__lookups__people="def find():\n    from patients.models import Patient\n",
        facilities__models__codes="",
        patients__models="from core.audit.log import record\n",
        core__sms__tests__test_sms="from tests.factories import mail\n",
        tests__factories__mail="from core.sms import send\n",
        core__sms__send="",
    )
    assert circles(graph) == []
    assert pairs(graph) == [
        "core.audit.log → core.outbox.publish, core.outbox.work → core.audit.rows",
        "facilities.lookups.people → patients.models, patients.access → facilities.models.codes",
    ]
