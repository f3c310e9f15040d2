"""Facts for the rules that lie around a referral: the host’s dates, what is authorised, quotas, alerts and lists."""

from django.conf import settings
from django.utils import timezone, translation

from agreements.abroad import AbroadCare
from eligibility import AlertFact, AuthorisedFact, ListedFact, OfferFact, QuotaFact
from facilities.models import AdminUnit, PublicHealthAlert
from referrals import stages
from referrals.models import Authorisation, AuthorisationStage, Referral
from referrals.states import IN_FORCE_STATES


def offer(referral: Referral) -> OfferFact | None:
    """The host's present dates, as days where the host is."""
    row = referral.appointments.filter(active=True).first()
    if row is None or referral.host_zone is None:
        return None
    starts, ends = (
        timezone.localtime(moment, referral.host_zone).date()
        for moment in (row.period.lower, row.period.upper)
    )
    return OfferFact(starts, ends)


def authorised(referral: Referral) -> AuthorisedFact | None:
    """The window of an authorisation in force."""
    row = Authorisation.objects.filter(referral=referral, state__in=IN_FORCE_STATES).first()
    if row is None or row.valid_from is None or row.valid_until is None:
        return None
    ceiling = f"{row.ceiling_amount:f}" if row.ceiling_amount is not None else ""
    return AuthorisedFact(row.valid_from, row.valid_until, ceiling, row.ceiling_currency)


def quota(referral: Referral) -> QuotaFact | None:
    """What is left of the quota of the body that has the case; after the decision, of the one that granted."""
    row = (
        AuthorisationStage.objects.filter(authorisation__referral=referral, setting__quota__gt=0)
        .exclude(state="passed_over")
        .select_related("country", "authorisation", "referral")
        .order_by("position", "pk")
        .first()
    )
    if row is None or row.rule.quota is None:
        return None
    left = stages.quota_left(row, referral, timezone.now())
    held = row.state in stages.GRANTED and row.authorisation.state in IN_FORCE_STATES
    return QuotaFact(row.rule.quota, left or 0, held)


def alerts(referral: Referral) -> tuple[AlertFact, ...]:
    """The alerts of both countries that weren't ended, by what of them touches this referral."""
    rows = PublicHealthAlert.objects.filter(
        country_id__in=[referral.directing_country_id, referral.host_country_id], ended_on__isnull=True
    ).select_related("country", "area")
    found = [_alert(row, referral) for row in rows.order_by("pk")]
    return tuple(item for item in found if item.on_route or item.at_home or item.of_diagnosis)


def _alert(row: PublicHealthAlert, referral: Referral) -> AlertFact:
    home = referral.patient.residence_district
    places = _places(referral)
    on_route = row.area_id is not None and row.area_id in places
    at_home = (
        row.area_id is not None
        and not on_route
        and home is None
        and row.country_id == (referral.patient.lives_in or referral.directing_country_id)
    )
    where = row.area or row.country
    names = {}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            names[language] = where.name
    of_diagnosis = bool(referral.diagnosis_id and row.has(referral.diagnosis_id))
    return AlertFact(names, row.group, row.measure, row.since, row.until, on_route, at_home, of_diagnosis)


def _places(referral: Referral) -> set[int]:
    """Districts and their regions: where the patient lives, on both sides of the crossing, where the host is."""
    crossing, host = referral.crossing, referral.host_facility
    units: list[AdminUnit | None] = [referral.patient.residence_district, host.admin_unit if host else None]
    if crossing is not None:
        units += [crossing.admin_unit_a, crossing.admin_unit_b]
    found: set[int] = set()
    for unit in units:
        if unit is not None:
            found |= {unit.pk, *([unit.parent_id] if unit.parent_id else [])}
    return found


def listed(referral: Referral) -> tuple[tuple[ListedFact, ...], bool]:
    """The entries of the directing country's list that have the diagnosis, and whether it keeps a list at all."""
    rows = list(AbroadCare.objects.filter(country_id=referral.directing_country_id).order_by("code", "pk"))
    diagnosis = referral.diagnosis_id or ""
    return tuple(
        ListedFact(
            row.code, dict(row.names), row.by_invited_specialist, row.in_force_from, row.in_force_until
        )
        for row in rows
        if diagnosis and row.has(diagnosis)
    ), bool(rows)
