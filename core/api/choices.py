"""The choices of what is sent, each a component of its own: a generator then makes one type of it with a good name."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

#: What a name ends with; nothing else of an answer or a content does.
SUFFIX = "Choice"
Node = dict[str, Any]


def name_choices(schemas: dict[str, Node]) -> None:
    """Replace each closed choice in `schemas` by a reference to a component, the same one for the same values.

    It is called after its field, or after that and its owner where two fields of one name have different values.
    """
    found: dict[tuple[str, ...], list[tuple[str, str, Node]]] = defaultdict(list)
    for owner, schema in sorted(schemas.items()):
        for field, node in _choices(schema, ""):
            found[tuple(node["enum"])].append((owner, field, node))
    fields = defaultdict(set)
    for values, places in found.items():
        for _owner, field, _node in places:
            fields[field].add(values)
    for values, places in found.items():
        owner, field, _node = min(
            places, key=lambda place: (len(fields[place[1]]), place[1], len(place[0]), place[0])
        )
        stem = _camel(field) if len(fields[field]) == 1 else f"{_stem(owner)}{_camel(field)}"
        if len({field for _owner, field, _node in places}) > 2:
            stem = _stem(owner)  # the same question of many things
        name = f"{stem}{SUFFIX}"
        assert name not in schemas, name
        schemas[name] = {"type": "string", "enum": list(values)}
        for _owner, _field, node in places:
            said = {"description": node["description"]} if "description" in node else {}
            node.clear()
            node.update({"$ref": f"#/components/schemas/{name}", **said})


def _choices(node: Any, field: str) -> Iterator[tuple[str, Node]]:
    """Each closed choice below, with the name of the field that it belongs to."""
    if not isinstance(node, dict):
        return
    if "enum" in node:
        yield field, node
        return
    for name, inner in node.get("properties", {}).items():
        yield from _choices(inner, name)
    for inner in (node.get("items"), *node.get("oneOf", ())):
        yield from _choices(inner, field)


def _stem(owner: str) -> str:
    for end in ("Input", "Correction", "Statement"):
        owner = owner.removesuffix(end)
    return owner.removeprefix("Patched")


def _camel(field: str) -> str:
    return "".join(part.capitalize() for part in field.split("_"))
