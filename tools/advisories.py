"""`./dev advisories`: known weaknesses of the locked packages, by pip-audit, where somebody who knows them is in reach.

A mirror of packages often knows no advisories and answers as if there were none. So a package with a well-known one is
asked for first: whoever doesn't know that one has checked nothing, and this says so. Exit codes: 0 none known, 1 some
known, 3 nothing could be checked.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KNOWN_WEAK = "django==2.2.0"
SERVICES = ("pypi", "osv")
FOUND, UNCHECKED = 1, 3


def audit(requirements: Path, service: str) -> list[dict[str, Any]] | None:
    """The packages as pip-audit reports them; None where the service can't be asked."""
    command = [
        sys.executable, "-m", "pip_audit", "--requirement", str(requirements), "--disable-pip", "--no-deps",
        "--vulnerability-service", service, "--format", "json", "--progress-spinner", "off", "--timeout", "10",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        return list(json.loads(done.stdout)["dependencies"])
    except (ValueError, KeyError):
        return None


def service_in_reach() -> str:
    """The first service that knows a weakness which everybody knows; empty for none."""
    with tempfile.TemporaryDirectory() as folder:
        weak = Path(folder) / "weak.txt"
        weak.write_text(f"{KNOWN_WEAK}\n")
        for service in SERVICES:
            if any(package.get("vulns") for package in audit(weak, service) or []):
                return service
    return ""


def main() -> int:
    """Ask, and say what came of it."""
    service = service_in_reach()
    checked = audit(ROOT / "requirements" / "dev.txt", service) if service else None
    if checked is None:
        print(
            "Nothing was checked: neither pypi.org nor osv.dev is in reach from here with their advisories. "
            "Run it where one of them is."
        )
        return UNCHECKED
    weak = [package for package in checked if package.get("vulns")]
    for package in weak:
        for one in package["vulns"]:
            fixed = ", ".join(one["fix_versions"]) or "no version yet"
            print(f"  {package['name']} {package['version']}: {one['id']}, mended in {fixed}")
    skipped = sum("skip_reason" in package for package in checked)
    print(
        f"{len(checked) - skipped} packages checked by {service}, {skipped} unknown there: {len(weak)} with advisories."
    )
    return FOUND if weak else 0


if __name__ == "__main__":
    sys.exit(main())
