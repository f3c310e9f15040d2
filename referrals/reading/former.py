"""What a former host keeps of a referral that went elsewhere: that it had it, for how long, and its own steps."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from core.actors import Actor
from core.listed import count_up_to
from core.pages import Page, paginate
from core.permissions import Permission
from referrals import search
from referrals.models import FormerHost, Machine, Referral, StatusChange
from referrals.states import BY_TELEPHONE

_BACK = ("authorisation", "discharge_summary")


def former_rows(actor: Actor) -> QuerySet[FormerHost]:
    """The times that the actor's hospital had a referral that is elsewhere now, the latest first."""
    if not actor.has(Permission.HOST):
        return FormerHost.objects.none()
    back = Referral.objects.filter(host_facility_id=actor.organisation_id)
    rows = FormerHost.objects.filter(facility_id=actor.organisation_id)
    return rows.select_related(
        "facility__organisation__country",
        "facility__admin_unit__parent",
        "directing_country",
        "directing_facility__organisation__country",
        "directing_facility__admin_unit__parent",
        "host_country",
    ).exclude(referral_id__in=back.values("pk"))


def former_view(actor: Actor, referral_id: UUID) -> Referral | None:
    """The referral as the actor's hospital had it last; None where it never had it, or has it now."""
    row = former_rows(actor).filter(referral_id=referral_id).first()
    if row is None:
        return None
    view = as_kept(row)
    own = Q(organisation_id=actor.organisation_id) | Q(
        event__in=[event.value for event in BY_TELEPHONE], at__gte=row.sent_at
    )
    known = StatusChange.objects.filter(
        own, referral_id=referral_id, machine=Machine.REFERRAL, at__lte=row.until
    )
    view.known_history = list(known.order_by("id"))
    return view


def open_former(actor: Actor, text: str, number: str | None) -> Page[Referral]:
    """A page of the views, narrowed by a number or the directing hospital. It shows nobody, so it discloses nothing."""
    page: Page[Any] = paginate(search.former(former_rows(actor), text), number)
    return Page([as_kept(row) for row in page.items], page.number, page.has_next)


def count_former(actor: Actor, text: str) -> int:
    """How many there are, as far as a tab says it."""
    return count_up_to(search.former(former_rows(actor), text))


def as_kept(row: FormerHost) -> Referral:
    """A view, which can't be saved, without patient, care, consent, authorisation, and whatever happened since."""
    # No row is born here: a referral as that hospital had it last.
    kept: dict[str, Any] = {
        "pk": row.referral_id,
        "number": row.number,
        "version": row.version,
        "state": row.last_state,
        "state_since": row.until,
        "priority": row.priority,
        "directing_country": row.directing_country,
        "directing_facility": row.directing_facility,
        "host_country": row.host_country,
        "host_facility": row.facility,
        "created_at": row.submitted_at,
        "updated_at": row.until,
        "submitted_at": row.submitted_at,
        "sent_at": row.sent_at,
        "over_at": row.until,
    }
    view = Referral(**kept)
    view.former_since = row.until
    view.known_history, view.known_evidence = [], []
    for name in _BACK:
        relation: Any = Referral._meta.get_field(name)
        relation.set_cached_value(view, None)
    return view
