"""`./dev lint secrets`: no password, key or token stands in a file of the repository.

Known forms of keys, passwords in addresses, and values given to a name that says "secret": what production would take
for a strong secret (`core/strength.py`) must not be written down here. A line that holds none in spite of its looks
says so: `no secret`.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from core.strength import too_weak

ROOT = Path(__file__).resolve().parents[1]
#: Hashes and published data, by the thousand.
LEFT_OUT = re.compile(
    r"^(requirements/|locale/|static/|assets/|facilities/reference/data/)|\.(png|svg|woff2?|ico)$"
)
FORMS = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a key of AWS": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a token of GitHub": r"\b(?:gh[pousr]_\w{36,}|github_pat_\w{50,})",
    "a token of GitLab": r"\bglpat-[\w-]{20,}",
    "a token of Slack": r"\bxox[abprs]-[\w-]{10,}",
    "a key of Google": r"\bAIza[\w-]{35}\b",
    "a key of Stripe": r"\b[rs]k_live_\w{20,}",
    "a token (JWT)": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
}
_FORM = re.compile("|".join(f"({form})" for form in FORMS.values()))
_ADDRESS = re.compile(r"\b[a-z][a-z+]*://[^\s/:@'\"{}$<]*:([^\s/:@'\"{}$<]{8,})@")
_NAMED = re.compile(
    r"""(?i)(?:secret|passw|token|api_?key|private_?key|credential)\w*['"]?\s*[:=]\s*f?['"]?([A-Za-z0-9+/=_.~-]{16,})['"]?"""
)


def found_in(text: str) -> Iterator[tuple[int, str]]:
    """Line and what it looks like, for each find."""
    for number, line in enumerate(text.splitlines(), 1):
        if "no secret" in line:
            continue
        if match := _FORM.search(line):
            yield number, next(name for name, group in zip(FORMS, match.groups(), strict=True) if group)
        elif any(too_weak(match[1], 12) == "" for match in _ADDRESS.finditer(line)):
            yield number, "a password in an address"
        elif any(_is_random(match[1]) for match in _NAMED.finditer(line)):
            yield number, "a secret"


def _is_random(value: str) -> bool:
    """Whether it looks made by a machine: letters of both kinds and digits, no words with dots between."""
    kinds = (r"[a-z]", r"[A-Z]", r"\d")
    return all(re.search(kind, value) for kind in kinds) and "." not in value and too_weak(value, 16) == ""


def main() -> int:
    """Look through every file that git knows; 1 for any find."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    finds = 0
    for name in filter(None, listing.stdout.split("\0")):
        path = ROOT / name
        if LEFT_OUT.search(name) or not path.is_file():
            continue
        for number, what in found_in(path.read_text("utf-8", errors="replace")):
            print(
                f"{name}:{number}: looks like {what}. Take it out, and make a new one wherever it was used."
            )
            finds += 1
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main())
