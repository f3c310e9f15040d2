"""Asking a facility to confirm its data."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.api.idempotency import once
from core.api.jsonio import answer
from core.api.kept_answers import Kept
from core.api.views import ApiView
from core.errors import NotKnown
from facilities import actions
from facilities.asking import latest_request
from facilities.serializers.asked import AskedRow
from facilities.serializers.inputs import AskInput


class AskToConfirm(ApiView):
    """The remedy of what the rules find unconfirmed of a host; so it takes the scope of referrals."""

    resource = "referrals"

    @extend_schema(
        operation_id="askFacilityToConfirm",
        summary="Ask a facility to confirm its data",
        request=AskInput,
        responses={200: AskedRow, 201: AskedRow},
    )
    @once
    def post(self, request: Request, pk: int) -> HttpResponse:
        """Those who can confirm get a notice, once in seven days whoever asks: 201, or 200 with who asked before."""
        given = self.content(AskInput)
        asked = actions.ask_to_confirm(facility_id=pk, about=given["about"], by=self.actor)
        return answer(AskedRow.of(asked.request), status=201 if asked.is_new else 200)

    def again(self, kept: Kept, pk: int = 0, **kwargs: Any) -> HttpResponse:
        """The newest request, with whom it reaches now."""
        request = latest_request(pk)
        if request is None:
            raise NotKnown()
        return answer(AskedRow.of(request), status=kept.status)
