"""What every file keeps to: short enough to read, templates without inline script or style, every text translated."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path
    for folder in ("templates", "agreements", "core", "facilities", "patients", "referrals", "portal")
    for path in (ROOT / folder).rglob("*.html")
)
LONGEST = 300
#: Words that stand in a template as they are in every language: field names of OAuth2, an address.
SAME_EVERYWHERE = {"client_id", "client_secret", "/api/v1/schema/"}


def tracked(*patterns: str) -> list[Path]:
    """The repository's files of these kinds; all of them in a copy without git."""
    done = subprocess.run(
        ["git", "ls-files", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode == 0 and done.stdout:
        return [ROOT / name for name in done.stdout.splitlines() if (ROOT / name).is_file()]
    found = [path for pattern in patterns for path in ROOT.rglob(pattern)]
    return [
        path for path in found if not {".venv", "var", "node_modules"} & set(path.relative_to(ROOT).parts)
    ]


def test_no_python_file_is_too_long() -> None:
    long = []
    for path in tracked("*.py"):
        lines = len(path.read_text("utf-8").splitlines())
        if lines > LONGEST and "migrations" not in path.parts:
            long.append(f"{path.relative_to(ROOT)}: {lines} lines")
    assert not long


def without_comments(text: str) -> str:
    text = re.sub(r"\{%\s*comment\b.*?\{%\s*endcomment\s*%\}", "", text, flags=re.DOTALL)
    return re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_is_clean(path: Path) -> None:
    """No inline style or script (the Content-Security-Policy would refuse them), no other host, no bare text."""
    text = without_comments(path.read_text("utf-8"))
    assert not re.search(r"\sstyle\s*=", text), "a style attribute"
    assert "<style" not in text, "a style element"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "a handler in an attribute"
    assert not re.search(r"javascript:", text, re.IGNORECASE), "script in an address"
    for script in re.findall(r"<script\b([^>]*)>(.*?)</script>", text, re.DOTALL):
        assert "src=" in script[0], "inline script"
        assert not script[1].strip(), "inline script"
    assert not re.search(r"(?:src|href|action)\s*=\s*[\"']\s*(?:https?:)?//", text), "another host"
    assert not bare_texts(text)
    if path != ROOT / "templates/components/table.html":
        assert not re.search(r"</?(?:table|t[rdh])\b", text), "a table that the component doesn't draw"


def bare_texts(text: str) -> list[str]:
    """Words between tags or in spoken attributes that no translation tag holds."""
    text = re.sub(r"\{% block panel %\}[a-z]+\{% endblock %\}", "", text)  # a class name for the panel
    text = re.sub(r"\{%\s*blocktranslate\b.*?\{%\s*endblocktranslate\s*%\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"<(svg|script)\b.*?</\1>", "", text, flags=re.DOTALL)
    found = re.findall(r"(?:aria-label|title|alt|placeholder)\s*=\s*\"([^\"]*\w{2}[^\"]*)\"", text)
    plain = re.sub(r"&\w+;", " ", re.sub(r"<[^>]*>", " | ", text, flags=re.DOTALL))
    found += [words.strip() for words in re.findall(r"[^|\n]*[^\W\d_]{2,}[^|\n]*", plain)]
    return [words for words in found if words not in SAME_EVERYWHERE]


def test_bare_texts_are_found() -> None:
    assert bare_texts("<p>Hello</p>") == ["Hello"]
    assert bare_texts('<a title="Close it">{% translate "x" %}</a>') == ["Close it"]
    assert bare_texts("<p>{% blocktranslate %}Hello{% endblocktranslate %} {{ name }} – 12</p>") == []


@pytest.mark.parametrize("kind", ["css", "js"])
def test_static_files_ask_no_other_host(kind: str) -> None:
    for path in sorted((ROOT / "static").rglob(f"*.{kind}")):
        addresses = set(re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", path.read_text("utf-8")))
        # The namespace of SVG is a name, not an address that is asked.
        assert {address for address in addresses if "www.w3.org" not in address} == set(), path.name


def test_the_code_asks_no_other_host() -> None:
    """No library on somebody else's server; what stands in the code as an address is a name (FHIR, licences)."""
    for path in TEMPLATES:
        assert not re.search(
            r"cdn|googleapis|jsdelivr|unpkg|cloudflare", path.read_text("utf-8"), re.IGNORECASE
        ), path


def test_functions_are_short() -> None:
    """A view reads as a summary: about twenty lines, and never more than forty; nothing has more than seventy."""
    long = []
    for path in tracked("*.py"):
        parts = path.relative_to(ROOT).parts
        if parts[0] == "tests" or "migrations" in parts:
            continue
        view = bool({"views", "pages"} & set(parts)) or path.stem.endswith("views")
        limit = 40 if view else 70
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > limit:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines} lines")
    assert not long
