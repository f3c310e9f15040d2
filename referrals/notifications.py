"""Telling people of events, as the events' records say. No clinical content leaves the portal this way."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from core.actors import SYSTEM
from core.outbox.messages import Recipient, Words, renderer, tell
from core.outbox.models import Event
from core.outbox.publish import publish
from core.outbox.registry import handler
from core.permissions import Role
from core.prepared import Parameter, prepared
from facilities.access import has_desk
from facilities.lookups.people import people_with
from facilities.recipients import OF_COUNTRY, OF_ORGANISATION, administrators, recipient_of, recipients
from patients.known import contact_of
from referrals.events import BY_KIND
from referrals.events.noticed import NOTICED, UNHEARD
from referrals.events.record import Notice, To
from referrals.models import Referral

NOTICES: dict[str, Notice] = {kind: record.told for kind, record in BY_KIND.items() if record.told} | NOTICED


@handler(*NOTICES, name="referrals.tell")
def tell_of_event(event: Event, key: str) -> None:
    """Write the messages for an event; the database keeps each (event, recipient, channel) single."""
    notice = NOTICES[event.kind]
    referral = prepared(_concerned).first(referral=event.subject_id)
    assert referral is not None, "referrals are never deleted"
    if referral.number is None:  # a draft that was discarded concerns nobody else
        return
    _follow_silence(referral, notice)
    params = {"number": referral.number}
    staff = [*_staff(referral, notice.act, act=True), *_staff(referral, notice.know, act=False)]
    own_key = f"user:{event.actor_id}" if event.actor_kind == "person" else ""
    people = {person.key: person for person in reversed(staff) if person.key != own_key}
    tell(
        event,
        kind=f"referral.staff:{event.kind}",
        params=params,
        # Who administers the portal may not open a case.
        link=""
        if set(notice.know) == {To.ADMINISTRATORS}
        else reverse("referrals:detail", args=[referral.pk]),
        recipients=people.values(),
    )
    if notice.former and (former := event.payload.get("former_host")):
        tell(
            event,
            kind=f"referral.former:{event.kind}",
            params=params,
            link=reverse("referrals:detail", args=[referral.pk]),  # what they keep of it
            recipients=_members(False, (Role.HOST_DESK,), OF_ORGANISATION, former),
        )
    if notice.patient:
        tell(
            event,
            kind=f"referral.patient:{event.kind}",
            params=params,
            link="",
            recipients=_patient(referral),
        )


def _follow_silence(referral: Referral, notice: Notice) -> None:
    """Where nobody is there to do what an event asks for, let those know who can do something about it."""
    for group in notice.act:
        ministrys = group == To.BODY and _is_with_ministry(referral)
        kind = UNHEARD[To.MINISTRY if ministrys else group]
        if group == To.DESK and (referral.sent_at is None or has_desk(referral.host_facility_id)):
            continue
        if not _GROUPS[group](referral, True):
            publish(kind, subject=referral, by=SYSTEM)


def _concerned() -> QuerySet[Referral]:
    return Referral.objects.select_related("patient").filter(pk=Parameter("referral")).order_by()


@renderer("referral")
def words(kind: str, params: dict[str, Any]) -> Words:
    """The message in the active language."""
    audience, event = kind.removeprefix("referral.").split(":", 1)
    notice = NOTICES[event]
    subject, body = {
        "patient": (notice.patient_subject, notice.patient),
        "former": (notice.subject, notice.former),
    }.get(audience, (notice.subject, notice.body))
    return Words(subject=str(subject) % params, body=str(body) % params)


def _staff(referral: Referral, groups: Iterable[To], *, act: bool) -> list[Recipient]:
    return [person for group in groups for person in _GROUPS[group](referral, act)]


def _members(act: bool, roles: tuple[Role, ...], lookup: str, place: Any) -> list[Recipient]:
    return recipients(roles, lookup, place, act=act)


def _clinician(referral: Referral, act: bool) -> list[Recipient]:
    """The clinician who filed; where that was a system or they have left, all clinicians of the facility."""
    rows = people_with((Role.CLINICIAN,), OF_ORGANISATION, referral.directing_facility_id)
    filers = [row for row in rows if row.user_id == referral.filed_by_id]
    return [recipient_of(row, act=act) for row in filers or rows]


def _ministry(referral: Referral, act: bool) -> list[Recipient]:
    roles = (Role.OFFICER, Role.COORDINATOR)
    return _members(act, roles, OF_COUNTRY, referral.directing_country_id)


def _host_ministry(referral: Referral, act: bool) -> list[Recipient]:
    roles = (Role.OFFICER, Role.COORDINATOR)
    return _members(act, roles, OF_COUNTRY, referral.host_country_id)


def _is_with_ministry(referral: Referral) -> bool:
    return referral.deciding_body_id is None and referral.deciding_country in {
        "",
        referral.directing_country_id,
    }


def _body(referral: Referral, act: bool) -> list[Recipient]:
    """The people of the body that has the decision now; once nobody has it, the directing ministry's."""
    if referral.deciding_body_id is not None:
        roles: tuple[Role, ...] = (Role.OFFICER, Role.COORDINATOR, Role.APPROVER)
        return _members(act, roles, OF_ORGANISATION, referral.deciding_body_id)
    roles = (Role.OFFICER, Role.COORDINATOR)
    return _members(act, roles, OF_COUNTRY, referral.deciding_country or referral.directing_country_id)


def _signers(referral: Referral, act: bool) -> list[Recipient]:
    """Who may sign as the second person."""
    authorisation = getattr(referral, "authorisation", None)
    first = authorisation.signed_by_id if authorisation is not None else None
    if referral.deciding_body_id is not None:
        found = _members(act, (Role.OFFICER, Role.APPROVER), OF_ORGANISATION, referral.deciding_body_id)
    else:
        country = referral.deciding_country or referral.directing_country_id
        found = _members(act, (Role.OFFICER,), OF_COUNTRY, country)
    return [person for person in found if person.user_id != first]


def _desk(referral: Referral, act: bool) -> list[Recipient]:
    """The host's desk, once the referral has reached it."""
    if referral.sent_at is None:
        return []
    return _members(act, (Role.HOST_DESK,), OF_ORGANISATION, referral.host_facility_id)


def _administrators(referral: Referral, act: bool) -> list[Recipient]:
    return administrators(act=act)


_GROUPS: dict[To, Callable[[Referral, bool], list[Recipient]]] = {
    To.CLINICIAN: _clinician,
    To.MINISTRY: _ministry,
    To.BODY: _body,
    To.SIGNERS: _signers,
    To.HOST_MINISTRY: _host_ministry,
    To.DESK: _desk,
    To.ADMINISTRATORS: _administrators,
}


def _patient(referral: Referral) -> list[Recipient]:
    patient = referral.patient
    if patient.is_unknown or patient.deceased_on is not None:
        return []
    contact = contact_of(patient, referral.directing_facility_id)
    return [
        Recipient(
            key=f"patient:{patient.pk}",
            language=contact["preferred_language"],
            email=contact["email"],
            phone=contact["phone"],
        )
    ]
