"""Administrators and officers who want more than they may: roles, passwords, second factors, their own requests."""

import secrets
from collections.abc import Iterator

from tools.attack.target import NotPossible, Target, Try, Visitor, attack

_PROFILE = "/accounts/profile/"


def _people(target: Target) -> dict[str, Visitor]:
    found = {}
    for role in ("clinician", "host_desk", "officer", "coordinator", "auditor"):
        try:
            found[role] = target.person(role)
        except NotPossible:
            continue
    return found


@attack("a role, a password or a second factor taken from others", "API2", "API5")
def taking(target: Target) -> Iterator[Try]:
    for role, person in _people(target).items():
        for path, fields in {
            "/facilities/people/invite/": {
                "email": "me@example.org",
                "full_name": "Me",
                "roles": "administrator",
            },
            "/facilities/people/1/link/": {},
            "/facilities/people/1/end/": {},
            "/facilities/clients/new/": {"name": "mine"},
            "/accounts/people/1/second-factor/": {"reason": "lost"},
            "/admin/accounts/user/1/change/": {"is_superuser": "on"},
            "/admin/facilities/membership/add/": {"role": "officer"},
        }.items():
            answer = person.form(path, fields, csrf=_PROFILE)
            away = answer.status == 302 and path.startswith("/admin/")
            yield Try(f"POST {path} as {role}", answer.short, answer.status in {403, 404} or away)


@attack("what an administrator of a hospital may not do", "API5")
def administrators(target: Target) -> Iterator[Try]:
    found = [
        number
        for number, one in enumerate(
            one for one in target.credentials["people"] if one["role"] == "administrator"
        )
        if one["country"]
    ]
    if not found:
        raise NotPossible("there is no hospital’s administrator")
    person = target.person("administrator", found[0])
    for path in ("/patients/", "/referrals/", "/referrals/decisions/", "/audit/", "/retention/", "/admin/"):
        answer = person.get(path)
        away = answer.status == 302 and path == "/admin/"
        yield Try(f"GET {path}", answer.short, answer.status in {403, 404} or away)
    for role in ("officer", "auditor", "coordinator"):
        answer = person.form(
            "/facilities/people/invite/",
            {"email": f"{secrets.token_hex(4)}@example.org", "full_name": "Me", "roles": role},
            csrf="/facilities/people/invite/",
        )
        yield Try(f"POST an invitation as {role} of a hospital", answer.short, answer.status in {403, 422})


@attack(
    "spraying one password, from an address that is claimed to be another one each time", "API2", quick=False
)
def spraying(target: Target) -> Iterator[Try]:
    """Of nobody's accounts, so that nobody has to wait for it; the word of an outsider on their address is nothing."""
    path, found = "/accounts/sign-in/", []
    password = secrets.token_hex(8)
    for number in range(40):
        visitor = target.nobody()
        visitor.headers["X-Forwarded-For"] = f"203.0.113.{number + 1}"
        name = f"nobody-{secrets.token_hex(4)}"
        found.append(visitor.form(path, {"username": name, "password": password}, csrf=path).status)
        if found[-1] == 429:
            break
    yield Try(f"POST {path} {len(found)} times", f"{found[-1]} in the end", found[-1] == 429)
