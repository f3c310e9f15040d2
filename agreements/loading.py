"""Loading the agreements from the project's own copy."""

import json
from datetime import date
from pathlib import Path

from agreements.models import Agreement
from eligibility import mistakes_in
from facilities.reference import LoadReport, sync

SOURCE = Path(__file__).parent / "reference" / "agreements.json"


def load(report: LoadReport, source: Path = SOURCE) -> None:
    """Load the agreements; what a person changed is kept and reported.

    Raises ValueError, and loads nothing, where an agreement sets what no rule declares.
    """
    rows = json.loads(source.read_text("utf-8"))
    signed = {row["code"]: date.fromisoformat(day) for row in rows if (day := row.pop("signed_on", None))}
    for row in rows:
        if mistakes := mistakes_in(row["rules"]):
            raise ValueError(f"{source.name}, {row['code']}: {' '.join(map(str, mistakes))}")

    def derive(agreement: Agreement) -> None:
        agreement.signed_on = agreement.signed_on or signed.get(agreement.code)

    sync(
        Agreement,
        rows,
        key=("code",),
        report=report.table("agreements"),
        derive=derive,
        derived=("signed_on",),
    )
