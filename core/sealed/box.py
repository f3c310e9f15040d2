"""Sealing a text: AES-256-GCM (NIST SP 800-38D), bound to where it belongs.

`s1.<key's id>.<base64 of nonce, ciphertext and tag>`. What is bound to one place doesn't open in another, so nobody who
can write to the database moves a sealed value from one column into another. An empty text stays empty: that a field was
left out is no secret, and the database's own rules can ask for it.
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag

from core.sealed.keys import Key, data_keys

MARK = "s1."
_NONCE = 12  # bytes, random for each value: far below the 2^32 values of one key that it is good for


class Unreadable(Exception):
    """A value that no key at hand opens, or that was changed or moved. Says where it lies, never what it was."""


def mark_of(key: Key) -> str:
    """With what everything begins that this key has sealed."""
    return f"{MARK}{key.id}."


def seal_text(text: str, place: str) -> str:
    """The text sealed by the present key for a place such as `patients_patient.phone`."""
    if not text:
        return ""
    key = data_keys()[0]
    nonce = os.urandom(_NONCE)
    made = nonce + key.cipher.encrypt(nonce, text.encode(), place.encode())
    return mark_of(key) + base64.urlsafe_b64encode(made).decode().rstrip("=")


def open_text(sealed: str, place: str) -> str:
    """The text of a sealed value of that place. Unreadable for anything else."""
    if not sealed:
        return ""
    try:
        mark, key_id, content = sealed.split(".")
        made = base64.urlsafe_b64decode(content + "=" * (-len(content) % 4))
    except (ValueError, binascii.Error):
        raise Unreadable(f"A value of {place} isn’t sealed.") from None
    key = next((one for one in data_keys() if one.id == key_id), None)
    if f"{mark}." != MARK or key is None:
        raise Unreadable(
            f"A value of {place} is sealed by the key {key_id[:8]}, which isn’t at hand: see DATA_KEY_FALLBACKS."
        )
    try:
        return key.cipher.decrypt(made[:_NONCE], made[_NONCE:], place.encode()).decode()
    except (InvalidTag, ValueError):
        raise Unreadable(f"A value of {place} was changed, or belongs elsewhere.") from None
