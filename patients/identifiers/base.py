"""What a kind of number is, and the small parts that several kinds share. Pure: no Django."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

Sex = Literal["female", "male"]
#: Kinds for which nobody else has named a URI keep one of the portal's own.
OWN_URI: Final = "urn:x-patient-mobility:identifier:"
#: Of the Digital Health Platform's guide (Uzbekistan, CC-BY-4.0), which names those of the neighbours too.
DHP_URI: Final = "https://dhp.uz/fhir/core/sid/pid/"


def marked(text: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text


@dataclass(frozen=True)
class IdentifierCheck:
    """What `check` found.

    `value`: normalised, ready to store when `errors` is empty.
    `errors`: empty, placeholder, hidden_character, too_long, not_digits, length, checksum, cyrillic_letters,
    characters, no_digit, unknown_system.
    `warnings`: checksum, date_impossible, structure, later also birth_date_differs, birth_date_partial, sex_differs.
    `birth_date`, `sex` ("male" | "female"): what the number says, None where it says nothing.
    """

    value: str
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    birth_date: date | None = None
    sex: str | None = None


@dataclass(frozen=True, kw_only=True)
class System:
    """One kind of number, with everything that is particular to it.

    `examine` judges a number that has no separators any more and is in capitals. `pattern` is what the database holds
    every stored value to. `label` names the kind in a choice, `in_sentence` within a sentence; `length` says what to
    do when the length is wrong. `country` is the one whose national number it is; of any other kind the country is
    asked for. `digits` is the length of a number of digits alone. `uris` are FHIR's names by country where they
    differ. `example` is a synthetic number that passes. `synthetic` makes one for somebody's date of birth and sex,
    told apart by a serial number.
    """

    code: str
    label: str
    in_sentence: str
    examine: Callable[[str], IdentifierCheck]
    pattern: str
    uri: str
    example: str
    length: str = ""
    country: str = ""
    digits: int = 0
    uris: Mapping[str, str] = field(default_factory=dict)
    either_script: bool = False
    given_by_portal: bool = False
    synthetic: Callable[[date, Sex, int], str] | None = None

    def uri_for(self, country: str) -> str:
        """FHIR's name of the kind, for a number that this country issued."""
        return self.uris.get(country, self.uri)


def only_digits(digits: int, examine: Callable[[str], IdentifierCheck]) -> Callable[[str], IdentifierCheck]:
    """`examine` for numbers that have that many digits and nothing else."""

    def checked(number: str) -> IdentifierCheck:
        if not (number.isascii() and number.isdigit()):
            return IdentifierCheck(number[:40], ("not_digits",))
        if len(number) != digits:
            return IdentifierCheck(number[:40], ("length",))
        return examine(number)

    return checked


def document(shortest: int, longest: int, *, letters: str = "A-Z0-9") -> Callable[[str], IdentifierCheck]:
    """The look at a document's number: its length, and characters of `letters` with a digit among them."""
    cyrillic_fits = "А" in letters

    def checked(number: str) -> IdentifierCheck:
        if not cyrillic_fits and re.search("[Ѐ-ӿ]", number):
            return IdentifierCheck(number[:40], ("cyrillic_letters",))
        if not re.fullmatch(f"[{letters}]+", number):
            return IdentifierCheck(number[:40], ("characters",))
        if not shortest <= len(number) <= longest:
            return IdentifierCheck(number[:40], ("length",))
        if not re.search("[0-9]", number):
            return IdentifierCheck(number, ("no_digit",))
        return IdentifierCheck(number)

    return checked


def century(digit: str) -> int | None:
    """The century that the digit of century and sex stands for in the numbers of Kazakhstan and Uzbekistan."""
    return {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}.get(digit)


def sex_of(digit: str) -> str:
    return "male" if int(digit) % 2 else "female"


def century_digit(born: date, sex: Sex) -> int:
    """The digit for somebody's century of birth and sex."""
    return {18: 1, 19: 3, 20: 5}[born.year // 100] + (sex == "female")


def day(year: int, month: int, number: int) -> date | None:
    """The date, None where there is no such day."""
    try:
        return date(year, month, number)
    except ValueError:
        return None
