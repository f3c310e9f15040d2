"""The look in a real browser: nothing overflows, axe finds nothing, the script's helpers do what they promise."""

import gzip
from collections.abc import Iterator

import pytest
from django.utils import translation
from playwright.sync_api import Browser, Page

from tests.browser.conftest import violations
from tests.browser.gallery import STATIC, WORDS, Gallery, error_page, gallery_html, serve

# One worker serves the gallery, beside the one with the demonstration.
pytestmark = pytest.mark.xdist_group("gallery")


@pytest.fixture(scope="module")
def gallery() -> Iterator[Gallery]:
    pages = {"/500": error_page("500")}
    for language in WORDS:
        with translation.override(language):
            pages[f"/{language}"] = gallery_html(language)
            pages[f"/{language}/wrong"] = gallery_html(language, wrong=True)
    with serve(pages) as gallery:
        yield gallery


def opened(browser: Browser, url: str, *, width: int = 1280, script: bool = True) -> Page:
    page = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=script
    ).new_page()
    page.goto(url)
    return page


@pytest.mark.parametrize("language", WORDS)
def test_the_longest_words_hold(browser: Browser, gallery: Gallery, language: str) -> None:
    page = opened(browser, f"{gallery.url}/{language}/wrong")
    for width in (1280, 768, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        cut = page.evaluate(
            """[...document.querySelectorAll('main *, header *')]
            .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && e.offsetWidth > 1)
            .filter((e) => !e.closest('.govuk-visually-hidden, .pm-stepper__name'))
            .map((e) => e.className || e.tagName)"""
        )
        assert cut == []
    page.context.close()


@pytest.mark.parametrize("path", ["/en", "/en/wrong", "/kk", "/ru", "/uz", "/ky", "/500"])
def test_axe_finds_nothing(browser: Browser, gallery: Gallery, path: str) -> None:
    """Wide and on a phone; the colours are the same in every language."""
    page = opened(browser, gallery.url + path)
    english = path.startswith(("/en", "/5"))
    assert violations(page, contrast=english) == []
    page.set_viewport_size({"width": 360, "height": 900})
    assert violations(page, contrast=english) == []
    page.context.close()


def test_nothing_is_asked_of_another_host_and_the_policy_is_kept(browser: Browser, gallery: Gallery) -> None:
    page = browser.new_context().new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{gallery.url}/en")
    page.wait_for_load_state("networkidle")
    assert asked
    assert all(url.startswith(gallery.url) for url in asked)
    assert complaints == []
    page.context.close()


def test_the_search_by_keyboard_alone(browser: Browser, gallery: Gallery) -> None:
    page = opened(browser, f"{gallery.url}/en")
    box = page.get_by_role("combobox", name="Diagnosis")
    assert box.get_attribute("aria-expanded") == "false"
    box.focus()
    page.keyboard.type("митр")
    page.locator("[role=option]").first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    assert violations(page) == []
    page.keyboard.press("Enter")
    assert box.input_value() == "I05.0 Митральный стеноз"
    assert page.locator("input[name=diagnosis]").input_value() == "I05.0"
    assert page.get_by_role("listbox").count() == 0
    page.keyboard.type("x")
    assert page.locator("input[name=diagnosis]").input_value() == ""
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    page.context.close()


def test_the_search_by_mouse(browser: Browser, gallery: Gallery) -> None:
    page = opened(browser, f"{gallery.url}/en")
    page.get_by_role("combobox", name="Diagnosis").fill("митр")
    page.locator("[role=option]").nth(2).click()
    assert page.locator("input[name=diagnosis]").input_value() == "I05.1"
    page.context.close()


def test_without_a_script_there_is_a_search_button_and_a_link_to_look_again(
    browser: Browser, gallery: Gallery
) -> None:
    page = opened(browser, f"{gallery.url}/en", script=False)
    assert page.get_by_role("button", name="Search").is_visible()
    assert page.get_by_role("link", name="Look again").is_visible()
    assert page.get_by_role("combobox", name="Diagnosis").count() == 0
    page.context.close()


def test_typing_is_saved_and_said(browser: Browser, gallery: Gallery) -> None:
    gallery.posts.clear()
    page = opened(browser, f"{gallery.url}/en")
    page.get_by_label("Family name").fill("Test")
    page.get_by_text("Draft saved at 16:42.").wait_for(timeout=8000)
    path, body = gallery.posts[-1]
    assert path == "/autosave"
    assert "name=Test" in body
    assert "autosave=1" in body
    page.context.close()


def test_a_failed_save_is_said_and_the_text_stays(browser: Browser, gallery: Gallery) -> None:
    page = opened(browser, f"{gallery.url}/en")
    page.route("**/autosave", lambda route: route.abort())
    page.get_by_label("Family name").fill("Test")
    page.get_by_text("Not saved.").wait_for(timeout=8000)
    assert page.get_by_label("Family name").input_value() == "Test"
    page.context.close()


def test_a_form_is_sent_once(browser: Browser, gallery: Gallery) -> None:
    gallery.posts.clear()
    page = opened(browser, f"{gallery.url}/en")
    page.evaluate(
        """() => {
          const button = document.querySelector("form[action='/sent'] > .govuk-button");
          button.click(); button.click(); button.click();
        }"""
    )
    page.wait_for_url("**/sent")
    assert [path for path, _body in gallery.posts].count("/sent") == 1
    page.context.close()


def test_polling_ends_when_the_server_says_so(browser: Browser, gallery: Gallery) -> None:
    gallery.polls = 0
    page = opened(browser, f"{gallery.url}/en")
    page.get_by_text("Asked 2").wait_for(timeout=8000)
    page.wait_for_timeout(2500)
    assert gallery.polls == 2
    page.context.close()


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(browser: Browser, gallery: Gallery) -> None:
    page = opened(browser, f"{gallery.url}/en/wrong")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    page.get_by_role("link", name="Date of birth must be a real date.").click()
    assert page.evaluate("document.activeElement.id") == "id_born_day"
    page.context.close()


def test_characters_left_are_counted_as_the_server_counts(browser: Browser, gallery: Gallery) -> None:
    page = opened(browser, f"{gallery.url}/en")
    page.get_by_label("What should the treatment achieve?").fill("й" * 190 + "\n" + "\u0438\u0306")
    assert page.locator("#id_goal_count").inner_text() == "Characters left: 8"
    page.get_by_label("What should the treatment achieve?").fill("a" * 205)
    assert page.locator("#id_goal_count").inner_text() == "Too many characters by: 5"
    page.context.close()


def test_the_first_page_is_light() -> None:
    """Every component at once, with stylesheet, script and icon, compressed: still below the first page's 60 kB."""
    files = [STATIC / "css/portal.css", STATIC / "js/portal.js", STATIC / "img/mark.svg"]
    parts = [gallery_html("ru").encode(), *(file.read_bytes() for file in files)]
    assert sum(len(gzip.compress(part)) for part in parts) <= 60_000
