"""What the proxy answers by itself, by a real nginx with production's configuration where one is installed."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.architecture.test_compose import SERVICES

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.machine_clock,
    pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed"),
    pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed"),
]


class Portal(BaseHTTPRequestHandler):
    """Stands for the portal: says which id it was given; refuses in its own words at /own."""

    def do_GET(self) -> None:
        content = str(self.headers.get_all("X-Request-ID")).encode()
        self.send_response(503 if self.path == "/own" else 200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        pass


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Proxy:
    """nginx in front of a port on which somebody listens, or nobody yet."""

    def __init__(self, folder: Path) -> None:
        self.https, self.upstream = free_port(), free_port()
        names = [folder / "certificate.pem", folder / "key.pem"]
        make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -out {} -keyout {}"
        subprocess.run(make.format(*names).split(), check=True, capture_output=True)
        found = {"/run/secrets/tls_certificate": names[0], "/run/secrets/tls_key": names[1]}
        for volume in SERVICES["proxy"]["volumes"]:
            source, target = volume.split(":")[:2]
            found[target] = folder / Path(target).name
            (shutil.copytree if (ROOT / source).is_dir() else shutil.copy)(ROOT / source, found[target])
        found |= {"/tmp/": f"{folder}/", "/dev/stdout": folder / "access", "/dev/stderr": folder / "errors"}
        found |= {
            "listen 8080": f"listen 127.0.0.1:{free_port()}",
            "listen 8443": f"listen 127.0.0.1:{self.https}",
        }
        found["server web:8000"] = f"server 127.0.0.1:{self.upstream}"
        found["http2 on;"] = ""  # known since 1.25.1
        main = found.pop("/etc/nginx/nginx.conf")
        for path in (main, *folder.glob("portal-*.conf")):
            text = path.read_text("utf-8")
            text = re.sub("|".join(map(re.escape, found)), lambda match: str(found[match[0]]), text)
            path.write_text(text, "utf-8")
        own = "user root; " if os.geteuid() == 0 else ""
        self.process = subprocess.Popen(
            ["nginx", "-c", main, "-g", f"{own}daemon off;"], stderr=subprocess.PIPE, text=True
        )
        deadline = time.monotonic() + 20
        while self.process.poll() is None and time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.https), 1):
                return
            time.sleep(0.05)
        raise RuntimeError(self.process.communicate()[1])

    def ask(self, line: str, *headers: str) -> tuple[int, dict[str, str], str]:
        """The status, headers and content of the answer to a request with these headers and no content."""
        trust = ssl.create_default_context()
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        with (
            socket.create_connection(("127.0.0.1", self.https), 20) as plain,
            trust.wrap_socket(plain) as wire,
        ):
            wire.sendall(
                "\r\n".join([line, "Host: portal.example", "Connection: close", *headers, "", ""]).encode()
            )
            answer = HTTPResponse(wire)
            answer.begin()
            return answer.status, dict(answer.getheaders()), answer.read().decode()


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    one = Proxy(tmp_path)
    yield one
    one.process.terminate()
    one.process.wait(20)


def test_a_program_gets_a_problem_and_a_person_a_page_in_every_language(proxy: Proxy) -> None:
    trace = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    long = "X-Long: " + "x" * 9000
    for status, code, line, headers in (
        (502, "bad_gateway", "GET {}x HTTP/1.1", ["X-Request-ID: mine"]),
        (413, "too_large", "POST {}x HTTP/1.1", ["Content-Length: 2000000", trace]),
        (414, "uri_too_long", f"GET {{}}?{'x' * 9000} HTTP/1.1", []),
        (431, "headers_too_large", "GET {}x HTTP/1.1", [long]),
        (400, "bad_request", "GET {}x HTTP/1.1", ["Content-Length: a"]),
        (405, "method_not_allowed", "TRACE {}x HTTP/1.1", []),
    ):
        for place in ("/api/v1/", "/oauth/", "/fhir/"):
            found, sent, content = proxy.ask(line.format(place), *headers)
            problem = json.loads(content)
            assert (found, problem["status"], problem["code"]) == (status, status, code)
            assert sent["Content-Type"] == "application/problem+json"
            assert problem["request_id"] == sent["X-Request-ID"]
            if status in (502, 413):
                assert sent["X-Request-ID"] == (
                    "mine" if status == 502 else "0af7651916cd43dd8448eb211c80319c"
                )
        found, sent, content = proxy.ask(line.format("/patients/"), *headers)
        assert (found, sent["Content-Type"]) == (status, "text/html; charset=utf-8")
        assert all(f'lang="{one}"' in content for one in ("kk", "ru", "uz", "ky", "en"))
        assert f"<code>{sent['X-Request-ID']}</code>" in content
        assert ("Retry-After" in sent) == (status == 502)
        assert "style-src 'sha256-" in sent["Content-Security-Policy"]

    server = ThreadingHTTPServer(("127.0.0.1", proxy.upstream), Portal)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        assert proxy.ask("GET /x HTTP/1.1", "X-Request-ID: mine")[2] == "['mine']"
        made = proxy.ask("GET /x HTTP/1.1", "X-Request-ID: job-of-nobody")[2]
        assert re.fullmatch(r"\['[0-9a-f]{32}'\]", made)
        # What the portal refuses itself passes as it is.
        assert proxy.ask("GET /own HTTP/1.1", trace)[::2] == (503, "['0af7651916cd43dd8448eb211c80319c']")
    finally:
        server.shutdown()
        server.server_close()
