"""Checking a person's data before it is stored: the same for pages, API and demonstration."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypedDict
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Min, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core import languages, zones
from core.forms.text import STANDS_FOR_NONE
from core.partial import PartialDate
from core.phones import phone_error, read_phone
from core.placeholders import names_no_place, names_nobody, stands_for_none
from facilities.countries import ISO_CODES
from facilities.models import AdminUnit
from patients import wording
from patients.care import papers_of, stays_of
from patients.contact import clean_text, is_nobodys_email
from patients.models import Consent, Coverage, Identifier, Patient
from patients.models.patient import EARLIEST_BIRTH
from patients.names import check_name, match_key, search_key, to_latin

Text = wording.Text
Errors = dict[str, list[Text]]


class PersonFields(TypedDict, total=False):
    """What may be said of a patient. Texts are as typed; countries are codes, districts primary keys.

    `birth_date` may be a year, or a year and a month. `citizenships` may be of any country of ISO 3166-1. An empty
    `citizenship_status` follows from them: known, or not.
    """

    family_name: str
    given_name: str
    patronymic: str
    birth_date: date | PartialDate | None
    birth_date_estimated: bool
    sex: str
    citizenship_status: str
    citizenships: list[str]
    residence_district: int | None
    residence_country: str
    address: str
    phone: str
    email: str
    preferred_language: str
    is_unknown: bool
    description: str
    next_of_kin_name: str
    next_of_kin_phone: str
    next_of_kin_relation: str
    is_synthetic: bool
    deceased_on: date | None


NAME_FIELDS = ("family_name", "given_name", "patronymic")
TEXT_LENGTHS = {"address": 300, "description": 500, "next_of_kin_name": 200, "next_of_kin_relation": 100}
#: What stands for no answer in a text, where it isn't `stands_for_none`.
NO_ANSWER: Mapping[str, Callable[[str], bool]] = {
    "address": names_no_place,
    "next_of_kin_name": names_nobody,
    "next_of_kin_relation": names_nobody,
}
PHONE_FIELDS = ("phone", "next_of_kin_phone")
MOST_CITIZENSHIPS = 10
FLAG_FIELDS = ("birth_date_estimated", "is_unknown", "is_synthetic")
DATE_FIELDS = ("birth_date", "deceased_on")
CHOICE_FIELDS = {"sex": Patient.Sex.values, "preferred_language": languages.CODES}


def clean_person(fields: Mapping[str, Any], *, country: str = "") -> tuple[dict[str, Any], Errors]:
    """Model values for `fields` (all of `PersonFields`; absent ones are empty), and what is wrong.

    `country` (the actor's) says how a telephone number without a country prefix is read.
    """
    values: dict[str, Any] = {name: bool(fields.get(name)) for name in FLAG_FIELDS}
    values |= {name: fields.get(name) for name in DATE_FIELDS}
    born = values["birth_date"] and PartialDate.of(values["birth_date"])
    values |= {"birth_date": born and born.first, "birth_precision": born.precision if born else "day"}
    errors: Errors = {}
    for name in NAME_FIELDS:
        checked = check_name(fields.get(name) or "", name)
        values[name] = checked.value
        if checked.errors:
            errors[name] = [wording.name_error(code, checked.word) for code in checked.errors]
    for name, length in TEXT_LENGTHS.items():
        says_none = NO_ANSWER.get(name, stands_for_none)
        values[name] = free_text(name, fields.get(name) or "", length, errors, says_none=says_none)
    _clean_contact(fields, country, values, errors)
    for name, choices in CHOICE_FIELDS.items():
        values[name] = fields.get(name) or ""
        if values[name] not in choices:
            errors[name] = [_("Choose one of the answers offered.")]
    _clean_citizenship(fields, values, errors)
    _clean_places(fields, values, errors)
    _check_dates(values, errors)
    _check_known(values, errors)
    values["name_latin"] = to_latin(" ".join(values[name] for name in NAME_FIELDS if values[name]))
    values["name_key"] = match_key(*(values[name] for name in NAME_FIELDS))
    values["search_key"] = search_key(*(values[name] for name in NAME_FIELDS))
    return values, errors


def free_text(
    name: str,
    text: str,
    length: int,
    errors: Errors,
    *,
    says_none: Callable[[str], bool] = stands_for_none,
    instead: Text = STANDS_FOR_NONE,
) -> str:
    """The text as it is kept, empty if it can't be; what is wrong goes to `errors` by the field's name.

    `instead`: what to say of a text that stands for no answer, as `says_none` finds.
    """
    cleaned = clean_text(text) if len(text) <= 4 * length else text
    if cleaned is None:
        errors[name] = [wording.HIDDEN_CHARACTER]
    elif len(cleaned) > length:
        errors[name] = [too_long(length)]
    elif says_none(cleaned):
        errors[name] = [instead]
    return cleaned or ""


def too_long(length: int) -> Text:
    """That a text has more characters than that."""
    words = ngettext_lazy(
        "The text is too long: use at most %(number)s character.",
        "The text is too long: use at most %(number)s characters.",
        length,
    )
    return words % {"number": length}


def _clean_contact(fields: Mapping[str, Any], country: str, values: dict[str, Any], errors: Errors) -> None:
    for name in PHONE_FIELDS:
        phone = read_phone(fields.get(name) or "", country)
        values[name] = phone.number or ""
        if phone.number is None:
            errors[name] = [phone_error(phone)]
    values["email"] = (fields.get("email") or "").strip()
    if values["email"]:
        try:
            validate_email(values["email"])
        except ValidationError:
            errors["email"] = [_("Enter an e-mail address such as name@example.org.")]
        if is_nobodys_email(values["email"]):
            errors["email"] = [
                _("This stands for no e-mail address. Leave the field empty if there is none.")
            ]


def _clean_citizenship(fields: Mapping[str, Any], values: dict[str, Any], errors: Errors) -> None:
    """Citizen of countries, stateless, or not known: what is said of the one excludes the others."""
    kinds = Patient.Citizenship
    countries = [code for code in dict.fromkeys(fields.get("citizenships") or ()) if code]
    status = fields.get("citizenship_status") or (kinds.KNOWN if countries else kinds.NOT_KNOWN)
    values |= {"citizenships": countries, "citizenship_status": str(status)}
    if status not in kinds.values:
        errors["citizenship_status"] = [_("Choose one of the answers offered.")]
    elif not ISO_CODES.issuperset(countries):
        errors["citizenships"] = [wording.NO_SUCH_COUNTRY]
    elif len(countries) > MOST_CITIZENSHIPS:
        errors["citizenships"] = [_("Name the countries of the documents that you have seen, at most ten.")]
    elif status == kinds.KNOWN and not countries:
        errors["citizenships"] = [_("Name the country, or say that the citizenship isn’t known.")]
    elif status == kinds.STATELESS and countries:
        errors["citizenships"] = [
            _(
                "A stateless person has no citizenship. Take the country away, or say that there is a citizenship."
            )
        ]
    elif status == kinds.NOT_KNOWN and countries:
        errors["citizenships"] = [
            _("You name a citizenship and say that none is known. Leave one of the two.")
        ]


def _clean_places(fields: Mapping[str, Any], values: dict[str, Any], errors: Errors) -> None:
    """A district of the three countries, or the country alone: of a district's, or where no district is known."""
    district, country = fields.get("residence_district") or None, fields.get("residence_country") or ""
    values |= {"residence_district_id": district, "residence_country": country}
    if country and country not in ISO_CODES:
        errors["residence_country"] = [wording.NO_SUCH_COUNTRY]
    if district is None:
        return
    # Bishkek, Osh, Astana and some other cities are regions without districts: one lives in them all the same.
    places = AdminUnit.objects.filter(Q(level=AdminUnit.Level.DISTRICT) | Q(kind=AdminUnit.Kind.CITY))
    unit = places.filter(pk=district).first()
    if unit is None:
        errors["residence_district"] = [_("Choose one of the districts offered.")]
    elif country and country != unit.country_id:
        errors.setdefault(
            "residence_country", [_("The district lies in another country. Leave one of the two.")]
        )
    values["residence_country"] = ""  # the district says it


def _check_dates(values: dict[str, Any], errors: Errors) -> None:
    today = zones.today()
    born, died = values["birth_date"], values["deceased_on"]
    if born is not None and born > today:
        errors["birth_date"] = [_("The date of birth lies in the future. Check the year.")]
    elif born is not None and born < EARLIEST_BIRTH:
        errors["birth_date"] = [_("The date of birth lies too far in the past. Check the year.")]
    if born is None and values["birth_date_estimated"]:
        errors["birth_date"] = [_("Enter the estimated date of birth.")]
    if problem := death_problem(died, born=born, estimated=values["birth_date_estimated"], today=today):
        errors["deceased_on"] = [problem]


def death_problem(died: date | None, *, born: date | None, estimated: bool, today: date) -> Text | None:
    """What is wrong with a day of death, None when nothing is. An estimated date of birth may have to be mended."""
    if died is None:
        return None
    if died > today:
        return _("The date of death lies in the future. Check the year.")
    if died < EARLIEST_BIRTH:
        return _("The date of death lies too far in the past. Check the year.")
    if born is not None and died < born:
        if estimated:
            return _(
                "The date of death lies before the estimated date of birth. Correct the one that is wrong."
            )
        return _("The date of death lies before the date of birth.")
    return None


def problems_with_care(patient_id: UUID, *, born: date | None, estimated: bool, died: date | None) -> Errors:
    """What is wrong with a birth or a death beside the stays in hospital that are on record for the patient."""
    stays = stays_of(patient_id)
    errors: Errors = {}
    first, last = (
        min((stay.first for stay in stays), default=None),
        max((s.last for s in stays), default=None),
    )
    if born is not None and first is not None and not estimated and first < born:
        text = _("The date of birth lies after a stay in hospital, which began on %(day)s. Check both dates.")
        errors["birth_date"] = [text % {"day": date_format(first)}]
    if died is not None and last is not None and died < last:
        text = _("The date of death lies before the end of a stay in hospital, on %(day)s. Check both dates.")
        errors["deceased_on"] = [text % {"day": date_format(last)}]
    return errors


def problems_with_records(patient: Patient, born: PartialDate) -> Errors:
    """What is wrong with a date of birth beside what the record's own facility wrote down of the patient."""
    of_it: dict[str, Any] = {"patient_id": patient.pk, "recorder_id": patient.recorder_id}
    firsts = (
        Identifier.objects.filter(**of_it).aggregate(day=Min("expires_on")),
        Coverage.objects.current().filter(**of_it).aggregate(day=Min("valid_from")),
        Consent.objects.standing().filter(**of_it).aggregate(day=Min("valid_from")),
    )
    days = [row["day"] for row in firsts if row["day"] is not None] + papers_of(patient.pk)
    if not days or min(days) >= born.first:
        return {}
    text = _(
        "The date of birth lies after %(day)s, on which a coverage or a consent begins, a document ends or a report is "
        "dated. Check both dates."
    )
    return {"birth_date": [text % {"day": date_format(min(days))}]}


def proven_birth(values: Mapping[str, Any]) -> PartialDate | None:
    """As `Patient.proven_birth`, of what `clean_person` gave."""
    if values["birth_date"] is None or values["birth_date_estimated"]:
        return None
    return PartialDate(values["birth_date"], values["birth_precision"])


def _check_known(values: dict[str, Any], errors: Errors) -> None:
    if values["is_unknown"]:
        if not (values["description"] or values["family_name"] or values["given_name"]):
            text = _("Describe the patient: marks, clothing, place where they were found.")
            errors.setdefault("description", [text])
        return
    # A document may have one name alone, and call it the family name or the given name.
    if (
        not values["family_name"]
        and not values["given_name"]
        and not {"family_name", "given_name"} & set(errors)
    ):
        errors["family_name"] = [
            _(
                "Enter the family name as in the document, or the only name that it has, here or as the given name."
            )
        ]
    if values["birth_date"] is None:
        errors.setdefault("birth_date", []).append(_("Enter the date of birth."))
