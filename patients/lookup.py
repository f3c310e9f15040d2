"""Finding patients by number: the one place that compares identifier values.

When values are stored encrypted with a blind index, only this module and the writing of an identifier change.
Nothing here looks at who asks: callers narrow the answer with `patients.access`.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from core.walls.session import reaching
from patients.models import Identifier


def find_owners(numbers: Iterable[tuple[str, str, str]]) -> list[tuple[UUID, str, str, str]]:
    """(patient id, system, country, value) for each number that somebody has. One query.

    An empty country means any country, as when a number is typed into the search box.
    """
    wanted = Q()
    for system, country, value in numbers:
        one = Q(system=system, value=value)
        wanted |= one & Q(country=country) if country else one
    if not wanted:
        return []
    found = Identifier.objects.filter(wanted).values_list("patient_id", "system", "country", "value")
    with reaching("identity"):
        return list(found)
