import hashlib
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.middleware import actor_of
from core.errors import Denied
from core.permissions import Permission
from core.redirects import back_or, named_way_back
from patients import access
from patients.models import Patient

View = Callable[..., HttpResponse]

# Names of buttons, and fields that belong to one page only: never carried to the next one.
_NOT_CARRIED = ("csrfmiddlewaretoken", "confirmed", "back")


def reads_patients(view: View) -> View:
    """Let in only those who may find patients at all."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = request.actor  # type: ignore[attr-defined]
        if actor is None or not actor.has(Permission.SEE_PATIENTS):
            raise Denied(_("Only the clinicians of a facility see its patients."))
        return view(request, *args, **kwargs)

    return run


def writes_patients(view: View) -> View:
    """Let in only those who may register patients and change their records."""

    @wraps(view)
    @reads_patients
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        access.require_write(request.actor)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return run


def safe_next(request: HttpRequest) -> str:
    """The address to return to, from the form or the query; empty unless it lies on this host."""
    return named_way_back(request)


def onward(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Back to where the person came from, else to the patient's page."""
    return back_or(request, patient_url(patient))


def patient_url(patient: Patient) -> str:
    """The address of the patient's page."""
    return reverse("patients:detail", args=[patient.pk])


def render_record(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page that shows something of the record of `context["patient"]`."""
    access.show(actor_of(request), context["patient"])
    return render(request, template, context, status=status)


def carried(request: HttpRequest) -> list[tuple[str, str]]:
    """What was posted, as names and values for hidden fields of the next page."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NOT_CARRIED and not name.endswith("_search")
        for value in values
    ]


def fingerprint(parts: Iterable[object]) -> str:
    """A short digest of what a person was asked, so that their "yes" counts for that question only."""
    text = "\n".join(sorted(str(part) for part in parts))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def status_of(form: Any) -> int:
    """422 for a form with errors, 200 for one that is only shown or searched in."""
    return 422 if form.is_bound and form.errors and not getattr(form, "is_search", False) else 200
