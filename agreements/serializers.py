"""What is answered about agreements."""

from datetime import date
from typing import Annotated, Self

from agreements.models import AgreementVersion
from core.api.answers import Answer


class AgreementRef(Answer):
    """The legal basis."""

    code: str
    name: str
    verified: bool
    version: Annotated[int, "The number of the dated version by which it is applied."]

    @classmethod
    def of(cls, version: AgreementVersion) -> Self:
        """A version of an agreement, with what the agreement itself is called and says."""
        agreement = version.agreement
        given = {"code": agreement.code, "name": agreement.name, "version": version.number}
        return cls.filled(version, **given, **cls.more(version))

    @classmethod
    def more(cls, version: AgreementVersion) -> dict[str, object]:
        """Further values that aren't the version's own."""
        return {}


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

    @classmethod
    def more(cls, version: AgreementVersion) -> dict[str, object]:
        agreement = version.agreement
        return {"says": agreement.says, "signed_on": agreement.signed_on}
