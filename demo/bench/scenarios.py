"""What is measured: the requests, their data, and the statements that each of them makes."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from demo.bench import load


@dataclass
class Scenario:
    """A request that is measured: what it is called, and how it's made. `again`: a content may be sent
    repeatedly. `leaves_work` for the workers."""

    name: str
    path: str
    headers: dict[str, str]
    method: str = "GET"
    bodies: list[bytes] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    again: bool = False
    leaves_work: bool = False
    used: int = 0

    def shots(self) -> Iterator[load.Shot]:
        """Requests without end, or as long as there are contents."""
        if not self.bodies or self.again:
            shot = load.Shot(self.method, self.path, self.headers, self.bodies[0] if self.bodies else None)
            while True:
                yield shot
        while self.used < len(self.bodies):
            self.used += 1
            yield load.Shot(self.method, self.path, self.headers, self.bodies[self.used - 1])

    def floor_shots(self) -> Iterator[load.Shot]:
        """The same for the floor, which takes the first content again and again."""
        headers = {"Content-Type": "application/json"} if self.bodies else {}
        shot = load.Shot(self.method, self.floor_path, headers, self.bodies[0] if self.bodies else None)
        while True:
            yield shot

    @property
    def floor_path(self) -> str:
        return "/" + self.name.replace(" ", "-")


def prepare(number: int) -> list[Scenario]:
    """Fill the database with so many referrals; what is measured on them."""
    from demo.prepare import collect_static
    from portal import release

    release.set_up()
    release.run(release.steps())
    from django.db import connection

    from demo.bench.fill import fill

    began = time.monotonic()
    collect_static()
    data = fill(number)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"  {number} referrals are made{time.monotonic() - began:24.1f} s", flush=True)
    scenarios = _scenarios(data)
    for scenario in scenarios:
        scenario.statements = _sql_of(scenario)
    os.environ["BENCH_DSN"] = _dsn(connection.get_connection_params())
    connection.close()
    return scenarios


def _scenarios(data: Any) -> list[Scenario]:
    token = token_of(data.client_id, data.client_secret)
    api = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    sent = {**api, "Content-Type": "application/json"}
    bodies = [json.dumps(body).encode() for body in data.bodies]
    search = json.dumps({"name": "Test Patient", "birth_date": "1980"}).encode()

    def page(name: str, path: str, who: str) -> Scenario:
        return Scenario(name, path, {"Cookie": f"sessionid={data.sessions[who]}", "Accept": "text/html"})

    return [
        Scenario("list of 20", "/api/v1/referrals/?limit=20", api),
        Scenario("one referral", f"/api/v1/referrals/{data.sent}/", api),
        Scenario(
            "create and submit", "/api/v1/referrals/", sent, method="POST", bodies=bodies, leaves_work=True
        ),
        Scenario("latest patients", "/api/v1/patients/?limit=20", api),
        Scenario(
            "patient search", "/api/v1/patients/search/", sent, method="POST", bodies=[search], again=True
        ),
        Scenario("facility list", "/api/v1/facilities/?limit=20", api),
        Scenario("facility search", "/api/v1/facilities/?q=hospital&limit=20", api),
        Scenario("ICD-10 search", "/api/v1/icd10/?q=mitral+insufficiency", api),
        page("worklist page", "/referrals/?tab=others", "clinician"),
        page("decision list page", "/referrals/decisions/", "officer"),
        page("desk page", "/referrals/desk/", "desk"),
        page("patients page", "/patients/", "clinician"),
        page("facilities page", "/facilities/", "clinician"),
        page("case page", f"/referrals/{data.sent}/", "clinician"),
        page("decision page", f"/referrals/{data.in_review}/decide/", "officer"),
    ]


def token_of(client_id: str, secret: str) -> str:
    """A token that lasts for the whole run."""
    from datetime import timedelta

    from django.test import Client
    from django.utils import timezone
    from oauth2_provider.models import get_access_token_model

    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    response = Client(headers={"host": "127.0.0.1"}).post(
        "/oauth/token",
        "&".join(f"{name}={value}" for name, value in form.items()),
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 200, response.content
    get_access_token_model().objects.update(expires=timezone.now() + timedelta(hours=6))
    token: str = response.json()["access_token"]
    return token


def _sql_of(scenario: Scenario) -> list[str]:
    """The statements of one request, with their values; what it wrote is taken back."""
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    headers = {**scenario.headers, "host": "127.0.0.1"}
    http = Client(headers={name: value for name, value in headers.items() if name != "Content-Type"})
    body: dict[str, Any] = (
        {"data": scenario.bodies[0], "content_type": "application/json"} if scenario.bodies else {}
    )
    if not body:
        http.generic(scenario.method, scenario.path)  # what is kept between requests is filled
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        response = http.generic(scenario.method, scenario.path, **body)
        transaction.set_rollback(True)
    assert response.status_code in (200, 201), response.content[:500]
    skipped = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    return [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(skipped)]


def _dsn(parameters: dict[str, Any]) -> str:
    from psycopg2.extensions import make_dsn

    known = {
        name: parameters[name]
        for name in ("dbname", "user", "password", "host", "port", "options")
        if parameters.get(name)
    }
    return str(make_dsn(**known))
