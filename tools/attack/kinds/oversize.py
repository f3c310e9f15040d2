"""More than anybody means: of fields, bytes, depth, headers, parameters."""

import json
from collections.abc import Iterator

from tools.attack.target import FORM, Answer, Target, Try, attack, refusals

LONGEST_REPORT = 100_000  # bytes


def _short(sent: str, answer: Answer) -> Try:
    held = answer.refused and len(answer.body) < LONGEST_REPORT
    return Try(sent, f"{answer.short}, {len(answer.body)} bytes", held)


@attack("60,000 unknown fields", "API3", "API4")
def unknown_fields(target: Target) -> Iterator[Try]:
    client = target.client()
    content = {f"f{number}": 1 for number in range(60_000)}
    yield _short("JSON with 60,000 fields", client.send("/api/v1/patients/", content))
    form = "&".join(f"f{number}=1" for number in range(60_000))
    for path in ("/oauth/token", "/accounts/sign-in/", "/i18n/setlang/"):
        yield _short(
            f"form with 60,000 fields to {path}",
            target.nobody().ask("POST", path, form, {"Content-Type": FORM}),
        )
    query = "&".join(f"a{number}" for number in range(900))
    yield _short("900 parameters", client.get(f"/api/v1/patients/?{query}"))


@attack("content too large, too deep, or a number without end", "API4")
def large_content(target: Target) -> Iterator[Try]:
    client = target.client()
    for sent, content in {
        "1.5 MB": json.dumps({"family_name": "x" * 1_500_000}),
        "30 MB": b"[" + b" " * 30_000_000 + b"]",
        "100,000 brackets": "[" * 100_000,
        "900 objects in each other": '{"a":' * 900 + "1" + "}" * 900,
        "a list of 300,000": json.dumps({"identifiers": [1] * 300_000}),
        "1e999": '{"birth_date": 1e999}',
        "a number of 5,000 digits": '{"birth_date": ' + "9" * 5000 + "}",
        "NaN": '{"birth_date": NaN}',
    }.items():
        yield _short(sent, client.send("/api/v1/patients/", content))


@attack("headers and addresses without end", "API4", "API8")
def long_headers(target: Target) -> Iterator[Try]:
    host = f"Host: {target.host}:{target.port}\r\n".encode()
    for sent, raw in {
        "an address of 100 kB": b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n" + host + b"\r\n",
        "a header of 100 kB": b"GET / HTTP/1.1\r\n" + host + b"X: " + b"x" * 100_000 + b"\r\n\r\n",
        "5,000 headers": b"GET / HTTP/1.1\r\n" + host + b"X: y\r\n" * 5000 + b"\r\n",
        "two lengths": b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        "a length and chunks": b"POST / HTTP/1.1\r\n"
        + host
        + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
        "a null character in a header": b"GET / HTTP/1.1\r\n" + host + b"X: a\x00b\r\n\r\n",
        "a null character in an address": b"GET /\x00 HTTP/1.1\r\n" + host + b"\r\n",
        "no request at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    }.items():
        answer = target.raw(raw)
        # Both headers for the length: the chunks must win and the rest must be no second request, or it is refused.
        held = (
            answer.refused
            or answer.status == 501
            or (answer.body.count(b"HTTP/1.1 ") == 1 and answer.status < 500)
        )
        yield Try(sent, answer.short, held)


@attack("odd headers that the portal reads", "API8")
def odd_headers(target: Target) -> Iterator[Try]:
    for name, value in {
        "Accept-Language": "x" * 5000,
        "If-Match": '"' + "9" * 3000 + '"',
        "Idempotency-Key": "x" * 3000,
        "Cookie": 'sessionid="\\000\\001"; csrftoken="\\000"',
        "Authorization": "Basic !!!!",
        "Content-Type": "application/json; charset=\xff",
        "X-HTTP-Method-Override": "DELETE",
    }.items():
        answer = target.ask(
            "POST", "/api/v1/patients/", "{}", {"Content-Type": "application/json", name: value}
        )
        yield from refusals({f"{name}: {value[:30]}": answer})
