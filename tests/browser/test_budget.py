"""What the pages cost over the wire, as gunicorn really sends them, and what a browser has to say about them."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.pages import PAGES
from tests.browser.site import Site
from tests.demonstration import Demo

FIRST, LATER = 60_000, 15_000  # bytes with headers, compressed
LATER_PAGES = (
    "referrals:worklist mine",
    "referrals:detail asked",
    "referrals:file_page diagnosis",
    "referrals:file_page check",
    "referrals:decisions all",
    "referrals:decide",
    "referrals:desk answer",
    "facilities:list",
    "patients:find",
    "patients:register",
    "messages:inbox",
    "web:audit",
)


@pytest.fixture(scope="module")
def site(demo: Demo, browser: Browser) -> Iterator[Site]:
    site = Site(demo, browser)
    yield site
    site.close()


class Wire:
    """What a browser received and complained of, by page."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self.bytes = 0
        self.asked: list[str] = []
        self.complaints: list[str] = []
        session = context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._received)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _received(self, event: dict[str, float]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def open(self, url: str) -> int:
        """Bytes received for the page and everything that it needs."""
        before = self.bytes
        self.page.goto(url, wait_until="load")
        self.page.wait_for_timeout(60)  # what a script asks for at once
        return self.bytes - before


def test_the_first_page_and_the_later_ones_are_light(site: Site) -> None:
    """In Russian, whose letters take twice the room of English ones; the first page also in English."""
    host = urlsplit(site.demo.url).netloc
    pages = {address.name: address for address in PAGES}
    assert Wire(site.context("")).open(f"{site.demo.url}/accounts/sign-in/") <= FIRST
    wires: dict[str, Wire] = {}
    costs: dict[str, int] = {}
    for name in LATER_PAGES:
        address = pages[name]
        if address.username not in wires:
            wires[address.username] = Wire(site.context(address.username, "ru"))
            # With a cold cache; what is left in it is what a later page finds.
            first = wires[address.username].open(f"{site.demo.url}/accounts/sign-in/")
            assert 10_000 < first <= FIRST
        costs[name] = wires[address.username].open(site.demo.url + address.find(site))
    for wire in wires.values():
        assert wire.complaints == []
        assert {urlsplit(url).netloc for url in wire.asked if not url.startswith("data:")} == {host}
    heavy = {name: cost for name, cost in costs.items() if cost > LATER}
    assert heavy == {}, costs
    assert min(costs.values()) > 1_000, "no page is free: the measure would be wrong"
