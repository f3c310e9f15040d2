"""Speaking to the API in tests: a partner's client with its token, and the answers that it gets."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from core.api.permissions import SCOPES
from facilities.models import Facility
from tests.factories.facilities import make_partner_client

SECRET = "a-secret-of-the-tests"
ALL_SCOPES = sorted(SCOPES)


@dataclass
class Api:
    """One partner's system. Every call is `(status, content, response)` behind `call`."""

    http: Client
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, content: Any = None, **headers: str) -> Any:
        """Send JSON to `/api/v1/<path>`; the response, with its content in `.data`."""
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        extra: dict[str, Any] = {}
        if content is not None:
            raw = content if isinstance(content, (bytes, str)) else json.dumps(content)
            extra = {"data": raw, "content_type": "application/json"}
        address = path if path.startswith("/") else f"/api/v1/{path}"
        response: Any = self.http.generic(method, address, headers=sent, **extra)
        response.data = json.loads(response.content) if "json" in response.get("Content-Type", "") else None
        return response

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, content: Any = None, **headers: str) -> Any:
        return self.call("POST", path, content, **headers)

    def patch(self, path: str, content: Any = None, **headers: str) -> Any:
        return self.call("PATCH", path, content, **headers)

    def step(self, referral: Any, step: str, content: Any = None, **headers: str) -> Any:
        """Take a step on the version that the referral has now."""
        etag = self.get(f"referrals/{referral.pk}/")["ETag"]
        return self.post(f"referrals/{referral.pk}/{step}/", content, If_Match=etag, **headers)

    def step_unseen(self, referral: Any, step: str, content: Any = None, version: int = 1) -> Any:
        """Take a step on a version that wasn't read."""
        return self.post(f"referrals/{referral.pk}/{step}/", content, If_Match=f'"{version}"')


def get_token(client_id: str, *, secret: str = SECRET, http: Client | None = None, **form: str) -> Any:
    """The response of the token endpoint."""
    data = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret, **form}
    return (http or Client()).post(
        "/oauth/token",
        "&".join(f"{name}={value.replace(' ', '+')}" for name, value in data.items()),
        content_type="application/x-www-form-urlencoded",
    )


def make_api(facility: Facility, *, scopes: list[str] | None = None, **values: Any) -> Api:
    """The system of a facility, signed in."""
    client = make_partner_client(
        facility.organisation, secret=SECRET, scopes=ALL_SCOPES if scopes is None else scopes, **values
    )
    http = Client()
    response = get_token(client.client_id, http=http)
    assert response.status_code == 200, response.content
    return Api(http, response.json()["access_token"])
