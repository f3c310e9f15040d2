"""Writing the audit log."""

from typing import Any

from django.db.models import Model
from django.utils import timezone

from core.actors import Actor
from core.audit.chain import authenticate
from core.audit.context import request_id
from core.audit.models import AuditRow
from core.prepared import insert


def record(
    action: str,
    *,
    by: Actor,
    subject: Model | None = None,
    country: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Append one row, in the transaction of the change that it speaks of.

    `action` is a dotted name such as `referral.accept`; `country` is the country whose auditors read the row (the
    actor's by default); `details` holds codes, versions and ids: no names, no clinical content.
    """
    row = AuditRow(
        at=timezone.now(),
        action=action,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label,
        organisation_id=by.organisation_id,
        country=country or by.country,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        details=details or {},
        request_id=request_id.get(),
    )
    authenticate(row)
    insert(row, reads_key=False)
