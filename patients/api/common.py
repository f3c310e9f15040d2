"""What the endpoints of patients share."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from core.api.conditional import Shown, tag_of
from core.api.jsonio import answer, dumps
from core.api.kept_answers import Kept
from core.api.views import ApiView
from core.errors import Invalid, Text
from patients import access
from patients.districts import find_unit
from patients.models import Patient
from patients.serializers.person import BASE, PatientDetail

_TEXTS = {"number", "country"}
_KIN = ("name", "phone", "relation")
#: What may be nothing; any other field is a text, which is empty then.
_NULL = {"birth_date", "deceased_on"}
#: How an action calls what the API calls otherwise.
KIN_NAMES = {f"next_of_kin_{name}": f"next_of_kin.{name}" for name in _KIN}


class PatientView(ApiView):
    """An endpoint of patients."""

    resource = "patients"

    def whole(self, pk: UUID, *, status: int = 200) -> HttpResponse:
        """The patient's whole record, with its ETag."""
        patient = access.get_whole(self.actor, pk)
        access.show(self.actor, patient)
        location = f"{BASE}{pk}/" if status == 201 else ""
        return answer(PatientDetail.of(patient), status=status, version=patient.version, location=location)

    def named_version(self, pk: UUID) -> int:
        """The version of the record that If-Match names."""
        return self.version(lambda: self._record(pk))

    def tag(self, pk: UUID) -> str:
        """The ETag that the record has now."""
        record = self._record(pk)
        return tag_of(record.version, record.decided())

    def _record(self, pk: UUID) -> Shown:
        patient = access.get_whole(self.actor, pk)
        return Shown(patient.version, lambda: dumps(PatientDetail.of(patient)))

    def again(self, kept: Kept, pk: UUID | None = None, **kwargs: Any) -> HttpResponse:
        """The record as its reader may see it now."""
        return self.whole(pk or UUID(kept.id), status=kept.status)


def person_arguments(given: Mapping[str, Any], known: Patient | None = None) -> dict[str, Any]:
    """Checked content as arguments of the actions; `known` is the patient whom it changes.

    Raises Invalid for a district that isn't known, and where `citizenship` and `citizenships` disagree.
    """
    apart = {"residence_district", "next_of_kin", "citizenship", "record_number"}
    person = {
        name: "" if value is None and name not in _NULL else value
        for name, value in given.items()
        if name not in apart
    }
    if "citizenship" in given:
        one = given["citizenship"]
        several = person.setdefault("citizenships", _with_first(one, known) if one else [])
        if several and one not in several:
            raise Invalid(
                {"citizenship": [_("This country isn’t among the citizenships. Send one of the two.")]}
            )
    if "residence_district" in given:
        person["residence_district"] = _district(given["residence_district"])
    if "next_of_kin" in given:
        kin = given["next_of_kin"]
        said = kin if kin is not None else dict.fromkeys(_KIN, "")
        person |= {f"next_of_kin_{name}": value or "" for name, value in said.items()}
    return person


def _district(given: Mapping[str, Any] | None) -> int | None:
    if given is None:
        return None
    unit = find_unit(f"{given['country']}:{given['code']}")
    if unit is None:
        text: Text = _("There is no district with this country and code.")
        raise Invalid({"residence_district.code": [text]}, code="unknown_code")
    return unit.pk


def _with_first(one: str, known: Patient | None) -> list[str]:
    """The citizenships for a client that knows of one alone: it read the first, and sends it back unchanged."""
    if known is not None and known.citizenships[:1] == [one]:
        return known.citizenships
    return [one]


def coverage_arguments(given: Mapping[str, Any], field: str = "") -> dict[str, Any]:
    """As `person_arguments`, for a coverage; `field` stands before the names in an error."""
    terms = {name: "" if value is None and name in _TEXTS else value for name, value in given.items()}
    if "fund" in terms and not terms["fund"]:
        terms["fund"] = None
    elif code := terms.pop("fund", ""):
        fund = access.funds().filter(code=code).first()
        if fund is None:
            raise Invalid({f"{field}fund": [_("There is no fund with this code.")]}, code="unknown_code")
        terms["fund"] = fund.pk
    return terms


@contextmanager
def renamed(names: Mapping[str, str]) -> Iterator[None]:
    """Give the fields of an Invalid the names that the API has for them."""
    try:
        yield
    except Invalid as error:
        fields = {names.get(name, name): texts for name, texts in error.fields.items()}
        raise Invalid(fields, code=error.code) from error
