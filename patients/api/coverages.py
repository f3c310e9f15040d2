"""Who pays for a patient."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.api import cursors
from core.api.idempotency import once
from core.api.jsonio import answer
from core.api.kept_answers import Kept
from core.api.schema import page_of
from core.errors import NotKnown
from patients import access, actions
from patients.api.common import PatientView, coverage_arguments
from patients.known import coverages_of, coverages_written
from patients.serializers.person import BASE
from patients.serializers.records import CoverageCorrection, CoverageInput, CoverageRow, OfPatientQuery

_BY_BEGIN = cursors.Keyset("valid_from", descending=True, parse=date.fromisoformat)


class _OfCoverage(PatientView):
    """What answers with one coverage."""

    def again(self, kept: Kept, pk: UUID | None = None, **kwargs: Any) -> HttpResponse:
        """The coverage as it was written: a correction is another row."""
        patient = access.get_visible(self.actor, pk or UUID(int=0))
        found = coverages_written(self.actor).filter(patient_id=patient.pk, pk=kept.id).first()
        if found is None:
            raise NotKnown(_("There is no such coverage of this patient."))
        access.show(self.actor, patient, "patients.coverages")
        return answer(CoverageRow.of(found), status=kept.status)


class Coverages(_OfCoverage):
    """Who pays."""

    @extend_schema(
        operation_id="listCoverages",
        summary="List coverages",
        parameters=[OfPatientQuery],
        responses=page_of("CoveragePage", CoverageRow),
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The patient's coverages, the latest first, without those that a correction replaced."""
        wanted = self.parameters(OfPatientQuery)
        patient = access.get_visible(self.actor, pk)
        rows, cursor = cursors.one_page(
            request,
            coverages_of(self.actor).filter(patient_id=patient.pk).select_related("fund"),
            _BY_BEGIN,
            wanted,
        )
        access.show(self.actor, patient, "patients.coverages")
        return answer(cursors.page(request, [CoverageRow.of(row) for row in rows], cursor))

    @extend_schema(
        operation_id="recordCoverage",
        summary="Record coverage",
        request=CoverageInput,
        responses={201: CoverageRow},
    )
    @once
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        """Who pays for the patient at home, from when to when, and how that is known."""
        terms: Any = coverage_arguments(self.content(CoverageInput))
        coverage = actions.record_coverage(by=self.actor, patient_id=pk, **terms)
        return answer(CoverageRow.of(coverage), status=201, location=f"{BASE}{pk}/")


class CorrectCoverage(_OfCoverage):
    """A coverage that was wrong, or has ended."""

    @extend_schema(
        operation_id="correctCoverage",
        summary="Correct or end coverage",
        request=CoverageCorrection,
        responses={200: CoverageRow, 201: CoverageRow},
    )
    @once
    def post(self, request: Request, pk: UUID, number: int) -> HttpResponse:
        """A new row replaces the old one, which stays in the history. Its `id` is another one.

        Where nothing is changed nothing is written: 200 with the row as it is."""
        changes = coverage_arguments(self.content(CoverageCorrection))
        coverage = actions.correct_coverage(by=self.actor, patient_id=pk, coverage_id=number, **changes)
        if coverage.pk == number:
            return answer(CoverageRow.of(coverage))
        return answer(CoverageRow.of(coverage), status=201, location=f"{BASE}{pk}/")
