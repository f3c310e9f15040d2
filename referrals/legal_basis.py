"""The agreement on which a referral rests, by which dated version of it, and the chain that its authorisation runs."""

from django.utils.translation import gettext_lazy as _

from agreements.access import choose
from agreements.chains import Chain, chosen
from agreements.models import AgreementVersion
from core.errors import Invalid, Text
from facilities.access import today_in
from referrals.models import Referral

NO_AGREEMENT: Text = _("No agreement covers this care between the two countries.")


def basis_of(referral: Referral) -> AgreementVersion | None:
    """The version that covers the referral's care between its two countries today; None where none does."""
    return choose(
        directing_country=referral.directing_country_id,
        host_country=referral.host_country_id or "",
        emergency=referral.is_emergency,
        day=today_in(referral.directing_country_id),
        specialty=referral.specialty.code if referral.specialty else "",
        priority=referral.priority,
        care_mode=referral.care_mode,
        payer=referral.payer,
    )


def chain_of(referral: Referral, version: AgreementVersion) -> Chain | None:
    """Who decides one after another; None where the version has no chain for this payer and direction."""
    return chosen(
        version.chain_list(),
        payer=referral.payer,
        directing=referral.directing_country_id,
        host=referral.host_country_id or "",
    )


def require_chain(referral: Referral, version: AgreementVersion) -> Chain:
    """As `chain_of`; Invalid where there is none."""
    found = chain_of(referral, version)
    if found is None:
        raise Invalid(
            {"payer": [_("The agreement doesn’t say who approves care with this payer. Choose another one.")]}
        )
    return found
