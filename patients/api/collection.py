"""Find, register, link, read and change patients."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request

from core.api import cursors
from core.api.fields import NothingInput
from core.api.idempotency import once
from core.api.jsonio import answer
from core.api.problems import Conflict
from core.api.schema import VERSIONED, page_of
from core.db import keep, transaction_for
from core.errors import Invalid, Stale
from patients import access, actions, duplicates
from patients import identifiers as numbers
from patients.actions.linking import Ground
from patients.actions.numbers import Number
from patients.api.common import KIN_NAMES, PatientView, coverage_arguments, person_arguments, renamed
from patients.api.search import Searching
from patients.known import own_numbers
from patients.serializers.person import (
    BASE,
    Candidate,
    LinkInput,
    PatientChangeInput,
    PatientDetail,
    PatientInput,
    PatientQuery,
    PatientRow,
)

#: Since when the search by parameters is deprecated (RFC 9745), and until when it answers (RFC 8594).
DEPRECATED_ON, SUNSET = "@1795651200", "Wed, 01 Dec 2027 00:00:00 GMT"
_LATEST = cursors.newest_first("registered_at")
_NUMBERS = ("identifier", "system", "record_number")
_NOT_IN_ADDRESS = _(
    "A patient’s number must not stand in an address. Send it in the content of POST /api/v1/patients/search/."
)
_REGISTERED = {
    "family_name": "Тестова",
    "given_name": "Айгуль",
    "birth_date": "1985-04-02",
    "sex": "female",
    "citizenships": ["KZ"],
    "preferred_language": "kk",
    "identifiers": [{"system": "passport", "country": "KZ", "value": "N01234567"}],
    "record_number": "A-1042",
    "is_synthetic": True,
}
_LINK_NAMES = {name: f"identifier.{name}" for name in ("system", "country", "value")}


class _AsksOnce(PatientView):
    """What a patient's data ask before they are written: whether somebody else is the same person."""

    def _refuse(self, found: duplicates.Duplicates) -> None:
        """Raise Conflict with the patients that it may be, where there are any."""
        if not found:
            return
        here = own_numbers(self.actor, [one.patient for one in found.here])
        keep(partial(access.show_list, self.actor, access.DUPLICATES, here))  # the refusal shows them
        candidates = [Candidate.of(one.patient, reason=one.reason) for one in found.here]
        raise Conflict(
            _("A patient with the same number or a like name and date of birth is registered."),
            code="likely_duplicate",
            more={"candidates": candidates},
        )


class Patients(_AsksOnce, Searching):
    """The patients of the actor's facility."""

    @extend_schema(
        operation_id="listPatients",
        summary="Find patients",
        parameters=[PatientQuery],
        responses=page_of("PatientPage", PatientRow),
    )
    def get(self, request: Request) -> HttpResponse:
        """The latest registered, page by page. A patient is looked up by POST `patients/search/`: an address is
        written down on its way, so no number may stand in it."""
        if named := [name for name in _NUMBERS if name in request.query_params]:
            raise Invalid({name: [_NOT_IN_ADDRESS] for name in named}, code="not_in_address")
        wanted = self.parameters(PatientQuery)
        if wanted.get("name") or "birth_date" in wanted:
            response = self.searched(wanted)
            response["Deprecation"], response["Sunset"] = DEPRECATED_ON, SUNSET
            response["Link"] = f'<{BASE}search/>; rel="successor-version"'
            return response
        found = access.search_patients(self.actor, "")
        page, cursor = cursors.one_page(request, found, _LATEST, wanted)
        page = own_numbers(self.actor, page)
        access.show_list(self.actor, access.LATEST, page)
        return answer(cursors.page(request, [PatientRow.of(patient) for patient in page], cursor))

    @extend_schema(
        operation_id="registerPatient",
        summary="Register a patient",
        request=PatientInput,
        responses={201: PatientDetail},
        examples=[OpenApiExample("with a passport", _REGISTERED, request_only=True)],
    )
    @once
    def post(self, request: Request) -> HttpResponse:
        """With numbers and coverage, wholly or not at all. A patient without a number gets a temporary one.

        Whether another hospital knows the number makes no difference, unless a `ground` is given: then the record that
        is known by it and by the date of birth is linked instead, as by `link/`, and nothing else is written.
        """
        given = self.content(PatientInput)
        checked = given.pop("duplicate_checked", False)
        own = given.pop("record_number", None)
        identifiers = [_number(one) for one in given.pop("identifiers", [])]
        coverage = given.pop("coverage", None)
        ground = Ground(**given.pop("ground")) if "ground" in given else None
        with transaction_for(self.actor), renamed(KIN_NAMES):
            access.require_write(self.actor)
            person = person_arguments(given)
            terms = coverage_arguments(coverage, "coverage.") if coverage else None
            if not checked:
                self._refuse_duplicate(person, identifiers)
            patient = actions.register_patient(
                by=self.actor, identifiers=identifiers, coverage=terms, ground=ground, **person
            )
            if own:
                actions.set_record_number(by=self.actor, patient_id=patient.pk, value=own)
            return self.whole(patient.pk, status=201)

    def _refuse_duplicate(self, person: dict[str, Any], identifiers: list[Number]) -> None:
        """Raise Conflict with the patients that the new one may be."""
        normal = [
            (system, country or numbers.COUNTRY_OF.get(system, ""), numbers.check(system, value).value)
            for system, country, value, _expires_on in identifiers
        ]
        self._refuse(
            duplicates.likely_duplicates(
                self.actor,
                family_name=person.get("family_name", ""),
                given_name=person.get("given_name", ""),
                patronymic=person.get("patronymic", ""),
                birth_date=person.get("birth_date"),
                identifiers=normal,
            )
        )


class LinkPatient(PatientView):
    """A patient who is known elsewhere."""

    @extend_schema(
        operation_id="linkPatient",
        summary="Link a patient who is known elsewhere",
        request=LinkInput,
        responses={201: PatientDetail},
    )
    @once
    def post(self, request: Request) -> HttpResponse:
        """Needs the exact number, the date of birth and a ground. The hospital that made the record is told; every
        look-up is a row for each country concerned; too many in vain are stopped until a person unlocks them."""
        given = self.content(LinkInput)
        number = given["identifier"]
        with renamed(_LINK_NAMES):
            patient = actions.link_patient(
                by=self.actor,
                system=number["system"],
                country=number.get("country") or "",
                value=number["value"],
                birth_date=given["birth_date"],
                ground=Ground(**given["ground"]),
            )
        return self.whole(patient.pk, status=201)


class OnePatient(_AsksOnce):
    """One patient."""

    @extend_schema(operation_id="readPatient", summary="Read a patient", responses=PatientDetail)
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The whole record, with numbers, coverages and consents."""
        return self.whole(pk)

    @extend_schema(
        operation_id="changePatient",
        summary="Change a patient's record",
        request=PatientChangeInput,
        responses=PatientDetail,
        extensions=VERSIONED,
    )
    @once
    def patch(self, request: Request, pk: UUID) -> HttpResponse:
        """Sets the fields that are sent; the others stay. Where nothing changes nothing is written."""
        version = self.named_version(pk)
        given = self.content(PatientChangeInput)
        checked = given.pop("duplicate_checked", False)
        with transaction_for(self.actor), renamed(KIN_NAMES):
            changes: Any = person_arguments(given, access.get_visible(self.actor, pk))
            if not checked and set(duplicates.ASKED) & changes.keys():
                self._refuse_second_record(pk, changes)
            actions.update_patient(by=self.actor, patient_id=pk, expected_version=version, **changes)
            if "record_number" in given:
                actions.set_record_number(by=self.actor, patient_id=pk, value=given["record_number"] or "")
            return self.whole(pk)

    def _refuse_second_record(self, pk: UUID, changes: dict[str, Any]) -> None:
        """As for a new patient, once the record says another name or day of birth."""
        said = duplicates.said_anew(access.get_visible(self.actor, pk), changes)
        if said is not None:
            self._refuse(duplicates.likely_duplicates(self.actor, other_than=pk, **said))


class ConfirmDeath(PatientView):
    """A death that another hospital recorded."""

    @extend_schema(
        operation_id="confirmDeath",
        summary="Confirm a death that a host hospital recorded",
        request=NothingInput,
        responses=PatientDetail,
        extensions=VERSIONED,
    )
    @once
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        """Only then the patient's other referrals end. A `deceased_on` of null takes a mistake back instead."""
        version = self.named_version(pk)
        self.content(NothingInput)
        with transaction_for(self.actor):
            if access.get_visible(self.actor, pk).version != version:
                raise Stale()
            actions.confirm_death(by=self.actor, patient_id=pk)
            return self.whole(pk)


def _number(given: dict[str, Any]) -> Number:
    return Number(given["system"], given.get("country") or "", given["value"], given.get("expires_on"))
