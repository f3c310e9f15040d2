"""What tells facilities of one name apart, so that no two labels of the directory are the same."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from facilities.models import Facility, Organisation
from facilities.textsearch import reading_key

LONGEST = 250


def tell_apart() -> int:
    """Write `told_apart_by` of every facility; the number of rows that changed (two queries where some did).

    Namesakes are told apart by the least that does: the place, the address with it, at last the code. Facilities of
    different countries count as namesakes too: a list may hold both.
    """
    rows = Facility.objects.select_related("organisation").only(
        "settlement",
        "address",
        "organisation__code",
        "organisation__name",
        "organisation__names",
        "organisation__told_apart_by",
    )
    groups: defaultdict[str, list[Facility]] = defaultdict(list)
    for row in rows:
        for name in _names(row.organisation):
            groups[name].append(row)
    found: dict[int, str] = {}
    for group in groups.values():
        for row in group:
            words = _words(row, group) if len(group) > 1 else ""
            found[row.pk] = max(found.get(row.pk, ""), words, key=len)
    changed = []
    for group in groups.values():
        for row in group:
            own = row.organisation
            if own.told_apart_by != found[row.pk]:
                own.told_apart_by = found[row.pk]
                changed.append(own)
    Organisation.objects.bulk_update(changed, ["told_apart_by"], batch_size=500)
    return len(changed)


def _names(organisation: Organisation) -> set[str]:
    return {reading_key(name) for name in (organisation.name, *organisation.names.values())}


def _words(row: Facility, group: Collection[Facility]) -> str:
    """The shortest of the ways to tell a facility from its group that no other of the group shares."""
    for way in _ways(row):
        mine = _tell(row, way)
        if mine and sum(_tell(other, way).casefold() == mine.casefold() for other in group) == 1:
            return mine[:LONGEST]
    return row.organisation.code


def _ways(row: Facility) -> Iterator[tuple[str, ...]]:
    yield ("settlement",)
    yield ("settlement", "address")
    yield ("settlement", "address", "code")


def _tell(row: Facility, way: tuple[str, ...]) -> str:
    parts = [row.organisation.code if name == "code" else getattr(row, name) for name in way]
    return ", ".join(part for part in parts if part)
