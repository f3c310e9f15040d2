"""A patient asks their hospital that their data be erased."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.second_factor import ask_fresh_if_enrolled
from core.actors import Actor
from core.errors import Invalid
from patients import access as patients
from patients.known import require_recorder
from patients.models import Patient
from patients.sections import Section, section
from patients.standing import every_id_of
from patients.views.common import writes_patients
from retention import actions
from retention.access import visible_erasures
from retention.due import plan_of
from retention.forms import AskForm
from retention.models import OPEN
from retention.presentation import words


@writes_patients
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What the hospital tells the patient before: what would go, what would stay and why. The ministry decides."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    patient = patients.get_visible(actor, patient_id)
    require_recorder(actor, patient)
    if request.method == "POST":
        ask_fresh_if_enrolled(request)
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.ask_erasure(by=actor, patient_id=patient.pk, **form.cleaned_data)
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("The request is with the ministry. Its decision stands here."))
            return redirect("erasure:ask", patient.pk)
    rows = list(visible_erasures(actor).filter(record_id__in=every_id_of(patient)).order_by("-pk")[:20])
    plan = plan_of(patient.pk, timezone.now(), on_request=True)
    context = {
        "patient": patient,
        "form": None if any(row.state in OPEN for row in rows) else form,
        "goes": words.goes(plan) if plan else [],
        "stays": words.stays(plan) if plan else [],
        "erasures": [words.erasure_row(row) for row in rows],
    }
    patients.show(actor, patient)
    return render(request, "retention/ask.html", context, status=422 if form.errors else 200)


@section
def keeping_section(actor: Actor, patient: Patient) -> Section:
    """The holds on the record, the last request, and the way to another one."""
    rows = visible_erasures(actor).filter(record_id=patient.pk).order_by("-pk")[:1]
    context = {
        "patient_id": patient.pk,
        "erasures": [words.erasure_row(row) for row in rows],
        "may_ask": patients.can_write(actor) and not patient.is_view,
    }
    return Section("retention/_of_patient.html", {"rows": context, "more": False})
