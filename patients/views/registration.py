"""Registering a patient and changing the record."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.actors import Actor
from core.errors import Invalid, Stale
from core.kept.desk import fill, keeps_text
from core.partial import PartialDate
from patients import access, actions, districts, duplicates, wording
from patients import identifiers as numbers
from patients.actions.registration import current_fields
from patients.forms import EditForm, RegisterForm, UnknownPatientForm
from patients.forms.person import CITIZENSHIPS
from patients.known import is_recorder, numbers_of
from patients.models import Patient
from patients.views.common import (
    carried,
    fingerprint,
    onward,
    patient_url,
    render_record,
    safe_next,
    status_of,
    writes_patients,
)


@writes_patients
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def register(request: HttpRequest) -> HttpResponse:
    """One page of questions, then what the portal found to ask about, then the patient's page."""
    actor = request.actor  # type: ignore[attr-defined]
    form = RegisterForm(request.POST or None, actor=actor)
    if form.is_bound:
        made = _already_made(request, form)
        if made is not None:
            return made
        if form.is_valid() and "back" not in request.POST:
            answer = _ask_or_save(request, form)
            if answer is not None:
                return answer
    fill(request, form)
    context = {"form": form, "next": safe_next(request)}
    return render(request, "patients/register.html", context, status=status_of(form))


def _already_made(request: HttpRequest, form: RegisterForm | UnknownPatientForm) -> HttpResponse | None:
    """The same form sent twice: show what the first sending made, and say so."""
    patient_id = form.patient_id()
    actor = request.actor  # type: ignore[attr-defined]
    made = access.visible_patients(actor).filter(pk=patient_id).first() if patient_id else None
    if made is None:
        return None
    messages.info(
        request, _("This form was sent already: the patient is registered. Nothing was saved twice.")
    )
    return redirect(patient_url(made))


def _ask_or_save(request: HttpRequest, form: RegisterForm) -> HttpResponse | None:
    """The page of questions, or the patient's page after saving; None when the form must be shown again."""
    actor = request.actor  # type: ignore[attr-defined]
    found = duplicates.likely_duplicates(
        actor,
        family_name=form.cleaned_data["family_name"],
        given_name=form.cleaned_data["given_name"],
        patronymic=form.cleaned_data["patronymic"],
        birth_date=form.cleaned_data["birth_date"],
        identifiers=[number.key for _checked, number in form.found_numbers],
    )
    warnings = form.warnings()
    ids = [candidate.patient.pk for candidate in found.here]
    asked = fingerprint([*ids, *(f"{number.system}:{code}" for number, code, _text in warnings)])
    if (found or warnings) and request.POST.get("confirmed") != asked:
        context = {
            "found": found,
            "warnings": [(number.value, text) for number, _code, text in warnings],
            "number_known": any(one.reason == "identifier" for one in found.here),
            "carried": carried(request),
            "asked": asked,
        }
        access.show_list(actor, access.DUPLICATES, [candidate.patient for candidate in found.here])
        return render(request, "patients/confirm.html", context)
    more = {"identifiers": form.numbers(), "coverage": form.coverage(), "ground": form.asked_ground()}
    return _save(request, form, **more)


def _save(request: HttpRequest, form: Any, **more: Any) -> HttpResponse | None:
    actor = request.actor  # type: ignore[attr-defined]
    try:
        patient = actions.register_patient(by=actor, patient_id=form.patient_id(), **more, **form.person())
    except Invalid as error:
        form.take(error)
        return None
    if is_recorder(actor, patient):
        messages.success(request, _("The patient is registered."))
    else:
        messages.success(
            request,
            _(
                "Another hospital knows this patient: its record is registered at your facility now. Nothing else of "
                "the page was saved. What the patient states here you can record on this page."
            ),
        )
    return onward(request, patient)


@writes_patients
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def register_unknown(request: HttpRequest) -> HttpResponse:
    """Three questions for an emergency patient without name and papers."""
    form = UnknownPatientForm(request.POST or None, actor=request.actor)  # type: ignore[attr-defined]
    if form.is_bound:
        made = _already_made(request, form)
        if made is not None:
            return made
        if form.is_valid():
            answer = _save(request, form)
            if answer is not None:
                return answer
    fill(request, form)
    context = {"form": form, "next": safe_next(request)}
    return render(request, "patients/register_unknown.html", context, status=status_of(form))


@writes_patients
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def edit(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Change the record; another person's change in the meantime is shown, never overwritten unseen."""
    actor = request.actor  # type: ignore[attr-defined]
    patient = access.get_visible(actor, patient_id)
    form = EditForm(request.POST or None, actor=actor, patient=patient, initial=_initial(patient))
    fill(request, form)
    context: dict[str, Any] = {"form": form, "patient": patient}
    status = 200
    if form.is_bound and form.is_valid():
        answer, status = _update(request, form, context)
        if answer is not None:
            return answer
    status = status if status != 200 else status_of(form)
    return render_record(request, "patients/edit.html", context, status=status)


def _update(request: HttpRequest, form: EditForm, context: dict[str, Any]) -> tuple[HttpResponse | None, int]:
    """The redirect after saving, or None with the status of the page that asks again."""
    patient, changes = form.patient, form.changes()
    new, found = ([], duplicates.Duplicates()) if patient.is_view else _asked(form.actor, patient, changes)
    ids = [candidate.patient.pk for candidate in found.here]
    context["asked"] = fingerprint([*new, *ids])
    if (new or ids) and request.POST.get("confirmed") != context["asked"]:
        context |= {"warnings": new, "found": found}
        access.show_list(form.actor, access.DUPLICATES, [candidate.patient for candidate in found.here])
        return None, 200
    try:
        actions.update_patient(
            by=request.actor,  # type: ignore[attr-defined]
            patient_id=patient.pk,
            expected_version=form.cleaned_data["version"],
            **changes,
        )
    except Invalid as error:
        form.take(error)
        return None, 422
    except Stale as error:
        _show_both(request, form, error, context)
        return None, 412
    messages.success(request, _("The record is saved."))
    return redirect(patient_url(patient)), 302


def _asked(
    actor: Actor, patient: Patient, changes: dict[str, Any]
) -> tuple[list[tuple[str, wording.Text]], duplicates.Duplicates]:
    return _new_warnings(actor, patient, changes), _somebody_else(actor, patient, changes)


def _initial(patient: Patient) -> dict[str, Any]:
    unit = patient.residence_district
    fields = current_fields(patient)
    fields |= dict(zip(CITIZENSHIPS, patient.citizenships, strict=False))
    return fields | {"residence_district": districts.value_of(unit), "version": patient.version}


def _new_warnings(actor: Actor, patient: Patient, changes: dict[str, Any]) -> list[tuple[str, wording.Text]]:
    """(number, sentence) for findings that this change would add to the patient's numbers."""
    born: PartialDate | None = changes["birth_date"]
    proven = None if changes["birth_date_estimated"] else born
    return [
        (identifier.value, wording.identifier_warning(code))
        for identifier in numbers_of(actor).filter(patient_id=patient.pk)
        for code in numbers.all_warnings(
            numbers.check(identifier.system, identifier.value), proven, changes["sex"]
        )
        if code not in identifier.warnings
    ]


def _somebody_else(actor: Actor, patient: Patient, changes: dict[str, Any]) -> duplicates.Duplicates:
    """Who else the patient may be, once the record says another name or day of birth."""
    said = duplicates.said_anew(patient, changes)
    if said is None:
        return duplicates.Duplicates()
    return duplicates.likely_duplicates(
        actor,
        identifiers=[
            (row.system, row.country or "", row.value)
            for row in numbers_of(actor).filter(patient_id=patient.pk)
        ],
        other_than=patient.pk,
        **said,
    )


def _show_both(request: HttpRequest, form: EditForm, error: Stale, context: dict[str, Any]) -> None:
    """The form anew, with what was typed in it and what the record says now beside it; a second sending decides."""
    patient = access.get_visible(form.actor, form.patient.pk)
    fresh = EditForm(None, actor=form.actor, patient=patient, initial=_initial(patient))
    fill(request, fresh, text=request.POST)
    context |= {"form": fresh, "stale": error.message}
