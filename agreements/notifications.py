"""Telling those who may approve a version of an agreement that one waits for a second person."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.models import HANDED_OVER, AgreementVersion
from core.names import in_active_language
from core.outbox.messages import Words, renderer, tell
from core.outbox.models import Event
from core.outbox.registry import handler
from core.permissions import Role
from facilities.recipients import OF_COUNTRY, administrators, recipients


@handler(HANDED_OVER, name="agreements.tell_second_persons")
def tell_second_persons(event: Event, key: str) -> None:
    """The officers of the parties' ministries and the operator's administrators, without who wrote it."""
    version = AgreementVersion.objects.select_related("agreement").filter(pk=int(event.subject_id)).first()
    if version is None or version.standing != AgreementVersion.Standing.WAITING:
        return
    found = administrators(act=True)
    for country in sorted(version.parties):
        found += recipients((Role.OFFICER,), OF_COUNTRY, country, act=True)
    agreement = version.agreement
    tell(
        event,
        kind="agreement.to_approve",
        params={"names": agreement.names, "number": version.number},
        link=reverse("agreements:version", args=[agreement.code, version.number]),
        recipients={person.key: person for person in found if person.user_id != version.made_by_id}.values(),
    )


@renderer("agreement")
def words(kind: str, params: dict[str, Any]) -> Words:
    """The notice in the active language."""
    values = {"agreement": in_active_language(params["names"]), "number": params["number"]}
    return Words(
        subject=_("A version of an agreement waits for your approval"),
        body=_("%(agreement)s, version %(number)s. Look at what it changes, then approve it or send it back.")
        % values,
    )
