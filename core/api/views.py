"""What every endpoint of the API is: signed in, limited, in the language asked for, and strict about its input."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, ClassVar, TypeVar

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from rest_framework.exceptions import Throttled
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from core.accounts.middleware import without_transaction
from core.actors import Actor
from core.api import bodies, conditional, language, throttling
from core.api.authentication import SessionAuthentication, TokenAuthentication
from core.api.fields import QuerySerializer, StrictSerializer, read_query, reader_of, wrong_type
from core.api.jsonio import JsonParser, JsonRenderer, not_modified, read
from core.api.kept_answers import Kept
from core.api.permissions import HasScope
from core.db import as_actor
from core.errors import NotKnown

VERSION = "1"
AnySerializer = TypeVar("AnySerializer", bound=Serializer)


class ApiView(APIView):
    """The base of every endpoint. `resource` is the first half of the scopes that a token needs.

    Who asks is known only inside the view, so it opens the actor's transaction itself: after the limits, since a
    request that is undone counts too, and nobody's request should wait for another's count.
    """

    resource: ClassVar[str] = ""
    only_reads: ClassVar[bool] = False
    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [HasScope]
    throttle_classes = [throttling.ClientThrottle]
    parser_classes = [JsonParser]
    renderer_classes = [JsonRenderer]
    metadata_class = None  # OPTIONS says no more than the schema does
    http_method_names = ["get", "head", "post", "patch"]

    @property
    def actor(self) -> Actor:
        """Who asks; there is always somebody behind `HasScope`."""
        actor: Actor = self.request.actor  # type: ignore[attr-defined]
        return actor

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        return without_transaction(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with ExitStack() as self._transaction:
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        language.activate(request._request)
        bodies.load(request._request)
        super().initial(request, *args, **kwargs)
        actor: Actor | None = getattr(request._request, "actor", None)
        if actor is not None:
            self.prepare()
            self._transaction.enter_context(as_actor(actor))

    def prepare(self) -> None:
        """What must stand whatever becomes of the request: called before the actor's transaction begins."""

    def content(self, kind: type[StrictSerializer]) -> dict[str, Any]:
        """The request's checked content; an empty body is an empty object. Raises ValidationError (422)."""
        raw = self.request.body
        data = read(raw) if raw.strip() else {}
        if not isinstance(data, dict):
            raise wrong_type(dict, data)
        return dict(reader_of(kind).run_validation(data))

    def parameters(self, kind: type[QuerySerializer]) -> dict[str, Any]:
        """The checked parameters of the address."""
        return read_query(kind, self.request.query_params)

    def version(self, shown: Callable[[], conditional.Shown]) -> int:
        """The version that If-Match names, if the answer that `shown` writes anew is as it was. Raises 428 or 412.

        It writes what its reader was shown, and notes nothing: nobody is shown it now.
        """
        return conditional.expected_version(self.request.headers.get("If-Match"), shown)

    def again(self, kept: Kept, **kwargs: Any) -> HttpResponse:
        """What a repeated request is answered with: what it made or changed, as its reader may see it now."""
        raise NotImplementedError

    def check_throttles(self, request: Request) -> None:
        """Once for each request, however early it was refused."""
        if not hasattr(request._request, "api_count"):
            super().check_throttles(request)

    def handle_exception(self, exc: Exception) -> Any:
        """Whoever is refused before the limits were asked (no token, no scope, too much content) counts as well."""
        try:
            self.check_throttles(self.request)
        except Throttled as throttled:
            exc = throttled
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        known, tag = request.headers.get("If-None-Match"), response.get("ETag", "")
        if request.method in SAFE_METHODS and tag and conditional.is_known(known, tag):
            response = not_modified(response)
        response["API-Version"] = VERSION
        if result := getattr(request._request, "api_count", None):
            throttling.add_headers(response, result)
        return response


class OpenView(ApiView):
    """An endpoint that explains the API and needs no sign-in."""

    authentication_classes = []
    permission_classes = []


class UnknownPath(OpenView):
    """Everything under the API that isn't there: a problem, not a page. A missing last slash is put right."""

    schema = None
    http_method_names = ["get", "head", "post", "patch", "put", "delete", "options"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotKnown()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.path.endswith("/"):
            try:
                found = resolve(f"{request.path_info}/")
            except Resolver404:
                found = None
            if found is not None and getattr(found.func, "cls", None) is not UnknownPath:
                query = request.META.get("QUERY_STRING", "")
                target = f"{request.path}/?{query}" if query else f"{request.path}/"
                return HttpResponse(status=308, headers={"Location": target})
        return super().dispatch(request, *args, **kwargs)
