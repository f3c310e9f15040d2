"""The language of an answer: the one asked for, else the person's own, else English."""

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import trans_real


def asked_for(request: HttpRequest) -> str:
    """The best language of Accept-Language that the portal speaks, "" where none is named; a cookie has no say here."""
    for tag, quality in trans_real.parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if tag == "*":
            return ""
        if not quality:
            continue
        try:
            return trans_real.get_supported_language_variant(tag)
        except LookupError:
            continue
    return ""


def activate(request: HttpRequest) -> None:
    """Speak the language that is asked for."""
    if code := asked_for(request):
        translation.activate(code)
        request.LANGUAGE_CODE = code
