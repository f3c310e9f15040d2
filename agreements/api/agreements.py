"""The agreements: public law, read by everybody who may read the directory."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from agreements import access
from agreements.serializers import AgreementRow
from core import zones
from core.api.answers import Listing
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
        return answer(Listing(results=[AgreementRow.of(row) for row in access.register(zones.today())]))
