"""A patient's numbers and consents."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.api import cursors
from core.api.answers import Listing
from core.api.conditional import Shown
from core.api.fields import NothingInput
from core.api.idempotency import once
from core.api.jsonio import answer, dumps
from core.api.kept_answers import Kept
from core.api.schema import VERSIONED, list_of, page_of
from core.db import transaction_for
from core.errors import NotKnown, Stale
from patients import access, actions
from patients.api.common import PatientView
from patients.known import consents_of, numbers_of, shown_under
from patients.models import Consent
from patients.serializers.person import BASE, PatientDetail
from patients.serializers.records import (
    ConsentInput,
    ConsentRow,
    DisclosureRow,
    IdentifierInput,
    IdentifierRow,
    OfPatientQuery,
    RemoveIdentifierInput,
    WithdrawalStatement,
    consent_version,
)

_BY_BEGIN = cursors.Keyset("valid_from", descending=True, parse=date.fromisoformat)
_LATEST = cursors.newest_first("recorded_at")


class Identifiers(PatientView):
    """Numbers of a patient."""

    @extend_schema(
        operation_id="addIdentifier",
        summary="Add a number",
        request=IdentifierInput,
        responses={201: IdentifierRow},
    )
    @once
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        """Checked by the rules of its country; soft findings come back as warnings."""
        given = self.content(IdentifierInput)
        identifier = actions.add_identifier(
            by=self.actor,
            patient_id=pk,
            system=given["system"],
            country=given.get("country") or "",
            value=given["value"],
            expires_on=given.get("expires_on"),
        )
        return answer(IdentifierRow.of(identifier), status=201, location=f"{BASE}{pk}/")

    def again(self, kept: Kept, pk: UUID | None = None, **kwargs: Any) -> HttpResponse:
        """The number, unless it was removed meanwhile."""
        patient = access.get_visible(self.actor, pk or UUID(int=0))
        found = numbers_of(self.actor).filter(patient_id=patient.pk, pk=kept.id).first()
        if found is None:
            raise NotKnown(_("This number was removed already."))
        access.show(self.actor, patient)
        return answer(IdentifierRow.of(found), status=kept.status)


class RemoveIdentifier(PatientView):
    """A wrong number of a patient."""

    @extend_schema(
        operation_id="removeIdentifier",
        summary="Remove a wrong number",
        request=RemoveIdentifierInput,
        responses=PatientDetail,
        extensions=VERSIONED,
    )
    @once
    def post(self, request: Request, pk: UUID, number: int) -> HttpResponse:
        """If-Match names the version of the patient's record."""
        version = self.named_version(pk)
        given = self.content(RemoveIdentifierInput)
        patient = access.get_visible(self.actor, pk)
        if patient.version != version:
            raise Stale()
        actions.remove_identifier(by=self.actor, patient_id=pk, identifier_id=number, reason=given["reason"])
        return self.whole(pk)


class _OfConsent(PatientView):
    """What answers with one consent."""

    def again(
        self, kept: Kept, pk: UUID | None = None, number: int | None = None, **kwargs: Any
    ) -> HttpResponse:
        """The consent as it is now."""
        consent = self._consent(pk or UUID(int=0), kept.id)
        access.show(self.actor, consent.patient, "patients.consent")
        return _answer(consent, consent.patient_id, status=kept.status)

    def _consent(self, pk: UUID, number: int) -> Consent:
        patient = access.get_visible(self.actor, pk)
        found = consents_of(self.actor).filter(patient_id=patient.pk, pk=number).first()
        if found is None:
            raise NotKnown(_("There is no such consent of this patient."))
        return found


class Consents(_OfConsent):
    """The patient's permissions."""

    @extend_schema(
        operation_id="listConsents",
        summary="List consents",
        parameters=[OfPatientQuery],
        responses=page_of("ConsentPage", ConsentRow),
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """Every consent of the patient, the latest first, those that are over or withdrawn among them."""
        wanted = self.parameters(OfPatientQuery)
        patient = access.get_visible(self.actor, pk)
        rows, cursor = cursors.one_page(
            request, consents_of(self.actor).filter(patient_id=patient.pk), _LATEST, wanted
        )
        access.show(self.actor, patient, "patients.consents")
        return answer(cursors.page(request, [ConsentRow.of(row) for row in rows], cursor))

    @extend_schema(
        operation_id="recordConsent",
        summary="Record consent",
        request=ConsentInput,
        responses={201: ConsentRow},
    )
    @once
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        """What the patient consented to. A new consent never changes an older one."""
        consent = actions.record_consent(by=self.actor, patient_id=pk, **self.content(ConsentInput))
        return _answer(consent, pk, status=201)


class OneConsent(_OfConsent):
    """One consent."""

    @extend_schema(operation_id="readConsent", summary="Read a consent", responses=ConsentRow)
    def get(self, request: Request, pk: UUID, number: int) -> HttpResponse:
        """Its ETag is what a withdrawal names."""
        consent = self._consent(pk, number)
        access.show(self.actor, consent.patient, "patients.consent")
        return _answer(consent, pk)


class ConsentDisclosures(OneConsent):
    """What was shown in the country of a consent."""

    @extend_schema(
        operation_id="listConsentDisclosures",
        summary="List what was shown under a consent",
        responses=list_of("DisclosureList", DisclosureRow),
    )
    def get(self, request: Request, pk: UUID, number: int) -> HttpResponse:
        """Of the patient, to readers of the consent's country, since it was recorded: the newest hundred."""
        rows = shown_under([self._consent(pk, number)])
        return answer(Listing(results=[DisclosureRow.of(row) for row in rows]))


class WithdrawConsent(OneConsent):
    """The end of a consent."""

    http_method_names = ["post"]

    @extend_schema(
        operation_id="withdrawConsent",
        summary="Withdraw a consent",
        request=NothingInput,
        responses=ConsentRow,
        extensions=VERSIONED,
    )
    @once
    def post(self, request: Request, pk: UUID, number: int) -> HttpResponse:
        """From this moment on. What was passed on before isn't undone by it.

        Another hospital's consent is refused: there is `state-withdrawal`.
        """
        version = self.version(lambda: _shown(self._consent(pk, number)))
        self.content(NothingInput)
        with transaction_for(self.actor):
            if consent_version(self._consent(pk, number)) != version:
                raise Stale()
            consent = actions.withdraw_consent(by=self.actor, patient_id=pk, consent_id=number)
            return _answer(consent, pk)


class StateWithdrawal(_OfConsent):
    """What the patient states here of a consent that another hospital recorded."""

    @extend_schema(
        operation_id="stateWithdrawal",
        summary="Record that the patient takes back another hospital’s consent",
        request=WithdrawalStatement,
        responses={201: ConsentRow},
    )
    @once
    def post(self, request: Request, pk: UUID, number: int) -> HttpResponse:
        """A row of its own, beside the other hospital's, which stays as it is. The other hospital is told."""
        given = self.content(WithdrawalStatement)
        statement = actions.state_withdrawal(by=self.actor, patient_id=pk, consent_id=number, **given)
        return _answer(statement, pk, status=201)


def _answer(consent: Consent, pk: UUID, *, status: int = 200) -> HttpResponse:
    location = f"{BASE}{pk}/consents/{consent.pk}/" if status == 201 else ""
    row = ConsentRow.of(consent)
    return answer(row, status=status, version=row.version, location=location)


def _shown(consent: Consent) -> Shown:
    return Shown(consent_version(consent), lambda: dumps(ConsentRow.of(consent)))
