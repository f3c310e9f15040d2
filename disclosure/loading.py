"""Loading the rules on data that leave a country from the project's own copy."""

import json
from pathlib import Path
from typing import Any

from disclosure.models import TransferPolicy
from facilities.reference import LoadReport, sync

SOURCE = Path(__file__).parent / "reference" / "policies.json"


def load(report: LoadReport, source: Path = SOURCE) -> None:
    """Load the rows; what a person changed is kept and reported.

    The file has a row for each country's law; it stands for each of the countries and purposes that it names.
    """
    sync(TransferPolicy, rows_of(source), key=("code",), report=report.table("policies"))


def rows_of(source: Path = SOURCE) -> list[dict[str, Any]]:
    """The file's rows, one for each pair of countries and purpose."""
    return [
        {
            "code": f"{law['from']}-{to}-{purpose}-{law['code']}".lower().replace("_", "-"),
            "from_country_id": law["from"],
            "to_country_id": to,
            "purpose": purpose,
            "kinds": law["kinds"],
            "basis_in": law["basis_in"],
            "source": law["source"],
            "verified": law["verified"],
            "note": law["note"],
        }
        for law in json.loads(source.read_text("utf-8"))
        for to in law["to"]
        for purpose in law["purposes"]
    ]
