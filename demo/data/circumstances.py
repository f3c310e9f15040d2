"""What the clinicians of the demonstration state beside the report, which papers they add, and what consilia found.

It follows from the number of the referral alone, so that each rule has something to pass, to fail and to ask a person.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from demo.data.clinical import Case
from referrals.models import Consilium, EvidenceItem

#: What some of the cases need of a hospital.
EQUIPMENT = {
    "mitral": ["heart_lung", "intensive_care"],
    "septal": ["heart_lung"],
    "child_heart": ["heart_lung"],
    "coronary": ["angiography"],
    "infarction": ["angiography"],
    "aneurysm": ["angiography"],
    "meningioma": ["mri"],
    "sclerosis": ["mri"],
    "hematoma": ["ct"],
}
_HIGHER = "Риск наркоза повышен из-за сопутствующей болезни, но без операции прогноз хуже."


def stated(number: int, country: str, case: str) -> dict[str, Any]:
    """By name, without what this clinician left open."""
    found: dict[str, Any] = {
        "equipment": EQUIPMENT.get(case),
        "home_wait_days": {0: None, 1: 3}.get(number % 6, 40 + number * 7 % 90),
        "home_lacks": {3: "equipment", 5: None}.get(number % 7, "nothing"),
        "risk": {2: "higher", 5: None, 7: "unacceptable"}.get(number % 9, "usual"),
        "translations": {1: "missing", 4: None}.get(number % 8, "not_needed"),
        "in_basket": {4: "no", 7: None}.get(number % 9, "yes"),
    }
    if found["risk"] == "higher":
        found["risk_note"] = _HIGHER
    if found["home_lacks"] == "equipment":
        found["home_lacks_note"] = "Нет нужного аппарата, ближайший — в столице."
    if country == "KZ":
        found["commission"] = {2: "invite", 4: None, 6: "against"}.get(number % 7, "abroad")
    return {name: value for name, value in found.items() if value is not None}


def papers(number: int, country: str, today: date) -> Iterator[dict[str, Any]]:
    """Documents that are added once the referral is filed."""
    if number % 7 == 3:
        old = number % 14 == 3
        yield {
            "kind": EvidenceItem.Kind.FACILITY_STATEMENT,
            "dated_on": today - timedelta(days=250 if old else 12),
            "author": "Тестов Т. Т., главный врач областной больницы",
            "text": "В области нет нужного аппарата, заявка на него подана.",
        }
    if country == "KZ" and number % 5:
        yield {
            "kind": EvidenceItem.Kind.COMMISSION_MINUTES,
            "dated_on": today - timedelta(days=4),
            "author": "Комиссия по направлению на лечение за рубеж",
            "text": "Рассмотрены выписка и заключение специалиста.",
        }


def consilium(number: int, case: Case, today: date) -> dict[str, Any] | None:
    """What a consilium found; None where nobody met, and where the patient travels by themselves."""
    if case.mode in {"consultation", "outpatient"} or number % 4 == 0:
        return None
    finding = {3: Consilium.Finding.UNFIT, 5: Consilium.Finding.WITH_ESCORT}.get(
        number % 11, Consilium.Finding.FIT
    )
    return {
        "held_on": today,
        "members": "Тестова А. А., лечащий врач\nТестов Б. Б., анестезиолог-реаниматолог\nТестов В. В., заведующий",
        "finding": finding,
        "escort": "Фельдшер скорой помощи" if finding == Consilium.Finding.WITH_ESCORT else "",
        "text": "Состояние оценено на день консилиума; дорога занимает до шести часов.",
    }
