"""What the endpoints of referrals share."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from core.api.conditional import etag
from core.api.jsonio import answer, loads
from core.api.problems import add_kind
from core.api.views import ApiView
from core.errors import Denied, IllegalTransition
from referrals import access, reading
from referrals.guards import GUARDS
from referrals.merging import CONSENT_ACROSS, SAME_CARE
from referrals.models import Referral
from referrals.serializers.case import ReferralCase


class ReferralView(ApiView):
    """An endpoint of referrals."""

    resource = "referrals"

    def named_version(self, pk: UUID) -> int:
        """The version that If-Match names."""
        return self.version(lambda: access.get_visible(self.actor, pk).version)

    def case(self, pk: UUID) -> HttpResponse:
        """The whole case as the actor may read it, with its ETag."""
        referral = reading.open_answer(self.actor, pk)
        return answer(ReferralCase.of(self.actor, referral), etag=etag(referral.version))

    def again(self, response: HttpResponse, pk: UUID | None = None, **kwargs: Any) -> HttpResponse:
        """A stored answer with clinical content only for who may still read it; else the case as it may be read now."""
        stored = loads(response.content)
        if not (isinstance(stored, dict) and stored.get("clinical")):
            return response
        referral = reading.open_answer(self.actor, pk or UUID(stored["id"]))
        if access.sees_clinical(self.actor, referral):
            return response
        return answer(
            ReferralCase.of(self.actor, referral), status=response.status_code, etag=etag(referral.version)
        )

    def created(self, referral: Referral) -> HttpResponse:
        """As `case`, for what the actor has just written, which is no disclosure."""
        data = ReferralCase.of(self.actor, reading.complete(referral))
        return answer(data, status=201, etag=etag(referral.version), location=data.links.self)


Action = Callable[..., Any]

for _stands, _hindrance in GUARDS.values():
    add_kind(_hindrance.code, like=Denied.code if _hindrance.denied else IllegalTransition.code)
for _code in ("open_already", "law_forbids"):
    add_kind(_code, like=IllegalTransition.code)
add_kind("not_treating", like=Denied.code)
for _against_a_merge in (SAME_CARE, CONSENT_ACROSS):
    add_kind(_against_a_merge.code, like="merge_refused")
