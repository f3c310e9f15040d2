"""What a person says about a merge or its undoing: checked as a whole, before anything is written."""

from collections.abc import Mapping
from typing import Literal

from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Invalid, Text
from core.forms.text import NAMES_NOBODY
from core.placeholders import names_nobody
from patients.cleaning import free_text
from patients.comparing import BY_NAME, Compared, contradictions
from patients.models import MergeGround, UndoReason

#: Whose value stands where two records contradict each other.
Choice = Literal["survivor", "merged"]
CHOICES = ("survivor", "merged")


def check_said(
    by: Actor, compared: list[Compared], ground: str, choices: Mapping[str, str], decided_by: str
) -> str:
    """Raise Invalid for what is missing or wrong; give who decided."""
    errors: dict[str, list[Text]] = {}
    if ground not in MergeGround.values:
        errors["ground"] = [_("Choose one of the answers offered.")]
    asked = {unit.name for unit in contradictions(compared)}
    for name, choice in choices.items():
        if name not in BY_NAME or choice not in CHOICES:
            errors[f"choices.{name}"] = [_("Choose one of the answers offered.")]
    for name in sorted(asked - {*choices}):
        errors[f"choices.{name}"] = [_("The two records contradict each other here. Choose what stands.")]
    decided_by = _decider(by, decided_by, errors)
    if errors:
        raise Invalid(errors)
    return decided_by


def check_reason(by: Actor, reason: str, decided_by: str) -> str:
    """Raise Invalid without a reason; give who decided."""
    errors: dict[str, list[Text]] = {}
    if reason not in UndoReason.values:
        errors["reason"] = [_("Choose one of the answers offered.")]
    decided_by = _decider(by, decided_by, errors)
    if errors:
        raise Invalid(errors)
    return decided_by


def _decider(by: Actor, decided_by: str, errors: dict[str, list[Text]]) -> str:
    """Who decided, by name, where a system acts: that two records are one person is for a person to say."""
    name = free_text("decided_by", decided_by, 200, errors, says_none=names_nobody, instead=NAMES_NOBODY)
    if not name and by.kind == "client":
        errors["decided_by"] = [_("Name the person who decided: a system can’t.")]
    return name
