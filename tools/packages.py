"""What the portal is made of: `./dev licences` lists the licences, `./dev sbom` writes a bill of materials (CycloneDX).

Both read the locked requirements of production and what the installed packages say of themselves.
"""

import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "run.txt"
PAGE = ROOT / "docs" / "licences.md"
#: Licences that a product under Apache-2.0 may be delivered with, unchanged and as packages of their own.
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CNRI-Python", "HPND", "ISC", "LGPL-2.1-only",
    "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MIT", "MIT-0", "MPL-2.0", "PSF-2.0", "Python-2.0",
    "Unlicense", "Zlib", "ZPL-2.1",
}  # fmt: skip
#: What other versions of Python or other platforms need, and this one can't ask.
ELSEWHERE = {"async-timeout": "Apache-2.0", "tzdata": "Apache-2.0"}
#: What packages call their licence, in SPDX's words; whole names first.
_WORDS = (
    (r"^(the )?mit( license)?$|mit license|osi approved :: mit", "MIT"),
    (r"lgpl.*exceptions|lesser general public license.*v3|lgplv3|lgpl-?3", "LGPL-3.0-only"),
    (r"lgplv2\.1|lgpl-?2\.1|lesser general public license v2", "LGPL-2.1-only"),
    (r"gnu library or lesser general public license", "LGPL-3.0-only"),
    (r"apache", "Apache-2.0"),
    (r"bsd-2|simplified bsd", "BSD-2-Clause"),
    (r"bsd", "BSD-3-Clause"),
    (r"mozilla public license 2|mpl-?2", "MPL-2.0"),
    (r"python software foundation|psf", "PSF-2.0"),
    (r"isc", "ISC"),
    (r"unlicense", "Unlicense"),
)
_NAME = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class Package:
    """A package of production: its name as locked, version, hashes (SHA-256), licence (SPDX) and what it needs."""

    name: str
    version: str
    hashes: tuple[str, ...]
    licence: str
    needs: tuple[str, ...]


def packages() -> list[Package]:
    """Every package of requirements/run.txt, in its order."""
    text = LOCK.read_text("utf-8")
    blocks = [block for block in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE) if _NAME.match(block)]
    return [_package(block) for block in blocks]


def _package(block: str) -> Package:
    match = _NAME.match(block)
    assert match is not None
    name, version = match.groups()
    hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", block))
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return Package(name, version, hashes, ELSEWHERE.get(name, ""), ())
    return Package(name, version, hashes, licence_of(found), tuple(sorted(set(_needs(found)))))


def licence_of(found: Distribution) -> str:
    """The licence as an SPDX expression, empty where the package doesn't tell."""
    about = found.metadata
    if "License-Expression" in about:
        return about["License-Expression"]
    classifiers = [text for text in about.get_all("Classifier") or [] if text.startswith("License ::")]
    told = [about["License"]] if "License" in about else []
    named = [text for text in (*told, *classifiers) if len(text) < 200]
    for pattern, spdx in _WORDS:
        if any(re.search(pattern, text, re.IGNORECASE) for text in named):
            return spdx
    return ""


def is_allowed(expression: str) -> bool:
    """Whether one may choose allowed licences alone: each side of an AND, one side of an OR."""
    sides = re.sub(r"[()]", " ", expression).strip()
    if " OR " in sides:
        return any(is_allowed(side) for side in sides.split(" OR "))
    return bool(sides) and all(part.split(" WITH ")[0].strip() in ALLOWED for part in sides.split(" AND "))


def _needs(found: Distribution) -> Iterator[str]:
    for requirement in found.requires or []:
        if "extra ==" not in requirement:
            yield re.split(r"[\[<>=~! ;(]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def page(found: list[Package]) -> str:
    """docs/licences.md. Without versions, which the lock has: a licence changes seldom."""
    rows = "\n".join(f"| {one.name} | {one.licence} |" for one in found)
    return f"""# Licences of the packages

What production installs besides the portal's own code, by `./dev licences --write` from `requirements/run.txt` and what
the packages say of themselves. A licence that `tools/packages.py` doesn't allow fails a test.

| package | licence |
| --- | --- |
{rows}
"""


def bill(found: list[Package]) -> dict[str, Any]:
    """The bill of materials: CycloneDX 1.6 as JSON."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    versions = {one.name: one.version for one in found}
    itself = f"pkg:generic/{project['name']}@{project['version']}"
    first = {re.split(r"[\[<>=~! ;]", item, maxsplit=1)[0].lower() for item in project["dependencies"]}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
            "component": {
                "type": "application",
                "bom-ref": itself,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"expression": project["license"]}],
            },
        },
        "components": [_component(one) for one in found],
        "dependencies": [
            {"ref": itself, "dependsOn": sorted(_address(name, versions) for name in first & set(versions))},
            *(
                {
                    "ref": _address(one.name, versions),
                    "dependsOn": [_address(name, versions) for name in one.needs if name in versions],
                }
                for one in found
            ),
        ],
    }


def _address(name: str, versions: dict[str, str]) -> str:
    return f"pkg:pypi/{name}@{versions[name]}"


def _component(one: Package) -> dict[str, Any]:
    address = f"pkg:pypi/{one.name}@{one.version}"
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": address,
        "name": one.name,
        "version": one.version,
        "purl": address,
    }
    if one.licence:
        component["licenses"] = [{"expression": one.licence}]
    if one.hashes:
        page_of_it = f"https://pypi.org/project/{one.name}/{one.version}/"
        hashes = [{"alg": "SHA-256", "content": digest} for digest in one.hashes]
        component["externalReferences"] = [{"type": "distribution", "url": page_of_it, "hashes": hashes}]
    return component


def main(arguments: list[str]) -> int:
    """`licences [--write]` or `sbom [file]`; 1 for a licence that isn't allowed."""
    found = packages()
    if arguments[:1] == ["sbom"]:
        text = json.dumps(bill(found), indent=1)
        if arguments[1:]:
            Path(arguments[1]).write_text(text + "\n", "utf-8")
        else:
            print(text)
        return 0
    if "--write" in arguments:
        PAGE.write_text(page(found), "utf-8")
    for one in found:
        print(f"  {one.name:<36}{one.licence or '(not told)'}")
    refused = [one.name for one in found if not is_allowed(one.licence)]
    if refused:
        print(f"\nNo allowed licence: {', '.join(refused)}", file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
