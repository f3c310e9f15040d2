"""Pieces of a content that several rooms take: money, codes, one's own numbers."""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from core.api.fields import Choice, Raw, StrictSerializer, wrong_type

_AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,2})?")


@extend_schema_field({"type": "string", "pattern": r"^\d{1,12}(\.\d{1,2})?$", "examples": ["1250.00"]})
class Amount(serializers.Field):
    """An amount of money as a text, since a JSON number would be rounded by some."""

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str):
            raise wrong_type(str, data)
        if not _AMOUNT.fullmatch(data) or not data.isascii() or Decimal(data) <= 0:
            raise ValidationError(
                _("Give an amount above zero such as 1250.00, as a text."), code="invalid_amount"
            )
        return Decimal(data)

    def to_representation(self, value: Decimal) -> str:
        return str(value)


class RecordNumber(Raw):
    """One's own number of a thing, in one's own system."""

    def __init__(self) -> None:
        super().__init__(
            max_length=200,
            required=False,
            allow_null=True,
            help_text="Your own number for it, in your own system: unique among yours, shown to nobody else. Null "
            "takes it away.",
        )


class MoneyInput(StrictSerializer):
    """An amount and its currency (ISO 4217)."""

    amount = Amount()
    currency = Choice(choices=["KZT", "UZS", "KGS", "USD", "EUR"])


class CodingInput(StrictSerializer):
    """A code of a code system. `display` may come back as it was read; it isn't looked at."""

    system = Raw(max_length=100, required=False, allow_null=True)
    code = Raw(max_length=20)
    display = Raw(max_length=400, required=False, allow_null=True)


class DiagnosisInput(CodingInput):
    """A diagnosis. `version` may come back as it was read; it isn't looked at."""

    version = Raw(max_length=20, required=False, allow_null=True)
