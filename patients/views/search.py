"""Finding a patient, and linking one who is known at another facility."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Invalid
from core.kept.desk import fill, keeps_text
from core.pages import paginate
from core.partial import PartialDate
from core.searches import keep, recall
from patients import access, actions, districts
from patients.asked import is_number
from patients.elsewhere import pointers
from patients.forms import FindForm, LinkForm
from patients.views.common import onward, reads_patients, status_of, writes_patients


@reads_patients
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """One box for numbers and names. What is typed is posted and kept in the session: an address would carry the
    number into logs and histories. What was found has an address by its token, so that Back comes to it again."""
    actor = request.actor  # type: ignore[attr-defined]
    form = FindForm(request.POST or None)
    if form.is_bound and form.is_valid():
        born = form.cleaned_data["born"]
        wanted = {"q": form.cleaned_data["q"], "born": str(born) if born else ""}
        token = keep(request, json.dumps(wanted, ensure_ascii=False))
        return redirect(f"{reverse('patients:find')}?s={token}")
    text, born = _wanted(request) if not form.is_bound else ("", None)
    searched = bool(text or born)
    if searched:
        form = FindForm(initial={"q": text, "born": born})
    page = None
    if searched:
        page = paginate(access.search_patients(actor, text, born), request.GET.get("page"))
        if not page.items and text:
            page = paginate(access.search_similar(actor, text, born), request.GET.get("page"))
    elif not form.is_bound:
        page = paginate(access.search_patients(actor, ""), request.GET.get("page"))
    if page is not None:
        access.show_list(actor, access.SEARCH if searched else access.LATEST, page.items)
    context = {
        "form": form,
        "searched": searched,
        "by_number": is_number(text),
        "elsewhere": pointers(actor, text) if text else [],
        "page": page,
        "can_write": access.can_write(actor),
    }
    return render(request, "patients/find.html", context, status=status_of(form))


def _wanted(request: HttpRequest) -> tuple[str, PartialDate | None]:
    """The text and the date of birth of the search that the address names; ("", None) for none of this session."""
    kept = recall(request, request.GET.get("s"))
    wanted = json.loads(kept) if kept.startswith("{") else {}
    born = wanted.get("born")
    return wanted.get("q", ""), PartialDate.read(born) if born else None


@writes_patients
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def link(request: HttpRequest) -> HttpResponse:
    """Register a patient of another facility here too, by number, date of birth and a ground."""
    actor = request.actor  # type: ignore[attr-defined]
    form = LinkForm(request.POST or None, actor=actor)
    if form.is_bound and form.is_valid():
        try:
            patient = actions.link_patient(by=actor, **form.arguments())
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("The patient is registered at your facility now."))
            return onward(request, patient)
    fill(request, form)
    return render(request, "patients/link.html", {"form": form}, status=status_of(form))


@reads_patients
@require_safe
def district_suggest(request: HttpRequest) -> JsonResponse:
    """Districts for the box of the residence: `{"results": [{value, label, code, hint, text}]}`."""
    found = districts.search(request.GET.get("q", "")[:100])
    return JsonResponse({"results": [choice.as_dict() for choice in found]})
