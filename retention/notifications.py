"""Telling the ministry that a patient asks for erasure, and the hospital what was decided. Nobody is named."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.errors import Text
from core.outbox.messages import Words, renderer, tell
from core.outbox.models import Event
from core.outbox.registry import handler
from core.permissions import Role
from facilities.recipients import OF_COUNTRY, OF_ORGANISATION, recipients
from retention.events import ASKED, DONE, REFUSED
from retention.models import Erasure, Origin

_WORDS: dict[str, tuple[Text, Text]] = {
    ASKED: (
        _("A patient asks for their data to be erased"),
        _("Look at what may go and what has to stay, and decide."),
    ),
    REFUSED: (
        _("The erasure of a patient’s data was refused"),
        _("The patient’s page says why. Please tell the patient."),
    ),
    DONE: (
        _("Data of a patient were erased"),
        _("What may go is gone. If a law obliges to keep the rest, it stays until its period is over."),
    ),
}


@handler(ASKED, REFUSED, DONE, name="retention.tell")
def tell_of_erasure(event: Event, key: str) -> None:
    """The officers of the country, or the hospital that asked; what no patient asked for is told to nobody."""
    row = Erasure.objects.get(pk=event.subject_id)
    if row.origin != Origin.REQUEST:
        return
    if event.kind == ASKED:
        people = recipients((Role.OFFICER,), OF_COUNTRY, row.country_id, act=True)
        link = reverse("retention:erasure", args=[row.pk])
    else:
        people = recipients((Role.CLINICIAN,), OF_ORGANISATION, row.facility_id, act=event.kind == REFUSED)
        link = "" if row.gone.get("record") else reverse("erasure:ask", args=[row.record_id])
    tell(event, kind=event.kind, params={}, link=link, recipients=people)


@renderer("erasure")
def words(kind: str, params: dict[str, Any]) -> Words:
    """The message in the active language."""
    subject, body = _WORDS[kind]
    return Words(subject=str(subject), body=str(body))
