"""What a person does to reference rows in the admin."""

from collections.abc import Iterable

from core.actors import Actor
from core.audit import log as audit
from core.db import action
from facilities.actions.rules import require_administrator
from facilities.lookups.facility_text import facility_search_text
from facilities.models import Facility, Organisation, ReferenceRow


@action
def restore_reference(*, rows: Iterable[ReferenceRow], by: Actor) -> int:
    """Give rows the values of the reference again where a person changed them; the number of changed rows.

    Administrators only. The audit log keeps which fields changed in which row. Raises Denied.
    """
    require_administrator(by)
    changed = 0
    for row in rows:
        names = row.restore_reference()
        if names:
            row.save()
            _refresh_searches(row)
            audit.record("reference.restore", by=by, subject=row, details={"fields": names})
            changed += 1
    return changed


def _refresh_searches(row: ReferenceRow) -> None:
    if isinstance(row, Facility | Organisation):
        facilities = Facility.objects.select_related("organisation", "admin_unit__parent").filter(pk=row.pk)
        for facility in facilities:
            refresh_search_text(facility)


def refresh_search_text(facility: Facility) -> None:
    """Write the text in which a facility is searched anew, after its name, place or type changed."""
    unit = facility.admin_unit
    text = facility_search_text(facility, facility.organisation, unit)
    Facility.objects.filter(pk=facility.pk).update(search=text)
