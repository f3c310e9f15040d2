"""What hands do on a page: fill in, choose, press. By the names of fields, so that it works in every language."""

import re
from datetime import date
from typing import Any

from playwright.sync_api import Locator, Page, expect


def fill(page: Page, **answers: Any) -> None:
    """Give answers by the names of the fields: texts, days, radios and lists by value, True for a box to tick."""
    for name, answer in answers.items():
        unfold(page, name)
        if isinstance(answer, date):
            for part in ("day", "month", "year"):
                page.locator(f"[name={name}_{part}]").fill(str(getattr(answer, part)))
            continue
        field = page.locator(f"[name={name}]:not([type=hidden])")
        kind = field.first.evaluate("(field) => field.type")
        if kind == "radio":
            page.locator(f"[name={name}][value='{answer}']").check()
        elif kind == "checkbox":
            field.check()
        elif kind == "select-one":
            field.select_option(answer)
        else:
            field.fill(answer)


def unfold(page: Page, name: str) -> None:
    """Open the part of the page in which the field is folded away."""
    for summary in page.locator(f"details:not([open]):has([name^={name}]) > summary").all():
        summary.click()


def search(page: Page, name: str, text: str, wanted: str, *, script: bool) -> None:
    """Find one of thousands: by typing where there is a script, by the search button where there is none."""
    page.locator(f"[name={name}_query]").fill(text)
    if script:
        page.get_by_role("option").filter(has_text=wanted).first.click()
    else:
        page.locator(f"button[name={name}_search]").click()
        page.locator(f".pm-suggest__results .govuk-radios__item:has([name={name}])").filter(
            has_text=wanted
        ).first.locator("label").click()


def send(page: Page, form: str = "main form:not(.pm-filter)") -> None:
    """Press the form's own button: the last visible one, after those that only search."""
    with page.expect_navigation():
        page.locator(f"{form} button.govuk-button:not([name]):visible").last.click()


def press(page: Page, target: Locator | str) -> None:
    """Follow a link or press a button, and wait for the next page."""
    with page.expect_navigation():
        (page.locator(target) if isinstance(target, str) else target).first.click()


def shows(page: Page, *texts: str | re.Pattern[str]) -> None:
    """The page's main part shows each of the texts."""
    for text in texts:
        expect(page.locator("main")).to_contain_text(text)


def type_and_wait(page: Page, name: str, text: str) -> None:
    """Type as a person does, until the script has saved it on the server and said so."""
    with page.expect_response("**/autosave/"):
        page.locator(f"[name={name}]").press_sequentially(text)
    expect(page.locator("[data-saved]")).to_contain_text(re.compile(r"\d\d?:\d\d"))
