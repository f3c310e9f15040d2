"""The first version of each period, from the project's own copy. What a person has said since is never touched."""

import json
from pathlib import Path

from django.utils import timezone

from facilities.models import Country
from facilities.reference import LoadReport
from retention.models import Period

SOURCE = Path(__file__).parent / "reference" / "periods.json"


def load(report: LoadReport, source: Path = SOURCE) -> None:
    """Add the periods that a country hasn't got."""
    table, now = report.table("retention periods"), timezone.now()
    there = set(Period.objects.values_list("country_id", "kind"))
    known = set(Country.objects.values_list("pk", flat=True))
    for row in json.loads(source.read_text("utf-8")):
        for country in sorted(known & set(row["countries"])):
            table.total += 1
            if (country, row["kind"]) not in there:
                values = {name: row[name] for name in ("kind", "months", "obliges", "source", "verified")}
                Period.objects.create(country_id=country, made_at=now, approved_at=now, **values)
                table.created += 1
