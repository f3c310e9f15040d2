"""Habits of the house that no other tool holds: one mark-up in docstrings, hooks, the forge's workflow, decisions."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from demo.errors import Stop
from tests.architecture.test_files import tracked
from tools import lint

ROOT = Path(__file__).resolve().parents[2]
#: What other houses write in docstrings: reStructuredText's and Google's fields and fences, Markdown's bold.
FOREIGN = re.compile(
    r"``|:(?:param|type|returns?|rtype|raises|class|func|meth|mod|attr)\b|\*\*\w[^*]*\*\*|^\s*(?:Args|Returns|Raises):$",
    re.M,
)
DECISIONS = sorted((ROOT / "docs/adr").glob("*.md"))


def docstrings(source: str) -> list[str]:
    """Every docstring of a module."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
    return [text for node in nodes if (text := ast.get_docstring(node))]


def test_docstrings_have_one_mark_up() -> None:
    texts = [(path, text) for path in tracked("*.py") for text in docstrings(path.read_text("utf-8"))]
    assert len(texts) > 1500
    assert [f"{path.relative_to(ROOT)}: {text}" for path, text in texts if FOREIGN.search(text)] == []


@pytest.mark.parametrize(
    "text", ["See ``it``.", "x\n\n:param x: a number", "Args:\n    x: a number", "It **must**."]
)
def test_another_mark_up_is_found(text: str) -> None:
    assert FOREIGN.search(text)
    assert not FOREIGN.search("Asks `access` for `{**values}`; at 12:30, see `a: b`.")
    assert docstrings(f'def f():\n    """{text}"""\n') == [docstrings(f'"""{text}"""')[0]]


def test_the_hooks_before_a_commit_are_the_checks_of_lint() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert {repo["repo"] for repo in config["repos"]} == {"local"}, "nothing is fetched that isn't locked"
    assert {hook["id"]: hook["name"] for hook in hooks} == {check.key: check.name for check in lint.checks()}
    for hook in hooks:
        assert hook["entry"] == f"./dev lint {hook['id']}"
        assert hook["pass_filenames"] is False


def test_lint_runs_what_it_is_asked_for() -> None:
    assert [check.key for check in lint.chosen(["format", "style"])] == ["style", "format"]
    assert len(lint.chosen([])) == len(lint.checks())
    with pytest.raises(Stop, match="There is no check nonsense; there are types, "):
        lint.chosen(["style", "nonsense"])


def test_the_forge_runs_what_everybody_runs() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))
    (job,) = workflow["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
    assert workflow["permissions"] == {"contents": "read"}
    python = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    (version,) = [
        step["with"]["python-version"] for step in job["steps"] if "python-version" in step.get("with", {})
    ]
    assert python == f">={version}", "the oldest Python that is promised"


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_date_and_what_was_weighed(path: Path) -> None:
    text = path.read_text("utf-8")
    number = int(path.stem[:4])
    assert re.match(rf"# {number}\. .+\n\nDate: \d{{1,2}} [A-Z][a-z]+ 20\d\d\n\n\*\*Accepted\.\*\* ", text), (
        path.name
    )
    assert "**Alternatives.** " in text


def test_decisions_are_numbered_in_a_row() -> None:
    assert [int(path.stem[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_a_number_in_an_address_is_one_that_a_row_can_have() -> None:
    """`<number:…>` of core/keys.py refuses larger ones for every page and operation."""
    sources = {path: path.read_text("utf-8") for path in tracked("*urls.py")}
    assert sum("<number:" in text for text in sources.values()) > 5
    assert not [path for path, text in sources.items() if "<int:" in text]
