"""The consent by which a facility reads what another one recorded of a patient, taken back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import NotKnown
from core.kept.desk import fill, keeps_text
from patients import access, actions
from patients.forms import WithdrawalForm
from patients.presentation import facility_rows
from patients.views.common import patient_url, render_record, writes_patients


@writes_patients
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def end(request: HttpRequest, patient_id: UUID, registration_id: int) -> HttpResponse:
    """Ask how the patient said it, then end the consent from this moment on."""
    actor = request.actor  # type: ignore[attr-defined]
    patient = access.get_whole(actor, patient_id)
    row = next((row for row in facility_rows(patient, actor) if row["link"] == registration_id), None)
    if row is None:
        raise NotKnown(_("There is no such consent of this patient."))
    form = WithdrawalForm(request.POST or None, actor=actor)
    fill(request, form)
    if request.method == "POST" and form.is_valid():
        actions.end_link(
            by=actor, patient_id=patient.pk, registration_id=registration_id, **form.cleaned_data
        )
        messages.success(request, _("The consent is withdrawn."))
        return redirect(patient_url(patient))
    status = 422 if request.method == "POST" else 200
    context = {"patient": patient, "row": row, "form": form}
    return render_record(request, "patients/link_end.html", context, status=status)
