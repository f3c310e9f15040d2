"""Every page of the portal in a real browser: axe finds nothing, and nothing is wider than a small phone.

A page that isn't in `pages.PAGES` fails here, so that a new one can't be forgotten.
"""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser, Page

from core.languages import FALLBACKS
from referrals.events import WITH_PAGE
from referrals.presentation.filing_pages import PAGES as FILING_PAGES
from tests.browser.conftest import AXE, violations
from tests.browser.pages import NO_PAGES, OTHERS, PAGES, POSTED
from tests.browser.site import Address, Site
from tests.demonstration import Demo

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 780}
MAIN_PAGES = (
    "accounts:sign_in",
    "facilities:list",
    "messages:inbox",
    "patients:detail",
    "patients:register",
    "referrals:worklist mine",
    "referrals:file_page time",
    "referrals:file_page check",
    "referrals:detail asked",
    "referrals:decisions to_decide",
    "referrals:decide",
    "referrals:desk answer",
    "referrals:step accept",
)


@pytest.fixture(scope="module")
def site(demo: Demo, browser: Browser) -> Iterator[Site]:
    site = Site(demo, browser, scripts=[AXE])
    yield site
    site.close()


# Every page of the filing is a form of its own.
DIFFERENT_EACH_TIME = {"referrals:file_page"}
# Swagger’s own page inside ours: it is for programmers, the schema beside it is plain JSON.
FOREIGN = {"api:docs": "#docs"}


def width(page: Page) -> int:
    """How wide the page is on a small phone."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return int(page.evaluate("document.scrollingElement.scrollWidth"))


def opened(site: Site, address: Address, language: str) -> Page:
    """The page in a wide window."""
    page = site.page(address.username, language)
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    answer = page.goto(site.demo.url + address.find(site))
    assert answer is not None
    assert answer.status == address.status
    assert page.locator("html").get_attribute("lang") == language
    return page


def languages(address: Address) -> list[str]:
    """Both, for the main pages and those that differ each time; any other is read in one of them, in turn."""
    both = address.name in MAIN_PAGES or address.name.split()[0] in DIFFERENT_EACH_TIME
    return ["en", "ru"] if both else [["en", "ru"][PAGES.index(address) % 2]]


@pytest.mark.parametrize("address", PAGES, ids=lambda address: address.name)
def test_axe_finds_nothing_and_nothing_overflows(site: Site, address: Address) -> None:
    """In a wide window, and for every second page on a phone. Colours are looked at once."""
    foreign = FOREIGN.get(address.name, "")
    for first, language in zip([True, False], languages(address), strict=False):
        page = opened(site, address, language)
        assert violations(page, exclude=foreign, contrast=first) == []
        assert width(page) <= PHONE["width"]
    if PAGES.index(address) % 2:
        assert violations(page, exclude=foreign, contrast=False) == []


@pytest.mark.parametrize("language", FALLBACKS)
def test_the_other_languages_fit_a_phone(site: Site, language: str) -> None:
    plain = Site(site.demo, site.browser, like=site)
    pages = {address.name: address for address in PAGES}
    wide = {
        name: found
        for name in MAIN_PAGES
        if (found := width(opened(plain, pages[name], language))) > PHONE["width"]
    }
    plain.close()
    assert wide == {}


def test_no_page_is_forgotten() -> None:
    """Every named address of the portal is among the pages, or is listed with the reason why not."""
    seen = {address.name.split()[0] for address in PAGES}
    ours = {name for name in _names(get_resolver()) if not name.startswith(OTHERS)}
    assert ours == (seen - {"error", "api:docs"}) | set(NO_PAGES) | POSTED
    parts = {tuple(address.name.split()) for address in PAGES}
    assert {("referrals:step", event.name) for event in WITH_PAGE} <= parts
    assert {("referrals:file_page", page.slug) for page in FILING_PAGES} <= parts


def _names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """The names of all addresses, with their namespaces."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _names(entry, namespace + (f"{entry.namespace}:" if entry.namespace else ""))
        elif isinstance(entry, URLPattern) and entry.name:
            yield namespace + entry.name
