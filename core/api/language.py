"""The language of an answer: the one asked for, else the person's own, else English."""

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import trans_real


def activate(request: HttpRequest) -> None:
    """Speak the best language of Accept-Language; a cookie of the pages has no say here."""
    for tag, _quality in trans_real.parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if tag == "*":
            return
        try:
            code = trans_real.get_supported_language_variant(tag)
        except LookupError:
            continue
        translation.activate(code)
        request.LANGUAGE_CODE = code
        return
