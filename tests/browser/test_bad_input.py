"""Bad input in a real browser: a clear error, and nothing lost."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import violations
from tests.browser.hands import fill, press, send, type_and_wait
from tests.browser.pages import CLINICIAN, PATIENT, UUID
from tests.browser.site import Site
from tests.demonstration import Demo


@pytest.fixture(scope="module")
def site(demo: Demo, browser: Browser) -> Iterator[Site]:
    site = Site(demo, browser)
    yield site
    site.close()


@pytest.fixture
def draft(site: Site) -> Iterator[Page]:
    """A clinician's window on the first page of a new draft; the draft is discarded afterwards."""
    page = site.context(CLINICIAN).new_page()
    patient = site.follow(CLINICIAN, "/patients/", PATIENT)
    page.goto(f"{site.demo.url}/referrals/start/?patient={str(patient).split('/')[2]}")
    send(page)
    case = re.match(rf".*/referrals/{UUID}/", page.url)
    assert case is not None
    yield page
    page.goto(f"{case[0]}do/discard/")
    send(page)
    page.close()


def end_session(context: BrowserContext) -> None:
    """Take the session's cookie away, as its end does."""
    for cookie in context.cookies():
        if "session" in cookie.get("name", ""):
            context.clear_cookies(name=cookie.get("name"))


def test_a_session_that_ends_in_mid_form_loses_nothing(site: Site, draft: Page) -> None:
    draft.goto(draft.url.replace("/care/", "/diagnosis/"))
    where = draft.url
    type_and_wait(draft, "clinical_reason", "Typed before the session ended.")
    end_session(draft.context)
    send(draft, "form.pm-step")
    assert "/accounts/sign-in/" in draft.url
    expect(draft.locator("main")).to_contain_text("is kept until")
    person = next(one for one in site.demo.credentials["people"] if one["username"] == CLINICIAN)
    fill(draft, username=CLINICIAN, password=person["password"])
    send(draft)
    assert draft.url == where
    expect(draft.locator("[name=clinical_reason]")).to_have_value("Typed before the session ended.")
    expect(draft.locator("main")).to_contain_text("This is what you typed last time.")


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ru", 360)])
def test_a_closed_window_loses_nothing_of_a_registration(site: Site, language: str, width: int) -> None:
    """Saved by the script as one types; there again in a new window, and to be read by itself."""
    context = site.context(CLINICIAN)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    press_language(page, f"{site.demo.url}/patients/register/", language)
    fill(page, family_name="Проба", given_name="Неотправленная")
    with page.expect_response(lambda answer: answer.request.method == "POST") as saved:
        page.locator("[name=given_name]").press("Tab")
    assert saved.value.ok
    expect(page.locator("[data-saved]")).not_to_be_empty()
    page.close(run_before_unload=False)

    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site.demo.url}/patients/register/")
    expect(page.locator("[name=given_name]")).to_have_value("Неотправленная")
    assert violations(page) == []
    page.goto(f"{site.demo.url}/kept/")
    press(page, "main a[href^='/kept/']")
    expect(page.locator("main")).to_contain_text("Неотправленная")
    assert violations(page) == []
    send(page)
    page.goto(f"{site.demo.url}/patients/register/")
    expect(page.locator("[name=given_name]")).to_have_value("")
    press_language(page, f"{site.demo.url}/patients/register/", "en")
    page.close()


def press_language(page: Page, address: str, language: str) -> None:
    """Open the page and choose a language in the strip above it."""
    page.goto(address)
    press(page, f"button[name=language][value={language}]")


def test_the_second_of_two_windows_is_told_and_keeps_its_text(draft: Page) -> None:
    draft.goto(draft.url.replace("/care/", "/evidence/"))
    other = draft.context.new_page()
    other.goto(draft.url)
    for page, text in ((draft, "First window."), (other, "Second window.")):
        fill(page, dated_on_day="1", dated_on_month="11", dated_on_year="2026", author="Test", text=text)
    send(draft, "form.pm-step")
    assert draft.url.endswith("/file/where/")
    send(other, "form.pm-step")
    expect(other.locator("h1")).to_have_text("The draft was changed in another window")
    assert violations(other) == []
    press(other, "main a.govuk-button")
    expect(other.locator("[name=text]")).to_have_value("Second window.")
    send(other, "form.pm-step")
    assert other.url.endswith("/file/where/")
    other.goto(other.url.replace("/where/", "/evidence/"))
    expect(other.locator("[name=text]")).to_have_value("Second window.")
    other.close()


def test_the_same_form_sent_twice_counts_once(site: Site, draft: Page) -> None:
    """An impatient finger without a script, and a page that goes over the wire twice."""
    window = site.page(CLINICIAN, script=False)
    window.goto(draft.url)
    specialty = window.locator("[name=specialty] option").nth(1).get_attribute("value")
    fill(window, specialty=specialty, service="Test", care_mode="outpatient")
    window.locator("form.pm-step .govuk-button").dblclick(no_wait_after=True)
    expect(window.locator("[name=diagnosis_query]")).to_be_visible(timeout=15_000)
    expect(window.locator("[name=diagnosis_query]")).to_have_value("")
    window.goto(draft.url)
    expect(window.locator("[name=service]")).to_have_value("Test")

    window.goto(f"{site.demo.url}/patients/register/unknown/")
    hidden = {
        name: window.locator(f"[name={name}]").first.input_value() for name in ("key", "csrfmiddlewaretoken")
    }
    answers = {**hidden, "sex": "female", "age": "30", "description": "Test: sent twice."}
    sent = [
        window.context.request.post(window.url, form=answers, headers={"Referer": window.url})
        for _ in range(2)
    ]
    assert sent[0].url == sent[1].url
    assert re.search(rf"/patients/{UUID}/$", sent[0].url)


def test_a_text_of_ten_thousand_characters_is_refused_and_kept(draft: Page) -> None:
    long = "й" * 10_000
    draft.goto(draft.url.replace("/care/", "/diagnosis/"))
    draft.locator("[name=clinical_reason]").fill(long)
    fill(draft, goal="Test.")
    send(draft, "form.pm-step")
    summary = draft.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Clinical reason")
    expect(summary).to_contain_text(re.compile(r"4,?000"))
    assert draft.title().startswith("Error: ")
    assert violations(draft) == []
    assert draft.locator("[name=clinical_reason]").input_value() == long
    draft.goto(draft.url)
    assert draft.locator("[name=clinical_reason]").input_value() == long


def test_a_wrong_number_an_impossible_day_and_a_mixed_name_are_told_together(site: Site) -> None:
    page = site.context(CLINICIAN).new_page()
    page.goto(f"{site.demo.url}/patients/register/")
    fill(
        page,
        family_name="Тестoва",  # the o is Latin
        birth_date_day="31",
        birth_date_month="2",
        birth_date_year="1990",
        sex="female",
        number0_system="uz-pinfl",
        number0_value="123",
        email="not an address",
    )
    send(page)
    links = page.locator(".govuk-error-summary li a")
    expect(links).to_have_count(4)
    targets = [link.get_attribute("href") for link in links.all()]
    assert targets == ["#id_family_name", "#id_birth_date_day", "#id_number0_value", "#id_email"]
    assert violations(page) == []
    expect(page.locator("[name=family_name]")).to_have_value("Тестoва")
    page.close()
