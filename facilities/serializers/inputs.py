"""The parameters of the directory's addresses, and the choices that other apps' forms share."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from core.api.fields import Choice, Day, FieldList, ListQuery, QuerySerializer, Raw, StrictSerializer
from facilities.countries import ISO_CODES
from facilities.models import ConfirmationRequest
from facilities.serializers.answers import FacilityRow

COUNTRY_CODES = ("KG", "KZ", "UZ")


@extend_schema_field({"type": "string", "pattern": "^[A-Z]{2}$", "examples": ["TJ"]})
class AnyCountry(Raw):
    """The code of any country (ISO 3166-1), of two capital letters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, **{"allow_blank": False, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if code not in ISO_CODES:
            raise ValidationError(
                _("Give the code of a country by ISO 3166-1: two capital letters, such as TJ."),
                code="unknown_country",
            )
        return code


class AskInput(StrictSerializer):
    """What the facility is asked to confirm; without anything, all of it."""

    about = serializers.ListField(
        child=Choice(choices=ConfirmationRequest.About.choices),
        default=ConfirmationRequest.About.values,
        allow_empty=False,
        max_length=3,
    )


class FacilityQuery(ListQuery):
    """How the directory is narrowed."""

    q = Raw(max_length=100, required=False, help_text="Words of a name, a place, a type or a specialty.")
    country = Choice(choices=COUNTRY_CODES, required=False)
    specialty = Raw(max_length=20, required=False, help_text="Code of a specialty.")
    district = Raw(
        max_length=30, required=False, help_text="Orders by distance: country and code, KZ-314800000."
    )
    accepts_referrals = serializers.BooleanField(required=False, allow_null=True, default=None)
    fields = FieldList(FacilityRow.names())  # type: ignore[assignment]


class HostQuery(ListQuery):
    """Facilities across the border that offer a specialty, nearest first."""

    specialty = Raw(max_length=20)
    district = Raw(max_length=30, required=False)
    country = Choice(choices=COUNTRY_CODES, required=False)
    priority = Choice(
        choices=("routine", "urgent", "asap", "stat"),
        required=False,
        help_text="stat: those that can answer in the portal come first.",
    )
    on = Day(required=False, help_text="Day of the journey: the crossing on the way is read for it.")


class DistrictQuery(QuerySerializer):
    """Districts by a part of their name in any of the languages, or all of a country."""

    q = Raw(max_length=100, required=False)
    country = Choice(choices=COUNTRY_CODES, required=False)


class CrossingQuery(QuerySerializer):
    country = Choice(choices=COUNTRY_CODES, required=False)
    operating = serializers.BooleanField(required=False, allow_null=True, default=None)


class SearchQuery(QuerySerializer):
    q = Raw(max_length=100, help_text="A code, or words in English or Russian.")
    limit = serializers.IntegerField(min_value=1, max_value=50, default=20)
