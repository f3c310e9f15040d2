"""The portal that is attacked: requests as raw as they have to be, sessions of its people, tokens of its clients."""

import http.client
import json
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

PATIENCE = 15.0  # seconds
FORM = "application/x-www-form-urlencoded"


class Try(NamedTuple):
    """One attack as it went: what was sent, what came back, and whether the portal held."""

    sent: str
    came_back: str
    held: bool


class NotPossible(Exception):
    """The portal has no such person, client or thing, so that this can't be tried here."""


@dataclass
class Answer:
    """An answer to a request. `status` 0: the connection was closed without one."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def short(self) -> str:
        data = self.data
        code = data.get("code") or data.get("error") if isinstance(data, dict) else ""
        return f"{self.status or 'closed'}{f' {code}' if code else ''}"

    @property
    def refused(self) -> bool:
        """Whether it is a refusal, and no fault of the portal."""
        return self.status == 0 or 400 <= self.status < 500


@dataclass
class Visitor:
    """A browser, or a system with a token: cookies and headers that it keeps."""

    target: "Target"
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        sent = {**self.headers, **(headers or {})}
        if self.cookies and "Cookie" not in sent:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.target.ask(method, path, body, sent)
        jar: SimpleCookie = SimpleCookie()
        for line in answer.headers.get("set-cookie", "").split("\n"):
            jar.load(line)
        self.cookies |= {name: morsel.value for name, morsel in jar.items()}
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, {name.replace("_", "-"): value for name, value in headers.items()})

    def form(self, path: str, fields: Mapping[str, str], *, csrf: str | None = None) -> Answer:
        """Post a form, with the token of the page at `csrf` where one is named."""
        fields = dict(fields)
        if csrf is not None:
            found = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', self.get(csrf).body)
            fields["csrfmiddlewaretoken"] = found[1].decode() if found else ""
        return self.ask(
            "POST", path, urlencode(fields), {"Content-Type": FORM, "Referer": self.target.url + path}
        )

    def send(self, path: str, content: Any, method: str = "POST", **headers: str) -> Answer:
        """Send JSON, or a text as it is."""
        raw = content if isinstance(content, (str, bytes)) else json.dumps(content)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask(method, path, raw, {"Content-Type": "application/json", **named})


class Target:
    """A portal at an address, with the credentials of its demonstration."""

    def __init__(self, url: str, credentials: Mapping[str, Any]) -> None:
        self.url = url.rstrip("/")
        self.credentials = credentials
        place = urlsplit(self.url)
        self.secure = place.scheme == "https"
        self.host = place.hostname or "127.0.0.1"
        self.port = place.port or (443 if self.secure else 80)
        self._kept: dict[str, Visitor] = {}

    def connect(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
        return kind(self.host, self.port, timeout=PATIENCE)

    def ask(self, method: str, path: str, body: bytes | str | None, headers: Mapping[str, str]) -> Answer:
        connection = self.connect()
        try:
            connection.request(method, path, body.encode() if isinstance(body, str) else body, dict(headers))
            response = connection.getresponse()
            cookies = "\n".join(response.headers.get_all("Set-Cookie") or [])
            named = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, {**named, "set-cookie": cookies}, response.read())
        except (http.client.HTTPException, ConnectionError):
            return Answer(0, {}, b"")
        finally:
            connection.close()

    def raw(self, sent: bytes) -> Answer:
        """Send bytes as they are; the status of the first answer."""
        connection = self.connect()
        connection.connect()
        try:
            connection.sock.sendall(sent)
            connection.sock.settimeout(PATIENCE)
            said = connection.sock.recv(65_536)
        except (ConnectionError, TimeoutError):
            said = b""
        finally:
            connection.close()
        found = re.match(rb"HTTP/1\.\d (\d{3})", said)
        return Answer(int(found[1]) if found else 0, {}, said)

    def half_sent(self, sent: bytes) -> socket.socket:
        """A connection on which these bytes were sent, and that stays open."""
        connection = self.connect()
        connection.connect()
        connection.sock.sendall(sent)
        return connection.sock

    def nobody(self) -> Visitor:
        return Visitor(self)

    def person(self, role: str, number: int = 0) -> Visitor:
        """The browser of the n-th person of that role, signed in once."""
        found = [one for one in self.credentials["people"] if one["role"] == role]
        if len(found) <= number:
            raise NotPossible(f"there is no {role} to sign in as")
        return self._once(f"person:{found[number]['username']}", lambda: self.sign_in(found[number]))

    def sign_in(self, person: Mapping[str, str], visitor: Visitor | None = None) -> Visitor:
        visitor = visitor or self.nobody()
        path = "/accounts/sign-in/"
        fields = {name: person[name] for name in ("username", "password")}
        if visitor.form(path, fields, csrf=path).status != 302:
            raise NotPossible(f"{person['username']} could not sign in")
        second = "/accounts/second-step/"
        if second in visitor.get("/").headers.get("location", ""):
            shown = visitor.form(second, {"code": person.get("code", ""), "next": "/"}, csrf=second)
            if shown.status != 302:
                raise NotPossible(f"{person['username']} has no second step here")
        return visitor

    def client(self, number: int = 0) -> Visitor:
        """The n-th partner's system, with a token."""
        if len(self.credentials["clients"]) <= number:
            raise NotPossible("there are too few partner systems")
        return self._once(f"client:{number}", lambda: self._with_token(self.credentials["clients"][number]))

    def _with_token(self, client: Mapping[str, str]) -> Visitor:
        given = {"grant_type": "client_credentials"}
        given |= {name: client[name] for name in ("client_id", "client_secret")}
        answer = self.ask("POST", "/oauth/token", urlencode(given), {"Content-Type": FORM})
        if answer.status != 200:
            raise NotPossible(f"a partner’s system got no token: {answer.short}")
        return Visitor(self, {"Authorization": f"Bearer {answer.data['access_token']}"})

    def _once(self, key: str, make: Callable[[], Visitor]) -> Visitor:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]


Attack = Callable[[Target], Iterator[Try]]


@dataclass(frozen=True)
class Declared:
    """An attack with its words, the items of the OWASP API Top 10 (2023) that it covers, and whether it is quick."""

    run: Attack
    says: str
    covers: tuple[str, ...]
    quick: bool
    kind: str


ALL: list[Declared] = []


def attack(says: str, *covers: str, quick: bool = True) -> Callable[[Attack], Attack]:
    """Declare an attack; `covers` are numbers such as API1."""

    def declare(function: Attack) -> Attack:
        kind = function.__module__.rpartition(".")[2]
        ALL.append(Declared(function, says, covers, quick, kind))
        return function

    return declare


def refusals(tries: Mapping[str, Answer]) -> Iterator[Try]:
    """Each must have been refused."""
    for sent, answer in tries.items():
        yield Try(sent, answer.short, answer.refused)
