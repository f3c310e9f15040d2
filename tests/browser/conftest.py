"""Fixtures for tests in a real browser, against the real demonstration: gunicorn, worker, beat and all."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.demonstration import Demo

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


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
        if "/accounts/second-step/" in self.page.url:
            self.page.locator("input[name=code]").fill(person["code"])
            self.page.locator("main form button:not([type])").first.click()
            self.page.wait_for_url(lambda url: "/accounts/second-step/" not in url)
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
