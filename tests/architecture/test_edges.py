"""What the tools about the supply chain say, what docs/security.md names, and that ways back are read in one place."""

import json
import re
import secrets
import subprocess
from pathlib import Path
from typing import Any

import cyclonedx.schema
import jsonschema
import pytest
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.utils import matches_patterns

from portal.web.staticfiles import StaticFiles
from portal.web.storage import StaticFilesStorage
from tools import advisories, hidden_secrets, packages, pin

ROOT = Path(__file__).resolve().parents[2]


def test_every_test_that_the_page_about_security_names_exists() -> None:
    page = (ROOT / "docs/security.md").read_text("utf-8")
    named = set(re.findall(r"`((?:tests|core)/[\w/]+\.py)(?:::(\w+))?`", page))
    assert len(named) > 30
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file() or f"def {name}" not in (ROOT / path).read_text("utf-8")
    ]
    assert not missing
    rows = [
        line
        for line in page.splitlines()
        if line.startswith("| ") and " --- " not in line and "held by" not in line
    ]
    assert [row for row in rows if "`tests/" not in row] == [], "a line without a test is a promise"


def test_the_way_back_is_read_in_one_place() -> None:
    reads = re.compile(r"""(?:GET|POST)(?:\.get\(|\[)\s*["']next["']""")
    found = [
        str(path.relative_to(ROOT))
        for room in ("core", "facilities", "patients", "agreements", "referrals", "portal", "disclosure")
        for path in (ROOT / room).rglob("*.py")
        if reads.search(path.read_text("utf-8")) or "redirect(request." in path.read_text("utf-8")
    ]
    assert found == ["core/redirects.py"]


def test_no_map_of_sources_is_collected() -> None:
    for name in ("swagger-ui-bundle.js.map", "portal.css.map"):
        assert matches_patterns(name, StaticFiles.ignore_patterns)
        assert not matches_patterns(name, StaticFilesConfig.ignore_patterns)
    assert "sourceMappingURL" not in str(StaticFilesStorage.patterns)
    assert "@import" in str(StaticFilesStorage.patterns)


def test_what_a_secret_in_a_file_looks_like() -> None:
    strong = secrets.token_urlsafe(32) + "aB1"
    hidden = [
        f'SECRET_KEY = "{strong}"', f"api_key: {strong}", f"EMAIL_URL=smtp://portal:{strong}@mail.example:25",
        "-----BEGIN RSA " + "PRIVATE KEY-----", "AKIA" + "ABCDEFGHIJKLMNOP", "ghp_" + "a1B2" * 9,
        "glpat-" + "a1B2" * 5, "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0In0." + "c2lnbmF0dXJlMTIz",
    ]  # fmt: skip
    for text in hidden:
        assert list(hidden_secrets.found_in(text)), text
        assert not list(hidden_secrets.found_in(f"{text}  # no secret")), text
    harmless = [
        'password = "changeme"', "token = request.headers.get(name)", "SECRET_KEY: ${SECRET_KEY:?a value}",
        "redis://:password@valkey:6379/0", 'TOKEN_ACTOR_PROVIDER = "facilities.tokens.actor_for_token"',
    ]  # fmt: skip
    for text in harmless:
        assert not list(hidden_secrets.found_in(text)), text


def test_every_package_has_an_allowed_licence() -> None:
    found = packages.packages()
    assert len(found) > 30
    assert [one.name for one in found if not packages.is_allowed(one.licence)] == []
    page = (ROOT / "docs/licences.md").read_text("utf-8")
    missing = [one.name for one in found if f"| {one.name} | {one.licence} |" not in page]
    assert not missing, "./dev licences --write lists them"
    for wanted, expression in (
        (True, "MIT OR GPL-3.0-only"), (True, "MIT AND BSD-3-Clause"), (True, "LGPL-3.0-or-later"),
        (False, "GPL-3.0-only"), (False, "MIT AND AGPL-3.0-only"), (False, ""), (False, "Proprietary"),
    ):  # fmt: skip
        assert packages.is_allowed(expression) is wanted, expression


def test_the_bill_of_materials_is_one(tmp_path: Path) -> None:
    target = tmp_path / "bom.json"
    assert packages.main(["sbom", str(target)]) == 0
    bill = json.loads(target.read_text("utf-8"))
    folder = Path(cyclonedx.schema.__file__).parent / "_res"
    schema = json.loads((folder / "bom-1.6.SNAPSHOT.schema.json").read_text("utf-8"))
    others = {name: json.loads((folder / name).read_text("utf-8")) for name in
              ("spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json")}  # fmt: skip
    store = {f"http://cyclonedx.org/schema/{name}": text for name, text in others.items()}
    resolver = jsonschema.RefResolver(schema["$id"], schema, store=store)
    jsonschema.Draft7Validator(schema, resolver=resolver).validate(bill)
    django = next(one for one in bill["components"] if one["name"] == "django")
    assert django["purl"] == f"pkg:pypi/django@{django['version']}"
    assert django["licenses"] == [{"expression": "BSD-3-Clause"}]
    assert django["externalReferences"][0]["hashes"]
    needs = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    assert django["purl"] in needs[bill["metadata"]["component"]["bom-ref"]]
    assert any(one.startswith("pkg:pypi/sqlparse@") for one in needs[django["purl"]])


def test_advisories_say_when_nobody_could_be_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def answering(weak: Any, ours: Any) -> Any:
        def run(command: list[str], **_options: Any) -> Any:
            asked = weak if "weak.txt" in " ".join(command) else ours
            text = "" if asked is None else json.dumps({"dependencies": asked})
            return subprocess.CompletedProcess(command, 1, text, "")

        return run

    known = [{"name": "django", "version": "2.2.0", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]}]
    clean = [{"name": "django", "version": "5.2", "vulns": []}]
    for weak, ours, code, words in (
        (None, None, 3, "Nothing was checked"),
        (clean, clean, 3, "Nothing was checked"),  # a mirror that knows no advisories
        (known, clean, 0, "0 with advisories"),
        (known, known, 1, "CVE-1, mended in 3"),
    ):
        monkeypatch.setattr(advisories.subprocess, "run", answering(weak, ours))
        assert advisories.main() == code
        assert words in capsys.readouterr().out


def test_digests_are_written_behind_each_image_of_others() -> None:
    digest = f"sha256:{'ab' * 32}"
    for name in pin.FILES:
        text = (ROOT / name).read_text("utf-8")
        written = pin.pinned(text, lambda image: digest)
        images = re.findall(r"^\s*(?:image: |FROM )(\S+)", written, re.MULTILINE)
        assert images
        assert all(image.endswith(f"@{digest}") for image in images if "patient-mobility-portal" not in image)
        assert pin.pinned(written, lambda image: digest) == written
        assert written.count(digest) == len(
            [image for image in images if "patient-mobility-portal" not in image]
        )
