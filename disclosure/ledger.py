"""Writing the ledger. Only the access layers of the apps above call this: what they hand out to be shown, they note."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from core.actors import Actor
from core.audit.context import request_id
from core.prepared import insert
from disclosure.models import Disclosure


def note(
    what: str,
    *,
    to: Actor,
    patients: Iterable[UUID],
    purpose: str,
    basis: Iterable[str],
    clinical: bool,
    countries: Iterable[str] = (),
    subject: Model | None = None,
) -> None:
    """Append one row in the reader's transaction. The reader's own country is always among those concerned.

    What the portal reads for itself is shown to nobody, so it leaves no row.
    """
    if to.is_system:
        return
    insert(
        Disclosure(
            at=timezone.now(),
            what=what,
            actor_kind=to.kind,
            actor_id=to.id,
            actor_label=to.label,
            organisation_id=to.organisation_id,
            country=to.country,
            purpose=purpose,
            basis=sorted(set(basis)),
            clinical=clinical,
            patients=list(dict.fromkeys(patients)),
            countries=sorted({to.country, *countries} - {""}),
            subject_type=subject._meta.label_lower if subject is not None else "",
            subject_id=str(subject.pk) if subject is not None else "",
            request_id=request_id.get(),
        ),
        reads_key=False,
    )
