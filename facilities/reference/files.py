"""Reading the project's own copies of the reference files (UTF-8 CSV with a header)."""

import csv
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


def read(name: str) -> Iterator[dict[str, str]]:
    """The rows of a file of `facilities/reference/data`, every value a string."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def number(text: str) -> float | None:
    """A decimal number, None for an empty cell. Raises ValueError for anything else."""
    return float(text) if text else None
