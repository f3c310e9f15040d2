"""What is no text: null characters, broken UTF-8, lone surrogates, in every place that a request has."""

import json
from collections.abc import Iterator

from tools.attack.target import FORM, Target, Try, attack, refusals

BROKEN = {
    "a null character": "%00",
    "broken UTF-8": "%FF",
    "a lone surrogate": "%ED%A0%80",
    "overlong": "%C0%80",
}


@attack("no text in addresses", "API8")
def addresses(target: Target) -> Iterator[Try]:
    clinician, client = target.person("clinician"), target.client()
    for name, value in BROKEN.items():
        yield from refusals(
            {
                f"{name} in a page’s parameter": clinician.get(f"/facilities/?q={value}"),
                f"{name} in a page’s address": clinician.get(f"/referrals/agreements/x{value}/"),
                f"{name} in the API’s parameter": client.get(f"/api/v1/patients/?cursor={value}"),
                f"{name} in the API’s address": client.get(f"/api/v1/patients/{value}/"),
                f"{name} in the sign-in’s way back": target.nobody().get(f"/accounts/sign-in/?next=/{value}"),
                f"{name} in the administration": target.nobody().get(f"/admin/login/?next={value}"),
            }
        )


@attack("no text in content", "API8")
def contents(target: Target) -> Iterator[Try]:
    client = target.client()
    for name, value in BROKEN.items():
        body = f"username=a{value}&password=b{value}&grant_type=client_credentials&client_id={value}&client_secret=x"
        for path in ("/oauth/token", "/oauth/revoke", "/accounts/sign-in/", "/i18n/setlang/"):
            answer = target.nobody().ask("POST", path, body, {"Content-Type": FORM})
            yield from refusals({f"{name} in a form to {path}": answer})
    names = (
        "family_name",
        "given_name",
        "birth_date",
        "sex",
        "telephone",
        "email",
        "address",
        "preferred_language",
    )
    for sent, raw in {
        "null characters": json.dumps(dict.fromkeys(names, "a\x00b")),
        "a lone surrogate": '{"family_name": "\\ud800"}',
        "broken UTF-8": b'{"family_name": "\xff\xfe"}',
        "wrong types": json.dumps({key: {"a": [1]} for key in names}),
        "null as content": "null",
    }.items():
        yield from refusals({f"{sent} in JSON": client.send("/api/v1/patients/", raw)})
