"""Which of a patient's consents a referral rests on: the one that it names, or a later one that takes its place."""

from datetime import date

from django.db.models import Q

from patients.known import known_to
from patients.models import Consent
from referrals.models import Referral


def successors(referral: Referral) -> list[Consent]:
    """The consents that may take the place of the one that the referral names, by their keys.

    They are for the same purpose, country and hospital, known to the directing facility, and stand. After a withdrawal
    only those count that were recorded later: what the patient took back isn't given back by what they had said
    before. Empty where none is named.
    """
    named = referral.consent
    return [] if named is None else _following(referral, named, referral.host_facility_id)


def _following(referral: Referral, named: Consent, host_id: int | None) -> list[Consent]:
    known = known_to(referral.directing_facility_id, Consent)
    found = (
        Consent.objects.standing()
        .filter(
            known,
            patient_id=referral.patient_id,
            purpose=Consent.Purpose.TREATMENT,
            recipient_country_id=referral.host_country_id,
        )
        .filter(Q(recipient__isnull=True) | Q(recipient_id=host_id))
        .exclude(pk=named.pk)
    )
    if named.ended_at is not None:
        found = found.filter(recorded_at__gt=named.ended_at)
    return list(found.order_by("pk"))


def for_host(referral: Referral, host_id: int, day: date) -> Consent | None:
    """The consent on which the referral would rest with another hospital there; None where the patient gave none."""
    named = referral.consent
    if named is None or named.is_for(host_id, referral.host_country_id):
        return named
    return max(
        (row for row in _following(referral, named, host_id) if row.is_valid_on(day)),
        key=_worth,
        default=None,
    )


def better(referral: Referral, day: date) -> Consent | None:
    """The consent that should take the place of the named one on that day: it is valid, and lasts longer.

    The patient's own also goes before a representative's of the same length, and one that covers more before one that
    covers less. None where the named one stays.
    """
    named = referral.consent
    valid = [row for row in successors(referral) if row.is_valid_on(day)]
    if named is None or not valid:
        return None
    best = max(valid, key=_worth)
    return best if not named.is_valid_on(day) or _worth(best)[:3] > _worth(named)[:3] else None


def _worth(consent: Consent) -> tuple[date, bool, int, int]:
    own = consent.how != Consent.How.REPRESENTATIVE
    return consent.valid_to, own, len(consent.kinds), consent.pk
