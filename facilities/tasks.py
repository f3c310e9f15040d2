"""What the beat has done to the reference data, and who is told of it."""

from typing import Any

from celery import shared_task
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from core.actors import SYSTEM
from core.audit import log as audit
from core.db import transaction_for
from core.names import in_active_language
from core.outbox.messages import Recipient, Words, renderer, tell
from core.outbox.models import Event
from core.outbox.publish import publish
from core.outbox.registry import handler
from core.permissions import Role
from facilities.models import Membership, Organisation
from facilities.reference import calendars
from facilities.reference.report import TableReport

#: The event that no day off is known of a country's year. Its subject is the country.
CALENDAR_MISSING = "calendar.missing"


@shared_task(name="facilities.keep_calendars")
def keep_calendars() -> int:
    """Seed the days off of the years ahead, and tell of a year that still has none; the number of those told of."""
    told = 0
    with transaction_for(SYSTEM):
        report = TableReport("days off")
        calendars.load(report)
        if report.created or report.updated:
            audit.record("reference.load", by=SYSTEM, details={"days off": report.created + report.updated})
        for country, year in calendars.years_unknown():
            known = Event.objects.filter(
                kind=CALENDAR_MISSING, subject_id=country.pk, payload__year=year
            ).exists()
            if not known:
                payload = {"year": year, "names": country.names}
                publish(CALENDAR_MISSING, subject=country, payload=payload, by=SYSTEM)
                told += 1
    return told


@handler(CALENDAR_MISSING, name="facilities.tell_calendar_missing")
def tell_calendar_missing(event: Event, key: str) -> None:
    """Tell the operator's administrators, who keep the calendars."""
    keepers = Membership.objects.filter(
        active=True,
        user__is_active=True,
        role=Role.ADMINISTRATOR,
        organisation__active=True,
        organisation__kind=Organisation.Kind.OPERATOR,
    )
    users = {row.user_id: row.user for row in keepers.select_related("user").order_by("user_id", "pk")}
    tell(
        event,
        kind=CALENDAR_MISSING,
        params=event.payload,
        link=reverse("admin:facilities_calendarday_changelist"),
        recipients=[
            Recipient(
                key=f"user:{user.pk}",
                language=user.preferred_language,
                user_id=user.pk,
                email=user.email,
                needs_action=True,
            )
            for user in users.values()
        ],
    )


@renderer("calendar")
def words(kind: str, params: dict[str, Any]) -> Words:
    """The message in the active language."""
    shown = {
        "country": in_active_language(params["names"]),
        "year": formats.number_format(params["year"], use_l10n=False),
    }
    return Words(
        subject=_("%(country)s: no days off are known for %(year)s") % shown,
        body=_(
            "Limits in working days count every weekday of that year as worked. Please enter the public holidays "
            "in the administration, under “days off and moved working days”."
        ),
    )
