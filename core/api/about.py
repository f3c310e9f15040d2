"""What explains the API: its schema, its documentation page, and its kinds of problems. Needs no sign-in."""

from functools import cache
from typing import Any

import orjson
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from core.api.fields import QuerySerializer
from core.api.jsonio import answer
from core.api.permissions import SignedIn
from core.api.problems import KINDS
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
        return answer(schema(), media_type="application/json")


class MeAnswer(serializers.Serializer):
    """Who asks, and for whom."""

    kind = serializers.ChoiceField(choices=["person", "client"])
    label = serializers.CharField()  # type: ignore[assignment]
    organisation_id = serializers.IntegerField(allow_null=True)
    organisation = serializers.CharField()
    country = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    scopes = serializers.ListField(child=serializers.CharField())


class Me(ApiView):
    """Who asks."""

    permission_classes = [SignedIn]

    @extend_schema(operation_id="readMe", summary="Read who you are", responses=MeAnswer)
    def get(self, request: Request) -> HttpResponse:
        """The organisation that a token or a session acts for, and what it may do."""
        self.parameters(QuerySerializer)
        actor = self.actor
        return answer(
            {
                "kind": actor.kind,
                "label": actor.label,
                "organisation_id": actor.organisation_id,
                "organisation": actor.organisation_name,
                "country": actor.country,
                "roles": sorted(actor.roles),
                "scopes": sorted(actor.scopes),
            }
        )


class ProblemKind(serializers.Serializer):
    """A kind of problem: what it means and what to do."""

    type = serializers.CharField()
    code = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()
    remedy = serializers.CharField()


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
        return answer({"results": [_kind(code) for code in KINDS]})


class OneProblem(OpenView):
    """One kind of problem, at the address that a problem's `type` names."""

    @extend_schema(operation_id="readProblem", summary="Read a kind of problem", responses=ProblemKind)
    def get(self, request: Request, code: str) -> HttpResponse:
        """What it means and what to do."""
        self.parameters(QuerySerializer)
        if code not in KINDS:
            raise NotKnown()
        return answer(_kind(code))


def _kind(code: str) -> dict[str, Any]:
    kind = KINDS[code]
    return {
        "type": f"/api/v1/problems/{code}/",
        "code": code,
        "status": kind.status,
        "title": str(kind.title),
        "remedy": str(kind.remedy),
    }


@login_not_required
@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """The documentation page, with a working “try it”: by a client's id and secret, or by one's own session."""
    return render(request, "api/docs.html")
