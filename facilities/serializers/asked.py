"""What is answered about a request to a facility to confirm its data."""

from datetime import datetime
from typing import Annotated, Self

from core.api.answers import Answer, OneOf
from facilities.asking import who_can_confirm
from facilities.models import ConfirmationRequest


class AskedRow(Answer):
    """A request to a facility to confirm its data."""

    asked_at: datetime
    asked_by: str
    organisation: str
    about: list[Annotated[str, OneOf(ConfirmationRequest.About)]]
    reaches_somebody: Annotated[bool, "Whether anybody who can confirm the data is active in the portal."]

    @classmethod
    def of(cls, row: ConfirmationRequest) -> Self:
        return cls(
            asked_at=row.at,
            asked_by=row.by_label,
            organisation=row.by_organisation,
            about=list(row.about),
            reaches_somebody=bool(who_can_confirm(row.facility)),
        )
