"""What a new rule costs: one file and a line in an agreement. A file that lacks a part fails while it is imported."""

import ast
import itertools
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

import pytest

from eligibility import RULES, Finding, IncompleteRule, Rule, mistakes_in, parameters_of, rules, run
from eligibility.evidence import SEARCH, Evidence
from eligibility.registry import find, kinds_of_evidence
from tests.unit.test_eligibility import GOOD
from tools import messages

ROOT = Path(__file__).resolve().parents[2]
TOY = """
from dataclasses import dataclass

from eligibility.declare import NEEDS_REVIEW, PASS, Finding, Result, rule
from eligibility.evidence import Evidence
from eligibility.facts import Facts
from eligibility.parameters import whole_number, yes_or_no
from eligibility.text import _, plural

CHART = Evidence("chart", _("chart"))
SHORT = Finding(
    "toy_short", NEEDS_REVIEW, _("Only %(count)s letters."), remedy=_("Write more."), evidence=(CHART,)
)
LONG = Finding("toy_long", PASS, _("It is long enough."))


@dataclass(frozen=True)
class Parameters:
    least: int = whole_number(3, least=1, most=9, words=plural("%(count)s letter.", "%(count)s letters."))
    strict: bool = yes_or_no(False, yes=_("It is strict."), no=_("It is lenient."))


@rule("TOY-01", position=61, title=_("Toy"), basis=_("The law of toys"))
def toy(facts: Facts, parameters: Parameters) -> Result:
    count = len(facts.diagnosis_code)
    return LONG() if count >= parameters.least else SHORT(count=count)
"""
NOTHING_FOUND = """
from eligibility.declare import rule


@rule("TOY-01", position=1, title="Toy", basis="The law of toys")
def toy(facts):
    return None
"""
_serial = itertools.count()
Load = Callable[..., Mapping[str, Rule]]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Write files into a new package beside the real rules and find the rules in it."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def write_and_find(*sources: str) -> Mapping[str, Rule]:
        name = f"toy_rules_{next(_serial)}"
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        for number, source in enumerate(sources):
            (tmp_path / name / f"rule_{number}.py").write_text(source, "utf-8")
        return find(import_module(name))

    yield write_and_find
    for name in set(sys.modules) - before:
        if name.startswith("toy_rules_"):
            del sys.modules[name]


def test_a_file_in_the_folder_is_a_rule_and_nothing_else_lists_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "toy.py").write_text(TOY, "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
        found = find(rules)
    del sys.modules["eligibility.rules.toy"]
    assert set(found) == {*RULES, "TOY-01"}
    assert list(found)[list(found).index("MED-01") + 1] == "TOY-01"
    # What the file says is all that the engine, the admin's check and the words need.
    outcome = run(GOOD, {"TOY-01": {"least": 9, "blocking": False}}, found).outcomes[0]
    assert (outcome.result.outcome, outcome.result.message, outcome.blocking) == (
        "needs_review",
        "toy_short",
        False,
    )
    assert run(GOOD, {"TOY-01": {}}, found).outcomes[0].result.message == "toy_long"
    assert mistakes_in({"TOY-01": {"least": 9, "strict": True}}, found) == []
    assert [
        str(mistake) for mistake in mistakes_in({"TOY-01": {"least": 10, "strict": 1, "x": 1}}, found)
    ] == [
        "TOY-01: “least” is a whole number from 1 to 9.",
        "TOY-01: “strict” is either true or false.",
        "TOY-01: there is no setting “x”.",
    ]
    assert list(parameters_of(found["TOY-01"])) == ["blocking", "least", "strict"]
    assert kinds_of_evidence(found)["chart"].words == "chart"
    assert list(find(rules)) == list(RULES)


@pytest.mark.parametrize(
    ("part", "instead", "words"),
    [
        ('title=_("Toy"), ', "", "title"),
        ('title=_("Toy")', 'title=""', "TOY-01 has no title"),
        (', basis=_("The law of toys")', "", "basis"),
        ('basis=_("The law of toys")', 'basis=""', "TOY-01 has no basis"),
        ('"TOY-01"', '"toy"', "no code of a rule"),
        ("position=61, ", "", "position"),
        (', remedy=_("Write more.")', "", "toy_short: what fails or is to be reviewed needs a remedy"),
        ('PASS, _("It is long enough.")', "PASS", "sentence"),
        (
            '_("It is long enough.")',
            '""',
            "'toy_long' needs a key and a sentence",
        ),
        ("NEEDS_REVIEW, _", '"perhaps", _', "toy_short: there is no outcome 'perhaps'"),
        ('"toy_long"', '"toy_short"', "TOY-01 declares the finding toy_short twice"),
        (', _("chart")', ', ""', "'chart' needs a code and words"),
        ("least: int =", "least =", "least"),
        (
            "least: int = whole_number(3, least=1",
            "least: int = 3\n    x: int = whole_number(3, least=1",
            "least",
        ),
        ("least: int", "least: str", "TOY-01: the parameter least is annotated as another type"),
        ("whole_number(3,", "whole_number(10,", "the default of the parameter least is outside its bounds"),
        ('"%(count)s letters."', '"some"', "the parameter least has no words"),
        ('no=_("It is lenient.")', 'no=""', "the parameter strict has no words"),
        ("strict: bool", "blocking: bool", "every rule has the parameter blocking already"),
        ("    strict: bool", "    loose = 3\n    strict: bool", "loose has no type"),
        ("@dataclass(frozen=True)", "", "Parameters is no dataclass"),
        ("parameters: Parameters", "parameters", "TOY-01: its parameters have no type"),
        ("facts: Facts, parameters", "facts: Facts, settings", r"a rule takes \(facts\) or"),
        ('@rule("TOY-01", position=61, title=_("Toy"), basis=_("The law of toys"))', "", "declares 0 rules"),
    ],
)
def test_a_file_that_lacks_a_part_fails_at_import(load: Load, part: str, instead: str, words: str) -> None:
    assert part in TOY
    assert list(load(TOY)) == ["TOY-01"]
    with pytest.raises((IncompleteRule, TypeError), match=words):
        load(TOY.replace(part, instead, 1))


def test_two_rules_never_claim_the_same(load: Load) -> None:
    other = TOY.replace("TOY-01", "TOY-02").replace("position=61", "position=66").replace("toy_", "other_")
    assert list(load(other, TOY)) == ["TOY-01", "TOY-02"]
    for wrong, words in (
        (other.replace("TOY-02", "TOY-01"), "both claim TOY-01"),
        (other.replace("position=66", "position=61"), "both claim 61"),
        (other.replace("other_long", "toy_long"), "both claim toy_long"),
        (TOY + TOY.replace("toy", "other").replace("TOY-01", "TOY-02"), "declares 2 rules"),
    ):
        with pytest.raises(IncompleteRule, match=words):
            load(TOY, wrong)
    with pytest.raises(IncompleteRule, match="chart has other words elsewhere"):
        kinds_of_evidence(load(TOY, other.replace('_("chart")', '_("map")')))
    with pytest.raises(IncompleteRule, match="declares no finding"):
        load(NOTHING_FOUND)


def test_a_finding_needs_the_values_that_its_sentence_names() -> None:
    ended = Finding("toy_ended", "pass", "It ended on %(date)s: %(host)s.", evidence=(SEARCH,))
    assert ended(date="2026-11-20", host="x").evidence == ("search",)
    with pytest.raises(TypeError, match="toy_ended: the sentence names host"):
        ended(date="2026-11-20")


def test_a_finding_that_the_file_does_not_declare_is_refused(load: Load) -> None:
    toy = load(TOY.replace("return LONG()", 'return Finding("toy_secret", PASS, "x")()'))["TOY-01"]
    with pytest.raises(IncompleteRule, match="TOY-01 found toy_secret"):
        toy(GOOD, {})


def test_a_kind_of_evidence_has_words() -> None:
    assert Evidence("chart", "chart").words == "chart"
    with pytest.raises(IncompleteRule):
        Evidence("chart", "")


def _texts_in_code(path: Path) -> Iterator[str]:
    """The texts of a file without its docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def test_a_rule_and_its_findings_are_named_in_its_own_file_alone() -> None:
    owner = {name: code for code, rule in RULES.items() for name in (code, *rule.findings)}
    named: dict[str, set[str]] = {code: set() for code in RULES}
    for folder in (
        "agreements",
        "core",
        "demo",
        "disclosure",
        "eligibility",
        "facilities",
        "patients",
        "portal",
        "referrals",
    ):
        for path in (ROOT / folder).rglob("*.py"):
            for text in _texts_in_code(path):
                if text in owner:
                    named[owner[text]].add(str(path.relative_to(ROOT)))
    assert {code: len(files) for code, files in named.items()} == dict.fromkeys(RULES, 1)
    assert (
        len(set.union(*named.values()))
        == len(RULES)
        == len(list((ROOT / "eligibility/rules").glob("[!_]*.py")))
    )


def test_the_words_of_the_rules_are_collected_for_translation() -> None:
    found = {text.id for text in messages.collect() if text.id}
    for rule in RULES.values():
        texts = {rule.title, rule.basis}
        for finding in rule.findings.values():
            texts |= {finding.sentence, *(kind.words for kind in finding.evidence)}
            texts |= {finding.remedy} - {""}
        assert texts <= found, rule.code
    limit = RULES["MED-01"].parameters["max_age_days"].sentence(30)
    assert tuple(limit) in found
