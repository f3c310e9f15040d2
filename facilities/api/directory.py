"""Facilities: the directory, one facility, the hosts for a patient; and the funds."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.actors import Actor
from core.api import cursors
from core.api.answers import Listing, chosen
from core.api.fields import QuerySerializer
from core.api.jsonio import answer
from core.api.schema import list_of, page_of
from core.api.views import ApiView
from core.errors import Invalid, NotKnown
from facilities import access
from facilities.models import AdminUnit, Facility, Specialty
from facilities.models.organisations import may_host_condition
from facilities.serializers.answers import Coding, FacilityDetail, FacilityRow, HostRow, OrganisationRef
from facilities.serializers.inputs import FacilityQuery, HostQuery

_BY_CODE = cursors.Keyset("organisation__code", descending=False)


def find_district(value: str | None) -> AdminUnit | None:
    """The district of a parameter such as KZ-314800000. Raises Invalid for one that isn't known."""
    if not value:
        return None
    found = access.district_by_value(value)
    if found is None:
        raise Invalid(
            {"district": [_("There is no district with this country and code. Write it as KZ-314800000.")]},
            code="unknown_code",
        )
    return found


def find_specialty(actor: Actor, code: str | None) -> Specialty | None:
    """The specialty with this code. Raises Invalid for one that isn't known."""
    if not code:
        return None
    found = access.visible_specialties(actor).filter(code=code).first()
    if found is None:
        raise Invalid(
            {"specialty": [_("The directory has no specialty with this code.")]}, code="unknown_code"
        )
    return found


class Facilities(ApiView):
    """The directory."""

    resource = "directory"

    @extend_schema(
        operation_id="listFacilities",
        summary="Search the directory",
        parameters=[FacilityQuery],
        responses=page_of("FacilityPage", FacilityRow),
    )
    def get(self, request: Request) -> HttpResponse:
        """Ordered by code; with `district` by distance, the nearest first."""
        wanted = self.parameters(FacilityQuery)
        near, limit = find_district(wanted.get("district")), wanted["limit"]
        specialties = {row.pk: row for row in access.visible_specialties(self.actor)}
        found = self._found(wanted, near, list(specialties.values()))
        if near is None:
            bound = cursors.bound_to(request, _BY_CODE)
            found = cursors.continued(found, _BY_CODE, wanted.get("cursor", ""), bound)
            page, more = cursors.split(list(found[: limit + 1]), limit)
            cursor = cursors.make(page[-1].organisation.code, page[-1].pk, bound) if more else ""
        else:
            page, cursor = cursors.page_by_place(request, found, wanted)
        names = {pk: Coding.of(row) for pk, row in specialties.items()}
        results = chosen([FacilityRow.of(facility, names) for facility in page], wanted.get("fields"))
        return answer(cursors.page(request, results, cursor))

    def _found(
        self, wanted: dict[str, Any], near: AdminUnit | None, specialties: list[Specialty]
    ) -> QuerySet[Facility]:
        found = access.directory(
            self.actor,
            access.DirectoryFilter(
                text=wanted.get("q", ""),
                specialties=specialties,
                country=wanted.get("country", ""),
                specialty=find_specialty(self.actor, wanted.get("specialty")),
                near=near,
            ),
        )
        accepts = wanted["accepts_referrals"]
        return (
            found
            if accepts is None
            else found.filter(may_host_condition() if accepts else ~may_host_condition())
        )


class OneFacility(ApiView):
    """One facility."""

    resource = "directory"

    @extend_schema(operation_id="readFacility", summary="Read a facility", responses=FacilityDetail)
    def get(self, request: Request, pk: int) -> HttpResponse:
        """What it offers, and on what ground that is said."""
        self.parameters(QuerySerializer)
        facility = (
            access.visible_facilities(self.actor).select_related("parent__organisation").filter(pk=pk).first()
        )
        if facility is None:
            raise NotKnown()
        return answer(FacilityDetail.of(facility, access.services_of(facility)))


class Hosts(ApiView):
    """Facilities across the border."""

    resource = "directory"

    @extend_schema(
        operation_id="listHosts",
        summary="Find host facilities",
        parameters=[HostQuery],
        responses=page_of("HostPage", HostRow),
    )
    def get(self, request: Request) -> HttpResponse:
        """Facilities outside your own country that offer a specialty, nearest first, with the crossing on the way."""
        wanted = self.parameters(HostQuery)
        specialty = find_specialty(self.actor, wanted["specialty"])
        assert specialty is not None, "the parameter is required"
        hosts = access.hosts_for(
            home=self.actor.country,
            specialty=specialty,
            district=find_district(wanted.get("district")),
            countries=[wanted["country"]] if wanted.get("country") else (),
            emergency=wanted.get("priority") == "stat",
            hours="on" in wanted,
        )
        page, cursor = cursors.page_by_place(request, hosts, wanted)
        results = [HostRow.of(host, wanted.get("on")) for host in page]
        return answer(cursors.page(request, results, cursor))


class Funds(ApiView):
    """The funds that pay."""

    resource = "directory"

    @extend_schema(
        operation_id="listFunds", summary="List funds", responses=list_of("FundList", OrganisationRef)
    )
    def get(self, request: Request) -> HttpResponse:
        """The competent funds, with the codes that a coverage names."""
        self.parameters(QuerySerializer)
        found = access.visible_organisations(self.actor).filter(kind="fund").order_by("code")
        return answer(Listing(results=[OrganisationRef.of(row) for row in found]))
