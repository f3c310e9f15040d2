"""Printing a paper: a Typst template of `papers/` with facts that are handed to it as data, never as markup.

The output is PDF/A-2b (ISO 19005-2), which archives accept and which carries its own fonts. The fonts are those that
Typst brings; they have every letter of the five languages.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

_PAPERS = Path(__file__).parent / "papers"


def print_paper(name: str, facts: Mapping[str, Any]) -> bytes:
    """The PDF of `papers/<name>.typ`. `facts` go to it as JSON: texts are shown as they are, whatever they hold.

    Every paper takes `language` (ISO 639-1), `title`, and `made_on` as [year, month, day] for the document itself.
    """
    return typst.compile(
        str(_PAPERS / f"{name}.typ"),
        root=str(_PAPERS),
        format="pdf",
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        pdf_standards="a-2b",
        ignore_system_fonts=True,
    )
