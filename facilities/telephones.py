"""The telephones of an organisation: one or several, each valid in its country's plan."""

import re
from typing import NamedTuple

from core.errors import Text
from core.phones import phone_error, read_phone

_BETWEEN = re.compile(r"\s*[,;\n]\s*")


class Phones(NamedTuple):
    """`text`: the numbers in E.164 form with commas between them; `error`: the sentence for the first wrong one."""

    text: str
    error: Text = ""


def clean_phones(text: str, country: str) -> Phones:
    """Read the numbers of an organisation of `country`, with commas or semicolons between them."""
    numbers = []
    for part in filter(None, _BETWEEN.split(text.strip())):
        phone = read_phone(part, country)
        if phone.number is None:
            return Phones(text, phone_error(phone))
        numbers.append(phone.number)
    return Phones(", ".join(dict.fromkeys(numbers)))


def first_phone(text: str) -> str:
    """The first of the numbers as they are kept."""
    return _BETWEEN.split(text.strip())[0]
