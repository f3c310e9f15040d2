"""`manage.py proxy_pages`: write what the proxy answers by itself, from the API's kinds of problems and our own pages.

The proxy answers alone when a request never reaches the portal, or when no answer comes back from it.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core import languages
from core.api.kinds import KINDS
from core.errors import Text
from portal import refusing

TARGET = Path(settings.BASE_DIR) / "deploy"
_AGAIN = _("Go back, load the page again and repeat the step.")
#: The words for people by the page's name, the heading first. All of them are those of the portal's own pages.
PAGES: dict[str, tuple[Text, ...]] = {
    "unreadable": (
        _("The request can’t be read"),
        _("The portal could not make sense of what the browser sent. Nothing was changed."),
        _AGAIN,
    ),
    "missing": (
        _("There is nothing here"),
        _("Check the address, or look for it in your lists."),
    ),
    "late": (_("The request didn’t arrive in time"), _AGAIN),
    "large": (
        _("The content is too large"),
        _("Nothing was changed. Go back, correct it and send it again."),
    ),
    "many": (
        _("Too many requests"),
        _(
            "So many requests came from here within a short time that the portal pauses to stay quick for everyone. "
            "Nothing was lost."
        ),
        _("Wait a minute, then load the page again."),
    ),
    "away": (
        _("The portal is away for a moment"),
        _(
            "It is being looked after or has too much to do. Drafts and everything that you sent before are safe."
        ),
        _("Load the page again in a minute."),
    ),
}
#: What the proxy refuses, or can't get: the code of the problem and the page, by status.
REFUSED = {
    400: ("bad_request", "unreadable"),
    404: ("not_found", "missing"),
    405: ("method_not_allowed", "unreadable"),
    408: ("request_timeout", "late"),
    411: ("length_required", "unreadable"),
    413: ("too_large", "large"),
    414: ("uri_too_long", "unreadable"),
    429: ("throttled", "many"),
    431: ("headers_too_large", "unreadable"),
    500: ("server_error", "away"),
    501: ("not_implemented", "unreadable"),
    502: ("bad_gateway", "away"),
    503: ("unavailable", "away"),
    504: ("gateway_timeout", "away"),
}
#: Seconds after which it makes sense to try again.
RETRY_AFTER = {429: 5, 502: 5, 503: 5, 504: 5}
_STYLE = (
    "body{margin:0;font:1.125rem/1.5 system-ui,sans-serif;color:#10202b;background:#fff}"
    "main{max-width:40rem;margin:0 auto;padding:1.5rem}"
    "h1,h2{font-size:1.375rem;line-height:1.25;margin:0 0 .5rem}"
    "section{border-top:1px solid #b1b4b6;padding:1rem 0}p{margin:0 0 .5rem}code{word-break:break-all}"
)


class Command(BaseCommand):
    help = "Write the proxy's own answers into deploy/. With --check, say whether they are current."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where a file is old")

    def handle(self, *args: object, **options: object) -> None:
        for name, text in files():
            path = TARGET / name
            if not options["check"]:
                path.write_text(text, "utf-8")
            elif not path.exists() or path.read_text("utf-8") != text:
                raise CommandError(f"{name} is old. Run manage.py proxy_pages and commit it.")


def files() -> Iterator[tuple[str, str]]:
    """Each file's path in deploy/ and its text."""
    for name, sentences in PAGES.items():
        yield f"errors/{name}.html", _page(sentences)
    yield "nginx-errors.conf", "\n".join(_maps())


def _page(sentences: tuple[Text, ...]) -> str:
    texts = []
    for language in languages.LANGUAGES:
        with translation.override(language.code):
            texts.append((language, [str(sentence) for sentence in sentences]))
    return render_to_string("proxy/page.html", {"texts": texts, "style": f"<style>{_STYLE}</style>"})


def _maps() -> Iterator[str]:
    """nginx's own variables, by the status of the refusal."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    yield "# `manage.py proxy_pages` writes this file; a test fails when it isn't current."
    yield "map $status $portal_problem {"
    for status, (code, _page_name) in REFUSED.items():
        yield f"    {status} '{_problem(status, code)}';"
    yield "}\nmap $status $portal_page {"
    for status, (_code, page) in REFUSED.items():
        yield f"    {status} {page};"
    yield "}\nmap $status $portal_retry_after {"
    for status, seconds in RETRY_AFTER.items():
        yield f"    {status} {seconds};"
    yield "}\n# The digest of the pages' own style.\nmap $status $portal_policy {"
    yield f"    default \"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'\";"
    yield "}\n"


def _problem(status: int, code: str) -> str:
    """In English, as all that is answered without having been read (`portal.refusing`)."""
    with translation.override("en"):
        kind, own = KINDS[code], refusing.KINDS.get(status)
        said = {
            "type": f"/api/v1/problems/{code}/",
            "title": str(kind.title),
            "status": status,
            "code": code,
            "detail": own.detail if own and own.code == code else f"{kind.title}.",
            "remedy": str(kind.remedy),
            "request_id": "$portal_request_id",
        }
    return json.dumps(said, ensure_ascii=False)
