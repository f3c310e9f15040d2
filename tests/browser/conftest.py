"""Fixtures for tests in a real browser, against the real demonstration: gunicorn, worker, beat and all.

All of these tests run in one xdist worker, so that one demonstration serves them.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Axe().axe_script
READY_WITHIN = 180.0  # seconds
_NOT_FOR_THE_DEMO = (
    "DATABASE_URL",
    "REDIS_URL",
    "DJANGO_ENV",
    "DJANGO_SETTINGS_MODULE",
    "PORTAL_TEST_SERVERS",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass(frozen=True)
class Demo:
    """A running demonstration: its address, its people and what it has sent."""

    url: str
    state: Path

    @property
    def credentials(self) -> dict[str, Any]:
        return json.loads((self.state / "demo" / "credentials.json").read_text())  # type: ignore[no-any-return]

    def person(self, role: str, country: str = "", organisation: str = "") -> dict[str, str]:
        """The first sign-in of that role, country and (a part of the name of the) organisation."""
        for person in self.credentials["people"]:
            if (
                person["role"] == role
                and country in {"", person["country"]}
                and organisation in person["organisation"]
            ):
                return person  # type: ignore[no-any-return]
        raise LookupError(f"the demonstration has no {role} in {country or 'any country'}")

    def mail(self, to: str, about: str) -> list[EmailMessage]:
        """Every e-mail that arrived at the demonstration's mail box for that address, with that in its subject."""
        mails = [
            message_from_bytes(raw, policy=policy.default)
            for raw in (path.read_bytes() for path in (self.state / "demo" / "mail").glob("*.eml"))
            if to.encode() in raw
        ]
        return [mail for mail in mails if mail["To"] == to and about in mail["Subject"]]  # type: ignore[misc]

    def texts(self) -> list[dict[str, str]]:
        """Every SMS that was handed to the gateway."""
        return [json.loads(path.read_text("utf-8")) for path in (self.state / "demo" / "sms").glob("*.json")]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """`./dev demo` as a person runs it, on a free port and in a folder of its own."""
    if given := os.environ.get("PORTAL_DEMO_STATE"):  # a demonstration that runs already, while writing tests
        yield Demo(url=os.environ["PORTAL_DEMO_URL"], state=Path(given))
        return
    state = Path(tempfile.mkdtemp(prefix="portal-browser-"))
    state.chmod(0o755)  # PostgreSQL runs under another account when we are root
    port = _free_port()
    env = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_THE_DEMO}
    log = state / "log.txt"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.demo", "up", "--port", str(port)],
            cwd=ROOT,
            env=env | {"STATE_DIR": str(state)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_ready(process, log)
        yield Demo(url=f"http://127.0.0.1:{port}", state=state)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        shutil.rmtree(state, ignore_errors=True)


def _wait_until_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while b"READY http" not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the demonstration did not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.2)


def _chromium() -> str:
    # Debian's headless shell is the same engine without the window's machinery: half the work for a page.
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    if os.environ.get("CI") == "true":
        pytest.fail("no Chromium on this machine; .ci/run installs it")
    pytest.skip("no Chromium on this machine: install Debian’s package chromium to run the browser tests")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    path = _chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Visitor:
    """A person at a browser of their own."""

    demo: Demo
    context: BrowserContext
    page: Page

    def sign_in(self, role: str, country: str = "", organisation: str = "") -> "Visitor":
        """Sign in as the demonstration's person of that role; lands on their home page."""
        person = self.demo.person(role, country, organisation)
        self.page.goto(f"{self.demo.url}/accounts/sign-in/")
        self.page.locator("input[name=username]").fill(person["username"])
        self.page.locator("input[name=password]").fill(person["password"])
        self.page.locator("main form button[type=submit], main form button:not([type])").first.click()
        self.page.wait_for_url(lambda url: "/accounts/sign-in/" not in url)
        return self

    def go(self, path: str) -> Page:
        """Open a path of the portal."""
        self.page.goto(self.demo.url + path)
        return self.page


class Visitors:
    """Opens browsers for people and closes them after the test."""

    def __init__(self, demo: Demo, browser: Browser) -> None:
        self.demo = demo
        self.browser = browser
        self.opened: list[BrowserContext] = []

    def __call__(self, *, language: str = "en", javascript: bool = True, width: int = 1280) -> Visitor:
        context = self.browser.new_context(
            java_script_enabled=javascript,
            viewport={"width": width, "height": 900},
            locale=language,
            extra_http_headers={"Accept-Language": language},
        )
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "django_language", "value": language, "url": self.demo.url}])
        self.opened.append(context)
        return Visitor(self.demo, context, context.new_page())

    def close(self) -> None:
        for context in self.opened:
            context.close()


@pytest.fixture
def visitors(demo: Demo, browser: Browser) -> Iterator[Visitors]:
    """`visitors(language=…, javascript=…, width=…)` opens a browser of its own."""
    opened = Visitors(demo, browser)
    yield opened
    opened.close()


# Only what is wrong comes back, as readable lines; axe need not fetch the stylesheets once more.
_RUN_AXE = """async ({excluded, contrast}) => {
  const options = {resultTypes: ['violations'], preload: false, rules: {'color-contrast': {enabled: contrast}}};
  const found = await axe.run({exclude: excluded}, options);
  return found.violations.map((item) => `${item.id} (${item.impact}): ${item.help}: ` +
    item.nodes.slice(0, 5).map((node) => node.target.join(' ')).join(', '));
}"""


def violations(page: Page, *, exclude: str = "", contrast: bool = True) -> list[str]:
    """What axe finds on the page as it stands, as readable lines. Needs JavaScript in the page's context.

    The rule of contrast takes longer than all others together; without it where the colours were measured already.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    return list(page.evaluate(_RUN_AXE, {"excluded": [[exclude]] if exclude else [], "contrast": contrast}))
