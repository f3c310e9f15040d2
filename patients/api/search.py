"""Looking up a patient: what tells who somebody is stands in the content, never in an address."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request

from core.api import cursors
from core.api.idempotency import once
from core.api.jsonio import answer
from core.api.kept_answers import Kept
from core.api.schema import page_of
from core.errors import Invalid, Text
from patients import access
from patients.api.common import PatientView
from patients.asked import understand
from patients.known import numbers_of, own_numbers
from patients.models import Patient
from patients.serializers.person import PatientRow, PatientSearchInput

_WAYS = ("identifier", "record_number", "name")


class Searching(PatientView):
    """What answers with the patients who were found."""

    def searched(self, wanted: dict[str, Any], *, in_content: bool = False) -> HttpResponse:
        """The page of those who are found, which is noted as shown."""
        page, following = cursors.page_by_place(
            self.request, self._found(wanted), wanted, in_content=in_content
        )
        page = own_numbers(self.actor, page)
        access.show_list(self.actor, access.SEARCH, page)
        rows = [PatientRow.of(patient) for patient in page]
        answered = cursors.page(self.request, rows, following)
        if in_content:
            answered.next = None  # type: ignore[misc]  # the next page is asked for in the content too
        return answer(answered)

    def _found(self, wanted: dict[str, Any]) -> QuerySet[Patient]:
        ways = [name for name in _WAYS if wanted.get(name)]
        if len(ways) > 1:
            text: Text = _("Search by one of these at a time.")
            raise Invalid({name: [text] for name in ways}, code="several_ways")
        if "system" in wanted and ways != ["identifier"]:
            raise Invalid({"identifier": [_("Give the number too.")]}, code="required")
        if ways == ["record_number"]:
            return access.with_record_number(self.actor, wanted["record_number"])
        if ways == ["name"] and "birth_date" not in wanted:
            raise Invalid({"birth_date": [_("Give the date of birth with the name.")]}, code="required")
        if not ways and "birth_date" not in wanted:
            raise Invalid({"": [_("Say whom to look for: a number, or a name and a date of birth.")]})
        text_of = wanted[ways[0]] if ways else ""
        found = access.search_patients(self.actor, text_of, wanted.get("birth_date"))
        if ways == ["identifier"] and not any(one.numbers or one.phones for one in understand(text_of)):
            return found.none()  # a name is asked for with the date of birth
        if "system" in wanted:
            found = found.filter(
                pk__in=numbers_of(self.actor).filter(system=wanted["system"]).values("patient_id")
            )
        return found


class SearchPatients(Searching):
    """Whom one's own records may mean."""

    only_reads = True

    @extend_schema(
        operation_id="searchPatients",
        summary="Look up patients",
        request=PatientSearchInput,
        responses=page_of("FoundPatientPage", PatientRow),
        examples=[
            OpenApiExample("by a number", {"identifier": "N01234567"}, request_only=True),
            OpenApiExample(
                "by a name", {"name": "Тестова Айгуль", "birth_date": "1985-04-02"}, request_only=True
            ),
        ],
    )
    @once
    def post(self, request: Request) -> HttpResponse:
        """By a number, by your own record number, or by a name in either script with the date of birth: the likeliest
        first. For the next page send the same content with its `next_cursor`. Nothing is changed; every search is
        noted."""
        return self._search()

    def again(self, kept: Kept, pk: UUID | None = None, **kwargs: Any) -> HttpResponse:
        """A search that is sent again is made again."""
        return self._search()

    def _search(self) -> HttpResponse:
        return self.searched(self.content(PatientSearchInput), in_content=True)
