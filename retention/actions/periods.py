"""How long data are kept: one person proposes, another one of the same ministry approves."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.db import action
from core.errors import Denied, IllegalTransition, Invalid, Text
from retention import access
from retention.actions.common import label_of, said, trace
from retention.models import LONGEST_MONTHS, Period

LONGEST_SOURCE = 1000


@action
def propose_period(
    *, by: Actor, period_id: int, months: int, obliges: bool, verified: bool, source: str
) -> Period:
    """Propose another period in the place of one that counts.

    Raises Denied, NotKnown, IllegalTransition while another proposal waits, Invalid with `months`, `source`.
    """
    period = _own(by, period_id)
    # Whoever proposes second waits for the first, and sees that proposal.
    versions = list(access.versions(period).select_for_update(of=("self",)))
    if any(row.approved_at is None and row.over_at is None for row in versions):
        raise IllegalTransition(
            _("Another proposal waits for a second person. Approve or withdraw it first.")
        )
    errors: dict[str, list[Text]] = {}
    if not 1 <= months <= LONGEST_MONTHS:
        errors["months"] = [_("Enter a number of months from 1 to %(most)s.") % {"most": LONGEST_MONTHS}]
    source = said(
        "source",
        source,
        LONGEST_SOURCE,
        _("Name the law: its number, date and article, and where it was read."),
        errors,
    )
    if errors:
        raise Invalid(errors)
    row = Period.objects.create(
        country_id=period.country_id,
        kind=period.kind,
        months=months,
        obliges=obliges,
        verified=verified,
        source=source,
        made_by_id=by.user_id,
        made_by_label=label_of(by),
        made_at=timezone.now(),
    )
    _trace("retention.proposed", row, by)
    return row


@action
def approve_period(*, by: Actor, period_id: int) -> Period:
    """Let a proposal count, as a second person. Raises Denied, NotKnown, IllegalTransition."""
    row = _proposed(by, period_id)
    if row.made_by_id == by.user_id:
        raise Denied(_("You proposed this period, so another person must approve it."), code="own_proposal")
    now = timezone.now()
    access.versions(row).filter(approved_at__isnull=False, over_at__isnull=True).update(over_at=now)
    row.approved_at, row.approved_by_id, row.approved_by_label = now, by.user_id, label_of(by)
    row.save()
    _trace("retention.approved", row, by)
    return row


@action
def withdraw_period(*, by: Actor, period_id: int) -> Period:
    """Drop a proposal, as who made it or as the second person. Raises Denied, NotKnown, IllegalTransition."""
    row = _proposed(by, period_id)
    row.over_at = timezone.now()
    row.save()
    _trace("retention.withdrawn", row, by)
    return row


def _own(by: Actor, period_id: int) -> Period:
    period = access.get_period(by, period_id)
    if period.country_id != by.country:
        raise Denied(_("Another country’s ministry decides this."))
    return period


def _proposed(by: Actor, period_id: int) -> Period:
    period = _own(by, period_id)
    row = Period.objects.select_for_update().get(pk=period.pk)
    if row.approved_at is not None or row.over_at is not None:
        raise IllegalTransition(_("This period doesn’t wait for a second person."))
    return row


def _trace(action_name: str, row: Period, by: Actor) -> None:
    details = {
        "kind": row.kind,
        "months": row.months,
        "obliges": row.obliges,
        "verified": row.verified,
        "version": row.pk,
    }
    trace(action_name, row, [row.country_id], by, details)
