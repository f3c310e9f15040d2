"""Which tests read the clock: by themselves, or by what else stands in their file."""

import ast
import re
from functools import cache
from pathlib import Path

CLOCK_READ = re.compile(
    r"\b(timezone\.(now|local\w+)|(date|datetime)\.(today|now)|zones\.today|today_in|time\.time|tests\.clock)\b"
)


@cache
def readers(path: Path) -> frozenset[str]:
    """The names at the top of a file whose code reads the clock, or calls one of the others that does.

    What is imported from `tests.clock` counts; what other files read is theirs. A class is one name with all in it.
    """
    text = path.read_text("utf-8")
    found: set[str] = set()
    calls: dict[str, set[str]] = {}
    for node in ast.parse(text).body:
        read = CLOCK_READ.search(ast.get_source_segment(text, node) or "") is not None
        for name in _names_of(node):
            if read:
                found.add(name)
            calls.setdefault(name, set()).update(_words(node))
    grown = True
    while grown:
        more = {name for name, words in calls.items() if name not in found and not found.isdisjoint(words)}
        grown = bool(more)
        found |= more
    return frozenset(found)


def _names_of(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [name.asname or name.name for name in node.names]
    return [child.id for child in ast.walk(node) if isinstance(child, ast.Name) and _is_set(child)]


def _is_set(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _words(node: ast.stmt) -> set[str]:
    """Every name that is used: a fixture is asked for by an argument's, or in a mark by a text."""
    words = {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}
    words |= {child.arg for child in ast.walk(node) if isinstance(child, ast.arg)}
    return words | {
        child.value
        for child in ast.walk(node)
        if isinstance(child, ast.Constant) and isinstance(child.value, str)
    }
