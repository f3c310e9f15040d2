"""The locked requirements: with hashes, in step with pyproject.toml, and free of any index's address."""

import json
import re
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest

from tools.lock import addresses

ROOT = Path(__file__).resolve().parents[2]
SETS = ("run.txt", "dev.txt", "uv.txt")
# Packages of the development set whose modules have other names.
IMPORT_NAMES = {"pyyaml": "yaml", "pytest-django": "pytest_django", "pytest-xdist": "xdist"}


def locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE))


def tracked() -> list[str]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return listing.stdout.splitlines() or [str(path.relative_to(ROOT)) for path in ROOT.rglob("*")]


def named(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~! ;]", item, maxsplit=1)[0].lower().replace("_", "-") for item in requirements}


@pytest.mark.parametrize("name", SETS)
def test_no_address_and_a_hash_for_every_package(name):
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert addresses(text) == []
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    assert [block.split()[0] for block in blocks if block.strip() and "--hash=sha256:" not in block] == []


def test_what_addresses_finds():
    assert addresses("--index-url https://index.example/simple\nuv==1\nx @ file:///x.whl\n") != []


def test_no_lock_file_that_carries_addresses():
    names = tracked()
    assert [name for name in names if Path(name).name in ("uv.lock", "poetry.lock", "yarn.lock")] == []
    for name in names:
        if Path(name).name == "package-lock.json":
            assert '"resolved"' not in json.dumps(json.loads((ROOT / name).read_text(encoding="utf-8")))


def test_every_named_package_is_locked_and_both_sets_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run, dev = locked("run.txt"), locked("dev.txt")
    assert named(project["project"]["dependencies"]) <= run.keys()
    assert named(project["dependency-groups"]["dev"]) <= dev.keys()
    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}


def test_every_dependency_says_why():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.")[0]
    lines = [line for line in text.splitlines() if re.match(r'\s+"[a-z]', line)]
    assert lines
    assert [line for line in lines if "# " not in line] == []


def test_production_needs_no_package_of_the_development_set():
    only_dev = locked("dev.txt").keys() - locked("run.txt").keys()
    modules = sorted(IMPORT_NAMES.get(name, name.replace("-", "_")) for name in only_dev)
    code = textwrap.dedent(f"""
        import sys
        for name in {modules!r}:
            sys.modules[name] = None
        import django
        django.setup()
        import portal.urls, portal.wsgi, portal.celery, portal.heartbeat, portal.health, portal.release
        from portal.celery import app
        app.loader.import_default_modules()
    """)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
