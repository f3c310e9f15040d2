"""Everything that is held on a patient, on paper or as a file, for the patient who asks for it."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.accounts.second_factor import ask_fresh
from core.actors import Actor
from core.api.jsonio import dumps
from core.errors import Invalid
from documents.paper import print_paper
from patients import access, actions
from patients.views.common import render_record, status_of, writes_patients
from portal.web.export_content import as_data, as_paper
from portal.web.statement import StatementForm


class ExportForm(StatementForm):
    """Who asks, in which language, and whether to read or to give to another system."""

    as_format = forms.ChoiceField(
        label=gettext_lazy("Paper or file?"),
        choices=[
            ("pdf", gettext_lazy("Paper (PDF), to read")),
            ("json", gettext_lazy("File (JSON), for another system")),
        ],
        initial="pdf",
        widget=forms.RadioSelect,
    )


@writes_patients
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Say who asks, then download. Nothing of it stands on a page: it is for the patient."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    patient = access.get_visible(actor, patient_id)
    form = ExportForm(
        request.POST if request.method == "POST" else None,
        actor=actor,
        initial={"language": patient.preferred_language, "as_format": "pdf"},
    )
    if request.method == "POST":
        ask_fresh(request)
    if form.is_bound and form.is_valid():
        try:
            patient = actions.give_export(by=actor, patient_id=patient.pk, **form.cleaned_data)
        except Invalid as error:
            form.take(error)
        else:
            return _file(actor, patient.pk, form.cleaned_data)
    context = {"form": form, "patient": patient}
    return render_record(request, "web/export.html", context, status=status_of(form))


def _file(actor: Actor, patient_id: UUID, wanted: dict[str, Any]) -> HttpResponse:
    language = wanted["language"]
    with translation.override(language):
        if wanted["as_format"] == "json":
            content, kind = dumps(as_data(actor, patient_id)), "json"
        else:
            content, kind = print_paper("holdings", as_paper(actor, patient_id, language)), "pdf"
    # The name of a file stands in lists that others see, so it tells of nobody.
    headers = {"Content-Disposition": f'attachment; filename="data-{language}.{kind}"'}
    return HttpResponse(content, content_type=f"application/{kind}", headers=headers)
