"""What the endpoints of referrals share."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from portal.core.actors import Actor
from portal.core.api.conditional import etag
from portal.core.api.jsonio import answer
from portal.core.api.views import ApiView
from portal.core.audit.log import record
from portal.core.db import transaction_for
from referrals import access
from referrals.models import Referral
from referrals.serializers import case


class ReferralView(ApiView):
    """An endpoint of referrals."""

    resource = "referrals"

    def named_version(self, pk: UUID) -> int:
        """The version that If-Match names."""
        return self.version(lambda: access.get_visible(self.actor, pk).version)

    def case(self, pk: UUID, *, status: int = 200) -> HttpResponse:
        """The whole case as the actor may read it, with its ETag. The disclosure is written to the audit log."""
        return case_answer(self.actor, pk, status=status)


def case_answer(actor: Actor, pk: UUID, *, status: int = 200) -> HttpResponse:
    """See `ReferralView.case`."""
    with transaction_for(actor):
        referral = case.load(actor, pk)
        data = case.case_json(actor, referral)
        _disclosed(actor, referral, clinical=data["clinical_content"])
    location = data["links"]["self"] if status == 201 else ""
    return answer(data, status=status, etag=etag(referral.version), location=location)


def _disclosed(actor: Actor, referral: Referral, *, clinical: bool) -> None:
    details = {"via": "api", "clinical": clinical, "version": referral.version}
    record(
        "referral.read", by=actor, subject=referral, country=referral.directing_country_id, details=details
    )


Action = Callable[..., Any]
