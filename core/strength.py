"""Whether a secret is one: long, of no word that others know, and random by its looks."""

import math
from collections import Counter
from itertools import pairwise

#: What people write where a secret belongs, and what stands in this repository for demonstrations and tests.
WORDS = (
    "changeme", "change-me", "change_me", "replaceme", "secret", "password", "parol", "пароль", "qwerty", "letmein",
    "admin", "postgres", "portal", "valkey", "redis", "default", "example", "insecure", "demonstration", "only-for-the",
    "production", "12345", "abcdef", "test", "todo", "xxxx", "none", "null",
)  # fmt: skip
#: Bits that each of the least number of characters must tell; a random one of base64 tells four to six.
BITS_EACH = 2.2


def too_weak(secret: str, least: int) -> str:
    """Why this is no secret, as the end of a sentence; empty for one that is."""
    if len(secret) < least:
        return f"is shorter than {least} characters"
    # Half a secret that somebody could guess is half a secret; a random one may hold a short word by chance.
    rest = secret.lower()
    for word in WORDS:
        rest = rest.replace(word, "")
    if rest != secret.lower() and bits(rest) < BITS_EACH * least:
        return "is made of a word that others know"
    if bits(secret) < BITS_EACH * least or _repeats(secret):
        return "is no random value"
    return ""


def bits(text: str) -> float:
    """What the characters of a text tell at most, in bits: each one as much as the text has different ones."""
    counts, length = Counter(text), len(text)
    return sum(-count * math.log2(count / length) for count in counts.values())


def _repeats(secret: str) -> bool:
    """Whether a short piece is written again and again, or the characters only count up."""
    steps = {ord(after) - ord(before) for before, after in pairwise(secret)}
    return len(steps) == 1 or (secret + secret).find(secret, 1) < len(secret) // 2 + 1
