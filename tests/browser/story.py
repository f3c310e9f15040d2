"""Who takes part in the stories, and the words by which they see that something has happened."""

import time
from datetime import date, timedelta
from random import Random

import pytest
from playwright.sync_api import Page, expect

from patients.synthetic import national_number
from tests.browser.conftest import violations
from tests.browser.hands import fill, press, send, shows
from tests.browser.pages import OFFICER
from tests.browser.site import Site

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
FORBIDDEN = ("N20", "почк", "kidney", "Urology", "Урология", "National Hospital", "Национальный госпиталь")


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
