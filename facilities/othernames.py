"""What districts and cities are called besides their names in the registers: as people say and said.

Usual spellings in Russian, names of earlier times, and names in a language of the state that the registers lack, as far
as they are generally known: our own compilation, by no authority. Only search reads them; nothing shows them.
"""

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources


def other_names(country: str, code: str) -> tuple[str, ...]:
    """The other names of a unit, by its country and its code in the register."""
    return _names().get((country, code), ())


@lru_cache(maxsize=1)
def _names() -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    file = resources.files("facilities").joinpath("reference", "data", "other_names.csv")
    for row in csv.DictReader(file.read_text("utf-8").splitlines()):
        key = row["country"], row["code"]
        found[key] = (*found.get(key, ()), row["name"])
    return found
