"""Kazakhstan's IIN.

Published algorithm (pass 1 weights 1..11, pass 2 weights 3..11, 1, 2, modulo 11), checked against independent
implementations. Government resolution 853 of 26 August 2013 untied the number from birth date and sex, so what it says
about them is a hint only. Synthetic numbers have the serial 99xx.
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


def control_digit(first_eleven: str) -> int | None:
    """The control digit of an IIN for its first eleven digits; None when such a number is never issued."""
    digits = [int(digit) for digit in first_eleven]
    for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if rest != 10:
            return rest
    return None


def _examine(number: str) -> IdentifierCheck:
    if control_digit(number[:11]) != int(number[11]):
        return IdentifierCheck(number, ("checksum",))
    start = century(number[6])
    if start is None:  # 0 and others: birth date and sex aren't derivable, which is no fault
        return IdentifierCheck(number)
    born = day(start + int(number[:2]), int(number[2:4]), int(number[4:6]))
    warnings = () if born else ("date_impossible",)
    return IdentifierCheck(number, (), warnings, born, sex_of(number[6]))


def _synthetic(born: date, sex: Sex, n: int) -> str:
    for serial in range(n % 100, n % 100 + 100):
        first = f"{born:%y%m%d}{century_digit(born, sex)}99{serial % 100:02d}"
        control = control_digit(first)
        if control is not None:
            return f"{first}{control}"
    raise AssertionError("a hundred serial numbers in a row are never all unissuable")


SYSTEM = System(
    code="kz-iin",
    label=_("IIN (Kazakhstan)"),
    in_sentence=_("IIN (Kazakhstan)"),
    examine=only_digits(12, _examine),
    pattern=r"^[0-9]{12}$",
    uri=f"{DHP_URI}kz/ni",
    example="900101399016",
    length=_("An IIN has 12 digits. Check the number on the document."),
    country="KZ",
    digits=12,
    synthetic=_synthetic,
)
