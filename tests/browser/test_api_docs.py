"""The API's documentation page in a real browser, under the portal's own Content-Security-Policy."""

from tests.browser.conftest import Visitors


def test_try_it_works_for_a_person_who_is_signed_in(visitors: Visitors) -> None:
    visitor = visitors().sign_in("clinician", "KZ")
    complaints: list[str] = []
    hosts: set[str] = set()
    page = visitor.page
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    visitor.go("/api/v1/docs/")
    operation = page.locator("#operations-directory-listFunds")
    operation.locator("button.opblock-summary-control").click()
    operation.locator("button.try-out__btn").click()
    operation.locator("button.execute").click()
    answer = operation.locator(".live-responses-table .response .response-col_status").first
    answer.wait_for()
    assert answer.inner_text().startswith("200")
    assert complaints == []
    assert len(hosts) == 1
