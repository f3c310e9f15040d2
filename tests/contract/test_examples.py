"""What the papers promise about the API works: the example, the walk-through."""

import gzip
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from referrals.models import Referral
from tests.demonstration import Demo
from tests.factories import referrals as make
from tests.factories.api import ALL_SCOPES, SECRET
from tests.factories.facilities import World, make_partner_client, make_world_with_cast

ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def clients(transactional_db: None) -> list[dict[str, str]]:
    """Credentials of a Kazakh and a Kyrgyz hospital's systems, as the demonstration writes them."""
    world: World = make_world_with_cast()
    make.make_agreement()
    return [
        {
            "organisation": facility.name,
            "country": facility.country_code,
            "client_id": make_partner_client(
                facility.organisation, secret=SECRET, scopes=ALL_SCOPES
            ).client_id,
            "client_secret": SECRET,
        }
        for facility in (world.korday, world.bishkek)
    ]


def test_the_example_files_and_answers(demo: Demo) -> None:
    """On the running demonstration, with the credentials that it wrote."""
    example = ROOT / "examples" / "hospital.py"
    assert len(example.read_text("utf-8").splitlines()) <= 60
    done = subprocess.run(
        [sys.executable, example, demo.url, demo.credentials_file],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "close: now Closed" in done.stdout


def test_a_running_portal_reads_bodies_in_chunks_and_refuses_in_problems(demo: Demo) -> None:
    """As programs send that don't know the length beforehand; through gunicorn and its waiting room."""
    one = demo.credentials["clients"][0]
    host = demo.url.removeprefix("http://")

    def ask(method: str, path: str, *pieces: bytes, **headers: str) -> tuple[int, Any, str]:
        line = http.client.HTTPConnection(host, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, path, iter(pieces) if pieces else None, sent, encode_chunked=bool(pieces))
        answer = line.getresponse()
        said = json.loads(answer.read() or b"null")
        line.close()
        return answer.status, said, answer.headers["Content-Type"]

    chunked = {"Transfer_Encoding": "chunked"}
    form = f"grant_type=client_credentials&client_id={one['client_id']}&client_secret={one['client_secret']}"
    kind = "application/x-www-form-urlencoded"
    status, given, _kind = ask(
        "POST", "/oauth/token", form[:20].encode(), form[20:].encode(), Content_Type=kind, **chunked
    )
    assert status == 200, given
    signed = {"Authorization": f"Bearer {given['access_token']}", "Content_Type": "application/json"}
    search = ask("POST", "/api/v1/patients/search/", b'{"birth', b'_date": "1900"}', **signed, **chunked)
    assert (search[0], search[1]["results"]) == (200, [])
    number = 2**63
    for path, headers, status, code in (
        (f"/api/v1/facilities/{number}/", {}, 404, "not_found"),
        (f"/api/v1/facilities/{'9' * 3000}/", {}, 404, "not_found"),
        ("/api/v1/facilities/?limit=1e999", {}, 422, "invalid"),
        ("/api/v1/nothing/", {}, 404, "not_found"),
        ("/api/v1/me/", {"Host": "elsewhere.example"}, 400, "wrong_host"),
        (f"/api/v1/me/?{'x' * 6000}", {}, 414, "uri_too_long"),
        ("/api/v1/me/", {"X_Long": "x" * 9000}, 431, "headers_too_large"),
    ):
        found = ask("GET", path, **signed, **headers)
        assert (found[0], found[1]["code"], found[2]) == (status, code, "application/problem+json")


def test_a_running_portal_takes_http_at_its_word(demo: Demo) -> None:
    """What proxies and libraries make of a request on its way, through gunicorn and its waiting room."""
    one = demo.credentials["clients"][0]
    host, port = demo.url.removeprefix("http://").split(":")
    form = f"grant_type=client_credentials&client_id={one['client_id']}&client_secret={one['client_secret']}"

    def ask(line: str, *headers: str, body: bytes = b"", later: bytes = b"") -> tuple[int, Any, Any]:
        """The answer; `later` is sent when the portal says that it waits for it."""
        with socket.create_connection((host, int(port)), 30) as wire:
            head = [f"{line} HTTP/1.1", f"Host: {host}:{port}", "Connection: close", *headers, "", ""]
            wire.sendall("\r\n".join(head).encode() + body)
            if later:
                assert wire.recv(200).startswith(b"HTTP/1.1 100 ")
                wire.sendall(later)
            answer = http.client.HTTPResponse(wire, method=line.split()[0])
            answer.begin()
            content = answer.read()
        said = json.loads(content) if content and "json" in answer.headers["Content-Type"] else None
        return answer.status, said, answer.headers

    kind, size = "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"
    status, given, _headers = ask(
        "POST /oauth/token", kind, size, "Expect: 100-continue", later=form.encode()
    )
    assert status == 200
    packed = gzip.compress(form.encode())
    unread = ask(
        "POST /oauth/token", kind, f"Content-Length: {len(packed)}", "Content-Encoding: gzip", body=packed
    )
    assert (unread[0], unread[1]["error"]) == (400, "invalid_request")
    signed = [f"Authorization: Bearer {given['access_token']}", "Content-Type: application/json"]

    def send(content: bytes, *headers: str, line: str = "POST /api/v1/patients/search/") -> tuple[int, str]:
        answer = ask(line, *signed, f"Content-Length: {len(content)}", *headers, body=content)
        return answer[0], (answer[1] or {}).get("code", "")

    search = b'{"birth_date": "1900", "name": "Nobody"}'
    assert send(search)[0] == 200
    for content, headers, expected in (
        (gzip.compress(search), ["Content-Encoding: gzip"], (415, "unsupported_media_type")),
        (search.decode().encode("utf-16"), [], (400, "invalid_json")),
        (search, ["Content-Type: application/json; charset=utf-7"], (400, "bad_request")),
        (search, ["Expect: 200-maybe"], (417, "expectation_failed")),
        (search, ["Transfer-Encoding: chunked"], (400, "bad_request")),
        (search, ["Content-Length: 3"], (400, "bad_request")),
        (b'{"name": "a", "name": "b"}', [], (400, "invalid_json")),
        (b"[" * 50_000, [], (400, "invalid_json")),
        (b'{"name": "a\\u0000b", "birth_date": "1900"}', [], (422, "invalid")),
    ):
        found = send(content, *headers)
        assert found == expected, (headers, content[:40])
    # Without its last slash an address leads on, and keeps method and content.
    lost = ask("POST /api/v1/patients/search", *signed, f"Content-Length: {len(search)}", body=search)
    assert (lost[0], lost[2]["Location"]) == (308, "/api/v1/patients/search/")
    whole = ask("GET /api/v1/specialties/", *signed)
    part = ask("GET /api/v1/specialties/", *signed, "Range: bytes=0-9")
    assert (part[0], part[1]) == (200, whole[1]), "a part of an answer isn't offered"
    head = ask("HEAD /api/v1/specialties/", *signed)
    assert (head[0], head[1], head[2]["Content-Length"]) == (200, None, whole[2]["Content-Length"])
    refused = ask("OPTIONS /api/v1/specialties/", *signed)
    assert (refused[0], refused[1]["code"]) == (405, "method_not_allowed")
    assert "GET" in refused[2]["Allow"]
    nothing = ask("POST /oauth/token/", kind, size, body=form.encode())
    assert (nothing[0], nothing[1]) == (404, {"error": "invalid_request"})


@pytest.mark.machine_clock
@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_the_walk_through_of_the_manual_works(
    clients: list[dict[str, str]], live_server: Any, tmp_path: Path
) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs" / "api.md").read_text("utf-8"), re.S | re.M)
    assert len(blocks) >= 6
    script = tmp_path / "walk.sh"
    script.write_text("set -euo pipefail\n" + "\n".join(blocks), encoding="utf-8")
    sender, host = clients
    environment = {
        **os.environ,
        "PORTAL": live_server.url,
        "SENDER_ID": sender["client_id"],
        "SENDER_SECRET": SECRET,
        "HOST_ID": host["client_id"],
        "HOST_SECRET": SECRET,
    }
    done = subprocess.run(
        ["bash", script], capture_output=True, text=True, timeout=90, cwd=tmp_path, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert Referral.objects.get().state == "closed"
