"""The published list of keys: for everybody, so that a paper can be verified without asking the portal."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from core.errors import NotKnown
from trust.keys import published

#: Seconds for which a list may be kept: far less than a new key waits before it signs.
KEPT = 3600


@login_not_required
@require_safe
def keys(request: HttpRequest, country: str = "") -> JsonResponse:
    """The keys of one ministry, or of all."""
    found = published(country)
    if country and not found["verificationMethod"]:
        raise NotKnown()
    answer = JsonResponse(found, content_type="application/did+json")
    answer["Cache-Control"] = f"public, max-age={KEPT}"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
