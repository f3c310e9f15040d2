"""What explains the API: its schema, its documentation page, and its kinds of problems. Needs no sign-in."""

from functools import cache
from typing import Annotated, Any, Self

import orjson
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.api.answers import Answer, Listing, OneOf
from core.api.fields import QuerySerializer
from core.api.jsonio import answer
from core.api.kinds import KINDS
from core.api.permissions import SignedIn
from core.api.schema import list_of
from core.api.views import ApiView, OpenView
from core.errors import NotKnown


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI description, in English whatever the active language is."""
    with translation.override("en"):
        # Through text and back: lazy words become plain ones.
        made: dict[str, Any] = orjson.loads(
            orjson.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str)
        )
    return made


class Schema(OpenView):
    """The description of the API for programs."""

    schema = None

    def get(self, request: Request) -> HttpResponse:
        """OpenAPI 3.1, as JSON."""
        response = answer(schema(), media_type="application/json")
        response["Content-Language"] = "en"
        return response


class MeAnswer(Answer):
    """Who asks, and for whom."""

    kind: Annotated[str, OneOf(("person", "client"))]
    label: str
    organisation_id: int | None
    organisation: str
    country: str
    roles: list[str]
    scopes: list[str]


class Me(ApiView):
    """Who asks."""

    permission_classes = [SignedIn]

    @extend_schema(operation_id="readMe", summary="Read who you are", responses=MeAnswer)
    def get(self, request: Request) -> HttpResponse:
        """The organisation that a token or a session acts for, and what it may do."""
        self.parameters(QuerySerializer)
        actor = self.actor
        return answer(
            MeAnswer.filled(
                actor,
                organisation=actor.organisation_name,
                roles=sorted(actor.roles),
                scopes=sorted(actor.scopes),
            )
        )


class ProblemKind(Answer):
    """A kind of problem: what it means and what to do."""

    type: str
    code: str
    status: int
    title: str
    remedy: str

    @classmethod
    def of(cls, code: str) -> Self:
        kind = KINDS[code]
        return cls(
            type=f"/api/v1/problems/{code}/",
            code=code,
            status=kind.status,
            title=str(kind.title),
            remedy=str(kind.remedy),
        )


class Problems(OpenView):
    """Every kind of problem."""

    @extend_schema(
        operation_id="listProblems",
        summary="List kinds of problems",
        responses=list_of("ProblemList", ProblemKind),
    )
    def get(self, request: Request) -> HttpResponse:
        """What each `code` means, in the language asked for."""
        self.parameters(QuerySerializer)
        return answer(Listing(results=[ProblemKind.of(code) for code in KINDS]))


class OneProblem(OpenView):
    """One kind of problem, at the address that a problem's `type` names."""

    @extend_schema(operation_id="readProblem", summary="Read a kind of problem", responses=ProblemKind)
    def get(self, request: Request, code: str) -> HttpResponse:
        """What it means and what to do."""
        self.parameters(QuerySerializer)
        if code not in KINDS:
            raise NotKnown()
        return answer(ProblemKind.of(code))


@login_not_required
@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """The documentation page, with a working “try it”: by a client's id and secret, or by one's own session."""
    return render(request, "api/docs.html")
