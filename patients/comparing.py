"""Two records of one person, compared: what is the same, what comes over, what contradicts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import Text
from patients.models import Patient


class State(StrEnum):
    """How the two records agree in something. `KEPT`: the one that stays says it, or more of it; `COMES`: the other."""

    SAME = "same"
    KEPT = "kept"
    COMES = "comes"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True, slots=True)
class Unit:
    """What is taken from one record as a whole: a name is one thing, and so is a next of kin.

    `said` gives its values, an empty one for what isn't known. `adds_up`: a record that leaves some of them empty and
    agrees in the others says less, and contradicts nothing.
    """

    name: str
    label: Text
    fields: tuple[str, ...]
    said: Callable[[Patient], tuple[Any, ...]]
    adds_up: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """A unit of two records."""

    unit: Unit
    state: State


def _plain(*names: str) -> Callable[[Patient], tuple[Any, ...]]:
    return lambda patient: tuple(getattr(patient, name) or "" for name in names)


def _unit(name: str, label: Text, *fields: str, adds_up: bool = False) -> Unit:
    fields = fields or (name,)
    return Unit(name, label, fields, _plain(*fields), adds_up)


def _sex(patient: Patient) -> tuple[str, ...]:
    return ("" if patient.sex == Patient.Sex.UNKNOWN else patient.sex,)


def _citizenship(patient: Patient) -> tuple[Any, ...]:
    if patient.citizenship_status == Patient.Citizenship.NOT_KNOWN:
        return ("",)
    return (patient.citizenship_status, *sorted(patient.citizenships))


def _residence(patient: Patient) -> tuple[Any, ...]:
    return (patient.lives_in, patient.residence_district_id or "")


#: In the order of the pages. Every field that a person may set belongs to one of them, or a guard asks for it.
UNITS = (
    _unit("name", _("Name"), "family_name", "given_name", "patronymic", adds_up=True),
    _unit("birth_date", _("Date of birth"), "birth_date", "birth_precision", "birth_date_estimated"),
    Unit("sex", _("Sex"), ("sex",), _sex),
    Unit("citizenship", _("Citizenship"), ("citizenship_status", "citizenships"), _citizenship),
    Unit(
        "residence_district",
        _("Residence"),
        ("residence_district_id", "residence_country"),
        _residence,
        adds_up=True,
    ),
    _unit("address", _("Address")),
    _unit("phone", _("Telephone")),
    _unit("email", _("E-mail")),
    _unit("preferred_language", _("Preferred language")),
    _unit("description", _("Description")),
    _unit(
        "next_of_kin",
        _("Next of kin"),
        "next_of_kin_name",
        "next_of_kin_phone",
        "next_of_kin_relation",
        adds_up=True,
    ),
)
BY_NAME = {unit.name: unit for unit in UNITS}
#: Fields that no unit takes over: guards see to it that they agree, or they follow from the others.
APART = ("is_unknown", "is_synthetic", "deceased_on")


def compare(survivor: Patient, merged: Patient) -> list[Compared]:
    """Each unit of the two records."""
    return [Compared(unit, _state(unit, survivor, merged)) for unit in UNITS]


def contradictions(compared: Iterable[Compared]) -> list[Unit]:
    """What a person has to choose."""
    return [one.unit for one in compared if one.state == State.CONTRADICTS]


def _state(unit: Unit, survivor: Patient, merged: Patient) -> State:
    if unit.name == "birth_date":
        return _born(survivor, merged)
    ours, theirs = unit.said(survivor), unit.said(merged)
    if ours == theirs:
        return State.SAME
    if not any(theirs) or (unit.adds_up and _says_all_of(ours, theirs)):
        return State.KEPT
    if not any(ours) or (unit.adds_up and _says_all_of(theirs, ours)):
        return State.COMES
    return State.CONTRADICTS


def _says_all_of(more: tuple[Any, ...], less: tuple[Any, ...]) -> bool:
    return all(one == other or not other for one, other in zip(more, less, strict=True))


def _born(survivor: Patient, merged: Patient) -> State:
    """A date that is known excels an estimate, and a whole one a part of it. Known dates that differ are guarded."""
    ours, theirs = survivor.born, merged.born
    if (ours, survivor.birth_date_estimated) == (theirs, merged.birth_date_estimated):
        return State.SAME
    if ours is None or theirs is None:
        return State.COMES if ours is None else State.KEPT
    if survivor.birth_date_estimated != merged.birth_date_estimated:
        return State.COMES if survivor.birth_date_estimated else State.KEPT
    if not ours.may_be(theirs):
        return State.CONTRADICTS
    return State.COMES if theirs.last - theirs.first < ours.last - ours.first else State.KEPT
