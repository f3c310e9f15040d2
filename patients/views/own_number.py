"""The number that the reader's facility gives a patient in its own system."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Invalid
from core.kept.desk import fill, keeps_text
from core.own_number import OwnNumberForm
from patients import access, actions
from patients.views.common import patient_url, render_record, status_of, writes_patients


@writes_patients
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def own_number(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Give it, change it, or take it away."""
    actor = request.actor  # type: ignore[attr-defined]
    patient = access.get_whole(actor, patient_id)
    form = OwnNumberForm(request.POST if request.method == "POST" else None, present=patient.record_number)
    fill(request, form)
    if form.is_bound and form.is_valid():
        try:
            actions.set_record_number(by=actor, patient_id=patient.pk, **form.said)
        except Invalid as error:
            form.take(error, access.get_whole(actor, patient_id).record_number)
        else:
            messages.success(request, _("The record number is saved."))
            return redirect(patient_url(patient))
    context = {"form": form, "patient": patient, "of": patient.full_name, "back": patient_url(patient)}
    return render_record(request, "web/own_number.html", context, status=status_of(form))
