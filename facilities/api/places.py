"""Districts and border crossings."""

from django.db.models import Q
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.api.answers import Listing
from core.api.jsonio import answer
from core.api.schema import list_of
from core.api.views import ApiView
from facilities import access
from facilities.serializers.answers import DistrictRow
from facilities.serializers.crossings import CrossingRow
from facilities.serializers.inputs import CrossingQuery, DistrictQuery


class Districts(ApiView):
    """Districts and regions."""

    resource = "directory"

    @extend_schema(
        operation_id="listDistricts",
        summary="Find districts",
        parameters=[DistrictQuery],
        responses=list_of("DistrictList", DistrictRow),
    )
    def get(self, request: Request) -> HttpResponse:
        """With `q` the dozen districts whose name fits best, in any language; without it all of them."""
        wanted = self.parameters(DistrictQuery)
        country = wanted.get("country", "")
        if wanted.get("q"):
            found = access.search_districts(wanted["q"], country=country)
        else:
            units = access.visible_admin_units(self.actor).order_by("country_id", "code")
            found = list(units.filter(country_id=country) if country else units)
        return answer(Listing(results=[DistrictRow.of(unit) for unit in found]))


class Crossings(ApiView):
    """Border crossings."""

    resource = "directory"

    @extend_schema(
        operation_id="listCrossings",
        summary="List border crossings",
        parameters=[CrossingQuery],
        responses=list_of("CrossingList", CrossingRow),
    )
    def get(self, request: Request) -> HttpResponse:
        """With the status in the words of the source; `operating` is computed from them."""
        wanted = self.parameters(CrossingQuery)
        found = (
            access.visible_crossings(self.actor)
            .prefetch_related("hours")
            .order_by("country_a_id", "country_b_id", "pk")
        )
        if country := wanted.get("country"):
            found = found.filter(Q(country_a_id=country) | Q(country_b_id=country))
        if wanted["operating"] is not None:
            found = found.filter(operating=wanted["operating"])
        return answer(Listing(results=[CrossingRow.of(row) for row in found]))
