"""Sessions, tokens and forms of others: guessed, fixed, forged."""

import secrets
from collections.abc import Iterator
from urllib.parse import urlencode

from tools.attack.target import FORM, Target, Try, Visitor, attack

SIGN_IN = "/accounts/sign-in/"


def _session_name(visitor: Visitor) -> str:
    return next((name for name in visitor.cookies if "session" in name), "sessionid")


@attack("a session that was fixed before the sign-in", "API2")
def fixation(target: Target) -> Iterator[Try]:
    victim = target.nobody()
    planted = "a" * 32
    for name in ("sessionid", "__Host-session"):
        victim.cookies[name] = planted
    people = target.credentials["people"]
    target.sign_in(next(one for one in people if one["role"] == "clinician"), victim)
    given = victim.cookies.get(_session_name(victim), "")
    yield Try(
        "the planted session after a sign-in", "a new one" if given != planted else "kept", given != planted
    )
    stranger = Visitor(target, cookies={"sessionid": planted, "__Host-session": planted})
    answer = stranger.get("/patients/")
    yield Try("the planted session, used by who planted it", answer.short, answer.status == 302)
    stolen = dict(victim.cookies)
    victim.form("/accounts/sign-out/", {}, csrf="/accounts/profile/")
    answer = Visitor(target, cookies=stolen).get("/patients/")
    yield Try("a session after its sign-out", answer.short, answer.status == 302)


@attack("forms from another site", "API2", "API8")
def forged_forms(target: Target) -> Iterator[Try]:
    clinician = target.person("clinician")
    for path in (
        "/accounts/profile/",
        "/accounts/password/",
        "/patients/register/",
        "/accounts/sign-out/",
        "/i18n/setlang/",
    ):
        for name, headers in {
            "no token": {},
            "a made-up token": {"X-CSRFToken": "a" * 64},
            "another origin": {"Origin": "https://evil.example", "Referer": "https://evil.example/"},
        }.items():
            answer = clinician.ask("POST", path, "language=en", {"Content-Type": FORM, **headers})
            yield Try(f"POST {path} with {name}", answer.short, answer.status == 403)
    answer = clinician.send("/api/v1/patients/", {"family_name": "x"})
    yield Try("POST to the API by a session without its token", answer.short, answer.status in {401, 403})
    foreign = target.ask("GET", "/api/v1/me/", None, {"Origin": "https://evil.example"})
    allowed = foreign.headers.get("access-control-allow-origin")
    yield Try("the API asked by another site", f"Access-Control-Allow-Origin: {allowed}", allowed is None)


@attack("guessed tokens and secrets", "API2")
def guessing(target: Target) -> Iterator[Try]:
    real = target.client().headers["Authorization"].removeprefix("Bearer ")
    guesses = {
        "a random token": secrets.token_urlsafe(24),
        "a token with another last sign": real[:-1] + ("A" if real[-1] != "A" else "B"),
        "a token without its last sign": real[:-1],
        "an empty token": "",
        "a token of no algorithm": "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
    }
    for name, guess in guesses.items():
        answer = target.ask("GET", "/api/v1/patients/", None, {"Authorization": f"Bearer {guess}"})
        yield Try(name, answer.short, answer.status == 401)
    answer = target.ask("GET", f"/api/v1/patients/?access_token={real}", None, {})
    yield Try("a token in the address", answer.short, answer.status == 401)
    client = target.credentials["clients"][0]["client_id"]
    for grant in ("password", "authorization_code", "refresh_token", "implicit", "client_credentials"):
        body = urlencode(
            {
                "grant_type": grant,
                "client_id": client,
                "client_secret": "guess",
                "username": "a",
                "password": "b",
            }
        )
        answer = target.ask("POST", "/oauth/token", body, {"Content-Type": FORM})
        yield Try(f"grant_type {grant} with a guessed secret", answer.short, answer.refused)
    wide = {"grant_type": "client_credentials", "scope": "admin superuser"}
    wide |= {name: target.credentials["clients"][0][name] for name in ("client_id", "client_secret")}
    answer = target.ask("POST", "/oauth/token", urlencode(wide), {"Content-Type": FORM})
    yield Try("scopes that nobody has", answer.short, answer.refused)


@attack("does the sign-in tell which accounts exist", "API2", "API6")
def accounts(target: Target) -> Iterator[Try]:
    known = next(one for one in target.credentials["people"] if one["role"] == "auditor")["username"]
    said = {}
    for name in (known, f"nobody-{secrets.token_hex(4)}"):
        visitor = target.nobody()
        answer = visitor.form(SIGN_IN, {"username": name, "password": secrets.token_hex(6)}, csrf=SIGN_IN)
        said[name] = (answer.status, len(answer.body.replace(name.encode(), b"")) // 200)
    alike = len(set(said.values())) == 1
    yield Try("a wrong password for somebody and for nobody", f"{[one[0] for one in said.values()]}", alike)
