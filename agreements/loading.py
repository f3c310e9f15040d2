"""Loading the agreements and their versions from the project's own copy."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from agreements.chain_mistakes import mistakes
from agreements.chains import chains_of
from agreements.models import AbroadCare, Agreement, AgreementVersion
from eligibility import mistakes_in
from facilities.reference import LoadReport, sync

SOURCE = Path(__file__).parent / "reference" / "agreements.json"
ABROAD = Path(__file__).parent / "reference" / "treatment_abroad.json"


def load(report: LoadReport, source: Path = SOURCE) -> None:
    """Load the agreements; what a person changed is kept and reported. A version that is there stays as it is.

    Raises ValueError, and loads nothing, where a version sets what no rule declares or has no right chain.
    """
    rows = json.loads(source.read_text("utf-8"))
    versions: dict[str, list[dict[str, Any]]] = {row["code"]: row.pop("versions") for row in rows}
    signed = {row["code"]: date.fromisoformat(day) for row in rows if (day := row.pop("signed_on", None))}
    for code, those in versions.items():
        for values in those:
            if found := _wrong(values):
                raise ValueError(f"{source.name}, {code}: {' '.join(found)}")

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
    _load_versions(versions, report)
    entries = json.loads(ABROAD.read_text("utf-8"))
    sync(
        AbroadCare,
        [{"country_id": row.pop("country"), **row} for row in entries],
        key=("country_id", "code"),
        report=report.table("entries of lists of treatment abroad"),
    )


def _load_versions(versions: dict[str, list[dict[str, Any]]], report: LoadReport) -> None:
    """Add those that aren't there yet: an approved version never changes, and a person's has its own number."""
    keys = dict(Agreement.objects.values_list("code", "pk"))
    there = set(AgreementVersion.objects.values_list("agreement_id", "number"))
    new = [
        AgreementVersion(
            agreement_id=keys[code],
            standing=AgreementVersion.Standing.APPROVED,
            approved_at=timezone.now(),
            **{**values, "chains": [chain.stored() for chain in chains_of(values["chains"])]},
        )
        for code, those in versions.items()
        for values in those
        if (keys[code], values["number"]) not in there
    ]
    AgreementVersion.objects.bulk_create(new)
    table = report.table("versions of agreements")
    table.total += sum(map(len, versions.values()))
    table.created += len(new)


def _wrong(values: dict[str, Any]) -> list[str]:
    found = [str(mistake) for mistake in mistakes_in(values["rules"])]
    if values["covers_planned"]:
        made = AgreementVersion(parties=values["parties"], directions=values.get("directions", []))
        found += [str(mistake) for mistake in mistakes(values["chains"], pairs=made.pairs())]
    return found
