"""The register of public-health alerts: an officer signs one, and may end it before its last day."""

import re
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from core import days, zones
from core.actors import Actor
from core.audit import log as audit
from core.db import action
from core.errors import Denied, IllegalTransition, Invalid, NotKnown, Text
from core.outbox.publish import publish
from facilities.alerting import may_sign
from facilities.models import ALERT_FACTS, AdminUnit, Measure, PublicHealthAlert
from facilities.models.alerts import GROUP

LONGEST = timedelta(days=365)


@action
def sign_alert(
    *,
    by: Actor,
    area: AdminUnit | None,
    group: str,
    since: date,
    until: date,
    measure: str,
    text: str,
    source: str,
) -> PublicHealthAlert:
    """Sign an alert for the officer's own country or a district of it; referrals that it touches are checked again.

    Raises Denied, Invalid by field.
    """
    if not may_sign(by):
        raise Denied()
    assert by.user_id is not None, "a person has an account"
    group = group.strip().upper()
    if wrong := _mistakes(by, area, group, since, until, measure, text, source):
        raise Invalid(wrong)
    made = PublicHealthAlert.objects.create(
        country_id=by.country,
        area=area,
        group=group,
        since=since,
        until=until,
        measure=measure,
        text=text.strip(),
        source=source.strip(),
        signed_by_id=by.user_id,
        signed_by_label=by.label,
    )
    _tell("alert.sign", made, by, {"group": group, "measure": measure})
    return made


@action
def end_alert(*, alert_id: int, reason: str, by: Actor) -> PublicHealthAlert:
    """End an alert before its last day, with a reason. Raises NotKnown, Denied, IllegalTransition, Invalid."""
    alert = PublicHealthAlert.objects.select_for_update(of=("self",)).filter(pk=alert_id).first()
    if alert is None:
        raise NotKnown()
    if not may_sign(by) or by.country != alert.country_id:
        raise Denied()
    if alert.ended_on is not None or alert.until < zones.today():
        raise IllegalTransition(_("This alert is over already."))
    if not reason.strip():
        raise Invalid({"reason": [_("Say why the alert is ended before its last day.")]})
    alert.ended_on, alert.ended_by_label, alert.end_reason = zones.today(), by.label, reason.strip()
    alert.save(update_fields=["ended_on", "ended_by_label", "end_reason"])
    _tell("alert.end", alert, by, {"group": alert.group})
    return alert


def _tell(what: str, alert: PublicHealthAlert, by: Actor, details: dict[str, Any]) -> None:
    audit.record(what, by=by, subject=alert, country=alert.country_id, details=details)
    publish(ALERT_FACTS, subject=alert, by=by)


def _mistakes(
    by: Actor,
    area: AdminUnit | None,
    group: str,
    since: date,
    until: date,
    measure: str,
    text: str,
    source: str,
) -> dict[str, list[Text]]:
    wrong: dict[str, list[Text]] = {}
    if area is not None and area.country_id != by.country:
        wrong["area"] = [_("Choose a district of your own country. The other country signs its own alerts.")]
    first, dash, last = group.partition("-")
    if not re.fullmatch(GROUP, group) or (dash and last < first):
        wrong["group"] = [_("Write a category of ICD-10 such as A00, or a range such as A00-A09.")]
    if not days.is_possible(since) or since > zones.today() + LONGEST:
        wrong["since"] = [_("The first day lies too far away. Check the year.")]
    if until < since:
        wrong["until"] = [_("The last day must not be before the first.")]
    elif until < zones.today():
        wrong["until"] = [_("The last day must not be in the past.")]
    elif until > since + LONGEST:
        wrong["until"] = [_("An alert lasts a year at most. Sign a new one when it has passed.")]
    if measure not in Measure.values:
        wrong["measure"] = [_("Choose what the alert asks for.")]
    if not text.strip():
        wrong["text"] = [_("Say what the alert is about.")]
    if not source.strip():
        wrong["source"] = [_("Say where this is known from: a document with its date, or a service.")]
    return wrong
