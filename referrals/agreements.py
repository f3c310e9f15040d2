"""Loading the agreements and choosing the one that a referral rests on."""

import json
from datetime import date
from pathlib import Path

from django.db.models import QuerySet

from core.prepared import Parameter, prepared
from facilities.reference import LoadReport, sync
from referrals.models import Agreement

SOURCE = Path(__file__).parent / "reference" / "agreements.json"


def load(report: LoadReport) -> None:
    """Load the agreements from the project's own copy; what a person changed is kept and reported."""
    rows = json.loads(SOURCE.read_text("utf-8"))
    signed = {row["code"]: date.fromisoformat(day) for row in rows if (day := row.pop("signed_on", None))}

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


def choose(*, directing_country: str, host_country: str, emergency: bool, day: date) -> Agreement | None:
    """The agreement with the lowest precedence number that has both countries and covers the care on that day."""
    fitting = prepared(_fitting, emergency).rows(directing=directing_country, host=host_country)
    return next((agreement for agreement in fitting if agreement.in_force_on(day)), None)


def _fitting(emergency: bool) -> QuerySet[Agreement]:
    found = Agreement.objects.filter(parties__contains=[Parameter("directing"), Parameter("host")])
    found = found.filter(covers_emergency=True) if emergency else found.filter(covers_planned=True)
    return found.defer("loaded_values", "says_in").order_by("precedence", "code")
