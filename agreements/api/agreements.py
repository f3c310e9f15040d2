"""The agreements: public law, read by everybody who may read the directory."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from agreements import access
from agreements.models import Agreement
from agreements.serializers import AgreementRow
from core.api.fields import QuerySerializer
from core.api.jsonio import answer
from core.api.schema import list_of
from core.api.views import ApiView


class Agreements(ApiView):
    """Every agreement, in the order in which they are looked at."""

    resource = "directory"

    @extend_schema(
        operation_id="listAgreements",
        summary="List agreements",
        responses=list_of("AgreementList", AgreementRow),
    )
    def get(self, request: Request) -> HttpResponse:
        """The legal bases of referrals, each with its source and whether its present force was verified."""
        self.parameters(QuerySerializer)
        return answer({"results": [_row(agreement) for agreement in access.visible_agreements()]})


def _row(agreement: Agreement) -> dict[str, Any]:
    return {
        "code": agreement.code,
        "name": agreement.name,
        "verified": agreement.verified,
        "says": agreement.says,
        "parties": agreement.parties,
        "signed_on": agreement.signed_on,
        "in_force_from": agreement.in_force_from,
        "in_force_until": agreement.in_force_until,
        "covers_emergency": agreement.covers_emergency,
        "covers_planned": agreement.covers_planned,
        "source": agreement.source,
        "note": agreement.note,
    }
