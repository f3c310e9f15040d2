"""Two records of one person: looked at beside each other, merged, parted again."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.api import cursors
from core.api.idempotency import once
from core.api.jsonio import answer
from core.api.kept_answers import Kept
from core.api.problems import add_kind
from core.api.schema import VERSIONED, page_of
from core.db import transaction_for
from core.errors import NotKnown
from patients import access, actions, guards, reading
from patients.api.common import PatientView
from patients.comparing import compare
from patients.models import Merge, Patient
from patients.relations import RELATIONS
from patients.serializers.merges import (
    ComparedUnit,
    MergeInput,
    MergeObstacle,
    MergePreview,
    MergePreviewQuery,
    MergeRow,
    MovedRows,
    UndoMergeInput,
)
from patients.serializers.person import BASE, PatientDetail, PatientRow
from patients.serializers.records import OfPatientQuery

for _code in guards.CODES:
    add_kind(_code, like="merge_refused")
_LATEST = cursors.newest_first("at")


class _OfMerge(PatientView):
    """What answers with one merge."""

    def merge(self, pk: UUID, number: int) -> Merge:
        patient = access.get_visible(self.actor, pk)
        found = reading.merges_into(patient).filter(pk=number).first()
        if found is None:
            raise NotKnown()
        return found

    def answer_with(self, merge: Merge, *, status: int = 200) -> HttpResponse:
        """The merge, with the ETag of the record that stays: what is done next is done to that."""
        location = f"{BASE}{merge.survivor_id}/" if status == 201 else ""
        response = answer(_row(merge), status=status, location=location)
        response["ETag"] = self.tag(merge.survivor_id)
        return response

    def again(self, kept: Kept, pk: UUID | None = None, **kwargs: Any) -> HttpResponse:
        """The merge as it stands now."""
        merge = self.merge(pk or UUID(int=0), kept.id)
        access.show(self.actor, merge.survivor, "patients.merges")
        return self.answer_with(merge, status=kept.status)


class Merges(_OfMerge):
    """The records that were merged into this one."""

    @extend_schema(
        operation_id="listMerges",
        summary="List the merges of a patient's record",
        parameters=[OfPatientQuery],
        responses=page_of("MergePage", MergeRow),
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The latest first, those that were undone among them."""
        wanted = self.parameters(OfPatientQuery)
        patient = access.get_visible(self.actor, pk)
        rows, cursor = cursors.one_page(request, reading.merges_into(patient), _LATEST, wanted)
        access.show(self.actor, patient, "patients.merges")
        return answer(cursors.page(request, [_row(merge) for merge in rows], cursor))

    @extend_schema(
        operation_id="mergePatients",
        summary="Merge another record into this one",
        request=MergeInput,
        responses={201: MergeRow},
        extensions=VERSIONED,
    )
    @once
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        """That two records are one person is for a person to say, who is named. If-Match is this record's version.

        Numbers, coverages, consents and referrals of the other record come over; its address leads to this one
        afterwards: 308 for who reads, 409 with `merged_into` for who writes."""
        given = self.content(MergeInput)
        version = self.named_version(pk)
        with transaction_for(self.actor):
            merge = actions.merge_patients(
                by=self.actor,
                survivor_id=pk,
                merged_id=given["merged"],
                survivor_version=version,
                merged_version=given["merged_version"],
                ground=given["ground"],
                choices=given.get("choices", {}),
                decided_by=given.get("decided_by", ""),
            )
            return self.answer_with(merge, status=201)


class MergePreviewView(PatientView):
    """What a merge would do."""

    @extend_schema(
        operation_id="previewMerge",
        summary="Compare two records before merging them",
        parameters=[MergePreviewQuery],
        responses=MergePreview,
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """What stays, what comes over, what contradicts and what stands against it. Nothing is written."""
        wanted = self.parameters(MergePreviewQuery)
        survivor = access.get_whole(self.actor, pk)
        merged = access.get_whole(self.actor, wanted["merged"])
        access.show_merge(self.actor, survivor, merged)
        obstacles = [guards.SAME_RECORD] if survivor == merged else guards.merge_obstacles(survivor, merged)
        preview = MergePreview(
            survivor=PatientRow.of(survivor),
            merged=PatientRow.of(merged),
            units=[ComparedUnit.of(one, survivor, merged) for one in compare(survivor, merged)],
            moves=self._moves(survivor, merged),
            obstacles=[MergeObstacle.of(found) for found in obstacles],
        )
        # A merge is decided on the record that stays, and names the other one's version besides.
        return answer(preview, version=survivor.version, decided=PatientDetail.of(survivor))

    def _moves(self, survivor: Patient, merged: Patient) -> list[MovedRows]:
        seen = ((name, rule.seen(self.actor, merged, survivor)) for name, rule in RELATIONS.items())
        return [MovedRows(kind=name.partition(".")[2], number=number) for name, number in seen if number]


class UndoMerge(_OfMerge):
    """The end of a merge."""

    @extend_schema(
        operation_id="undoMerge",
        summary="Part two records that were merged",
        request=UndoMergeInput,
        responses=MergeRow,
        extensions=VERSIONED,
    )
    @once
    def post(self, request: Request, pk: UUID, number: int) -> HttpResponse:
        """Both are as they were, with what came over; what was recorded since stays with this one. If-Match is its
        version. Once something belongs to both it is refused, with the reason as the code's sentence."""
        version = self.named_version(pk)
        given = self.content(UndoMergeInput)
        with transaction_for(self.actor):
            merge = actions.undo_merge(
                by=self.actor,
                survivor_id=pk,
                merge_id=number,
                expected_version=version,
                reason=given["reason"],
                decided_by=given.get("decided_by", ""),
            )
            return self.answer_with(merge)


def _row(merge: Merge) -> MergeRow:
    return MergeRow.of(merge, guards.undo_obstacles(merge))
