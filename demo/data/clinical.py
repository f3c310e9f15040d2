"""The clinical content of the demonstration's referrals, from clinical.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of case; the fields are explained at the top of clinical.toml."""

    specialty: str
    diagnosis: str
    service: str
    reason: str
    goal: str
    report: str
    care: str
    outcome: str
    advice: str
    age: int
    mode: str = "inpatient"
    triage: str = ""
    sex: Literal["female", "male"] | None = None
    author: str = "Врач-специалист (тест)"


@cache
def cases() -> dict[str, Case]:
    """Every case by its name."""
    text = Path(__file__).with_suffix(".toml").read_text("utf-8")
    return {name: Case(**fields) for name, fields in tomllib.loads(text).items()}
