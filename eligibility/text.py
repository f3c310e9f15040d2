"""Marks for texts. They change nothing here: extraction finds them, and they are translated where somebody reads.

The name `_` is the mark of a whole sentence or a title, `plural` that of a sentence with a number in it.
"""

from typing import NamedTuple


class Plural(NamedTuple):
    """A sentence for one and for many, both with `%(count)s`."""

    one: str
    many: str


def _(text: str) -> str:
    """Mark a text for translation and give it back as it is."""
    return text


def plural(one: str, many: str) -> Plural:
    """Mark a text with a number for translation."""
    return Plural(one, many)
