"""What is not for this role, not for this method, or not for the public at all."""

from collections.abc import Iterator

from tools.attack.target import NotPossible, Target, Try, attack

ONLY_INSIDE = (
    "/", "/patients/", "/patients/register/", "/referrals/", "/referrals/decisions/", "/referrals/desk/", "/audit/",
    "/messages/", "/facilities/", "/facilities/clients/", "/accounts/profile/", "/kept/", "/admin/",
    "/admin/accounts/user/",
)  # fmt: skip
NOT_THERE = (
    "/.env", "/.git/config", "/static/../portal/settings/__init__.py", "/static/..%2f..%2fmanage.py", "/backup.sql",
    "/docker-compose.yml", "/debug/", "/__debug__/", "/metrics", "/server-status", "/api/", "/api/v0/",
    "/api/v2/patients/", "/api/v1/users/", "/api/v1/audit/", "/oauth/applications/", "/oauth/authorize",
    "/oauth/introspect", "/admin/jsi18n/../../.env",
    "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js.map",
)  # fmt: skip


@attack("pages without signing in", "API2", "API5")
def without_sign_in(target: Target) -> Iterator[Try]:
    for path in ONLY_INSIDE:
        answer = target.nobody().get(path)
        to_sign_in = answer.status == 302 and (
            "/sign-in/" in answer.headers["location"] or "login" in answer.headers["location"]
        )
        yield Try(
            f"GET {path}",
            f"{answer.short} {answer.headers.get('location', '')}",
            to_sign_in or answer.refused,
        )
    for path in ("patients", "referrals", "facilities", "me", "agreements"):
        answer = target.nobody().get(f"/api/v1/{path}/")
        yield Try(f"GET /api/v1/{path}/", answer.short, answer.status == 401)


@attack("pages of other roles", "API5")
def other_roles(target: Target) -> Iterator[Try]:
    forbidden = {
        "clinician": (
            "/referrals/decisions/",
            "/referrals/desk/",
            "/audit/",
            "/facilities/clients/",
            "/admin/",
        ),
        "officer": ("/patients/", "/referrals/desk/", "/audit/", "/facilities/clients/", "/admin/"),
        "host_desk": ("/patients/", "/referrals/decisions/", "/audit/", "/admin/"),
        "auditor": ("/patients/", "/referrals/", "/referrals/decisions/", "/facilities/clients/", "/admin/"),
        "administrator": ("/patients/", "/referrals/", "/referrals/decisions/", "/audit/"),
    }
    for role, paths in forbidden.items():
        try:
            person = target.person(role)
        except NotPossible:
            continue
        for path in paths:
            answer = person.get(path)
            away = answer.status == 302 and path.startswith("/admin/")
            yield Try(f"GET {path} as {role}", answer.short, answer.status in {403, 404} or away)


@attack("methods that are not offered", "API5", "API8")
def methods(target: Target) -> Iterator[Try]:
    client = target.client()
    for path in ("/api/v1/patients/", "/api/v1/facilities/", "/api/v1/me/", "/oauth/token", "/healthz"):
        for method in ("PUT", "DELETE", "TRACE", "CONNECT", "PROPFIND", "OPTIONS", "get"):
            answer = client.ask(method, path)
            held = (
                answer.refused
                or answer.status == 501
                or (method == "OPTIONS" and answer.status < 300 and not answer.body)
            )
            yield Try(f"{method} {path}", answer.short, held)
    over = client.ask(
        "POST", "/api/v1/me/", "{}", {"X-HTTP-Method-Override": "GET", "Content-Type": "application/json"}
    )
    yield Try("POST for a GET by X-HTTP-Method-Override", over.short, over.refused)


@attack("what nobody should find", "API9", "API8")
def inventory(target: Target) -> Iterator[Try]:
    for path in NOT_THERE:
        answer = target.nobody().get(path)
        yield Try(
            f"GET {path}",
            answer.short,
            answer.status in {0, 302, 308, 400, 401, 404} and b"SECRET" not in answer.body,
        )
    ready = target.nobody().get("/readyz")
    yield Try("GET /readyz", str(ready.data), set(ready.data or {}) == {"status"})
