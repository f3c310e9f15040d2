"""`./dev lock`: compile requirements/*.txt anew from pyproject.toml, with hashes and without any address.

With arguments, only those packages are brought up to date: `./dev lock django celery`. `--all` means every one.
The addresses of the index that was used must not get in: it is a matter of the machine, not of the project.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMON = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet"]
SETS = {
    "run.txt": ["pyproject.toml"],
    "dev.txt": ["pyproject.toml", "--group", "dev", "--constraints", "requirements/run.txt"],
    "uv.txt": ["-"],
}


def main(arguments: list[str]) -> int:
    """Compile the three sets; 1 when one can't be."""
    upgrade = [part for name in arguments if name != "--all" for part in ("--upgrade-package", name)]
    if "--all" in arguments:
        upgrade = ["--upgrade"]
    for name, sources in SETS.items():
        target = ROOT / "requirements" / name
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "uv",
                "pip",
                "compile",
                *COMMON,
                *upgrade,
                *sources,
                "--output-file",
                str(target),
            ],
            cwd=ROOT,
            input="uv\n",
            text=True,
            check=False,
        )
        if done.returncode:
            print(f"dev: requirements/{name} can’t be compiled; uv says why above.", file=sys.stderr)
            return 1
        if found := addresses(target.read_text(encoding="utf-8")):
            print(f"dev: requirements/{name} holds an address: {found[0]}", file=sys.stderr)
            return 1
        print(f"  requirements/{name}")
    return 0


def addresses(text: str) -> list[str]:
    """The lines of a requirements file that name an index or a place to download from."""
    return [line for line in text.splitlines() if re.search(r"https?:|file:|index-url|find-links", line)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
