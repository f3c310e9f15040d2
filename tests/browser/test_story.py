"""The road of one referral, from the clinician who files it to the summary that comes home, step by step.

Told twice: in English in a browser with a script, and in Russian without one. The tests are the steps of one story and
run in their order; each begins where the one before it ended.
"""

import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from patients.names import to_latin
from patients.synthetic import national_number
from tests.browser.conftest import violations
from tests.browser.hands import fill, press, search, send, shows, type_and_wait
from tests.browser.pages import CLINICIAN, COORDINATOR, DESK, OFFICER, UUID
from tests.browser.partner import Partner
from tests.browser.site import Site
from tests.demonstration import Demo

OSH_DESK, OSH, BISHKEK = "desk.kg.osh", "F0153", "F0100"
WORDS = {
    "en": {
        "kazakhstan": "Kazakhstan",
        "worklist": "My referrals",
        "nobody": "No patient of your facility was found",
        "wrong_digit": "The last digit doesn’t fit the others",
        "other_birth": "The number speaks of another date of birth",
        "registered": "The patient is registered.",
        "unknown": "Identity not known",
        "valid": "Valid",
        "urology": "Urology",
        "diagnosis": "Calculus of kidney",
        "typed_before": "This is what you typed last time.",
        "kilometres": "km",
        "passed": "Passed",
        "failed": "Failed",
        "law": "The law that it rests on",
        "history": "History",
        "stopped": "Clock stopped",
        "granted": "is granted and sent to the host hospital",
        "accepted": "Accepted",
        "declined": "Declined",
        "scheduled": "Scheduled",
        "in_care": "In care",
        "discharged": "Discharged",
        "closed": "Closed",
        "withdrawn": "Withdrawn",
        "cancelled": "Cancelled",
        "in_error": "Entered in error",
        "emergency": "Emergency",
        "reviewed": "The review is recorded.",
    },
    "ru": {
        "kazakhstan": "Казахстан",
        "worklist": "Мои направления",
        "nobody": "не найден",
        "wrong_digit": "Последняя цифра",
        "other_birth": "дат",
        "registered": "Пациент зарегистрирован",
        "unknown": "Личность не установлена",
        "valid": "Действ",
        "urology": "Урология",
        "diagnosis": "Камни почки",
        "typed_before": "",
        "kilometres": "км",
        "passed": "Выполнено",
        "failed": "Не выполнено",
        "law": "Правовая норма, на которой основано решение",
        "history": "История",
        "stopped": "Срок приостановлен",
        "granted": "одобрено и отправлено",
        "accepted": "Принято",
        "declined": "Отклонено",
        "scheduled": "Запланировано",
        "in_care": "На лечении",
        "discharged": "Выписан(а)",
        "closed": "Закрыто",
        "withdrawn": "Отозвано",
        "cancelled": "Отменено",
        "in_error": "Введено по ошибке",
        "emergency": "Экстренн",
        "reviewed": "Результат проверки внесён.",
    },
}
FORBIDDEN = ("N20", "почк", "kidney", "Urology", "Урология", "National Hospital")


class Story:
    """Who takes part, and what the steps before have left."""

    def __init__(self, site: Site, language: str, *, script: bool) -> None:
        self.site, self.language, self.script = site, language, script
        self.words = WORDS[language]
        chance = Random(f"{language}{time.time_ns()}")
        syllables = "".join(chance.choice("бвгдзклмнпрст") + chance.choice("аиоу") for _ in range(5))
        self.born = date(1961, 1, 1) + timedelta(days=chance.randrange(12_000))
        self.name = (syllables.capitalize(), "Проба")
        self.iin = national_number("KZ", self.born, "female", chance.randrange(1000))
        self.phone = f"+7799{chance.randrange(10**7):07d}"
        self.patient = self.unknown = self.draft = self.case = self.other = self.number = ""
        self.done = 0

    def begin(self, number: int) -> None:
        """Skip a step whose forerunner failed: its failure says enough."""
        if self.done != number - 1:
            pytest.skip(f"the story ended before step {number}")

    def at(self, username: str, path: str) -> Page:
        """A person's window, on that page."""
        page = self.site.page(username, self.language, script=self.script)
        page.goto(self.site.demo.url + path)
        expect(page.locator("html")).to_have_attribute("lang", self.language)
        return page

    def decided_on(self, page: Page) -> None:
        """With a script, axe looks at a page that only a sent form leads to."""
        if self.script:
            assert violations(page) == []

    def find_case(self, username: str, path: str, number: str) -> Page:
        """Search a list for the referral's number; the page with the one row."""
        page = self.at(username, path)
        fill(page, q=number)
        with page.expect_navigation():
            page.locator("form.pm-filter button.govuk-button").first.click()
        expect(page.locator("main tbody tr")).to_have_count(1)
        shows(page, number)
        return page

    def grant(self, number: str) -> None:
        """The officer finds a case by its number and grants it."""
        page = self.find_case(OFFICER, "/referrals/decisions/", number)
        press(page, "main tbody tr .pm-cell--next a")
        fill(page, choice="grant", grant_code="undue_delay", reason_text="Test.")
        send(page, ".pm-decision form")
        shows(page, self.words["granted"], number)


@pytest.fixture(
    scope="module", params=[("en", True), ("ru", False)], ids=["English", "Russian without a script"]
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


def _look_for(page: Page, text: str) -> None:
    fill(page, q=text)
    send(page, "main form[role=search]")


def _register(story: Story, page: Page, **changes: Any) -> None:
    """Fill the page of a new patient and send it."""
    family, given = story.name
    answers = {
        "family_name": family,
        "given_name": given,
        "birth_date": story.born,
        "sex": "female",
        "number0_system": "kz-iin",
        "number0_value": story.iin,
        "phone": story.phone,
        "preferred_language": "ru",
        "coverage_kind": "insurance",
        "coverage_valid_from": date(2025, 1, 1),
        "coverage_source": "register",
    }
    fill(page, **(answers | changes))
    fund = page.locator("[name=coverage_fund] option").filter(has_text=story.words["kazakhstan"])
    fill(page, coverage_fund=fund.get_attribute("value"))
    if not page.locator("[name=residence_district_query]").input_value():
        search(
            page,
            "residence_district",
            "Кордай",
            "Кордай" if story.language == "ru" else "Korda",
            script=story.script,
        )
    send(page)


def test_2_the_patient_is_looked_for_and_registered(story: Story) -> None:
    story.begin(2)
    words, (family, given) = story.words, story.name
    page = story.at(CLINICIAN, "/patients/")
    for text in (story.iin, f"{family} {given}", to_latin(f"{family} {given}")):
        _look_for(page, text)
        shows(page, words["nobody"])
    press(page, "main a[href='/patients/register/']")

    wrong = story.iin[:-1] + str((int(story.iin[-1]) + 1) % 10)
    _register(story, page, number0_value=wrong)
    expect(page.locator(".govuk-error-summary")).to_contain_text(words["wrong_digit"])
    story.decided_on(page)
    page.locator(".govuk-error-summary a").first.click()
    if story.script:
        expect(page.locator("[name=number0_value]")).to_be_focused()

    _register(story, page, number0_value=story.iin, birth_date=story.born + timedelta(days=1))
    shows(page, words["other_birth"])
    story.decided_on(page)
    press(page, "button[name=back]")
    expect(page.locator("[name=family_name]")).to_have_value(family)
    _register(story, page)
    shows(page, words["registered"], family, story.iin)
    story.patient = page.url.removeprefix(story.site.demo.url)
    for text in (story.iin, to_latin(f"{family} {given}")):
        page = story.at(CLINICIAN, "/patients/")
        _look_for(page, text)
        expect(page.locator("main tbody a").first).to_have_attribute("href", story.patient)

    page = story.at(CLINICIAN, "/patients/register/")
    _register(story, page, number0_system="", number0_value="")
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


def _begin_draft(page: Page) -> None:
    """From a patient's page to the first page of the filing."""
    press(page, "main a[href^='/referrals/start/']")
    send(page)
    assert page.url.endswith("/file/care/")


def test_4_the_referral_is_filed_page_by_page(story: Story) -> None:
    story.begin(4)
    words, soon = story.words, timezone.localdate() + timedelta(days=40)
    page = story.at(CLINICIAN, story.patient)
    _begin_draft(page)
    page.locator("[name=specialty]").select_option(label=words["urology"])
    fill(page, service="Test lithotripsy", care_mode="inpatient")
    send(page, "form.pm-step")

    reason = "Test: a stone of 32 mm in the right kidney."
    if story.script:
        type_and_wait(page, "clinical_reason", reason)
    press(page, ".pm-step a.govuk-link")
    row = page.locator("main tbody tr").filter(has_text=story.name[0])
    press(page, row.locator(".pm-cell--next a"))
    assert page.url.endswith("/file/diagnosis/")
    if story.script:
        shows(page, words["typed_before"])
        expect(page.locator("[name=clinical_reason]")).to_have_value(reason)
    fill(page, clinical_reason=reason, goal="Test: free of stones.")
    search(
        page,
        "diagnosis",
        "камни почки" if story.language == "ru" else "calculus of kidney",
        "N20.0",
        script=story.script,
    )
    send(page, "form.pm-step")
    fill(page, priority="urgent", needed_by=soon, needed_by_reason="Test: before the winter.")
    send(page, "form.pm-step")
    # Older than the rules allow.
    fill(page, dated_on=soon - timedelta(days=85), author="Test specialist", text="Test report.")
    send(page, "form.pm-step")
    hospital = page.locator(".govuk-radios__item").filter(has_text="National Hospital")
    expect(hospital).to_contain_text(words["kilometres"])
    expect(hospital).to_contain_text("Ак-Жол")
    hospital.locator("input").check()
    send(page, "form.pm-step")
    fill(page, payer="fund", estimate_amount="971 500", estimate_currency="KZT")
    send(page, "form.pm-step")
    send(page, "form.pm-step")

    assert page.url.endswith("/file/check/")
    shows(page, words["urology"], words["diagnosis"], "National Hospital", "Test: before the winter.")
    story.decided_on(page)
    press(page, "#answers-time ~ p a, .pm-top--panel:has(#answers-time) a")
    fill(page, needed_by_reason="Test: within six weeks.")
    send(page, "form.pm-step")
    assert page.url.endswith("/file/check/")
    shows(page, "Test: within six weeks.")
    story.draft = page.url.removeprefix(story.site.demo.url)
    story.done = 4


def _until_checked(story: Story, page: Page) -> None:
    """A script shows the result by itself; without one the link asks again."""
    if story.script:
        page.locator("#check").wait_for(timeout=30_000)
        return
    deadline = time.monotonic() + 30
    while not page.locator("#check").is_visible():
        assert time.monotonic() < deadline
        time.sleep(0.3)
        again = page.locator(".pm-nojs a")
        press(page, again) if again.count() else page.reload()


def test_5_the_rules_are_checked_and_explained(story: Story) -> None:
    story.begin(5)
    page = story.at(CLINICIAN, story.draft)
    press(page, "main form[action$='/submit/'] button")
    found = re.search(r"KZ-\d\d-\d{6}", page.locator("main").inner_text())
    assert found is not None
    story.number = found[0]
    story.case = page.url.removeprefix(story.site.demo.url)
    _until_checked(story, page)
    rules = page.locator("#check .pm-rule")
    expect(rules).to_have_count(9)
    codes = set(re.findall(r"[A-Z]{3}-\d\d", page.locator("#check").inner_text()))
    assert codes == {f"{name}-01" for name in ["EMG", "IDN", "CIT", "RES", "COV", "MED", "PRV", "CON", "DUP"]}
    for rule in rules.all():
        assert rule.locator("p > strong").inner_text().strip()
    expect(rules.filter(has=page.locator(".pm-tag--ok"))).to_have_count(7)
    late = rules.filter(has_text="MED-01")
    expect(late).to_contain_text(story.words["failed"])
    expect(late.locator(".pm-rule__remedy")).to_be_visible()
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
    _until_checked(story, page)
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
    page = story.at(OSH_DESK, f"{case}do/decline/")
    fill(page, reason_code="no_capacity", reason_text="Test: no bed before spring.")
    send(page)
    shows(page, words["declined"])
    page = story.find_case(COORDINATOR, "/referrals/decisions/?part=declined", other["number"])
    press(page, "main tbody tr .pm-cell--next a")
    if "/do/re_route/" not in page.url:
        press(page, "main a[href$='/do/re_route/']")
    page.locator(".govuk-radios__item").filter(has_text="National Hospital").locator("input").check()
    fill(page, reason_text="Test: it has a bed.")
    send(page)
    shows(page, "National Hospital")
    assert (
        story.site.context(OSH_DESK, story.language, script=story.script).request.get(demo.url + case).status
        == 404
    )

    host = Partner(demo, "National Hospital")
    assert host.token["expires_in"] <= 900
    listed = host.ask("referrals/?direction=received&state=sent&limit=100")["results"]
    assert other["number"] in {row["number"] for row in listed}
    assert host.ask(f"referrals/{other['id']}/")["clinical"]["clinical_reason"] == "Test."
    start = f"{day}T09:00:00+06:00"
    accepted = host.step(
        other["id"], "accept", {"starts_at": start, "ends_at": f"{day + timedelta(days=2)}T09:00:00+06:00"}
    )
    assert accepted["state"] == "accepted"
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


def _mails(story: Story, reader: str) -> list[tuple[str, str]]:
    """(language, subject and text) of the e-mails to somebody about the story's referral."""
    mails = story.site.demo.mail(f"{reader}@example.org", story.number)
    return [(mail["Content-Language"], f"{mail['Subject']}\n{mail.get_content()}") for mail in mails]


def _says_nothing_clinical(story: Story, text: str) -> bool:
    return not any(word in text for word in (*FORBIDDEN, *story.name))


def test_9_everybody_concerned_was_told(story: Story) -> None:
    story.begin(9)
    page = story.at(CLINICIAN, "/referrals/")
    before = int(page.locator(".pm-nav .pm-count").inner_text())
    press(page, ".pm-nav a[href='/messages/']")
    message = page.locator(".pm-inbox__row--unread").filter(has_text=story.number).first
    press(page, message.locator("button"))
    assert page.url.endswith(story.case)
    assert int(page.locator(".pm-nav .pm-count").inner_text()) == before - 1

    readers = {"clinician.kz": story.language, "officer.kz": "ru", "desk.kg": "ru"}
    deadline = time.monotonic() + 30
    while not all(_mails(story, reader) for reader in readers):
        assert time.monotonic() < deadline, "not everybody got an e-mail"
        time.sleep(0.5)
    for reader, language in readers.items():
        for written_in, text in _mails(story, reader):
            assert f"{story.site.demo.url}{story.case}" in text
            assert written_in == language
            assert bool(re.search("[а-я]", text)) == (language == "ru")
            assert _says_nothing_clinical(story, text)
    texts = [one["text"] for one in story.site.demo.texts() if one["to"] == story.phone]
    assert len(texts) >= 4
    for text in texts:
        assert story.number in text
        assert re.search("[а-я]", text), "the patient reads Russian"
        assert _says_nothing_clinical(story, text)
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

    page = story.at(CLINICIAN, story.unknown)
    _begin_draft(page)
    page.locator("[name=specialty]").select_option(label=words["urology"])
    fill(page, service="Test emergency", care_mode="inpatient")
    send(page, "form.pm-step")
    fill(page, clinical_reason="Test: sepsis.", goal="Test: survival.")
    search(page, "diagnosis", "N20.0", "N20.0", script=story.script)
    send(page, "form.pm-step")
    fill(page, priority="stat", triage_note="Test: shock.")
    send(page, "form.pm-step")
    send(page, "form.pm-step")
    page.locator(".govuk-radios__item").filter(has_text="National Hospital").locator("input").check()
    send(page, "form.pm-step")
    fill(page, payer="ministry")
    send(page, "form.pm-step")
    fill(page, answer="ground", emergency_ground="Test: unconscious, and nobody can be asked.")
    send(page, "form.pm-step")
    press(page, "main form[action$='/submit/'] button")
    found = re.search(rf"(/referrals/{UUID}/)$", page.url)
    assert found is not None
    shows(page, words["emergency"])
    number = re.search(r"KZ-\d\d-\d{6}", page.locator("main").inner_text())
    assert number is not None
    page = story.find_case(DESK, "/referrals/desk/", number[0])
    shows(page, words["emergency"])
    page = story.find_case(OFFICER, "/referrals/decisions/?part=emergencies", number[0])
    page = story.at(OFFICER, f"{found[1]}do/review_emergency/")
    fill(page, review_text="Test: it was one.")
    send(page)
    shows(page, words["reviewed"])
    story.done = 10
