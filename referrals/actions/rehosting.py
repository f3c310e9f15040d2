"""Another host for a referral: the consent and the grant follow, and the host that loses it keeps that it had it."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid, Text
from facilities.access import offers, today_in
from facilities.models import Facility
from referrals.consents import for_host
from referrals.models import FormerHost, Referral
from referrals.routing import route_to

_NOT_CONSENTED: Text = _(
    "The patient consented to another hospital alone. The directing hospital records a consent for this one first."
)


def assign_host(referral: Referral, host: Facility) -> None:
    """Name another host of the same country that offers the care, unsaved; a grant that names a hospital follows.

    So does the consent, where the patient gave one for it. The host that had the referral keeps that it had it.
    """
    if host.country_code != referral.host_country_id:
        raise Invalid({"host_facility": [_("The agreement and the consent name another country.")]})
    if not offers(host, referral.specialty, home=referral.directing_country_id):
        raise Invalid({"host_facility": [_("This hospital doesn’t offer the care that is needed.")]})
    consent = for_host(referral, host.pk, today_in(referral.directing_country_id))
    if consent is None and referral.consent is not None:
        raise Invalid({"host_facility": [_NOT_CONSENTED]})
    referral.consent = consent
    _remember_host(referral)
    authorisation = referral.authorisation
    if authorisation.facility_id is not None:
        authorisation.facility = host
        authorisation.save(update_fields=["facility"])
    referral.host_facility = host
    referral.distance_km, referral.crossing = route_to(referral.residence_district, host)


def _remember_host(referral: Referral) -> None:
    """What the host that loses the referral keeps of it, where it had it."""
    if referral.sent_at is not None and referral.host_facility_id is not None:
        assert referral.number and referral.host_country_id and referral.submitted_at, (
            "what is sent was filed"
        )
        FormerHost.objects.create(
            referral=referral,
            facility_id=referral.host_facility_id,
            sent_at=referral.sent_at,
            until=timezone.now(),
            last_state=referral.state,
            version=referral.version,
            number=referral.number,
            priority=referral.priority,
            directing_country_id=referral.directing_country_id,
            directing_facility_id=referral.directing_facility_id,
            host_country_id=referral.host_country_id,
            submitted_at=referral.submitted_at,
        )
