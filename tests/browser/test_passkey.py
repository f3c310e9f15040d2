"""A passkey, made and shown by a browser: what the page's script does, which no other test runs."""

import pytest

from tests.browser.conftest import Visitors

pytestmark = pytest.mark.browser


def test_a_passkey_is_made_shown_and_removed(visitors: Visitors) -> None:
    visitor = visitors()
    person, page = visitor.demo.person("coordinator", "UZ"), visitor.page
    # A browser makes passkeys for a name, never for an address of digits.
    home = visitor.demo.url.replace("127.0.0.1", "localhost")
    devtools = visitor.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
    }
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )

    def sign_in() -> None:
        page.goto(f"{home}/accounts/sign-in/")
        page.locator("input[name=username]").fill(person["username"])
        page.locator("input[name=password]").fill(person["password"])
        page.locator("main form button:not([type])").first.click()
        page.wait_for_url(lambda url: "/accounts/sign-in/" not in url)

    sign_in()
    page.goto(f"{home}/accounts/security/app/")
    page.locator("#id_passkey_name").fill("This computer")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/accounts/security/codes/")
    page.get_by_role("button", name="Make new recovery codes").click()
    assert page.locator("#codes li").count() == 10
    page.get_by_role("button", name="Sign out").click()
    sign_in()
    assert "/accounts/second-step/" in page.url
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    page.goto(f"{home}/accounts/security/")
    assert "This computer" in page.locator("main").inner_text()
    page.get_by_role("link", name="Remove the method (This computer)").click()
    page.get_by_role("button", name="Remove the method").click()
    assert "The method is removed." in page.locator("main").inner_text()
