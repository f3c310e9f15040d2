"""Two records of one person: found, looked at beside each other, merged, and parted again."""

from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.actors import Actor
from core.errors import IllegalTransition, Invalid, NotKnown, Stale
from core.kept.desk import fill, keeps_text
from core.searches import keep, recall
from patients import access, actions, duplicates, guards, reading
from patients.forms import MergeForm, OtherRecordForm, UndoMergeForm
from patients.merge_words import coming_over, compared_rows, merge_rows, merges_of, undo_hindrances
from patients.models import Merge, Patient
from patients.views.common import View, patient_url, status_of, writes_patients

MOST_FOUND = 10


def merges_patients(view: View) -> View:
    """Let in only those who may merge records."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        access.require_merge(request.actor)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return writes_patients(run)


@merges_patients
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Which other record is the same person: those that look like it, or one that is searched for.

    What was found has an address by its token, so that Back comes to it again from the comparison.
    """
    actor = request.actor  # type: ignore[attr-defined]
    patient = access.get_visible(actor, patient_id)
    form = OtherRecordForm(request.POST or None)
    likely, found = duplicates.Duplicates(), None
    if form.is_bound and form.is_valid():
        return redirect(f"{request.path}?s={keep(request, form.cleaned_data['q'])}")
    if not form.is_bound and (text := recall(request, request.GET.get("s"))):
        form = OtherRecordForm(initial={"q": text})
        rows = access.search_patients(actor, text).exclude(pk=patient.pk)
        found = list(rows[:MOST_FOUND])
        access.show_list(actor, access.SEARCH, found)
    elif not form.is_bound:
        likely = duplicates.second_records(actor, patient)
        access.show_list(actor, access.DUPLICATES, [one.patient for one in likely.here])
    access.show(actor, patient)
    context = {"patient": patient, "form": form, "found": likely, "searched": found}
    return render(request, "patients/merge_choose.html", context, status=status_of(form))


@merges_patients
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def merge(request: HttpRequest, patient_id: UUID, other_id: UUID) -> HttpResponse:
    """Both records beside each other: what stays, what comes over, what contradicts, what stands against it."""
    actor = request.actor  # type: ignore[attr-defined]
    survivor = access.get_whole(actor, patient_id)
    if patient_id == other_id or reading.is_merged_into(survivor, other_id):
        if patient_id != other_id:
            messages.info(request, _("These two records are merged already. Nothing was done twice."))
        return redirect(patient_url(survivor))
    merged = access.get_whole(actor, other_id)
    form = MergeForm(request.POST or None, actor=actor, survivor=survivor, merged=merged)
    fill(request, form)
    status, stale = status_of(form), None
    if form.is_bound and guards.merge_obstacles(survivor, merged):
        form, status = MergeForm(None, actor=actor, survivor=survivor, merged=merged), 409
    elif form.is_bound and form.is_valid():
        try:
            actions.merge_patients(by=actor, survivor_id=survivor.pk, merged_id=merged.pk, **form.said())
        except Invalid as error:
            form.take(error)
            status = 422
        except IllegalTransition:  # as of just now; the page says what stands against it
            status = 409
        except Stale as error:
            survivor, merged = access.get_whole(actor, patient_id), access.get_whole(actor, other_id)
            form = MergeForm(None, actor=actor, survivor=survivor, merged=merged)
            fill(request, form, text=request.POST)
            status, stale = 412, error.message
        else:
            messages.success(request, _("The two records are one now."))
            return redirect(patient_url(survivor))
    access.show_merge(actor, survivor, merged)
    context = _beside(actor, survivor, merged) | {"form": form, "stale": stale}
    return render(request, "patients/merge.html", context, status=status)


def _beside(actor: Actor, survivor: Patient, merged: Patient) -> dict[str, Any]:
    """What the page of a merge says of the two records."""
    return {
        "patient": survivor,
        "other": merged,
        "rows": compared_rows(survivor, merged),
        "coming": coming_over(actor, survivor, merged),
        "obstacles": guards.merge_obstacles(survivor, merged),
    }


@merges_patients
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def undo(request: HttpRequest, patient_id: UUID, merge_id: int) -> HttpResponse:
    """Part two records again, with a reason; or say plainly why that can't be done any more."""
    actor = request.actor  # type: ignore[attr-defined]
    patient = access.get_visible(actor, patient_id)
    done = merges_of(patient).filter(pk=merge_id).first()
    if done is None:
        raise NotKnown(_("There is no such merge of this patient."))
    form = UndoMergeForm(request.POST or None, actor=actor, initial={"version": patient.version})
    fill(request, form)
    status, stale = status_of(form), None
    if form.is_bound and form.is_valid():
        try:
            actions.undo_merge(
                by=actor,
                survivor_id=patient.pk,
                merge_id=merge_id,
                expected_version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
            )
        except IllegalTransition:
            status = 409
        except Stale as error:
            status, stale, patient = 412, error.message, access.get_visible(actor, patient_id)
            form = UndoMergeForm(None, actor=actor, initial={"version": patient.version})
            fill(request, form, text=request.POST)
        else:
            messages.success(request, _("The merge is undone: there are two records again."))
            return redirect(patient_url(patient))
    return _undo_page(request, patient, done, {"form": form, "stale": stale}, status)


def _undo_page(
    request: HttpRequest, patient: Patient, done: Merge, more: dict[str, Any], status: int
) -> HttpResponse:
    access.show_merge(request.actor, patient, done.merged)  # type: ignore[attr-defined]
    context = {"patient": patient, "row": merge_rows([done])[0], "obstacles": undo_hindrances(done), **more}
    return render(request, "patients/merge_undo.html", context, status=status)
