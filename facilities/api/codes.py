"""Code systems: specialties and diagnoses."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.api.answers import Listing
from core.api.fields import QuerySerializer
from core.api.jsonio import answer
from core.api.schema import list_of
from core.api.views import ApiView
from facilities import access
from facilities.serializers.answers import CodeSuggestion, Coding, DiagnosisCoding
from facilities.serializers.inputs import SearchQuery


class Specialties(ApiView):
    """Specialties."""

    resource = "directory"

    @extend_schema(
        operation_id="listSpecialties", summary="List specialties", responses=list_of("SpecialtyList", Coding)
    )
    def get(self, request: Request) -> HttpResponse:
        """The specialties that can be asked for (SNOMED CT)."""
        self.parameters(QuerySerializer)
        found = access.visible_specialties(self.actor).order_by("names__en", "pk")
        return answer(Listing(results=[Coding.of(row) for row in found]))


class Icd10Codes(ApiView):
    """Diagnoses."""

    resource = "directory"

    @extend_schema(
        operation_id="searchIcd10",
        summary="Search diagnoses",
        parameters=[SearchQuery],
        responses=CodeSuggestion,
    )
    def get(self, request: Request) -> HttpResponse:
        """By the beginning of a code, or by words in English or Russian. A code with a Cyrillic letter is never
        corrected silently: what may have been meant stands in `meant`."""
        wanted = self.parameters(SearchQuery)
        found = access.search_icd10(wanted["q"], wanted["limit"])
        return answer(
            CodeSuggestion(
                results=[DiagnosisCoding.of(row) for row in found.rows],
                did_you_mean=list(found.did_you_mean),
                meant=[DiagnosisCoding.of(row) for row in found.meant],
            )
        )
