"""What may leave one country for another on a day: the one answer for the rule, the pages, the lists and the API."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from core.prepared import Parameter, prepared
from disclosure.models import DataKind, TransferPolicy

NOTHING: frozenset[str] = frozenset()
EVERYTHING: frozenset[str] = frozenset(DataKind.values)


class Policies:
    """The rows for one receiving country, read once."""

    def __init__(self, to_country: str) -> None:
        self._rows: list[TransferPolicy] = prepared(_of_country).rows(country=to_country)

    def row(self, from_country: str, purpose: str, day: date) -> TransferPolicy | None:
        """The row that counts on that day, by the clock of the country that the data leave."""
        return in_force(
            (one for one in self._rows if one.from_country_id == from_country and one.purpose == purpose),
            day,
        )

    def kinds(self, from_country: str, purpose: str, day: date) -> frozenset[str]:
        """The kinds of data that may leave: none where no row says that they may."""
        found = self.row(from_country, purpose, day)
        return frozenset(found.kinds) if found is not None else NOTHING


def in_force(rows: Iterable[TransferPolicy], day: date) -> TransferPolicy | None:
    """Of the rows of one pair and purpose the one that counts on that day: the one that began last."""
    found = [row for row in rows if row.in_force_on(day)]
    return max(found, key=lambda row: (row.in_force_from or date.min, row.pk), default=None)


def rows_for(from_country: str, to_country: str) -> QuerySet[TransferPolicy]:
    """Every row of a pair, those that are over among them."""
    return TransferPolicy.objects.filter(from_country_id=from_country, to_country_id=to_country)


def _of_country() -> QuerySet[TransferPolicy]:
    rows = TransferPolicy.objects.filter(to_country_id=Parameter("country")).order_by("pk")
    return rows.defer("loaded_values", "basis_in", "source", "note")
