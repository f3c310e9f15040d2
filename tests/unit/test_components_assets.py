"""The stylesheet and the script: built from the sources at hand, small, and asking nobody else for anything."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "static/css/portal.css"
JS = ROOT / "static/js/portal.js"
SOURCES = [
    ROOT / "assets/package.json",
    *sorted((ROOT / "assets").glob("scss/*.scss")),
    *sorted((ROOT / "assets").glob("js/*.js")),
]


def recorded() -> dict[str, str]:
    lines = (ROOT / "static/hashes.sha256").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def test_the_hashes_name_every_source_and_result() -> None:
    expected = {path.relative_to(ROOT).as_posix() for path in [*SOURCES, CSS, JS]}
    assert set(recorded()) == expected


@pytest.mark.parametrize("path", [*SOURCES, CSS, JS], ids=lambda path: path.name)
def test_each_file_is_the_one_that_was_built(path: Path) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert recorded()[path.relative_to(ROOT).as_posix()] == digest, "run: python3 assets/build.py"


@pytest.mark.parametrize(("path", "limit"), [(CSS, 18_000), (JS, 10_000)], ids=["css", "js"])
def test_compressed_size(path: Path, limit: int) -> None:
    assert len(gzip.compress(path.read_bytes(), 9)) <= limit


def test_no_other_host_and_nothing_of_the_british_crown() -> None:
    css, script = CSS.read_text(), JS.read_text()
    assert "url(" not in css
    assert "@import" not in css
    without_selectors = re.sub(r'\[href\^="[^"]*"\]', "", css)
    assert not re.search(r"https?://", without_selectors + script)
    assert not re.search("GDS Transport|crown", css, re.IGNORECASE)


def test_the_manifest_names_versions_and_no_download_address() -> None:
    manifest = (ROOT / "assets/package.json").read_text()
    assert not re.search(r"https?://|\^|~", manifest)
    assert not list((ROOT / "assets").glob("package-lock.json"))
