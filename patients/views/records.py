"""A patient's page, and what is recorded about a patient: numbers, consent, coverage."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import zones
from core.errors import Denied, Invalid, NotKnown
from core.kept.desk import fill, keeps_text
from patients import access, actions, wording
from patients import identifiers as numbers
from patients.actions.numbers import Number, check_number
from patients.corrections import corrections_of
from patients.forms import ConsentForm, CoverageForm, IdentifierForm, RemoveIdentifierForm, WithdrawalForm
from patients.known import coverages_of, numbers_of, shown_under, statements_elsewhere
from patients.lookup import matching
from patients.merge_words import merge_rows, merges_of
from patients.models import Patient
from patients.presentation import (
    consent_rows,
    contact_rows,
    coverage_rows,
    facility_rows,
    number_rows,
    person_rows,
)
from patients.sections import sections_of
from patients.views.common import (
    fingerprint,
    onward,
    patient_url,
    reads_patients,
    render_record,
    safe_next,
    status_of,
    writes_patients,
)


@reads_patients
@require_safe
def detail(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Everything that the facility knows about the patient, and what can be done next."""
    actor = request.actor  # type: ignore[attr-defined]
    patient = access.get_whole(actor, patient_id)
    today = zones.today()
    context = {
        "patient": patient,
        "person": person_rows(patient),
        "numbers": number_rows(patient, today, actor),
        "consents": consent_rows(patient, today, actor),
        "coverages": coverage_rows(patient, today, actor),
        "facilities": facility_rows(patient, actor),
        "shown": shown_under(one for one in patient.consents.all() if one.is_over_on(today)),
        "stated": contact_rows(statements_elsewhere(actor, patient)),
        "is_ours": not patient.is_view,
        "confirms_death": patient.death_confirmer_id is not None
        and actor.organisation_id in (patient.death_confirmer_id, patient.recorder_id),
        "can_write": access.can_write(actor),
        "can_merge": access.can_merge(actor),
        "merges": merge_rows(merges_of(patient)),
        "corrections": corrections_of(patient),
        "sections": sections_of(actor, patient),
    }
    return render_record(request, "patients/detail.html", context)


@writes_patients
@require_POST
def death_confirm(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Confirm the death that another hospital recorded."""
    actor = request.actor  # type: ignore[attr-defined]
    patient = actions.confirm_death(by=actor, patient_id=patient_id)
    messages.success(request, _("The death is confirmed."))
    return redirect(patient_url(patient))


@writes_patients
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def identifier_add(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """One more number; its soft findings are shown before it is saved."""
    actor = request.actor  # type: ignore[attr-defined]
    patient = access.get_visible(actor, patient_id)
    form = IdentifierForm(request.POST or None, actor=actor)
    fill(request, form)
    context: dict[str, Any] = {"form": form, "patient": patient}
    if form.is_bound and form.is_valid():
        found = _warnings(patient, form.cleaned_data)
        context |= {"warnings": found, "asked": fingerprint(found)}
        if not found or request.POST.get("confirmed") == context["asked"]:
            said = dict(form.cleaned_data)  # a field with an error is taken out of it
            try:
                actions.add_identifier(by=actor, patient_id=patient.pk, **said)
            except Invalid as error:
                form.take(error)
                context |= {"warnings": [], "owner": _owner(request, said, error)}
            else:
                messages.success(request, _("The number is saved."))
                return redirect(patient_url(patient))
    return render_record(request, "patients/identifier_add.html", context, status=status_of(form))


def _owner(request: HttpRequest, data: dict[str, Any], error: Invalid) -> Patient | None:
    """The facility's patient who has the number already: perhaps the same person, twice."""
    if error.code != "identifier_taken":
        return None
    checked = numbers.check(data["system"], data["value"])
    country = numbers.COUNTRY_OF.get(data["system"], data["country"])
    actor = request.actor  # type: ignore[attr-defined]
    owners = numbers_of(actor).filter(matching([(data["system"], country, checked.value)]))
    owner = access.visible_patients(actor).filter(pk__in=owners.values("patient_id")).first()
    if owner is not None:
        access.show_list(actor, access.DUPLICATES, [owner])
    return owner


def _warnings(patient: Patient, data: dict[str, Any]) -> list[tuple[str, wording.Text]]:
    try:
        checked, _country = check_number(Number(**data))
    except Invalid:  # the action says so, and nothing is asked before
        return []
    found = numbers.all_warnings(checked, patient.proven_birth, patient.sex)
    return [(checked.value, wording.identifier_warning(code)) for code in found]


@writes_patients
@require_http_methods(["GET", "HEAD", "POST"])
def identifier_remove(request: HttpRequest, patient_id: UUID, identifier_id: int) -> HttpResponse:
    """Take a wrong number away, with a reason."""
    actor = request.actor  # type: ignore[attr-defined]
    patient = access.get_whole(actor, patient_id)
    today = zones.today()
    row = next((row for row in number_rows(patient, today, actor) if row["id"] == identifier_id), None)
    if row is None:
        raise NotKnown(_("There is no such number of this patient."))
    if not row["ours"]:
        raise Denied(wording.OTHER_RECORDER, code="other_recorder")
    form = RemoveIdentifierForm(request.POST or None, actor=actor)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.remove_identifier(by=actor, patient_id=patient.pk, identifier_id=identifier_id, reason=reason)
        messages.success(request, _("The number is removed."))
        return redirect(patient_url(patient))
    context = {"form": form, "patient": patient, "row": row}
    return render_record(request, "patients/identifier_remove.html", context, status=status_of(form))


@writes_patients
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def consent(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Record a consent. `?country=KG` chooses the country, `?next=` brings back to the filing."""
    actor = request.actor  # type: ignore[attr-defined]
    patient = access.get_visible(actor, patient_id)
    initial = {"next": safe_next(request), "recipient_country": request.GET.get("country", "")}
    form = ConsentForm(request.POST or None, actor=actor, initial=initial)
    fill(request, form)
    if form.is_bound and form.is_valid():
        try:
            actions.record_consent(by=actor, patient_id=patient.pk, **form.terms())
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("The consent is recorded."))
            return onward(request, patient)
    context = {"form": form, "patient": patient, "next": safe_next(request)}
    return render_record(request, "patients/consent.html", context, status=status_of(form))


@writes_patients
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def consent_withdraw(request: HttpRequest, patient_id: UUID, consent_id: int) -> HttpResponse:
    """Ask once more, then end a consent from this moment on.

    Of another hospital's consent it is asked how the patient took it back: a row of its own, beside that one.
    """
    actor = request.actor  # type: ignore[attr-defined]
    patient = access.get_whole(actor, patient_id)
    rows = consent_rows(patient, zones.today(), actor)
    row = next((row for row in rows if row["id"] == consent_id), None)
    if row is None:
        raise NotKnown(_("There is no such consent of this patient."))
    context: dict[str, Any] = {"patient": patient, "row": row}
    if not row["own"]:
        form = context["form"] = WithdrawalForm(
            request.POST if request.method == "POST" else None, actor=actor
        )
        fill(request, form)
        if not _stated(form, patient, consent_id):
            status = 422 if request.method == "POST" else 200
            return render_record(request, "patients/consent_withdraw.html", context, status=status)
    elif request.method == "POST":
        actions.withdraw_consent(by=actor, patient_id=patient.pk, consent_id=consent_id)
    else:
        return render_record(request, "patients/consent_withdraw.html", context)
    messages.success(request, _("The consent is withdrawn."))
    return redirect(patient_url(patient))


def _stated(form: WithdrawalForm, patient: Patient, consent_id: int) -> bool:
    """Whether the form was sent and its withdrawal is recorded; else it says what is wrong."""
    if not form.is_bound or not form.is_valid():
        return False
    said = dict(form.cleaned_data)
    try:
        actions.state_withdrawal(by=form.actor, patient_id=patient.pk, consent_id=consent_id, **said)
    except Invalid as error:
        form.take(error)
        return False
    return True


@writes_patients
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def coverage(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Record who pays at home; `?next=` brings back to the filing."""
    actor = request.actor  # type: ignore[attr-defined]
    patient = access.get_visible(actor, patient_id)
    form = CoverageForm(request.POST or None, actor=actor, initial={"next": safe_next(request)})
    fill(request, form)
    if form.is_bound and form.is_valid():
        try:
            actions.record_coverage(by=actor, patient_id=patient.pk, **form.terms())
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("The coverage is recorded."))
            return onward(request, patient)
    context = {"form": form, "patient": patient, "next": safe_next(request)}
    return render_record(request, "patients/coverage.html", context, status=status_of(form))


@writes_patients
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def coverage_correct(request: HttpRequest, patient_id: UUID, coverage_id: int) -> HttpResponse:
    """Correct a coverage, or end it by its last day. The row as it was stays behind the new one."""
    actor = request.actor  # type: ignore[attr-defined]
    patient = access.get_visible(actor, patient_id)
    row = coverages_of(actor).filter(patient_id=patient.pk, pk=coverage_id).first()
    if row is None:
        raise NotKnown(_("There is no such coverage of this patient."))
    initial = {
        **{name: getattr(row, name) for name in ("kind", "number", "valid_from", "valid_to", "source")},
        "fund": str(row.fund_id or ""),
        "country": row.country_id or "",
        "next": safe_next(request),
    }
    form = CoverageForm(request.POST or None, actor=actor, initial=initial)
    fill(request, form)
    if form.is_bound and form.is_valid():
        try:
            actions.correct_coverage(by=actor, patient_id=patient.pk, coverage_id=row.pk, **form.terms())
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("The coverage is corrected."))
            return onward(request, patient)
    context = {"form": form, "patient": patient, "next": safe_next(request), "row": row}
    return render_record(request, "patients/coverage.html", context, status=status_of(form))
