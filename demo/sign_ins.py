"""The table of sign-ins that `./dev demo` shows when the portal answers.

`code` is what the second step takes from those who need one: it stands for a telephone, in the demonstration only.
"""

import json
from collections import Counter
from pathlib import Path

MOST = {"officer": 2}
"""How many of a role a story needs, where one doesn't do."""
COLUMNS = ("role", "country", "organisation", "username", "password", "code")


def rows(credentials: Path) -> list[dict[str, str]]:
    """The first person of each role and country, in the file's order, and a second officer.

    Nobody decides an appeal against their own refusal. Source: load_demo's credentials.json.
    """
    people = json.loads(credentials.read_text(encoding="utf-8"))["people"]
    shown: Counter[tuple[str, str]] = Counter()
    chosen = []
    for person in people:
        kind = (person["role"], person["country"])
        shown[kind] += 1
        if shown[kind] <= MOST.get(person["role"], 1):
            chosen.append(person)
    return chosen


def table(people: list[dict[str, str]], widest: int = 44) -> str:
    """The rows under their headings, each column as wide as it needs up to `widest`."""
    cells = [tuple(column.capitalize() for column in COLUMNS)]
    for person in people:
        texts = (str(person.get(column) or "") for column in COLUMNS)
        cells.append(tuple(text if len(text) <= widest else text[: widest - 1] + "…" for text in texts))
    widths = [max(len(row[index]) for row in cells) for index in range(len(COLUMNS))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(f"  {line}" for line in lines)
