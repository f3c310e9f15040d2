"""Signing a certificate, when it is first printed: from then on its QR code is the same each time."""

from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.db import action
from core.errors import IllegalTransition
from referrals.issuing import claims_of
from referrals.models import Paper
from trust import keys
from trust.models import SigningKey

__all__ = ["sign_certificate"]


@action
def sign_certificate(paper: Paper, *, by: Actor) -> Paper:
    """The certificate with its signed text. One by a key that was revoked meanwhile is signed anew, by the next.

    Raises IllegalTransition where the ministry has no key that can sign now.
    """
    if _is_signed(paper):
        return paper
    paper = Paper.objects.select_for_update().get(pk=paper.pk)
    if _is_signed(paper):  # by who printed it at the same time
        return paper
    key = keys.to_sign_with(paper.facts["country"])
    if key is None:
        raise IllegalTransition(
            _(
                "The ministry has no key that can sign the certificate now. Ask the portal’s operator; the "
                "authorisation itself is in force."
            ),
            code="no_signing_key",
        )
    paper.token, paper.key_id = keys.sign(claims_of(paper), key), key.pk
    paper.save(update_fields=["token", "key_id"])
    return paper


def _is_signed(paper: Paper) -> bool:
    return (
        paper.token != ""
        and not SigningKey.objects.filter(pk=paper.key_id, revoked_at__isnull=False).exists()
    )
