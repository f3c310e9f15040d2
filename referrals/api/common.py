"""What the endpoints of referrals share."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from core.api.conditional import Shown
from core.api.jsonio import answer, dumps
from core.api.kept_answers import Kept
from core.api.problems import add_kind
from core.api.views import ApiView
from core.errors import Denied, IllegalTransition
from referrals import reading
from referrals.guards import GUARDS
from referrals.merging import CONSENT_ACROSS, SAME_CARE
from referrals.models import Referral
from referrals.serializers.case import ReferralCase


class ReferralView(ApiView):
    """An endpoint of referrals."""

    resource = "referrals"

    def named_version(self, pk: UUID) -> int:
        """The version that If-Match names."""
        return self.version(lambda: self._case_as_read(pk))

    def _case_as_read(self, pk: UUID) -> Shown:
        referral = reading.load_answer(self.actor, pk)
        return Shown(referral.version, lambda: dumps(ReferralCase.of(self.actor, referral).decided()))

    def case(self, pk: UUID, *, status: int = 200) -> HttpResponse:
        """The whole case as the actor may read it, with its ETag."""
        referral = reading.open_answer(self.actor, pk)
        data = ReferralCase.of(self.actor, referral)
        location = data.links.self if status == 201 else ""
        return answer(
            data, status=status, version=referral.version, decided=data.decided(), location=location
        )

    def again(self, kept: Kept, pk: UUID | None = None, **kwargs: Any) -> HttpResponse:
        """The case as its reader may see it now; nothing of a draft that was thrown away."""
        if kept.status == 204:
            return HttpResponse(status=204)
        return self.case(pk or UUID(kept.id), status=kept.status)

    def created(self, referral: Referral) -> HttpResponse:
        """As `case`, for what the actor has just written, which is no disclosure."""
        data = ReferralCase.of(self.actor, reading.complete(referral))
        return answer(
            data,
            status=201,
            version=referral.version,
            decided=data.decided(),
            location=data.links.self,
        )


Action = Callable[..., Any]

for _stands, _hindrance in GUARDS.values():
    add_kind(_hindrance.code, like=Denied.code if _hindrance.denied else IllegalTransition.code)
for _code in ("open_already", "law_forbids", "no_signing_key"):
    add_kind(_code, like=IllegalTransition.code)
add_kind("not_treating", like=Denied.code)
for _against_a_merge in (SAME_CARE, CONSENT_ACROSS):
    add_kind(_against_a_merge.code, like="merge_refused")
