"""One page with every component on it, and a server that shows it. No database, no sign-in: only the look."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from core.forms import (
    Choice,
    CleanCharField,
    CleanTextField,
    HintedRadioSelect,
    PortalForm,
    SearchChoiceField,
    SplitDateField,
)

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:"

CODES = [
    Choice("I34.0", "Митральная (клапанная) недостаточность", "I34.0", "Mitral (valve) insufficiency"),
    Choice("I05.0", "Митральный стеноз", "I05.0", "Rheumatic mitral stenosis"),
    Choice(
        "I05.1",
        "Ревматическая недостаточность митрального клапана",
        "I05.1",
        "Rheumatic mitral insufficiency",
    ),
]

# The longest terms of the five languages: ministries, funds, centres, specialties.
WORDS = {
    "en": [
        "Ministry of Health of the Republic of Kazakhstan",
        "Specialised research and practice medical centre",
    ],
    "ru": [
        "Государственный фонд медицинского страхования (Узбекистан)",
        "Фельдшерско-акушерский пункт, оториноларингология",
    ],
    "kk": [
        "Мамандандырылған ғылыми-практикалық медициналық орталық",
        "Қазақстан Республикасы Денсаулық сақтау министрлігі",
    ],
    "uz": [
        "Qozogʻiston Respublikasi Sogʻliqni saqlash vazirligi",
        "Feldsherlik-akusherlik punkti, otorinolaringologiya",
    ],
    "ky": [
        "Казакстан Республикасынын Саламаттык сактоо министрлиги",
        "Фельдшердик-акушердик пункт, дерматовенерология",
    ],
}

PAGE = Path(__file__).with_name("gallery.html")


class GalleryForm(PortalForm):
    diagnosis = SearchChoiceField(
        label="Diagnosis",
        search=lambda query: CODES,
        find=lambda value: next((choice for choice in CODES if choice.value == value), None),
        suggest_url="/suggest",
        help_text="Type a code or words.",
    )
    goal = CleanTextField(label="What should the treatment achieve?", noun="The goal", max_length=200)
    born = SplitDateField(label="Date of birth")
    name = CleanCharField(label="Family name")
    phone = CleanCharField(label="Phone", max_length=1, required=False)
    decision = forms.ChoiceField(label="Decision", widget=HintedRadioSelect, choices=())
    languages = forms.MultipleChoiceField(
        label="Languages", widget=forms.CheckboxSelectMultiple, choices=(), required=False
    )
    told = forms.BooleanField(label="The patient was told")
    payer = forms.ChoiceField(label="Who pays", choices=())

    def __init__(self, *args: Any, long: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("decision", "languages", "payer"):
            self.fields[name].choices = [("a", long), ("b", "B")]  # type: ignore[attr-defined]
        self.fields["decision"].widget.choices_hints = {"a": long}  # type: ignore[attr-defined]
        self.fields["told"].label = long


class Notice(str):
    """A message with its level, as Django's framework gives it."""

    level_tag: str

    def __new__(cls, level: str, text: str) -> "Notice":
        notice = super().__new__(cls, text)
        notice.level_tag = level
        return notice


class Person(str):
    """Somebody who is signed in."""

    is_authenticated = True


class FilterForm(PortalForm):
    q = CleanCharField(label="Search", required=False)
    direction = forms.ChoiceField(label="Direction", choices=[("", "All")], required=False)


def context(language: str, *, wrong: bool) -> dict[str, Any]:
    """What the gallery's page shows, with the longest words of `language`; `wrong` fills the form badly."""
    long, other = WORDS[language]
    country = SimpleNamespace(code="KZ", name="Kazakhstan")
    data = {"born_day": "31", "born_month": "2", "born_year": "2024", "phone": "12"} if wrong else None
    form = GalleryForm(data, long=long, initial={"goal": other})
    route = {
        "from_country": country,
        "from_name": long,
        "from_place": other,
        "to_country": "KG",
        "to_name": other,
        "to_place": long,
        "distance": 1195.2,
        "crossing": "Korday / Ak-Jol",
        "crossing_status": long,
        "as_of": "14.11",
    }
    return {
        "long": long,
        "form": form,
        "filter_form": FilterForm(auto_id="filter_%s"),
        "kinds": ["ok", "warn", "bad", "info", "wait", "emergency"],
        "route": route,
        "unknown": {"from_country": country, "from_name": long, "distance": None},
        "tabs": [
            {"url": "#", "label": word, "count": 4, "current": not place}
            for place, word in enumerate([long, other])
        ],
        "rules": [
            {
                "kind": "bad",
                "outcome": "failed",
                "title": long,
                "sentence": other,
                "basis": "MED-01",
                "evidence": other,
                "evidence_url": "#",
                "remedy": long,
                "remedy_url": "#",
                "remedy_text": other,
            },
            {"kind": "ok", "outcome": "passed", "title": long, "sentence": other, "basis": "IDN-01"},
        ],
        "facts": [
            {"key": long, "value": other, "url": "#", "action": "Change"},
            {"key": other, "lines": [long, other]},
        ],
        "clocks": [
            {"kind": kind, "sentence": long, "of": other, "percent": 61, "note": long}
            for kind in ("running", "late", "stopped", "met")
        ],
        "steps": [
            {"state": state, "title": long, "lines": [other]}
            for state in ("done", "current", "stopped", "todo")
        ],
        "stepper": [
            {"label": word, "state": state, "url": "#"}
            for word, state in [
                (long, "done"),
                (other, "current"),
                (long, "todo"),
                (other, "todo"),
                (long, "todo"),
                ("F", "todo"),
            ]
        ],
        "page": SimpleNamespace(number=2, has_previous=True, has_next=True, previous_number=1, next_number=3),
        "actor": SimpleNamespace(organisation_name=long),
        "user": Person(long),
        "navigation": [
            {"url": "#", "label": word, "count": 3, "current": not place}
            for place, word in enumerate([long, *other.split()[:4]])
        ],
        "messages": [Notice(tag, long) for tag in ("success", "error", "warning", "info")],
    }


def gallery_html(language: str, *, wrong: bool = False) -> str:
    """The gallery's page."""
    request = RequestFactory().get("/?page=2")
    template = engines["django"].from_string(PAGE.read_text())
    return template.render(context(language, wrong=wrong), request=request)  # type: ignore[no-any-return]


class Gallery:
    """What the server shows, and what it was sent."""

    def __init__(self, pages: dict[str, str]) -> None:
        self.pages = pages
        self.posts: list[tuple[str, str]] = []
        self.polls = 0
        self.url = ""

    def answer(self, path: str) -> tuple[int, str, bytes, dict[str, str]]:
        """(status, content type, body, headers) for a GET."""
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            return 200, TYPES[file.suffix], file.read_bytes(), {}
        if path == "/suggest":
            rows = [choice.as_dict() for choice in CODES]
            return 200, "application/json", json.dumps({"results": rows}).encode(), {}
        if path == "/poll":
            self.polls += 1
            headers = {"X-Poll": "done"} if self.polls > 1 else {}
            return 200, "text/html", f"<p>Asked {self.polls}</p>".encode(), headers
        html = self.pages.get(path)
        return (200, "text/html", html.encode(), {}) if html else (404, "text/plain", b"", {})


@contextmanager
def serve(pages: dict[str, str]) -> Iterator[Gallery]:
    """Serve the pages and the static files on a free port of this machine, under the portal's own policy."""
    gallery = Gallery(pages)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply(*gallery.answer(self.path.split("?")[0]))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            gallery.posts.append((self.path, body))
            message = json.dumps({"message": "Draft saved at 16:42."}).encode()
            self.reply(200, "application/json", message, {})

        def reply(self, status: int, kind: str, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {
                "Content-Type": f"{kind}; charset=utf-8",
                "Content-Security-Policy": POLICY,
            }.items():
                self.send_header(name, value)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Be quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *args: Any) -> None:
            """A browser that leaves before the answer is no fault."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    gallery.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield gallery
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def error_page(name: str) -> str:
    """An error page as it stands when nothing else works."""
    return render_to_string(f"errors/{name}.html")
