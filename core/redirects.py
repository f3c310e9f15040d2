"""The way back that a request names: to a page of the portal, or nowhere."""

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 1000


def named_way_back(request: HttpRequest) -> str:
    """The address in `next` of the form or the query; empty unless it is a path on this host."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    # A path only: a bare word would be looked up as the name of a page, and “//host” leads away.
    if not url.startswith("/") or len(url) > LONGEST or not url.isprintable():
        return ""
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if safe else ""


def back_or(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """To where the request came from, else to the address `otherwise`."""
    return HttpResponseRedirect(named_way_back(request) or otherwise)
