"""A referral's number typed where patients are looked for."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.actors import Actor
from patients.elsewhere import Pointer, pointer
from referrals import access
from referrals.search import numbers_in


@pointer
def referrals_meant(actor: Actor, text: str) -> list[Pointer]:
    """The referrals whose numbers stand in a text, as far as the reader may know of them."""
    numbers = numbers_in(text)
    if not numbers:
        return []
    rows = access.visible_referrals(actor).filter(number__in=numbers).order_by("number", "pk")
    known = {row.number: reverse("referrals:detail", args=[row.pk]) for row in rows.only("pk", "number")}
    return [_pointer(number, known.get(number, "")) for number in numbers]


def _pointer(number: str, url: str) -> Pointer:
    if url:
        return Pointer(_("%(number)s is the number of a referral. Open it.") % {"number": number}, url)
    return Pointer(
        _("%(number)s is the number of a referral, but your facility has none with it.") % {"number": number}
    )
