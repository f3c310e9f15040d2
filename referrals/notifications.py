"""Who is told of which step, and in which words. No clinical content leaves the portal this way."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from facilities.models import Membership
from portal.core.errors import Text
from portal.core.outbox.messages import Recipient, Words, renderer, tell
from portal.core.outbox.models import Event
from portal.core.outbox.registry import handler
from portal.core.permissions import Role
from portal.core.prepared import Parameter, prepared
from referrals.models import Referral


@dataclass(frozen=True, slots=True)
class Notice:
    """Who hears of an event: groups that must act, groups that are only told, and the patient or not."""

    act: tuple[str, ...] = ()
    know: tuple[str, ...] = ()
    patient: bool = False


CLINICIAN, MINISTRY, DESK = "clinician", "ministry", "desk"

NOTICES: dict[str, Notice] = {
    "referral.submit": Notice(know=(MINISTRY,), patient=True),
    "referral.send_at_once": Notice(act=(DESK, MINISTRY)),
    "referral.finish_screening": Notice(act=(MINISTRY,), know=(CLINICIAN,)),
    "referral.request_information": Notice(act=(CLINICIAN,)),
    "referral.answer": Notice(know=(MINISTRY,)),
    "authorisation.grant": Notice(know=(CLINICIAN,), patient=True),
    "authorisation.partly_grant": Notice(know=(CLINICIAN,), patient=True),
    "authorisation.refuse": Notice(act=(CLINICIAN,), patient=True),
    "authorisation.extend": Notice(know=(CLINICIAN, DESK), patient=True),
    "authorisation.revoke": Notice(know=(CLINICIAN, DESK), patient=True),
    "authorisation.expire": Notice(act=(MINISTRY,), know=(CLINICIAN, DESK), patient=True),
    "authorisation.appeal": Notice(act=(MINISTRY,)),
    "authorisation.uphold": Notice(know=(CLINICIAN,), patient=True),
    "authorisation.overturn": Notice(act=(MINISTRY,), know=(CLINICIAN,), patient=True),
    "authorisation.review_emergency": Notice(know=(CLINICIAN,)),
    "referral.send": Notice(act=(DESK,)),
    "referral.re_route": Notice(act=(DESK,), know=(CLINICIAN,), patient=True),
    "referral.accept": Notice(know=(CLINICIAN, MINISTRY), patient=True),
    "referral.decline": Notice(act=(MINISTRY,), know=(CLINICIAN,)),
    "referral.schedule": Notice(know=(CLINICIAN,), patient=True),
    "referral.reschedule": Notice(know=(CLINICIAN,), patient=True),
    "referral.admit": Notice(know=(CLINICIAN, MINISTRY)),
    "referral.discharge": Notice(act=(CLINICIAN,)),
    "referral.close": Notice(know=(DESK, MINISTRY)),
    "referral.withdraw": Notice(know=(CLINICIAN, MINISTRY, DESK), patient=True),
    "referral.cancel": Notice(know=(CLINICIAN, DESK), patient=True),
    "referral.record_death": Notice(know=(CLINICIAN, MINISTRY, DESK)),
    "referral.enter_in_error": Notice(know=(MINISTRY, DESK)),
}

#: kind → (subject, body) for staff. %(number)s is the referral's number.
STAFF_WORDS: dict[str, tuple[Text, Text]] = {
    "referral.submit": (_("%(number)s: filed"), _("A new referral was filed and is being checked.")),
    "referral.send_at_once": (
        _("%(number)s: emergency"),
        _(
            "An emergency referral went to the host hospital at once. The hospital replies "
            "within 30 minutes; the ministry reviews it within 24 hours."
        ),
    ),
    "referral.finish_screening": (
        _("%(number)s: checked"),
        _("The eligibility check is done. The ministry decides now."),
    ),
    "referral.request_information": (
        _("%(number)s: the ministry asks you something"),
        _("The ministry needs information before it decides. The clock stands still until you answer."),
    ),
    "referral.answer": (_("%(number)s: answered"), _("The clinician answered the ministry’s questions.")),
    "authorisation.grant": (
        _("%(number)s: granted"),
        _("The ministry granted the authorisation. The referral was sent to the host hospital."),
    ),
    "authorisation.partly_grant": (
        _("%(number)s: granted in part"),
        _("The ministry granted a part of the care. The referral was sent to the host hospital."),
    ),
    "authorisation.refuse": (
        _("%(number)s: refused"),
        _(
            "The ministry refused the authorisation. Read its reasons; an "
            "appeal is possible within the time limit."
        ),
    ),
    "authorisation.extend": (_("%(number)s: extended"), _("The ministry extended the authorisation.")),
    "authorisation.revoke": (
        _("%(number)s: authorisation revoked"),
        _("The ministry revoked the authorisation and cancelled the referral."),
    ),
    "authorisation.expire": (
        _("%(number)s: authorisation expired"),
        _("The authorised time passed before the patient was admitted."),
    ),
    "authorisation.appeal": (
        _("%(number)s: appeal"),
        _("An appeal against the refusal was made. Another officer than the one who refused decides it."),
    ),
    "authorisation.uphold": (
        _("%(number)s: refusal upheld"),
        _("The ministry upheld its refusal after the appeal."),
    ),
    "authorisation.overturn": (
        _("%(number)s: refusal overturned"),
        _("The appeal was successful. The referral is under review again and needs a new decision."),
    ),
    "authorisation.review_emergency": (
        _("%(number)s: emergency reviewed"),
        _("The ministry reviewed the emergency referral."),
    ),
    "referral.send": (
        _("%(number)s: a referral for your hospital"),
        _(
            "An authorised referral was sent to your hospital. Please accept "
            "it with a date, or decline it with a reason."
        ),
    ),
    "referral.re_route": (
        _("%(number)s: sent to another hospital"),
        _("The coordinator sent the referral to another host hospital, which answers next."),
    ),
    "referral.accept": (
        _("%(number)s: accepted"),
        _("The host hospital accepted the referral and offers a date."),
    ),
    "referral.decline": (
        _("%(number)s: declined"),
        _("The host hospital declined the referral. The coordinator looks for another hospital or cancels."),
    ),
    "referral.schedule": (_("%(number)s: date confirmed"), _("The host hospital confirmed the appointment.")),
    "referral.reschedule": (_("%(number)s: date changed"), _("The host hospital moved the appointment.")),
    "referral.admit": (_("%(number)s: admitted"), _("The patient was admitted to the host hospital.")),
    "referral.discharge": (
        _("%(number)s: discharged"),
        _("The patient was discharged. Read the summary and close the referral."),
    ),
    "referral.close": (
        _("%(number)s: closed"),
        _("The directing clinician read the summary and closed the referral."),
    ),
    "referral.withdraw": (_("%(number)s: withdrawn"), _("The directing hospital withdrew the referral.")),
    "referral.cancel": (_("%(number)s: cancelled"), _("The directing ministry cancelled the referral.")),
    "referral.record_death": (_("%(number)s: ended"), _("The referral ended and needs no further step.")),
    "referral.enter_in_error": (
        _("%(number)s: entered in error"),
        _("The referral was marked as entered in error. Please disregard it."),
    ),
}

#: kind → (subject, body) for the patient: polite, without any clinical content or hospital's name.
PATIENT_WORDS: dict[str, tuple[Text, Text]] = {
    "referral.submit": (
        _("Your referral %(number)s"),
        _(
            "Your doctor filed your referral %(number)s for care in "
            "another country. We will tell You how it goes on."
        ),
    ),
    "authorisation.grant": (
        _("Your referral %(number)s"),
        _(
            "Your referral %(number)s was authorised. The hospital will "
            "offer a date. Please ask Your doctor for details."
        ),
    ),
    "authorisation.partly_grant": (
        _("Your referral %(number)s"),
        _("Your referral %(number)s was authorised in part. Please ask Your doctor what this means for You."),
    ),
    "authorisation.refuse": (
        _("Your referral %(number)s"),
        _(
            "Your referral %(number)s was not authorised. Your doctor "
            "has the reasons and can appeal with You."
        ),
    ),
    "authorisation.extend": (
        _("Your referral %(number)s"),
        _("The authorisation of Your referral %(number)s was extended."),
    ),
    "authorisation.revoke": (
        _("Your referral %(number)s"),
        _(
            "The authorisation of Your referral %(number)s was revoked. "
            "Please do not travel; speak with Your doctor."
        ),
    ),
    "authorisation.expire": (
        _("Your referral %(number)s"),
        _(
            "The authorisation of Your referral %(number)s has run out. "
            "Please do not travel; speak with Your doctor."
        ),
    ),
    "authorisation.uphold": (
        _("Your referral %(number)s"),
        _(
            "The refusal of Your referral %(number)s was confirmed after the "
            "appeal. Please ask Your doctor for the reasons."
        ),
    ),
    "authorisation.overturn": (
        _("Your referral %(number)s"),
        _("The appeal about Your referral %(number)s was successful. The ministry will decide again."),
    ),
    "referral.re_route": (
        _("Your referral %(number)s"),
        _("Your referral %(number)s was sent to another hospital. Please ask Your doctor for details."),
    ),
    "referral.accept": (
        _("Your referral %(number)s"),
        _("The hospital accepted Your referral %(number)s and offers a date. Please ask Your doctor for it."),
    ),
    "referral.schedule": (
        _("Your referral %(number)s"),
        _(
            "The date for Your referral %(number)s is confirmed. Please "
            "ask Your doctor for it before You travel."
        ),
    ),
    "referral.reschedule": (
        _("Your referral %(number)s"),
        _(
            "The date for Your referral %(number)s has changed. Please ask "
            "Your doctor for the new one before You travel."
        ),
    ),
    "referral.withdraw": (_("Your referral %(number)s"), _("Your referral %(number)s was withdrawn.")),
    "referral.cancel": (
        _("Your referral %(number)s"),
        _("Your referral %(number)s was cancelled. Please do not travel; speak with Your doctor."),
    ),
}


@handler(*NOTICES, name="referrals.tell")
def tell_of_event(event: Event, key: str) -> None:
    """Write the messages for an event; the database keeps each (event, recipient, channel) single."""
    notice = NOTICES[event.kind]
    referral = prepared(_concerned).first(referral=event.subject_id)
    assert referral is not None, "referrals are never deleted"
    if referral.number is None:  # a draft that was discarded concerns nobody else
        return
    params = {"number": referral.number}
    staff = [*_staff(referral, notice.act, act=True), *_staff(referral, notice.know, act=False)]
    own_key = f"user:{event.actor_id}" if event.actor_kind == "person" else ""
    recipients = {person.key: person for person in reversed(staff) if person.key != own_key}
    tell(
        event,
        kind=f"referral.staff:{event.kind}",
        params=params,
        link=reverse("referrals:detail", args=[referral.pk]),
        recipients=recipients.values(),
    )
    if notice.patient:
        tell(
            event,
            kind=f"referral.patient:{event.kind}",
            params=params,
            link="",
            recipients=_patient(referral),
        )


def _concerned() -> QuerySet[Referral]:
    return Referral.objects.select_related("patient", "filed_by").filter(pk=Parameter("referral")).order_by()


@renderer("referral")
def words(kind: str, params: dict[str, Any]) -> Words:
    """The message in the active language."""
    audience, event = kind.removeprefix("referral.").split(":", 1)
    subject, body = (PATIENT_WORDS if audience == "patient" else STAFF_WORDS)[event]
    return Words(subject=str(subject) % params, body=str(body) % params)


def _staff(referral: Referral, groups: Iterable[str], *, act: bool) -> list[Recipient]:
    return [person for group in groups for person in _GROUPS[group](referral, act)]


def _members(act: bool, roles: tuple[Role, ...], lookup: str, place: Any) -> list[Recipient]:
    """The people with one of the roles at an `organisation_id` or in an `organisation__country_id`."""
    return [_person(row.user, act) for row in prepared(_active, lookup, roles).rows(place=place)]


def _active(lookup: str, roles: tuple[Role, ...]) -> QuerySet[Membership]:
    rows = Membership.objects.filter(active=True, user__is_active=True, organisation__active=True)
    found = rows.filter(role__in=roles, **{lookup: Parameter("place")})
    return found.select_related("user").order_by("user_id", "id")


def _person(user: Any, act: bool) -> Recipient:
    return Recipient(
        key=f"user:{user.pk}",
        language=user.preferred_language,
        user_id=user.pk,
        email=user.email,
        needs_action=act,
    )


def _clinician(referral: Referral, act: bool) -> list[Recipient]:
    """The clinician who filed; where that was a system or they have left, all clinicians of the facility."""
    filer = referral.filed_by
    if filer is not None and filer.is_active:
        return [_person(filer, act)]
    return _members(act, (Role.CLINICIAN,), "organisation_id", referral.directing_facility_id)


def _ministry(referral: Referral, act: bool) -> list[Recipient]:
    roles = (Role.OFFICER, Role.COORDINATOR)
    return _members(act, roles, "organisation__country_id", referral.directing_country_id)


def _desk(referral: Referral, act: bool) -> list[Recipient]:
    """The host's desk, once the referral has reached it."""
    if referral.sent_at is None:
        return []
    return _members(act, (Role.HOST_DESK,), "organisation_id", referral.host_facility_id)


_GROUPS: dict[str, Callable[[Referral, bool], list[Recipient]]] = {
    CLINICIAN: _clinician,
    MINISTRY: _ministry,
    DESK: _desk,
}


def _patient(referral: Referral) -> list[Recipient]:
    patient = referral.patient
    if patient.is_unknown or not (patient.email or patient.phone):
        return []
    return [
        Recipient(
            key=f"patient:{patient.pk}",
            language=patient.preferred_language,
            email=patient.email,
            phone=patient.phone,
        )
    ]
