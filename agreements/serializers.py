"""What is answered about agreements."""

from datetime import date

from core.api.answers import Answer


class AgreementRef(Answer):
    """The legal basis."""

    code: str
    name: str
    verified: bool


class AgreementRow(AgreementRef):
    """An agreement, what it says, and where that was read."""

    says: str
    parties: list[str]
    signed_on: date | None
    in_force_from: date | None
    in_force_until: date | None
    covers_emergency: bool
    covers_planned: bool
    source: str
    note: str
