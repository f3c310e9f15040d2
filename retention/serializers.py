"""Requests for erasure: what may be sent, and what is answered."""

from datetime import datetime
from typing import Annotated, Self

from core.api.answers import Answer, OneOf
from core.api.fields import Choice, StrictSerializer
from patients.actions import AskedBy
from retention.models import Erasure, Origin, Refusal, State


class ErasureInput(StrictSerializer):
    """Who asks that the patient's data be erased."""

    asked_by = Choice(choices=AskedBy.choices)


class ErasureRow(Answer):
    """A request for erasure and what became of it. `stays` counts what was kept, by why."""

    id: int
    origin: Annotated[str, OneOf(Origin.values)]
    state: Annotated[str, OneOf(State.values)]
    asked_at: datetime
    recorded_by: str
    decided_at: datetime | None
    refusal: Annotated[str, OneOf(["", *Refusal.values])]
    reason: str
    done_at: datetime | None
    stays: dict[str, int]

    @classmethod
    def of(cls, row: Erasure) -> Self:
        return cls.filled(row, id=row.pk, recorded_by=row.recorded_by_label)
