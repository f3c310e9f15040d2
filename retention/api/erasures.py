"""A patient asks their hospital that their data be erased; the ministry decides on its page."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.api.answers import Listing
from core.api.idempotency import once
from core.api.jsonio import answer
from core.api.kept_answers import Kept
from core.api.schema import list_of
from patients import access as patients
from patients.api.common import PatientView
from patients.standing import every_id_of
from retention import actions
from retention.access import visible_erasures
from retention.serializers import ErasureInput, ErasureRow


class Erasures(PatientView):
    """Requests for the erasure of a patient's data."""

    @extend_schema(
        operation_id="listErasures",
        summary="List the requests for the erasure of a patient's data",
        responses=list_of("ErasureList", ErasureRow),
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """Those that one's own facility passed on, the latest first, with what was decided and why."""
        patient = patients.get_visible(self.actor, pk)
        rows = visible_erasures(self.actor).filter(record_id__in=every_id_of(patient)).order_by("-pk")[:100]
        patients.show(self.actor, patient)
        return answer(Listing(results=[ErasureRow.of(row) for row in rows]))

    @extend_schema(
        operation_id="askErasure",
        summary="Pass on that a patient asks for their data to be erased",
        request=ErasureInput,
        responses={201: ErasureRow},
    )
    @once
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        """The ministry decides. Once the record is gone every address of it answers with 410."""
        given = self.content(ErasureInput)
        return answer(ErasureRow.of(actions.ask_erasure(by=self.actor, patient_id=pk, **given)), status=201)

    def again(self, kept: Kept, pk: UUID | None = None, **kwargs: object) -> HttpResponse:
        """The request as it stands now."""
        assert pk is not None, "the address names the patient"
        patient = patients.get_visible(self.actor, pk)
        row = visible_erasures(self.actor).filter(record_id__in=every_id_of(patient)).order_by("-pk").first()
        patients.show(self.actor, patient)
        return answer(ErasureRow.of(row), status=kept.status) if row else HttpResponse(status=204)
