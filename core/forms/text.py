"""Text as a person typed it: composed to NFC, trimmed, free of characters that nobody can see."""

import re
import unicodedata
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Control, format (zero-width, bidirectional marks, soft hyphen), surrogate, private use, unassigned.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
SPACES = re.compile(r"\s+")
#: Of a text that stands for no answer (`core.placeholders`), and of one in which a person should be named.
STANDS_FOR_NONE = _("This stands for no answer. Leave the field empty if there is none, or none is known.")
NAMES_NOBODY = _("This names nobody. Write the person’s name.")
LINE_ENDS = re.compile("\r\n|\r|\u2028|\u2029|\x85")


def noun_of(field: forms.Field) -> str:
    """What the field is called in an error: its `noun` if it has one, else its label without “?”."""
    return str(getattr(field, "noun", None) or field.label or "").rstrip("?").rstrip()


def unseen_character(text: str) -> tuple[str, str] | None:
    """The first invisible character as `U+200B`, with up to 12 characters before it; or None."""
    for position, character in enumerate(text):
        if unicodedata.category(character) in UNSEEN and character not in "\n\t":
            return f"U+{ord(character):04X}", text[max(0, position - 12) : position].strip()
    return None


class CleanCharField(forms.CharField):
    """One line of text. Runs of white space become one space; an invisible character or too many characters
    are an error that says which, where, and how many.

    `max_length` is the limit in characters after cleaning; `noun` names the field in errors where the label
    is a question.
    """

    default_error_messages: ClassVar = {
        "required": _("%(label)s: fill this in."),
        "too_long": _("%(label)s is too long: it has %(count)s characters and may have at most %(limit)s."),
        "unseen": _(
            "%(label)s contains an invisible character (%(character)s) after “%(before)s”. "
            "Delete that place and type it again."
        ),
        "unseen_first": _(
            "%(label)s begins with an invisible character (%(character)s). Delete it and type it again."
        ),
    }

    def __init__(self, *, max_length: int = 200, noun: Any = None, **kwargs: Any) -> None:
        self.limit = max_length
        self.noun = noun
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = self.tidy(unicodedata.normalize("NFC", str(value))) if value not in self.empty_values else ""
        return super().to_python(text) or ""

    def tidy(self, text: str) -> str:
        """White space as this kind of field keeps it."""
        return SPACES.sub(" ", text).strip()

    def validate(self, value: str) -> None:
        if self.required and not value:
            raise ValidationError(
                self.error_messages["required"], code="required", params={"label": noun_of(self)}
            )
        if found := unseen_character(value):
            code = "unseen" if found[1] else "unseen_first"
            params = {"label": noun_of(self), "character": found[0], "before": found[1]}
            raise ValidationError(self.error_messages[code], code=code, params=params)
        if len(value) > self.limit:
            numbers = {"label": noun_of(self), "count": len(value), "limit": self.limit}
            raise ValidationError(self.error_messages["too_long"], code="too_long", params=numbers)


class CleanTextField(CleanCharField):
    """Several lines of text, with a count of the characters that are left. `rows` is the height at first."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int = 4000, rows: int = 4, **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(max_length=max_length, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "rows": self.rows, "data-maxlength": self.limit}

    def tidy(self, text: str) -> str:
        lines = LINE_ENDS.sub("\n", text).replace("\t", " ").split("\n")
        return "\n".join(line.rstrip() for line in lines).strip()
