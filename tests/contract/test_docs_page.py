"""The documentation page in a real browser, under the portal's own Content-Security-Policy."""

import os
import shutil
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.factories.facilities import PASSWORD, make_world_with_cast

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="no Chromium is installed")
def test_try_it_works_for_a_person_who_is_signed_in(transactional_db: None, live_server: Any) -> None:
    make_world_with_cast()
    complaints: list[str] = []
    hosts: set[str] = set()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
        page.goto(f"{live_server.url}/accounts/sign-in/")
        page.fill("input[name=username]", "clinician_kz")
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_load_state()
        page.goto(f"{live_server.url}/api/v1/docs/")
        operation = page.locator("#operations-directory-listFunds")
        operation.locator("button.opblock-summary-control").click()
        operation.locator("button.try-out__btn").click()
        operation.locator("button.execute").click()
        answer = operation.locator(".live-responses-table .response .response-col_status").first
        answer.wait_for()
        assert answer.inner_text().startswith("200")
        browser.close()
    assert complaints == []
    assert len(hosts) == 1
