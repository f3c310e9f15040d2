"""Ways to another site, and foreign names of the portal itself."""

from collections.abc import Iterator

from tools.attack.target import Target, Try, attack

AWAY = ("https://evil.example/", "//evil.example/", "/\\evil.example", "///evil.example", "javascript:alert(1)", "evil",
        "http:evil.example", "https://evil.example\\@host", "/%09/evil.example", "\t//evil.example")  # fmt: skip


@attack("ways back that lead away", "API8")
def ways_back(target: Target) -> Iterator[Try]:
    clinician = target.person("clinician")
    for where in AWAY:
        answers = {
            "language": clinician.form(
                "/i18n/setlang/", {"language": "en", "next": where}, csrf="/accounts/profile/"
            ),
            "sign-in": clinician.form("/accounts/sign-in/", {"next": where}, csrf="/accounts/profile/"),
        }
        for name, answer in answers.items():
            location = answer.headers.get("location", "/")
            held = answer.refused or (
                answer.status == 302 and location.startswith("/") and location[1:2] not in "/\\"
            )
            yield Try(f"{name}: next={where!r}", f"{answer.short} {location}", held or location == "/")


@attack("a foreign host, or a foreign proxy's word", "API8")
def hosts(target: Target) -> Iterator[Try]:
    for host in (
        "evil.example",
        "evil.example:80",
        f"{target.host}.evil.example",
        "a b",
        "127.0.0.1@evil.example",
    ):
        answer = target.ask("GET", "/accounts/sign-in/", None, {"Host": host})
        yield Try(f"Host: {host}", answer.short, answer.refused)
    own = f"{target.host}:{target.port}"
    for name in ("X-Forwarded-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"):
        answer = target.ask("GET", "/patients/", None, {"Host": own, name: "evil.example"})
        held = "evil.example" not in answer.headers.get("location", "") and b"evil.example" not in answer.body
        yield Try(f"{name}: evil.example", f"{answer.short} {answer.headers.get('location', '')}", held)
