"""The one-way streets: import-linter's contracts, string foreign keys, and what only one place may do."""

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Model

import facilities.actions
import patients.actions
import referrals.actions
from core.actors import Actor
from portal.web.management.commands import event_types, state_diagrams

ROOT = Path(__file__).resolve().parents[2]
MANAGERS = {"objects", "_default_manager", "_base_manager"}
APPS = ("facilities", "disclosure", "patients", "agreements", "referrals")
ROOMS = ("core", "documents", "eligibility", *APPS, "portal", "demo")
#: Where a model may point: to its own rank or a lower one. Apps of Django and of libraries are below all.
RANKS = {
    "accounts": 1,
    "audit": 1,
    "outbox": 1,
    "facilities": 2,
    "disclosure": 3,
    "patients": 4,
    "agreements": 5,
    "referrals": 6,
    "web": 7,
    "demo": 8,
}


def sources(*folders: str) -> Iterator[Path]:
    """The project's Python files in these folders, without migrations and the channels' tests."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not {"migrations", "tests"} & set(path.relative_to(ROOT).parts):
                yield path


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def attributes(path: Path) -> Iterator[ast.Attribute]:
    """Every `x.name` in a file."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute))


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def test_imports_keep_to_the_streets() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def _own_models() -> Iterator[type[Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.split(".")[0] in ROOMS:
            yield model


def test_foreign_keys_by_name_keep_to_the_streets() -> None:
    wrong = []
    for model in _own_models():
        own = RANKS.get(model._meta.app_label, 1)
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation and not field.auto_created else None
            if isinstance(target, type) and RANKS.get(target._meta.app_label, 0) > own:
                wrong.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert not wrong


def test_the_audit_log_has_no_foreign_keys() -> None:
    for model in apps.get_app_config("audit").get_models():
        assert not [field.name for field in model._meta.get_fields() if field.is_relation]


def _is_for_the_outside(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return any(
        part in {"views", "pages", "api", "forms", "serializers"} for part in parts[:-1]
    ) or path.stem in {
        "views",
        "messages_views",
        "forms",
        "serializers",
        "api",
        "context",
    }


def test_pages_and_the_api_never_fetch_by_themselves() -> None:
    """Querysets come from `access`: no `.objects` in views, api and forms of the apps and the roof."""
    looked_at, wrong = 0, []
    for path in sources(*APPS, "portal/web", "core/accounts"):
        if not _is_for_the_outside(path):
            continue
        looked_at += 1
        wrong += [where(path, node) for node in attributes(path) if node.attr in MANAGERS]
    assert looked_at > 30
    assert not wrong


def test_nothing_but_the_road_sets_a_state() -> None:
    """No `x.state = …` but the road's; a row is born with a state in `filing` alone; no `update(state=…)` at all."""
    wrong = []
    for path in sources(*ROOMS):
        name = str(path.relative_to(ROOT))
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                on_a_row = any(
                    isinstance(target, ast.Attribute) and target.attr == "state" for target in targets
                )
                # A station of the drawn timeline has a state of its own and is no row.
                # A stage follows its authorisation, for which the road asks `referrals.stages`.
                if (
                    on_a_row
                    and name != "referrals/stages.py"
                    and name != "referrals/presentation/timeline.py"
                    and not name.startswith("demo/")
                ):
                    wrong.append(where(path, node))
            if isinstance(node, ast.Call) and any(keyword.arg == "state" for keyword in node.keywords):
                called = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if called in {"update", "create", "bulk_create", "update_or_create", "get_or_create"}:
                    wrong.append(where(path, node))
                if called in {"Referral", "Authorisation"} and name != "referrals/actions/filing.py":
                    wrong.append(where(path, node))
    assert not wrong


@pytest.mark.parametrize(
    "module", [referrals.actions, patients.actions, facilities.actions], ids=lambda m: m.__name__
)
def test_every_action_needs_an_actor_by_name(module: ModuleType) -> None:
    for name in module.__all__:
        function = getattr(module, name)
        if not inspect.isfunction(function) or name == "refresh_search_text":
            continue
        parameters = inspect.signature(function).parameters
        assert "by" in parameters, name
        assert parameters["by"].kind is inspect.Parameter.KEYWORD_ONLY, name
        positional = [p.name for p in parameters.values() if p.kind is not inspect.Parameter.KEYWORD_ONLY]
        # The thing that is acted on may stand first; a dictionary of further fields comes with `**`.
        assert len([p for p in positional if p not in {"person", "changes"}]) <= 1, name


def test_an_action_without_an_actor_fails() -> None:
    with pytest.raises(TypeError, match="needs by=Actor"):
        referrals.actions.close("00000000-0000-0000-0000-000000000000")  # type: ignore[call-arg]
    assert Actor.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_everything_is_behind_the_sign_in_by_default() -> None:
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE


def test_only_settings_read_the_environment() -> None:
    """Besides it: what runs before settings are there (the demonstration's machinery, health, processes)."""
    before_settings = {"portal/celery.py", "portal/wsgi.py", "portal/release.py"}
    before_settings |= {
        "portal/health.py",
        "portal/gunicorn.py",
        "portal/processes.py",
        "portal/heartbeat.py",
    }
    wrong = []
    for path in sources(*ROOMS):
        name = str(path.relative_to(ROOT))
        if name in before_settings or name.startswith(("demo/", "portal/settings/")):
            continue
        wrong += [where(path, node) for node in attributes(path) if node.attr in {"environ", "getenv"}]
    assert not wrong


def test_the_tables_of_events_are_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("event_types", "--check")
    old = tmp_path / "events.md"
    old.write_text(
        event_types.TARGET.read_text("utf-8").replace("`referral.send`", "`referral.sent`"), "utf-8"
    )
    monkeypatch.setattr(event_types, "TARGET", old)
    with pytest.raises(CommandError, match="is old"):
        call_command("event_types", "--check")
    call_command("event_types")
    call_command("event_types", "--check")


def test_the_state_diagrams_are_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("state_diagrams", "--check")
    old = tmp_path / "state-machines.md"
    old.write_text("# Something else\n", "utf-8")
    monkeypatch.setattr(state_diagrams, "TARGET", old)
    overview = tmp_path / "__init__.py"
    overview.write_text(state_diagrams.OVERVIEW.read_text("utf-8").replace("in_care", "in_case"), "utf-8")
    monkeypatch.setattr(state_diagrams, "OVERVIEW", overview)
    with pytest.raises(CommandError, match="is old"):
        call_command("state_diagrams", "--check")
    old.write_text(state_diagrams.page(), "utf-8")
    with pytest.raises(CommandError, match="is old"):
        call_command("state_diagrams", "--check")
    call_command("state_diagrams")
    call_command("state_diagrams", "--check")
