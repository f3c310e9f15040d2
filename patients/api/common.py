"""What the endpoints of patients share."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from core.api.conditional import etag
from core.api.jsonio import answer
from core.api.views import ApiView
from core.errors import Invalid, Text
from patients import access
from patients.districts import find_unit
from patients.models import Patient
from patients.serializers.person import BASE, PatientDetail

_KIN = ("name", "phone", "relation")
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
        return answer(PatientDetail.of(patient), status=status, etag=etag(patient.version), location=location)

    def again(self, response: HttpResponse, pk: UUID | None = None, **kwargs: Any) -> HttpResponse:
        """A stored answer only for who may still see the patient. Raises NotKnown."""
        if pk is not None:
            access.show(self.actor, access.get_visible(self.actor, pk))
        return response


def person_arguments(given: Mapping[str, Any], known: Patient | None = None) -> dict[str, Any]:
    """Checked content as arguments of the actions; `known` is the patient whom it changes.

    Raises Invalid for a district that isn't known, and where `citizenship` and `citizenships` disagree.
    """
    apart = {"residence_district", "next_of_kin", "citizenship"}
    person = {name: value for name, value in given.items() if name not in apart}
    if one := given.get("citizenship"):
        several = person.setdefault("citizenships", _with_first(one, known))
        if one not in several:
            raise Invalid(
                {"citizenship": [_("This country isn’t among the citizenships. Send one of the two.")]}
            )
    if "residence_district" in given:
        district = given["residence_district"]
        unit = find_unit(f"{district['country']}:{district['code']}")
        if unit is None:
            text: Text = _("There is no district with this country and code.")
            raise Invalid({"residence_district.code": [text]}, code="unknown_code")
        person["residence_district"] = unit.pk
    for name, value in given.get("next_of_kin", {}).items():
        person[f"next_of_kin_{name}"] = value
    return person


def _with_first(one: str, known: Patient | None) -> list[str]:
    """The citizenships for a client that knows of one alone: it read the first, and sends it back unchanged."""
    if known is not None and known.citizenships[:1] == [one]:
        return known.citizenships
    return [one]


def coverage_arguments(given: Mapping[str, Any], field: str = "") -> dict[str, Any]:
    """As `person_arguments`, for a coverage; `field` stands before the names in an error."""
    terms = dict(given)
    if code := terms.pop("fund", ""):
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
