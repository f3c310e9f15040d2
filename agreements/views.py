"""The agreements between the countries: public law, with its source and how far it was verified."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agreements import access
from agreements import presentation as words
from core.errors import NotKnown


@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """All agreements, those that a referral can rest on first, by precedence."""
    rows = [
        {
            "agreement": agreement,
            "parties": sorted(agreement.parties),
            "covers": words.covers(agreement),
            "force": words.force_sentence(agreement),
        }
        for agreement in access.visible_agreements()
    ]
    return render(request, "agreements/list.html", {"rows": rows})


@require_safe
def agreement(request: HttpRequest, code: str) -> HttpResponse:
    """One agreement with its rules."""
    found = access.visible_agreements().filter(code=code).first()
    if found is None:
        raise NotKnown()
    context = {
        "agreement": found,
        "parties": sorted(found.parties),
        "about": words.about(found),
        "rules": words.rule_settings(found),
    }
    return render(request, "agreements/detail.html", context)
