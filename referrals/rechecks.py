"""Which open referrals are checked again after something changed on which their checks rest."""

from typing import Any

from django.db.models import Q, QuerySet

from agreements.models import ABROAD_FACTS, AGREEMENT_FACTS, AbroadCare, AgreementVersion
from core.outbox.models import Event
from disclosure.models import POLICY_FACTS, TransferPolicy
from facilities.actions import FACILITY_FACTS
from facilities.models import ALERT_FACTS, PublicHealthAlert
from referrals.events import BY_KIND
from referrals.models import AuthorisationStage, Referral
from referrals.stages import GRANTED
from referrals.states import CHECKED_STATES, OVER_STATES

#: The event that a day began in a country on which checks of its referrals may turn. Its subject is the country.
DAY_TURNED = "calendar.day"
#: Events by which a referral itself brings facts that no check has read yet.
OWN_FACTS: tuple[str, ...] = (
    "referral.add_evidence",
    "referral.complete_facts",
    "referral.record_consilium",
    "referral.accept",
    "referral.accept_by_telephone",
    "referral.schedule",
    "referral.reschedule",
    "authorisation.approve_stage",
    "authorisation.grant",
    "authorisation.partly_grant",
    "authorisation.silence_grants",
    "authorisation.extend",
    "authorisation.revoke",
    "referral.change_host",
    "referral.raise_urgency",
    "referral.re_route",
    "referral.take_consent",
)
#: Those among them by which a quota has less left for others, or more.
OF_QUOTAS = frozenset(
    {
        "authorisation.grant",
        "authorisation.partly_grant",
        "authorisation.silence_grants",
        "authorisation.approve_stage",
        "authorisation.revoke",
    }
)
#: Events that begin or end a referral: to the patient's others it is a second one from then on, or no more.
SECONDS = (
    "referral.submit",
    *(kind for kind, record in BY_KIND.items() if record.transition.target in OVER_STATES),
)


def concerned(event: Event) -> QuerySet[Referral]:
    """The open referrals on whose check an event may bear."""
    checked = Referral.objects.filter(state__in=CHECKED_STATES)
    subject = event.subject_id
    if event.kind in OF_QUOTAS:
        return checked.filter(Q(pk=subject) | Q(pk__in=_of_the_same_quota(subject)))
    if event.kind in OWN_FACTS:
        return checked.filter(pk=subject)
    if event.kind in SECONDS:
        own = Referral.objects.filter(pk=subject).values("patient_id")
        return checked.filter(patient_id__in=own).exclude(pk=subject)
    if event.kind == FACILITY_FACTS:
        return checked.filter(host_facility_id=int(subject))
    if event.kind == AGREEMENT_FACTS:
        # Between any two parties of one of its versions: it may go before the agreement on which a referral rests.
        lists = AgreementVersion.objects.filter(agreement_id=int(subject)).values_list("parties", flat=True)
        parties = {code for those in lists for code in those}
        return checked.filter(directing_country_id__in=parties, host_country_id__in=parties)
    if event.kind == POLICY_FACTS:
        row = TransferPolicy.objects.filter(pk=int(subject)).first()
        pair = (row.from_country_id, row.to_country_id) if row else ("", "")
        return checked.filter(directing_country_id=pair[0], host_country_id=pair[1])
    if event.kind == ALERT_FACTS:
        alert = PublicHealthAlert.objects.filter(pk=int(subject)).first()
        country = alert.country_id if alert else ""
        return checked.filter(Q(directing_country_id=country) | Q(host_country_id=country))
    if event.kind == ABROAD_FACTS:
        entry = AbroadCare.objects.filter(pk=int(subject)).first()
        return checked.filter(directing_country_id=entry.country_id if entry else "")
    if event.kind == DAY_TURNED:
        return checked.filter(directing_country_id=subject, recheck_on__lte=event.payload["day"])
    return checked.filter(patient_id=event.payload.get("patient") or subject)


def _of_the_same_quota(referral_id: str) -> QuerySet[AuthorisationStage, Any]:
    """The referrals that wait for a body of whose quota a grant took something, or gave it back."""
    took = AuthorisationStage.objects.filter(referral_id=referral_id, setting__quota__gt=0, state__in=GRANTED)
    waiting = AuthorisationStage.objects.filter(
        setting__quota__gt=0,
        state="in_review",
        referral__agreement__in=took.values("referral__agreement"),
        country__in=took.values("country"),
    )
    return waiting.values_list("referral_id", flat=True)
