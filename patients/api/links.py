"""The consents by which facilities read what others recorded of a patient."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.api.answers import Listing
from core.api.idempotency import once
from core.api.jsonio import answer
from core.api.schema import list_of
from patients import access, actions
from patients.api.common import PatientView
from patients.known import links_of
from patients.serializers.records import LinkRow, WithdrawalStatement


class Links(PatientView):
    """Who reads what others recorded, by the patient's consent."""

    @extend_schema(
        operation_id="listLinks",
        summary="List the consents to other facilities' records",
        responses=list_of("LinkList", LinkRow),
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """One's own facility's, and for the facility whose record it is all; those that are over among them."""
        patient = access.get_visible(self.actor, pk)
        rows = links_of(self.actor, patient).select_related("facility__organisation").order_by("pk")
        access.show(self.actor, patient, "patients.consents")
        return answer(Listing(results=[LinkRow.of(row) for row in rows]))


class EndLink(PatientView):
    """The end of such a consent."""

    @extend_schema(
        operation_id="endLink",
        summary="Record that the patient takes back the consent to another facility's record",
        request=WithdrawalStatement,
        responses=LinkRow,
    )
    @once
    def post(self, request: Request, pk: UUID, number: int) -> HttpResponse:
        """From this moment on it covers nothing. Both facilities are told."""
        given = self.content(WithdrawalStatement)
        return answer(
            LinkRow.of(actions.end_link(by=self.actor, patient_id=pk, registration_id=number, **given))
        )
