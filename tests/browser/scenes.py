"""Scenes of the stories that several steps need, or that would make one too long to read."""

import json
import re
import time
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from agreements.loading import SOURCE as AGREEMENTS
from tests.browser.hands import fill, press, search, send, shows, type_and_wait
from tests.browser.pages import CLINICIAN, COORDINATOR, UUID
from tests.browser.partner import Partner
from tests.browser.story import FORBIDDEN, OSH_DESK, Story


def look_for(page: Page, text: str) -> None:
    fill(page, q=text)
    send(page, "main form[role=search]")


#: The hospital of the story, in English and in Russian.
HOSPITAL = re.compile("National Hospital|Национальный госпиталь")


def begin_afresh(page: Page) -> None:
    """Leave what somebody typed into this form before, and begin with an empty one."""
    if (link := page.locator("main a[href$='?typed=new']")).count():
        press(page, link.first)


def register(story: Story, page: Page, **changes: Any) -> None:
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


def begin_draft(page: Page) -> None:
    """From a patient's page to the first page of the filing."""
    press(page, "main a[href^='/referrals/start/']")
    send(page)
    assert page.url.endswith("/file/care/")


def until_checked(story: Story, page: Page) -> None:
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


def file_an_emergency(story: Story) -> tuple[str, str]:
    """For the unknown patient, without a consent: the address and the number of the case."""
    page = story.at(CLINICIAN, story.unknown)
    begin_draft(page)
    page.locator("[name=specialty]").select_option(label=story.words["urology"])
    fill(page, service="Test emergency", care_mode="inpatient")
    send(page, "form.pm-step")
    fill(page, clinical_reason="Test: sepsis.", goal="Test: survival.")
    search(page, "diagnosis", "N20.0", "N20.0", script=story.script)
    send(page, "form.pm-step")
    fill(page, priority="stat", triage_note="Test: shock.")
    send(page, "form.pm-step")
    send(page, "form.pm-step")
    page.locator(".govuk-radios__item").filter(has_text=HOSPITAL).locator("input").check()
    send(page, "form.pm-step")
    fill(page, payer="ministry")
    send(page, "form.pm-step")
    fill(page, answer="ground", emergency_ground="Test: unconscious, and nobody can be asked.")
    send(page, "form.pm-step")
    press(page, "main form[action$='/submit/'] button")
    found = re.search(rf"(/referrals/{UUID}/)$", page.url)
    assert found is not None
    shows(page, story.words["emergency"])
    number = re.search(r"KZ-\d\d-\d{6}", page.locator("main").inner_text())
    assert number is not None
    return found[1], number[0]


def decline_and_send_elsewhere(story: Story, case: str, number: str) -> None:
    """One hospital has no bed, the coordinator sends the referral to another; the first keeps its own steps."""
    page = story.at(OSH_DESK, f"{case}do/decline/")
    fill(page, reason_code="no_capacity", reason_text="Test: no bed before spring.")
    send(page)
    shows(page, story.words["declined"])
    page = story.find_case(COORDINATOR, "/referrals/decisions/?part=declined", number)
    press(page, "main tbody tr .pm-cell--next a")
    if "/do/re_route/" not in page.url:
        press(page, "main a[href$='/do/re_route/']")
    page.locator(".govuk-radios__item").filter(has_text=HOSPITAL).locator("input").check()
    fill(page, reason_text="Test: it has a bed.")
    send(page)
    shows(page, HOSPITAL)
    kept = story.at(OSH_DESK, case).locator("main").inner_text()
    assert number in kept
    assert "Test: no bed before spring." in kept
    assert "Проба" not in kept


def every_rule_is_explained(story: Story, page: Page) -> None:
    """The agreement's rules stand on the case in words; the one that fails, with what to do."""
    rules = page.locator("#check .pm-rule")
    said = set(json.loads(AGREEMENTS.read_text("utf-8"))[0]["versions"][0]["rules"])
    expect(rules).to_have_count(len(said))
    assert set(re.findall(r"[A-Z]{3}-\d\d", page.locator("#check").inner_text())) == said
    for rule in rules.all():
        assert rule.locator("p > strong").inner_text().strip()
    expect(rules.filter(has=page.locator(".pm-tag--ok"))).to_have_count(13)
    late = rules.filter(has_text="MED-01")
    expect(late).to_contain_text(story.words["failed"])
    expect(late.locator(".pm-rule__remedy")).to_be_visible()


def mails(story: Story, reader: str) -> list[tuple[str, str]]:
    """(language, subject and text) of the e-mails to somebody about the story's referral."""
    mails = story.site.demo.mail(f"{reader}@example.org", story.number)
    return [(mail["Content-Language"], f"{mail['Subject']}\n{mail.get_content()}") for mail in mails]


def says_nothing_clinical(story: Story, text: str) -> bool:
    return not any(word in text for word in (*FORBIDDEN, *story.name))


def answer_every_page(story: Story, page: Page) -> None:
    """From the first page of the filing to its last, with a draft that is left and found again in between."""
    words, soon = story.words, timezone.localdate() + timedelta(days=40)
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
    hospital = page.locator(".govuk-radios__item").filter(has_text=HOSPITAL)
    expect(hospital).to_contain_text(words["kilometres"])
    expect(hospital).to_contain_text("Ак-Жол")
    hospital.locator("input").check()
    send(page, "form.pm-step")
    fill(page, payer="fund", estimate_amount="971 500", estimate_currency="KZT")
    send(page, "form.pm-step")
    send(page, "form.pm-step")


def accept_by_the_hospitals_system(story: Story, case: dict[str, Any], day: date) -> None:
    """The hospital's own system finds the referral by the API, reads it and accepts it for that day."""
    host = Partner(story.site.demo, "National Hospital")
    assert host.token["expires_in"] <= 900
    listed = host.ask("referrals/?direction=received&state=sent&limit=100")["results"]
    assert case["number"] in {row["number"] for row in listed}
    assert host.ask(f"referrals/{case['id']}/")["clinical"]["clinical_reason"] == "Test."
    start = f"{day}T09:00:00+06:00"
    accepted = host.step(
        case["id"], "accept", {"starts_at": start, "ends_at": f"{day + timedelta(days=2)}T09:00:00+06:00"}
    )
    assert accepted["state"] == "accepted"


def letters_and_texts_are_right(story: Story) -> None:
    """Everybody concerned has an e-mail in their language, the patient texts in Russian, and none says more."""
    readers = {"clinician.kz": story.language, "officer.kz": "ru", "desk.kg": "ru"}
    deadline = time.monotonic() + 30
    while not all(mails(story, reader) for reader in readers):
        assert time.monotonic() < deadline, "not everybody got an e-mail"
        time.sleep(0.5)
    for reader, language in readers.items():
        for written_in, text in mails(story, reader):
            assert f"{story.site.demo.url}{story.case}" in text
            assert written_in == language
            assert bool(re.search("[а-я]", text)) == (language == "ru")
            assert says_nothing_clinical(story, text)
    texts = [one["text"] for one in story.site.demo.texts() if one["to"] == story.phone]
    assert len(texts) >= 4
    for text in texts:
        assert story.number in text
        assert re.search("[а-я]", text), "the patient reads Russian"
        assert says_nothing_clinical(story, text)
