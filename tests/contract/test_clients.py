"""Clients that strangers' generators make of the description tell the whole story, typed strictly and without a cast.

The versions of what makes and checks them stand in tests/clients/package.json, and in pyproject.toml for Python.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from core.api.about import schema
from tests.demonstration import Demo

CLIENTS = Path(settings.BASE_DIR) / "tests" / "clients"
#: A story that casts, or that doesn't say of what type something is, shows nothing.
EVADING = re.compile(
    r"\bcast\b|\bAny\b|\bany\b| as (?!const|api|m$)\w|type: ignore|@ts-|pyright:|!\.|<any>", re.M
)


def run(folder: Path, *command: object) -> str:
    """What the command printed. Fails with all of it where it fails."""
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def described(folder: Path) -> Path:
    target = folder / "schema.json"
    target.write_text(json.dumps(schema()), "utf-8")
    return target


def told(output: str) -> bool:
    return re.search(r"^told: [A-Z]{2}-\S+, \d+ events$", output, re.M) is not None


def test_no_story_evades_its_types() -> None:
    stories = [CLIENTS / "common.ts", *CLIENTS.glob("*/story.*")]
    assert len(stories) == 4
    for story in stories:
        words = r'^""".*?"""|"[^"\n]*"' if story.suffix == ".py" else r'/\*.*?\*/|//[^\n]*|"[^"\n]*"'
        code = re.sub(words, "", story.read_text("utf-8"), flags=re.S | re.M)
        assert not (found := EVADING.search(code)), f"{story}: {found}"
    compiler = json.loads((CLIENTS / "tsconfig.json").read_text("utf-8"))["compilerOptions"]
    assert compiler["strict"] is True


@pytest.mark.machine_clock
def test_the_python_client_tells_the_whole_story(demo: Demo, tmp_path: Path) -> None:
    pytest.importorskip("openapi_python_client", reason="openapi-python-client is not installed")
    config = tmp_path / "config.yaml"
    # Of a file it has to be told that it is one.
    config.write_text(
        "package_name_override: portal_client\npost_hooks: []\n"
        "content_type_overrides:\n  application/pdf: application/octet-stream\n",
        "utf-8",
    )
    python = sys.executable
    run(
        tmp_path, python, "-m", "openapi_python_client", "generate", "--path", described(tmp_path), "--meta", "none",
        "--config", config, "--output-path", "portal_client", "--fail-on-warning",
    )  # fmt: skip
    shutil.copy(CLIENTS / "python" / "story.py", tmp_path)
    run(tmp_path, python, "-m", "mypy", "--strict", "--config-file=", "story.py")
    assert told(run(tmp_path, python, "story.py", demo.url, demo.credentials_file))


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything of tests/clients and its packages; skipped where they can't be had."""
    return _modules(str(tmp_path_factory.mktemp("clients") / "all"))


@cache
def _modules(target: str) -> Path:
    if not shutil.which("npm") or not shutil.which("node"):
        pytest.skip("node and npm are not installed")
    folder = Path(shutil.copytree(CLIENTS, target))
    install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip(f"npm could not install what tests/clients/package.json names: {done.stderr[-300:]}")
    described(folder)
    return folder


@pytest.mark.thorough
@pytest.mark.machine_clock
def test_both_typescript_clients_tell_the_whole_story(demo: Demo, modules: Path) -> None:
    tools = modules / "node_modules" / ".bin"
    run(modules, tools / "openapi-typescript", "schema.json", "-o", "openapi-fetch/schema.d.ts")
    run(modules, tools / "openapi-ts")
    run(modules, tools / "tsc", "-p", ".")
    for client in ("openapi-fetch", "hey-api"):
        assert told(run(modules, "node", f"built/{client}/story.js", demo.url, demo.credentials_file))


@pytest.mark.thorough
@pytest.mark.machine_clock
def test_two_linters_find_nothing_in_the_description(modules: Path) -> None:
    tools = modules / "node_modules" / ".bin"
    os.environ.setdefault("REDOCLY_TELEMETRY", "off")
    run(
        modules,
        tools / "redocly",
        "lint",
        "--config",
        "redocly.yaml",
        "--max-problems",
        "1000",
        "schema.json",
    )
    spectral = [tools / "spectral", "lint", "--ruleset", "spectral.yaml", "--fail-severity", "hint"]
    run(modules, *spectral, "schema.json")
    # They would have found something: the exceptions alone are no reason why nothing is said.
    broken = schema() | {"info": {"title": "x", "version": "1"}}
    (modules / "broken.json").write_text(json.dumps(broken), "utf-8")
    with pytest.raises(AssertionError, match="info-contact"):
        run(modules, *spectral, "broken.json")
