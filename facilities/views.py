"""The facility directory, the suggestions that forms ask for, and the choice of the organisation one acts for."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from core.accounts.middleware import ORGANISATION_KEY
from core.actors import Actor
from core.errors import Denied, Invalid, NotKnown
from core.forms import Choice
from core.pages import paginate
from core.permissions import Permission
from core.redirects import back_or
from facilities import access, confirming
from facilities.forms import DirectoryForm, diagnosis_choices, district_choices
from facilities.memberships import organisations_of
from facilities.models import Facility, Specialty
from facilities.presentation import crossing_row, facility_rows, place_of, services_by_basis

MAX_SUGGEST_LENGTH = 100
ACROSS_KM = 150


def _reader(request: HttpRequest) -> Actor:
    """The actor, who must hold the directory's permission. Raises Denied."""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor is None or not actor.has(Permission.SEE_DIRECTORY):
        raise Denied()
    return actor


@require_safe
def facility_list(request: HttpRequest) -> HttpResponse:
    """The directory: searched, narrowed, ordered by distance; GET parameters as in `DirectoryForm`."""
    actor = _reader(request)
    specialties = list(access.visible_specialties(actor))
    regions = list(access.visible_admin_units(actor).filter(level=1))
    form = DirectoryForm(request.GET, specialties=specialties, regions=regions)
    wanted = form.wanted()
    page = paginate(access.directory(actor, wanted), request.GET.get("page"))
    names = {row.pk: row.name for row in specialties}
    rows = [
        {
            "facility": facility,
            "place": place_of(facility),
            "services": _services(facility, names, wanted.specialty),
            "distance_km": facility.distance_km,
        }
        for facility in page.items
    ]
    return render(
        request, "facilities/list.html", {"form": form, "page": page, "rows": rows, "near": wanted.near}
    )


def _services(facility: Any, names: dict[int, str], wanted: Specialty | None) -> list[str]:
    """Names of what a row of the directory offers; what was asked for stands first."""
    own = sorted((pk for pk in facility.specialty_ids if pk in names), key=lambda pk: names[pk].casefold())
    return [names[pk] for pk in sorted(own, key=lambda pk: wanted is None or pk != wanted.pk)]


@require_safe
def facility_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One facility, with the ground of everything that is said about it."""
    actor = _reader(request)
    facility: Facility | None = (
        access.visible_facilities(actor)
        .select_related("possible_duplicate_of__organisation", "parent__organisation")
        .filter(pk=pk)
        .first()
    )
    if facility is None:
        raise NotKnown()
    context = {
        "facility": facility,
        "place": place_of(facility),
        "rows": facility_rows(facility),
        "services": services_by_basis(list(access.services_of(facility))),
        "crossings": [crossing_row(row) for row in access.crossings_near(facility)],
        "across": access.districts_across(facility, within_km=ACROSS_KM),
        "across_km": ACROSS_KM,
        "standing": confirming.confirmed(facility),
        "may_confirm": confirming.may_confirm(actor, facility),
        "has_desk": access.has_desk(facility.pk),
    }
    return render(request, "facilities/detail.html", context)


def _suggest(request: HttpRequest, search: Callable[[str], list[Choice]]) -> JsonResponse:
    text = request.GET.get("q", "")[:MAX_SUGGEST_LENGTH].replace("\x00", "").strip()
    results = [choice.as_dict() for choice in search(text)] if text else []
    return JsonResponse({"results": results}, json_dumps_params={"ensure_ascii": False})


@require_GET
def icd10_suggest(request: HttpRequest) -> JsonResponse:
    """Diagnoses for `?q=`: `{"results": [{value, label, code, hint, text}]}`, at most a dozen."""
    return _suggest(request, diagnosis_choices)


@require_GET
def district_suggest(request: HttpRequest) -> JsonResponse:
    """Districts for `?q=`, in the same shape."""
    return _suggest(request, district_choices)


@require_POST
def switch_organisation(request: HttpRequest) -> HttpResponse:
    """Act for another of one's own organisations from now on: POST `organisation`, and `next` to go back to."""
    wanted = request.POST.get("organisation", "")
    own = {str(row.pk): row.pk for row in organisations_of(request.user)}
    if wanted not in own:
        raise Invalid({"organisation": [_("Choose one of your organisations.")]})
    request.session[ORGANISATION_KEY] = own[wanted]
    return back_or(request, "/")
