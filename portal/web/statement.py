"""The statement that a patient may ask for: to whom their data were shown, as a paper in their language."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from core import languages, zones
from core.accounts.second_factor import ask_fresh_if_enrolled
from core.actors import Actor
from core.errors import Invalid
from core.walls.session import reaching
from disclosure.access import shown_of
from disclosure.models import Basis, Purpose
from documents.paper import print_paper
from facilities.models import Organisation
from patients import access, actions
from patients.forms.base import PatientForm
from patients.models import Patient
from patients.presentation import birth_text
from patients.standing import every_id_of
from patients.views.common import render_record, status_of, writes_patients
from portal.web.disclosure_words import WHAT

LONGEST = 2000
"""Rows on one paper: about 100 pages."""


class StatementForm(PatientForm):
    """Who asks, and in which language the paper is."""

    asked_by = forms.ChoiceField(
        label=gettext_lazy("Who asks for it?"), choices=actions.AskedBy.choices, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the paper"), choices=languages.own_names(), widget=forms.RadioSelect
    )


@writes_patients
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Say who asks, then download the paper. Nothing of it stands on a page: it is for the patient."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    patient = access.get_visible(actor, patient_id)
    form = StatementForm(
        request.POST if request.method == "POST" else None,
        actor=actor,
        initial={"language": patient.preferred_language},
    )
    if request.method == "POST":
        ask_fresh_if_enrolled(request)
    if form.is_bound and form.is_valid():
        try:
            patient = actions.give_statement(by=actor, patient_id=patient.pk, **form.cleaned_data)
        except Invalid as error:
            form.take(error)
        else:
            return _paper(patient, actor, form.cleaned_data["language"])
    context = {"form": form, "patient": patient}
    return render_record(request, "web/statement.html", context, status=status_of(form))


def _paper(patient: Patient, actor: Actor, language: str) -> HttpResponse:
    with translation.override(language):
        pdf = print_paper("statement", _facts(patient, actor, language))
    # The name of a file stands in lists that others see, so it tells of nobody.
    headers = {"Content-Disposition": f'attachment; filename="statement-{language}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _facts(patient: Patient, actor: Actor, language: str) -> dict[str, Any]:
    """What the paper says, in the active language."""
    today = zones.today()
    records = every_id_of(patient)
    with reaching("statement", records):
        rows = list(shown_of(records)[: LONGEST + 1])
    organisations = Organisation.objects.in_bulk({row["organisation_id"] for row in rows} - {None})
    about = [(_("Patient"), patient.full_name), (_("Date of birth"), birth_text(patient))]
    if patient.is_synthetic:
        about.append((_("Record"), _("Synthetic test record")))
    # The paper itself is the newest of its rows, so its giver is among the readers.
    about.append((_("Given by"), str(organisations[actor.organisation_id].name)))
    about.append((_("Date"), _day(today)))
    return {
        "language": language,
        "made_on": [today.year, today.month, today.day],
        "title": _("To whom your data were shown"),
        "about": [(key, value) for key, value in about if value],
        "words": [
            _(
                "Each line is a day on which somebody was shown data about you in the patient mobility portal: which "
                "hospital or authority, what was shown, what for and by what right."
            )
        ],
        "columns": [_("Day"), _("To whom"), _("What was shown"), _("Purpose and legal basis")],
        "rows": [_row(row, organisations) for row in rows[:LONGEST]],
        "ending": _ending(len(rows)),
    }


def _ending(number: int) -> list[str]:
    words = [
        _(
            "If you think that somebody should not have seen your data, tell the hospital that gave you this paper."
        )
    ]
    if number > LONGEST:
        words.insert(0, _("There are older lines. Ask for them where you were given this paper."))
    return words


def _row(row: dict[str, Any], organisations: dict[int, Organisation]) -> list[str]:
    reader = organisations.get(row["organisation_id"])
    name = str(reader.name) if reader else row["country"] or _("The portal’s administration")
    if row["actor_kind"] == "client":
        name = _("%(organisation)s, by its computer system") % {"organisation": name}
    extent = _("with clinical content") if row["clinical"] else _("without clinical content")
    times = ngettext("%(count)s time", "%(count)s times", row["times"]) % {"count": row["times"]}
    return [
        _day(row["day"]),
        name,
        "\n".join([str(WHAT.get(row["what"], row["what"])), extent, *([times] if row["times"] > 1 else [])]),
        "\n".join([str(Purpose(row["purpose"]).label), *(str(Basis(one).label) for one in row["basis"])]),
    ]


def _day(value: date) -> str:
    return date_format(value, "DATE_FORMAT")
