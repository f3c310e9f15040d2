#!/usr/bin/env python3
"""Rebuild static/css/portal.css and static/js/portal.js from this folder, and write static/hashes.sha256.

Needs node and npm; everything is fetched into a temporary folder and thrown away. `--hashes` only writes the hashes.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ASSETS = Path(__file__).resolve().parent
STATIC = ASSETS.parent / "static"
CSS = STATIC / "css" / "portal.css"
JS = STATIC / "js" / "portal.js"
HASHES = STATIC / "hashes.sha256"


def sources() -> list[Path]:
    """Every file that the two results depend on."""
    return [ASSETS / "package.json", *sorted(ASSETS.glob("scss/*.scss")), *sorted(ASSETS.glob("js/*.js"))]


def build(work: Path) -> None:
    """Install the tools into `work` and run them."""
    shutil.copy(ASSETS / "package.json", work)
    run(work, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock")
    modules = work / "node_modules"
    CSS.parent.mkdir(parents=True, exist_ok=True)
    JS.parent.mkdir(parents=True, exist_ok=True)
    sass = [str(modules / ".bin" / "sass"), f"--load-path={modules}", "--style=compressed", "--no-source-map"]
    run(work, *sass, str(ASSETS / "scss" / "portal.scss"), str(CSS))
    esbuild = [str(modules / ".bin" / "esbuild"), str(ASSETS / "js" / "portal.js"), "--bundle", "--minify"]
    run(work, *esbuild, "--format=esm", "--target=es2020", "--charset=utf8", f"--outfile={JS}")


def run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True)


def write_hashes() -> None:
    """One line for each source and each result, as sha256sum writes them, relative to the repository."""
    lines = []
    for path in [*sources(), CSS, JS]:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"{digest}  {path.relative_to(ASSETS.parent).as_posix()}\n")
    HASHES.write_text("".join(lines))


if __name__ == "__main__":
    if "--hashes" not in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder))
    write_hashes()
