"""Uzbekistan's PINFL (JSHSHIR).

Algorithm as in several public implementations that cite Cabinet of Ministers resolution 177 of 12 April 2022; no
official text was read, so a failing control digit is a warning. Synthetic numbers have the area 999 and serials 9xx.
"""

from datetime import date

from patients.identifiers.base import (
    DHP_URI,
    IdentifierCheck,
    Sex,
    System,
    century,
    century_digit,
    day,
    only_digits,
    sex_of,
)
from patients.identifiers.base import marked as _


def control_digit(first_thirteen: str) -> int:
    """The control digit of a PINFL for its first thirteen digits."""
    return sum(int(digit) * (7, 3, 1)[index % 3] for index, digit in enumerate(first_thirteen)) % 10


def _examine(number: str) -> IdentifierCheck:
    warnings = []
    if control_digit(number[:13]) != int(number[13]):
        warnings.append("checksum")
    start = century(number[0])
    born = sex = None
    if start is None or number[7:10] == "000" or number[10:13] == "000":
        warnings.append("structure")
    if start is not None:
        sex = sex_of(number[0])
        born = day(start + int(number[5:7]), int(number[3:5]), int(number[1:3]))
        if born is None:
            warnings.append("date_impossible")
    return IdentifierCheck(number, (), tuple(warnings), born, sex)


def _synthetic(born: date, sex: Sex, n: int) -> str:
    first = f"{century_digit(born, sex)}{born:%d%m%y}999{900 + n % 100}"
    return f"{first}{control_digit(first)}"


SYSTEM = System(
    code="uz-pinfl",
    label=_("PINFL / JSHSHIR (Uzbekistan)"),
    in_sentence=_("JSHSHIR / PINFL (Uzbekistan)"),
    examine=only_digits(14, _examine),
    pattern=r"^[0-9]{14}$",
    uri=f"{DHP_URI}uz/ni",
    example="30101909999992",
    length=_("A PINFL has 14 digits. Check the number on the document."),
    country="UZ",
    digits=14,
    synthetic=_synthetic,
)
