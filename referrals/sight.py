"""What a reader may see of a referral: the one answer for pages, lists, searches, the API, notices and papers.

The directing side sees all. The host's facility sees what the patient's consent covers and the law lets leave: of the
kinds that both name, while the referral is with it. An emergency's ground, and an emergency access, stand for the
consent, never for the law. Nobody else sees anything of the patient.
"""

from datetime import date
from typing import Any, Self

from django.db.models import F, Q

from core.actors import Actor
from core.permissions import Permission
from disclosure.models import DataKind, TransferPurpose
from disclosure.policy import EVERYTHING, NOTHING, Policies
from eligibility import RULES
from facilities.access import today_in
from facilities.models import Country
from patients.models import Consent
from referrals.bodies import decides_somewhere, has_it, with_body_of
from referrals.models import Priority, Referral
from referrals.states import ReferralState

#: While it is so, a host has the patient: before and after, and once it declined, it needs no patient's data.
WITH_HOST = frozenset(
    {
        ReferralState.SENT,
        ReferralState.ACCEPTED,
        ReferralState.SCHEDULED,
        ReferralState.IN_CARE,
        ReferralState.DISCHARGED,
        ReferralState.CLOSED,
    }
)
#: By a rule's code the kind of data of which its findings speak, where it isn't the care itself.
KIND_OF_RULE = {code: rule.kind for code, rule in RULES.items()}


class Sight:
    """One reader's eyes. What the law says is read once, and only where somebody's consent is asked."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._policies: Policies | None = None
        self._days: dict[str, date] = {}

    def ready(self) -> Self:
        """Read the law now, for a host's list that costs the same whatever stands in it."""
        if self.actor.kind == "person" and (self.actor.has(Permission.HOST) or decides_somewhere(self.actor)):
            self._policies_here()
        return self

    def kinds(self, referral: Any) -> frozenset[str]:
        """The kinds of data (`DataKind`) that the reader may see of a referral, or of a row that answers as one.

        A referral remembers the answer for as long as nothing that it rests on has changed.
        """
        if not isinstance(referral, Referral):
            return self._kinds(referral)
        consent = referral._state.fields_cache.get("consent")
        rests_on = (
            self.actor,
            referral.state,
            referral.host_facility_id,
            referral.consent_id,
            consent.ended_at if consent is not None else None,
            referral.opened_to,
            referral.deciding_country,
            referral.deciding_body_id,
        )
        if referral.kinds_read is None or referral.kinds_read[0] != rests_on:
            referral.kinds_read = rests_on, self._kinds(referral)
        return referral.kinds_read[1]

    def _kinds(self, referral: Any) -> frozenset[str]:
        actor = self.actor
        if not actor.has(Permission.SEE_CLINICAL):
            return NOTHING
        if actor.country == referral.directing_country_id:
            return EVERYTHING
        if has_it(actor, referral):
            return self._for_a_decision(referral)
        if actor.organisation_id != referral.host_facility_id or referral.state not in WITH_HOST:
            return NOTHING
        given = referral.consent
        if referral.opened_to is not None and referral.opened_to == actor.user_id:
            return self._leaving(referral, TransferPurpose.EMERGENCY)
        if given is None:
            grounded = referral.is_emergency and bool(referral.emergency_ground)
            return self._leaving(referral, TransferPurpose.EMERGENCY) if grounded else NOTHING
        if not permits(given, referral, self._today(referral.directing_country_id)):
            return NOTHING
        seen = frozenset(given.kinds) & self._leaving(referral, TransferPurpose.TREATMENT)
        # Without whom and what it is about, the rest would be of nobody.
        return seen if DataKind.CARE in seen else NOTHING

    def _for_a_decision(self, referral: Any) -> frozenset[str]:
        """What a body of the host's country reads while it decides: what the patient consented to go there, and may.

        A consent to one hospital alone is one to be treated there, which that country's body has to approve first.
        """
        given = referral.consent
        if given is None or not _goes_there(given, referral, self._today(referral.directing_country_id)):
            return NOTHING
        seen = frozenset(given.kinds) & self._leaving(referral, TransferPurpose.TREATMENT)
        return seen if DataKind.CARE in seen else NOTHING

    def clinical(self, referral: Any) -> bool:
        """Whether the reader sees whom a referral is about, and why."""
        return DataKind.CARE in self.kinds(referral)

    def found(self) -> Q:
        """The same for many, in the database: the referrals whose clinical content the reader may see in a list."""
        actor = self.actor
        if not actor.has(Permission.SEE_CLINICAL):
            return Q(pk__in=())
        by_consent, by_ground = Q(pk__in=()), Q(pk__in=())
        for code in Country.objects.values_list("pk", flat=True):
            day, leaves = self._today(code), self._policies_here()  # the day is the directing country's
            own = Q(directing_country_id=code)
            if DataKind.CARE in leaves.kinds(code, TransferPurpose.TREATMENT, day):
                by_consent |= own & Q(consent__valid_from__lte=day, consent__valid_to__gte=day)
            if DataKind.CARE in leaves.kinds(code, TransferPurpose.EMERGENCY, day):
                by_ground |= own
        by_consent &= Q(
            consent__withdrawn_at__isnull=True,
            consent__superseded_by__isnull=True,
            consent__recipient_country_id=F("host_country_id"),
            consent__purpose=Consent.Purpose.TREATMENT,
            consent__kinds__contains=[DataKind.CARE.value],
        )
        by_ground &= Q(consent__isnull=True, priority=Priority.STAT) & ~Q(emergency_ground="")
        host = Q(host_facility_id=actor.organisation_id, state__in=sorted(WITH_HOST))
        here = Q(consent__recipient__isnull=True) | Q(consent__recipient_id=F("host_facility_id"))
        found = Q(directing_country_id=actor.country) | (host & ((by_consent & here) | by_ground))
        return found | (with_body_of(actor) & by_consent) if decides_somewhere(actor) else found

    def _leaving(self, referral: Any, purpose: str) -> frozenset[str]:
        home = referral.directing_country_id
        return self._policies_here().kinds(home, purpose, self._today(home))

    def _policies_here(self) -> Policies:
        if self._policies is None:  # a host reads in the country to which the data go
            self._policies = Policies(self.actor.country)
        return self._policies

    def _today(self, country: str) -> date:
        if country not in self._days:
            self._days[country] = today_in(country)
        return self._days[country]


def permits(consent: Any, referral: Any, day: date) -> bool:
    """Whether a consent lets the referral's host read on a day of the directing country; over is as taken back."""
    here = consent.recipient_id in (None, referral.host_facility_id)
    return here and _goes_there(consent, referral, day)


def _goes_there(consent: Any, referral: Any, day: date) -> bool:
    """Whether a consent covers the host's country that day, to whichever hospital of it."""
    return bool(
        consent.purpose == Consent.Purpose.TREATMENT
        and consent.ended_at is None
        and consent.recipient_country_id == referral.host_country_id
        and consent.valid_from <= day <= consent.valid_to
    )
