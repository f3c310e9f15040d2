"""Merging two records of one person: what may be sent, and what is answered."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from core.api.answers import Answer, OneOf
from core.api.fields import Choice, Key, QuerySerializer, Raw, StrictSerializer, Whole
from core.road import Hindrance
from patients.actions.merge_terms import CHOICES
from patients.comparing import UNITS, Compared, State
from patients.merge_words import unit_text
from patients.models import Merge, MergeGround, Patient, UndoReason
from patients.serializers.person import PatientRow

UNIT_NAMES = [unit.name for unit in UNITS]


# --- What may be sent -----------------------------------------------------------------------------------------------


class MergeChoicesInput(StrictSerializer):
    """Whose value stands, for each unit that the preview calls `contradicts`."""

    name = Choice(choices=CHOICES, required=False)
    birth_date = Choice(choices=CHOICES, required=False)
    sex = Choice(choices=CHOICES, required=False)
    citizenship = Choice(choices=CHOICES, required=False)
    residence_district = Choice(choices=CHOICES, required=False)
    address = Choice(choices=CHOICES, required=False)
    phone = Choice(choices=CHOICES, required=False)
    email = Choice(choices=CHOICES, required=False)
    preferred_language = Choice(choices=CHOICES, required=False)
    description = Choice(choices=CHOICES, required=False)
    next_of_kin = Choice(choices=CHOICES, required=False)


class MergeInput(StrictSerializer):
    """The other record, at the version that was read, and how it is known that they are one person."""

    merged = Key(help_text="The record that will lead to this one.")
    merged_version = Whole(min_value=1, max_value=2**31 - 1, help_text="Its version, as it was read.")
    ground = Choice(choices=MergeGround.choices)
    choices = MergeChoicesInput(required=False)
    decided_by = Raw(
        max_length=400, required=False, help_text="The person who decided; a system has to name them."
    )


class UndoMergeInput(StrictSerializer):
    """Why the two records are parted again."""

    reason = Choice(choices=UndoReason.choices)
    decided_by = Raw(
        max_length=400, required=False, help_text="The person who decided; a system has to name them."
    )


class MergePreviewQuery(QuerySerializer):
    """The record that would be merged into this one."""

    merged = Key()


# --- What is answered -----------------------------------------------------------------------------------------------


class ComparedUnit(Answer):
    """What the two records say of one thing, in words."""

    name: Annotated[str, OneOf(UNIT_NAMES)]
    state: Annotated[str, OneOf(State)]
    survivor: str
    merged: str

    @classmethod
    def of(cls, one: Compared, survivor: Patient, merged: Patient) -> Self:
        texts = {"survivor": unit_text(one.unit.name, survivor), "merged": unit_text(one.unit.name, merged)}
        return cls(name=one.unit.name, state=one.state, **texts)


class MergeObstacle(Answer):
    """Why the two can't be merged, or parted, now."""

    code: str
    detail: str

    @classmethod
    def of(cls, found: Hindrance) -> Self:
        return cls(code=found.code, detail=str(found.message))


class MovedRows(Answer):
    """How many rows come over."""

    kind: Annotated[str, "A kind of row, such as consent."]
    number: int


class MergePreview(Answer):
    """Two records beside each other. It can be merged where no obstacle is named."""

    survivor: PatientRow
    merged: PatientRow
    units: list[ComparedUnit]
    moves: list[MovedRows]
    obstacles: list[MergeObstacle]


class MergeRow(Answer):
    """Two records that were found to be one person. `merged` leads to `survivor` until it is undone."""

    id: int
    survivor: UUID
    merged: UUID
    ground: Annotated[str, OneOf(MergeGround)]
    by: str
    decided_by: str
    at: datetime
    undone_at: datetime | None
    undone_by: str
    undone_decided_by: str
    undo_reason: Annotated[str, OneOf(["", *UndoReason.values])]
    undo_obstacles: list[MergeObstacle]

    @classmethod
    def of(cls, merge: Merge, obstacles: list[Hindrance]) -> Self:
        """`obstacles`: what `guards.undo_obstacles` says."""
        return cls.filled(
            merge,
            id=merge.pk,
            survivor=merge.survivor_id,
            merged=merge.merged_id,
            by=merge.by_label,
            undone_by=merge.undone_by_label,
            undo_obstacles=[MergeObstacle.of(found) for found in obstacles],
        )
