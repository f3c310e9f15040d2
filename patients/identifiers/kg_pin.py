"""Kyrgyzstan's PIN.

14 digits. No public source of its control digit is known and its structure is unconfirmed, so nothing beyond the
length is read from it. No test block is known: synthetic numbers begin with 9, which no description of the PIN allows.
"""

from datetime import date

from patients.identifiers.base import OWN_URI, IdentifierCheck, Sex, System, only_digits
from patients.identifiers.base import marked as _


def _synthetic(born: date, sex: Sex, n: int) -> str:
    return f"9{born:%d%m%Y}99{n % 1000:03d}"


SYSTEM = System(
    code="kg-pin",
    label=_("PIN (Kyrgyzstan)"),
    in_sentence=_("PIN (Kyrgyzstan)"),
    examine=only_digits(14, IdentifierCheck),
    pattern=r"^[0-9]{14}$",
    uri=f"{OWN_URI}kg-pin",
    example="90101199099001",
    length=_("A PIN has 14 digits. Check the number on the document."),
    country="KG",
    digits=14,
    synthetic=_synthetic,
)
