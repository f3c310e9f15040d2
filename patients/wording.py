"""The words for the codes that the pure modules give. Whole sentences, each with what to do."""

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from disclosure.models import DataKind
from patients.identifiers import BY_CODE
from patients.models import Patient

Text = str | Promise

_IDENTIFIER_ERRORS: dict[str, Text] = {
    "unknown_system": _("Choose what kind of number it is."),
    "empty": _("Enter the number."),
    "placeholder": _(
        "This stands for no number. Leave the field empty if the number isn’t known: the portal gives a temporary one."
    ),
    "too_long": _("The number is too long. Enter the number alone."),
    "hidden_character": _("The number contains invisible characters. Type it instead of pasting it."),
    "not_digits": _("The number may contain digits only. Check the number on the document."),
    "checksum": _(
        "The last digit doesn’t fit the others, so a digit is wrong or two changed places. "
        "Check the number on the document."
    ),
    "cyrillic_letters": _(
        "The number contains Cyrillic letters that look like Latin ones. "
        "Type it with the Latin keyboard, as in the machine-readable lines of the document."
    ),
    "characters": _("The number may contain only letters and digits. Check the number on the document."),
    "no_digit": _("The number contains no digit. Check the number on the document."),
}
_IDENTIFIER_WARNINGS: dict[str, Text] = {
    "checksum": _("The last digit doesn’t fit the others. Compare the number with the document once more."),
    "structure": _("The number isn’t built in the usual way. Compare it with the document once more."),
    "date_impossible": _("The date inside the number doesn’t exist. Compare the number with the document."),
    "birth_date_differs": _("The number speaks of another date of birth than the one entered."),
    "birth_date_partial": _(
        "The number speaks of a whole date of birth. Take it into the record if the document has it too."
    ),
    "sex_differs": _("The number speaks of another sex than the one entered."),
}
_NAME_ERRORS: dict[str, Text] = {
    "too_long": _("The name is too long: use at most 100 characters."),
    "hidden_character": _("The name contains invisible characters. Type it instead of pasting it."),
    "mixed_scripts": _(
        "“%(word)s” mixes Cyrillic and Latin letters. Write the whole word with one keyboard, "
        "as in the document."
    ),
    "unknown_script": _("Write the name in Cyrillic or Latin letters."),
    "stands_for_none": _("Leave the field empty if the document has no such name."),
    "not_a_name": _("A name has only letters, spaces, hyphens and apostrophes."),
}

IDENTIFIER_TAKEN: Text = _(
    "This number already belongs to another patient of your facility. Compare the number with the document; if it is "
    "right, find the patient by this number."
)
OTHER_RECORDER: Text = _(
    "Another hospital recorded this, so only it changes it. Record what the patient states here: it stands beside it."
)
ONE_OF_A_KIND: Text = _("This kind of number was entered twice.")
SECOND_NATIONAL_NUMBER: Text = _(
    "This patient already has a number of this kind. Remove the wrong one first; if it belongs to somebody "
    "else, this is another patient."
)
NO_SUCH_COUNTRY: Text = _("There is no such country. Write its name, or its code of two letters, such as TJ.")
BEFORE_BIRTH: Text = _("The date lies before the patient’s birth. Check it.")
HIDDEN_CHARACTER: Text = _("The text contains invisible characters. Type it instead of pasting it.")


def outside_life(patient: Patient, begins: date) -> Text | None:
    """What is wrong with a consent or a coverage that begins before the birth or after the death; None: nothing."""
    died, born = patient.deceased_on, patient.proven_birth
    if died is not None and begins > died:
        return _("The patient died on %(day)s: nothing begins after that. Check the date.") % {
            "day": date_format(died)
        }
    return BEFORE_BIRTH if born is not None and begins < born.first else None


def identifier_kind(system: str) -> Text:
    """A kind of number in the middle of a sentence; an unknown one stands for itself."""
    found = BY_CODE.get(system)
    return _(found.in_sentence) if found else system


def identifier_error(code: str, system: str) -> Text:
    """The sentence for an error code of `identifiers.check`."""
    if code == "length" or (code == "empty" and BY_CODE[system].digits):
        return _(BY_CODE[system].length)
    return _IDENTIFIER_ERRORS[code]


def identifier_warning(code: str) -> Text:
    """The sentence for a warning code; an unknown code (of an older release) shows itself."""
    return _IDENTIFIER_WARNINGS.get(code, code)


def name_error(code: str, word: str = "") -> Text:
    """The sentence for an error code of `names.check_name`."""
    text = _NAME_ERRORS[code]
    return str(text) % {"word": word} if code == "mixed_scripts" else text


def kinds_text(kinds: Iterable[str]) -> Text:
    """“all data of the referral”, or the kinds that a consent covers."""
    said = list(kinds)
    if set(said) == set(DataKind.values):
        return _("all data of the referral")
    return "; ".join(str(DataKind(kind).label) for kind in said)
