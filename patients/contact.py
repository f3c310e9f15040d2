"""Free text of a patient's record: cleaning. Telephone numbers are `core.phones`."""

import unicodedata

from patients.names import has_hidden_character


def clean_text(text: str) -> str | None:
    """NFC with single spaces, or None with hidden characters in it."""
    if has_hidden_character(text):
        return None
    return " ".join(unicodedata.normalize("NFC", text).split())
