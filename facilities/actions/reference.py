"""What a person does to reference rows in the admin."""

from collections.abc import Iterable

from core.actors import Actor
from core.audit import log as audit
from core.db import action
from core.feed.announce import announce
from core.outbox.publish import publish
from facilities.actions.rules import require_administrator
from facilities.events import DIRECTORY_ROW, FACILITY_FACTS
from facilities.lookups.facility_text import facility_search_text
from facilities.models import Facility, FacilityService, Organisation, ReferenceRow


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
            follow_facts(row, by=by)
            changed += 1
    return changed


def follow_facts(row: ReferenceRow, *, by: Actor) -> None:
    """Let it be known that a row changed: to checks that rest on it, and to who follows the directory."""
    if row.facts_kind:
        publish(row.facts_kind, subject=row, by=by)
    elif isinstance(row, FacilityService):
        publish(FACILITY_FACTS, subject=row.facility, by=by)
    elif isinstance(row, Facility | Organisation):
        for facility in Facility.objects.filter(pk=row.pk):
            publish(FACILITY_FACTS, subject=facility, by=by)
    if not isinstance(row, Organisation) or row.kind == Organisation.Kind.FUND:
        announce(DIRECTORY_ROW, subject=row, by=by)


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
