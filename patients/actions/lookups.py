"""Letting somebody look beyond their facility again, after too many look-ups found nobody."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import Invalid
from patients import budget
from patients.cleaning import Errors, free_text
from patients.models import LookupBudget

LONGEST_REASON = 500


@action
def unlock_lookups(*, by: Actor, budget_id: int, reason: str) -> LookupBudget:
    """Begin a locked budget anew, with a reason that stands in the audit log. Raises Denied, NotKnown, Invalid."""
    row = budget.get_locked(by, budget_id)
    row = LookupBudget.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=row.pk)
    errors: Errors = {}
    missing = _("Say what you found out, and why they may go on.")
    text = free_text("reason", reason, LONGEST_REASON, errors, instead=missing)
    if not text:
        errors.setdefault("reason", [missing])
    if errors:
        raise Invalid(errors)
    details = {"scope": row.scope, "failed": row.failed, "reason": text}
    row.locked_at, row.failed, row.window_from = None, 0, timezone.now()
    row.save(update_fields=["locked_at", "failed", "window_from"])
    country = row.organisation.country_id or "" if row.organisation else ""
    for one in sorted({by.country, country} - {""}):
        record("patient.lookups_unlocked", by=by, subject=row, country=one, details=details)
    return row
