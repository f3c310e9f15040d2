"""`./dev names`: how often the question about a duplicate is right, over the labelled set of pairs of names.

Prints precision and recall, and every rule's share; `--write` renews the figures in docs/names.md.
"""

import sys
from collections import defaultdict
from pathlib import Path

from patients.names import SAME_NAME, alike
from tools.name_pairs import Pair, pairs

PAGE = Path(__file__).resolve().parents[1] / "docs" / "names.md"
MARK = "<!-- figures -->\n"


def asked(pair: Pair) -> bool:
    """Whether the portal asks if the two are one, given that they share a date of birth."""
    return alike(pair.one, pair.other) >= SAME_NAME


def measure(rows: list[Pair]) -> tuple[float, float]:
    """(precision, recall) of the question."""
    hits = sum(pair.same for pair in rows if asked(pair))
    return hits / sum(map(asked, rows)), hits / sum(pair.same for pair in rows)


def table(rows: list[Pair]) -> str:
    """The figures as Markdown: the whole, then each rule."""
    precision, recall = measure(rows)
    by_rule: dict[tuple[bool, str], list[bool]] = defaultdict(list)
    for pair in rows:
        by_rule[not pair.same, pair.rule].append(asked(pair))
    lines = [
        f"{len(rows)} pairs, {sum(pair.same for pair in rows)} of them one person. "
        f"Precision {precision:.3f}, recall {recall:.3f}.",
        "",
        "| rule | one person | pairs | asked about |",
        "| --- | --- | --- | --- |",
    ]
    for (different, rule), outcomes in sorted(by_rule.items()):
        word = "no" if different else "yes"
        lines.append(f"| {rule} | {word} | {len(outcomes)} | {sum(outcomes)} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    text = table(pairs())
    print(text, end="")
    if "--write" in arguments:
        before = PAGE.read_text("utf-8").partition(MARK)[0]
        PAGE.write_text(f"{before}{MARK}{text}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
