"""The road of one referral, from the clinician who files it to the summary that comes home, step by step.

Told twice: in English in a browser with a script, and in Russian without one. The tests are the steps of one story and
run in their order; each begins where the one before it ended.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from patients.names import to_latin
from tests.browser.hands import fill, press, send, shows
from tests.browser.pages import CLINICIAN, COORDINATOR, DESK, OFFICER
from tests.browser.partner import Partner
from tests.browser.scenes import (
    HOSPITAL,
    accept_by_the_hospitals_system,
    answer_every_page,
    begin_afresh,
    begin_draft,
    decline_and_send_elsewhere,
    every_rule_is_explained,
    file_an_emergency,
    letters_and_texts_are_right,
    look_for,
    register,
    until_checked,
)
from tests.browser.site import Site
from tests.browser.story import BISHKEK, OSH, Story
from tests.demonstration import Demo


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(("en", True), id="English"),
        pytest.param(("ru", False), id="Russian without a script", marks=pytest.mark.thorough),
    ],
)
def story(request: pytest.FixtureRequest, demo: Demo, browser: Browser) -> Iterator[Story]:
    site = Site(demo, browser)
    language, script = request.param
    yield Story(site, language, script=script)
    site.close()


def test_1_a_clinician_signs_in_and_lands_on_the_worklist(story: Story) -> None:
    person = story.site.demo.person("clinician", "KZ", "Кордайская")
    assert person["username"] == CLINICIAN
    page = story.site.page("", story.language, script=story.script)
    page.goto(story.site.demo.url + "/patients/")
    assert "/accounts/sign-in/?next=/patients/" in page.url
    page.goto(story.site.demo.url)
    fill(page, username=person["username"], password=person["password"])
    send(page)
    assert page.url == story.site.demo.url + "/referrals/"
    expect(page.locator("h1")).to_have_text(story.words["worklist"])
    tabs = page.locator(".pm-tabs a")
    expect(tabs).to_have_count(3)
    for place in range(3):
        press(page, tabs.nth(place))
        expect(tabs.nth(place)).to_have_attribute("aria-current", "page")
        number = int(re.findall(r"\d+", tabs.nth(place).inner_text())[0])
        assert page.locator("main tbody tr").count() == min(number, 20) > 0
        for step in page.locator("main tbody tr .pm-cell--next").all():
            assert step.inner_text().strip()
    page.goto(story.site.demo.url + "/accounts/profile/")
    fill(page, preferred_language=story.language)
    send(page)
    expect(page.locator(".pm-notice--ok")).to_be_visible()
    story.done = 1


def test_2_the_patient_is_looked_for_and_registered(story: Story) -> None:
    story.begin(2)
    words, (family, given) = story.words, story.name
    page = story.at(CLINICIAN, "/patients/")
    for text in (story.iin, f"{family} {given}", to_latin(f"{family} {given}")):
        look_for(page, text)
        shows(page, words["nobody"])
    press(page, "main a[href='/patients/register/']")
    begin_afresh(page)
    register(story, page, number0_value=story.iin[:-1] + str((int(story.iin[-1]) + 1) % 10))
    expect(page.locator(".govuk-error-summary")).to_contain_text(words["wrong_digit"])
    story.decided_on(page)
    page.locator(".govuk-error-summary a").first.click()
    if story.script:
        expect(page.locator("[name=number0_value]")).to_be_focused()

    register(story, page, number0_value=story.iin, birth_date=story.born + timedelta(days=1))
    shows(page, words["other_birth"])
    story.decided_on(page)
    press(page, "button[name=back]")
    expect(page.locator("[name=family_name]")).to_have_value(family)
    register(story, page)
    shows(page, words["registered"], family, story.iin)
    story.patient = page.url.removeprefix(story.site.demo.url)
    for text in (story.iin, to_latin(f"{family} {given}")):
        page = story.at(CLINICIAN, "/patients/")
        look_for(page, text)
        expect(page.locator("main tbody a").first).to_have_attribute("href", story.patient)

    begin_afresh(page := story.at(CLINICIAN, "/patients/register/"))
    register(story, page, number0_system="", number0_value="")
    story.decided_on(page)
    press(page, f"main .pm-cell--next a[href='{story.patient}']")
    assert page.url.endswith(story.patient)

    page = story.at(CLINICIAN, "/patients/register/unknown/")
    fill(page, sex="male", age="40", description="Test: found at the border crossing.")
    send(page)
    shows(page, words["unknown"])
    story.unknown = page.url.removeprefix(story.site.demo.url)
    story.done = 2


def test_3_consent_is_recorded(story: Story) -> None:
    story.begin(3)
    page = story.at(CLINICIAN, story.patient)
    press(page, f"main a[href='{story.patient}consent/']")
    fill(page, purpose="treatment", recipient_country="KG", how="written")
    send(page)
    assert page.url.endswith(story.patient)
    expect(page.locator("section[aria-labelledby=consents]")).to_contain_text(story.words["valid"])
    expect(page.locator("section[aria-labelledby=consents]")).to_contain_text("KG")
    story.done = 3


def test_4_the_referral_is_filed_page_by_page(story: Story) -> None:
    story.begin(4)
    words = story.words
    page = story.at(CLINICIAN, story.patient)
    begin_draft(page)
    answer_every_page(story, page)
    assert page.url.endswith("/file/check/")
    shows(page, words["urology"], words["diagnosis"], HOSPITAL, "Test: before the winter.")
    story.decided_on(page)
    press(page, "#answers-time ~ p a, .pm-top--panel:has(#answers-time) a")
    fill(page, needed_by_reason="Test: within six weeks.")
    send(page, "form.pm-step")
    assert page.url.endswith("/file/check/")
    shows(page, "Test: within six weeks.")
    story.draft = page.url.removeprefix(story.site.demo.url)
    story.done = 4


def test_5_the_rules_are_checked_and_explained(story: Story) -> None:
    story.begin(5)
    page = story.at(CLINICIAN, story.draft)
    press(page, "main form[action$='/submit/'] button")
    (story.number,) = re.findall(r"KZ-\d\d-\d{6}", page.locator("main").inner_text())[:1]
    story.case = page.url.removeprefix(story.site.demo.url)
    until_checked(story, page)
    every_rule_is_explained(story, page)
    story.decided_on(page)
    story.done = 5


def test_6_an_officer_asks_and_grants(story: Story) -> None:
    story.begin(6)
    words = story.words
    page = story.find_case(OFFICER, "/referrals/decisions/", story.number)
    press(page, "main tbody tr .pm-cell--next a")
    shows(page, story.name[0], "N20.0", words["law"], words["history"], "Test report.", "CIT-01")
    send(page, ".pm-decision form")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    story.decided_on(page)
    fill(page, choice="request_information", question_1="Test: fit for the road?")
    send(page, ".pm-decision form")
    shows(page, story.number)

    page = story.at(CLINICIAN, story.case)
    shows(page, words["stopped"], "Test: fit for the road?")
    press(page, f"main a[href='{story.case}do/answer/']")
    newer = timezone.localdate()
    fill(
        page,
        answer_1="Test: yes.",
        report_date=newer,
        report_author="Test",
        report_text="Test: the newer report.",
    )
    send(page)
    until_checked(story, page)
    expect(page.locator("#check .pm-rule").filter(has_text="MED-01")).not_to_contain_text(words["failed"])

    story.grant(story.number)
    page = story.at(OFFICER, f"{story.case}decide/")
    expect(page.locator(".pm-decision form")).to_have_count(0)
    shows(page, "Test: yes.", "Test: the newer report.")
    page = story.at(CLINICIAN, story.case)
    expect(page.locator("main form")).to_have_count(0)
    story.done = 6


def test_7_the_hospital_answers(story: Story) -> None:
    """One referral is accepted with a date; another is declined, sent elsewhere, and accepted by a system."""
    story.begin(7)
    words, demo, day = story.words, story.site.demo, timezone.localdate() + timedelta(days=7)
    page = story.find_case(DESK, "/referrals/desk/", story.number)
    press(page, "main tbody tr .pm-cell--id a")
    press(page, f"main a[href='{story.case}do/accept/']")
    fill(page, start_date=day, start_time="9:30", days="4", place=f"Test bed of {story.number}")
    send(page)
    shows(page, words["accepted"])

    home = Partner(demo, "Кордайская")
    other = home.file(OSH, family_name="Проба", given_name="Вторая", birth_date="1970-05-06", sex="male")
    case = f"/referrals/{other['id']}/"
    story.grant(other["number"])
    decline_and_send_elsewhere(story, case, other["number"])
    accept_by_the_hospitals_system(story, other, day)
    shows(story.at(CLINICIAN, case), words["accepted"])
    story.other = case
    story.done = 7


def test_8_care_is_given_and_the_summary_comes_home(story: Story) -> None:
    story.begin(8)
    words = story.words
    for event, answers, state in [
        ("schedule", {}, "scheduled"),
        ("admit", {}, "in_care"),
        (
            "discharge",
            {"care_given": "Test: stone removed.", "outcome": "Test: well.", "advice": "Test: rest."},
            "discharged",
        ),
    ]:
        page = story.at(DESK, story.case)
        press(page, f"main a[href='{story.case}do/{event}/']")
        fill(page, **answers)
        send(page)
        shows(page, words[state])
    page = story.at(CLINICIAN, "/referrals/")
    row = page.locator("main tbody tr").filter(has_text=story.number)
    press(page, row.locator(".pm-cell--next a"))
    if "/do/close/" not in page.url:
        press(page, f"main a[href='{story.case}do/close/']")
    shows(page, "Test: stone removed.", "Test: rest.")
    send(page)
    shows(page, words["closed"])
    story.done = 8


def test_9_everybody_concerned_was_told(story: Story) -> None:
    story.begin(9)
    page = story.at(CLINICIAN, "/referrals/")
    before = int(page.locator(".pm-nav .pm-count").inner_text())
    press(page, ".pm-nav a[href='/messages/']")
    message = page.locator(".pm-inbox__row--unread").filter(has_text=story.number).first
    press(page, message.locator("button"))
    assert page.url.endswith(story.case)
    assert int(page.locator(".pm-nav .pm-count").inner_text()) == before - 1

    letters_and_texts_are_right(story)
    story.done = 9


def test_10_referrals_end_early_and_emergencies_do_not_wait(story: Story) -> None:
    story.begin(10)
    words = story.words
    home = Partner(story.site.demo, "Кордайская")
    filed = home.file(
        BISHKEK, family_name="Проба", given_name="Третья", birth_date="1971-06-07", sex="female"
    )
    case = f"/referrals/{filed['id']}/"
    page = story.at(CLINICIAN, f"{case}do/withdraw/")
    fill(page, reason_code="patient_wish")
    send(page)
    shows(page, words["withdrawn"])
    page = story.at(CLINICIAN, f"{case}do/enter_in_error/")
    fill(page, reason_text="Test: another patient was meant.")
    send(page)
    shows(page, words["in_error"])
    page = story.at(COORDINATOR, f"{story.other}do/cancel/")
    fill(page, reason_text="Test: the patient can’t be reached.")
    send(page)
    shows(page, words["cancelled"])

    case, number = file_an_emergency(story)
    page = story.find_case(DESK, "/referrals/desk/", number)
    shows(page, words["emergency"])
    page = story.find_case(OFFICER, "/referrals/decisions/?part=emergencies", number)
    page = story.at(OFFICER, f"{case}do/review_emergency/")
    fill(page, review_text="Test: it was one.")
    send(page)
    shows(page, words["reviewed"])
    story.done = 10
