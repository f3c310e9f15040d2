"""What a browser is told to keep others from doing with a page."""

from collections.abc import Iterator

from tools.attack.target import Target, Try, attack

WANTED = {
    "content-security-policy": (
        "default-src 'self'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ),
    "x-content-type-options": ("nosniff",),
    "referrer-policy": ("same-origin",),
    "cross-origin-opener-policy": ("same-origin",),
    "cross-origin-resource-policy": ("same-origin",),
    "permissions-policy": ("camera=()", "geolocation=()", "microphone=()"),
    "x-frame-options": ("DENY",),
}


@attack("headers of pages, errors and answers", "API8")
def headers(target: Target) -> Iterator[Try]:
    pages = {
        "the sign-in": target.nobody().get("/accounts/sign-in/"),
        "a list": target.person("clinician").get("/patients/"),
        "a missing page": target.person("clinician").get("/nothing-here/"),
        "a broken address": target.nobody().get("/?q=%00"),
        "the API": target.client().get("/api/v1/me/"),
        "a refusal of the API": target.nobody().get("/api/v1/me/"),
        "the token endpoint": target.nobody().ask("POST", "/oauth/token", ""),
    }
    for name, answer in pages.items():
        missing = [
            f"{header}: {word}"
            for header, words in WANTED.items()
            for word in words
            if word not in answer.headers.get(header, "")
        ]
        unsafe = "unsafe" in answer.headers.get("content-security-policy", "")
        yield Try(name, f"missing {missing}" if missing else "all there", not missing and not unsafe)
        private = "store" in answer.headers.get("cache-control", "") or name not in {"a list", "the API"}
        yield Try(f"{name}, in a cache", answer.headers.get("cache-control", "no word"), private)


@attack("cookies that scripts or other hosts could read", "API8")
def cookies(target: Target) -> Iterator[Try]:
    visitor = target.nobody()
    people = target.credentials["people"]
    fields = {
        name: next(one for one in people if one["role"] == "clinician")[name]
        for name in ("username", "password")
    }
    answer = visitor.form("/accounts/sign-in/", fields, csrf="/accounts/sign-in/")
    for line in filter(None, answer.headers["set-cookie"].split("\n")):
        name = line.partition("=")[0]
        held = "HttpOnly" in line and "SameSite=Lax" in line and "Path=/" in line and "Domain=" not in line
        if target.secure:
            held = held and name.startswith("__Host-") and "Secure" in line
        yield Try(f"cookie {name}", line.partition(";")[2].strip(), held)


@attack("what an error tells", "API8")
def errors(target: Target) -> Iterator[Try]:
    for path in ("/nothing-here/", "/api/v1/nothing/", "/?q=%00", "/api/v1/patients/%00/", "/oauth/nothing"):
        body = target.nobody().get(path).body
        told = [
            word
            for word in (b"Traceback", b"django", b"psycopg", b"/site-packages", b"DEBUG", b"gunicorn")
            if word in body
        ]
        yield Try(f"GET {path}", f"tells {told}" if told else "nothing of its insides", not told)
