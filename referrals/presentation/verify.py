"""What the public page says of a certificate: where it stands, and less than the paper itself shows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.errors import Text
from core.names import in_active_language
from core.zones import zone_name
from facilities.countries import country_name
from referrals.models import Standing
from referrals.presentation import when
from referrals.presentation.papers import true_address, validity
from referrals.reading.papers import Checked
from trust.keys import Genuine

UNKNOWN = "unknown"
#: By what was found: heading, sentence, and whether the panel is one of success.
_FOUND: Mapping[str, tuple[Text, Text, bool]] = {
    Standing.VALID: (
        Standing.VALID.label,
        gettext_lazy("The portal issued this certificate, and it is valid today."),
        True,
    ),
    Standing.NOT_YET: (
        Standing.NOT_YET.label,
        gettext_lazy("The portal issued this certificate. Its first day is still to come."),
        False,
    ),
    Standing.EXPIRED: (
        Standing.EXPIRED.label,
        gettext_lazy("The portal issued this certificate. It is over and valid no more."),
        False,
    ),
    Standing.REVOKED: (
        Standing.REVOKED.label,
        gettext_lazy("The portal issued this certificate. It was taken back and is valid no more."),
        False,
    ),
    UNKNOWN: (
        pgettext_lazy("certificate", "Unknown"),
        gettext_lazy(
            "The portal has issued no certificate with this code. Compare it with the paper, letter by letter."
        ),
        False,
    ),
    Genuine.TAMPERED: (
        pgettext_lazy("certificate", "Not genuine"),
        gettext_lazy(
            "The text of this QR code was changed or made by somebody else: its signature is wrong."
        ),
        False,
    ),
    Genuine.UNKNOWN_KEY: (
        pgettext_lazy("certificate", "Not genuine"),
        gettext_lazy("This QR code was signed by a key that no ministry of this portal has."),
        False,
    ),
    Genuine.REVOKED_KEY: (
        gettext_lazy("Signed by a revoked key"),
        gettext_lazy(
            "Its signature proves nothing any more. Type the code of the certificate, or have it printed anew."
        ),
        False,
    ),
}


def panel(found: str, now: datetime, checked: Checked | None = None) -> dict[str, Any]:
    """`heading`, `sentence`, `good`, `rows`, and `ending`: which address is the true one."""
    heading, sentence, good = _FOUND[found]
    told = checked is not None and not checked.hidden
    return {
        "outcome": str(found),
        "heading": heading,
        "sentence": sentence,
        "good": good,
        "rows": _rows(checked, now) if checked is not None and told else [],
        "ending": true_address(),
    }


def _rows(checked: Checked, now: datetime) -> list[dict[str, Any]]:
    facts = checked.paper.facts
    zone = ZoneInfo(facts["zone"])
    hospital = facts["facility"]
    here = now.astimezone(zone)
    return [
        {"key": _("Number"), "value": facts["number"]},
        {"key": _("Initials and year of birth"), "value": _holder(facts)},
        {"key": _("Valid"), "value": validity(facts)},
        {
            "key": _("Hospital"),
            "lines": [in_active_language(hospital["names"]), country_name(hospital["country"])],
        },
        {"key": _("Issuing authority"), "value": in_active_language(facts["authority"])},
        {
            "key": _("Checked"),
            "value": _("%(moment)s, %(zone)s")
            % {"moment": when.full_moment(here), "zone": zone_name(zone, here)},
        },
    ]


def _holder(facts: Mapping[str, Any]) -> str:
    """Enough to compare with the paper and a passport, and no name for who only has the code."""
    initials = " ".join(f"{word[0]}." for word in facts["holder"].split())
    return ", ".join(filter(None, (initials, facts["born"][:4])))
