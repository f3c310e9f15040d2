"""What the endpoints of referrals share."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from core.actors import Actor
from core.api.conditional import etag
from core.api.jsonio import answer
from core.api.problems import add_kind
from core.api.views import ApiView
from core.audit.log import record
from core.db import transaction_for
from core.errors import Denied, IllegalTransition
from referrals import access
from referrals.guards import GUARDS
from referrals.models import Referral
from referrals.serializers import case


class ReferralView(ApiView):
    """An endpoint of referrals."""

    resource = "referrals"

    def named_version(self, pk: UUID) -> int:
        """The version that If-Match names."""
        return self.version(lambda: access.get_visible(self.actor, pk).version)

    def case(self, pk: UUID) -> HttpResponse:
        """The whole case as the actor may read it, with its ETag. The disclosure is written to the audit log."""
        with transaction_for(self.actor):
            referral = case.load(self.actor, pk)
            data = case.ReferralCase.of(self.actor, referral)
            _disclosed(self.actor, referral, clinical=data.clinical_content)
        return answer(data, etag=etag(referral.version))

    def created(self, referral: Referral) -> HttpResponse:
        """As `case`, for what the actor has just written, which is no disclosure."""
        data = case.ReferralCase.of(self.actor, case.complete(referral))
        return answer(data, status=201, etag=etag(referral.version), location=data.links.self)


def _disclosed(actor: Actor, referral: Referral, *, clinical: bool) -> None:
    details = {"via": "api", "clinical": clinical, "version": referral.version}
    record(
        "referral.read", by=actor, subject=referral, country=referral.directing_country_id, details=details
    )


Action = Callable[..., Any]

for _stands, _hindrance in GUARDS.values():
    add_kind(_hindrance.code, like=Denied.code if _hindrance.denied else IllegalTransition.code)
