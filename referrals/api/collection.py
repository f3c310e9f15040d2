"""List, create, read and edit referrals."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.request import Request

from core.actors import Actor
from core.api import cursors
from core.api.answers import chosen
from core.api.idempotency import once
from core.api.jsonio import answer
from core.api.schema import VERSIONED, page_of
from core.db import transaction_for
from core.prepared import Parameter, lent, prepared, values_of
from core.record_numbers import FIELD
from referrals import access, actions
from referrals.api.common import ReferralView
from referrals.api.content import draft_content, report_of
from referrals.models import Referral
from referrals.search import numbers_in
from referrals.serializers import rows
from referrals.serializers.case import ReferralCase
from referrals.serializers.inputs import DraftChangeInput, ReferralInput, ReferralQuery
from referrals.serializers.rows import ReferralRow

_KEYSETS = {
    "-updated_at": cursors.newest_first("updated_at"),
    "updated_at": cursors.oldest_first("updated_at"),
    "-created_at": cursors.newest_first("created_at"),
    "created_at": cursors.oldest_first("created_at"),
}
_FILTERS = ("updated_since", "country", "number", "record_number", "patient")
_SEVERAL = ("state", "priority")
#: The key of no referral.
NIL = UUID(int=0)
_FILED = {
    "submit": True,
    "patient": "6f1c2f0e-5a3b-4c1d-9a52-0f3f6d9c7e11",
    "consent": 12,
    "priority": "urgent",
    "specialty": {"code": "408466002"},
    "service": "Mitral valve repair",
    "care_mode": "inpatient",
    "diagnosis": {"code": "I34.0"},
    "clinical_reason": "Severe insufficiency, NYHA III.",
    "goal": "Repair of the valve.",
    "needed_by": "2026-12-20",
    "needed_by_reason": "The cardiologist's limit.",
    "host_facility": "F0100",
    "payer": "fund",
    "report": {"dated_on": "2026-11-20", "author": "A. Testova, cardiologist", "text": "Repair is advised."},
}
#: A hospital means itself by what it sent or received, a ministry its country.
_SIDES = {"sent": "directing", "received": "host"}


class Referrals(ReferralView):
    """The referrals that the actor's organisation sends or receives."""

    @extend_schema(
        operation_id="listReferrals",
        summary="List referrals",
        parameters=[ReferralQuery],
        responses=page_of("ReferralPage", ReferralRow),
    )
    def get(self, request: Request) -> HttpResponse:
        """Sorted by the latest change; follow `next` for more. A system that keeps itself up to date follows `events/`
        instead: rows don't become visible in the order of `updated_at`."""
        wanted = self.parameters(ReferralQuery)
        keyset = _KEYSETS[wanted["sort"]]
        bound = cursors.bound_to(request, keyset)
        values = _values(wanted, self.actor) | values_of(self.actor)
        if cursor := wanted.get("cursor", ""):
            values["last"], values["tie"] = cursors.place(keyset, cursor, bound)
        code = rows.names_in()
        page, more = cursors.split(self._found(wanted, keyset, code, values), wanted["limit"])
        cursor = cursors.make(getattr(page[-1], keyset.field), page[-1].pk, bound) if more else ""
        fields = wanted.get("fields")
        results = chosen(rows.answers(list(page), self.actor), fields)
        if fields is None or fields & rows.OF_THE_PATIENT:
            access.show_list(self.actor, "referrals.list", page)
        return answer(cursors.page(request, results, cursor))

    def _found(
        self, wanted: dict[str, Any], keyset: cursors.Keyset, code: str, values: dict[str, Any]
    ) -> list[rows.Flat]:
        """One row more than a page has. Each side on which the actor is has an index: a query for each."""
        found: dict[UUID, rows.Flat] = {}
        side = _SIDES.get(wanted.get("direction", ""), "")
        for place, (own, _branch) in enumerate(access.visible_branches(self.actor)):
            if side in {"", own} or not own:
                query = prepared(
                    _page,
                    lent(self.actor),
                    code,
                    wanted["sort"],
                    place,
                    wanted.get("direction", ""),
                    frozenset(values),
                    wanted["limit"] + 1,
                )
                found |= {row.pk: row for row in rows.flat(query.rows(**values))}
        return sorted(
            found.values(), key=lambda row: (getattr(row, keyset.field), row.pk), reverse=keyset.descending
        )

    @extend_schema(
        operation_id="createReferral",
        summary="Start a draft, or file a referral at once",
        request=ReferralInput,
        responses={201: ReferralCase},
        examples=[OpenApiExample("filed at once", _FILED, request_only=True)],
    )
    @once
    def post(self, request: Request) -> HttpResponse:
        """With `submit` everything that filing needs must be there, else nothing is kept."""
        given = self.content(ReferralInput)
        access.require_filing(self.actor)
        content = draft_content(given, patient_id=given["patient"], by=self.actor)
        start = actions.file_new if given["submit"] else actions.start_draft
        made = start(patient_id=given["patient"], by=self.actor, content=content, evidence=report_of(given))
        if own := given.get(FIELD):
            actions.set_record_number(made.pk, by=self.actor, value=own)
        return self.created(made)


class OneReferral(ReferralView):
    """One referral."""

    http_method_names = ["get", "head", "patch", "delete", "options"]

    @extend_schema(
        operation_id="readReferral", summary="Read a referral", responses=OpenApiResponse(ReferralCase)
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The whole case in one answer. The steps allowed now stand in `links.steps`."""
        return self.case(pk)

    @extend_schema(
        operation_id="editDraft",
        summary="Edit a draft",
        request=DraftChangeInput,
        responses=ReferralCase,
        extensions=VERSIONED,
    )
    @once
    def patch(self, request: Request, pk: UUID) -> HttpResponse:
        """Sets the fields that are sent; the others stay. Only a draft can be edited; `record_number` alone in any
        state. Where nothing changes nothing is written."""
        version = self.named_version(pk)
        given = self.content(DraftChangeInput)
        with transaction_for(self.actor):
            if FIELD in given:
                own = given.pop(FIELD) or ""
                actions.set_record_number(pk, by=self.actor, value=own, version=version)
                if not given:
                    return self.case(pk)
            referral = access.get_visible(self.actor, pk)
            content = draft_content(given, patient_id=referral.patient_id, by=self.actor)
            actions.save_draft(pk, by=self.actor, content=content, evidence=report_of(given), version=version)
            return self.case(pk)

    @extend_schema(
        operation_id="discardDraft",
        summary="Discard a draft",
        responses={204: None},
        extensions=VERSIONED,
    )
    @once
    def delete(self, request: Request, pk: UUID) -> HttpResponse:
        """The draft leaves every list of the hospital; it can’t be brought back. Only a draft can be discarded."""
        actions.discard(pk, by=self.actor, version=self.named_version(pk))
        return HttpResponse(status=204)


def _values(wanted: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """What stands for the parameters of `_page`: one for each of several states, a referral's key for an own number."""
    values = {name: wanted[name] for name in _FILTERS if name in wanted}
    for name in _SEVERAL:
        values |= {f"{name}_{place}": one for place, one in enumerate(wanted.get(name, ()))}
    if "number" in values:
        values["number"] = next(iter(numbers_in(values["number"])), values["number"].upper())
    if "record_number" in values:
        values["record_number"] = access.with_record_number(actor, values["record_number"]) or NIL
    return values


def _page(
    actor: Actor, code: str, sort: str, place: int, direction: str, given: frozenset[str], limit: int
) -> QuerySet[Referral, Any]:
    """The query of a page of one of the actor's sides, with a parameter for each value that is given."""
    keyset = _KEYSETS[sort]
    side, found = access.visible_part(actor, place)
    if direction and not side:
        # A body of a chain means its country, as a ministry does.
        found = found.filter(**{f"{_SIDES[direction]}_country_id": actor.country})
    wanted = {name: Parameter(name) for name in _FILTERS if name in given}
    for name in _SEVERAL:
        if several := [Parameter(one) for one in sorted(given) if one.startswith(f"{name}_")]:
            found = found.filter(**{f"{name}__in": several})
    if "number" in wanted:
        found = found.filter(number=wanted["number"])
    if "record_number" in wanted:
        found = found.filter(pk=wanted["record_number"])
    if "patient" in wanted:  # whom a referral is about its host may not know
        found = found.filter(directing_facility_id=actor.organisation_id, patient_id=wanted["patient"])
    if "updated_since" in wanted:
        found = found.filter(updated_at__gte=wanted["updated_since"])
    if "country" in wanted:
        there = Q(directing_country_id=actor.country, host_country_id=wanted["country"])
        here = Q(host_country_id=actor.country, directing_country_id=wanted["country"])
        found = found.filter({"directing": there, "host": here}.get(side, there | here))
    if "last" in given:
        found = found.filter(keyset.after(Parameter("last"), Parameter("tie")))
    return rows.columns_of(found.order_by(*keyset.order), code, actor)[:limit]
