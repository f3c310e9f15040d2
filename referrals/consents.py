"""Which of a patient's consents a referral rests on: the one that it names, or a later one that takes its place."""

from datetime import date

from patients.models import Consent
from referrals.models import Referral


def successors(referral: Referral) -> list[Consent]:
    """The consents that may take the place of the one that the referral names, by their keys.

    They are for the same purpose and country, and stand. After a withdrawal only those count that were recorded
    later: what the patient took back isn't given back by what they had said before. Empty where none is named.
    """
    named = referral.consent
    if named is None:
        return []
    found = Consent.objects.filter(
        patient_id=referral.patient_id,
        purpose=Consent.Purpose.TREATMENT,
        recipient_country_id=referral.host_country_id,
        withdrawn_at=None,
    ).exclude(pk=named.pk)
    if named.withdrawn_at is not None:
        found = found.filter(recorded_at__gt=named.withdrawn_at)
    return list(found.order_by("pk"))


def better(referral: Referral, day: date) -> Consent | None:
    """The consent that should take the place of the named one on that day: it is valid, and lasts longer.

    The patient's own also goes before a representative's of the same length. None where the named one stays.
    """
    named = referral.consent
    valid = [row for row in successors(referral) if row.is_valid_on(day)]
    if named is None or not valid:
        return None
    best = max(valid, key=_worth)
    return best if not named.is_valid_on(day) or _worth(best)[:2] > _worth(named)[:2] else None


def _worth(consent: Consent) -> tuple[date, bool, int]:
    return consent.valid_to, consent.how != Consent.How.REPRESENTATIVE, consent.pk
