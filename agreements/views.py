"""The agreements between the countries: public law, with its source and how far it was verified."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agreements import access
from agreements import presentation as words
from core import zones
from core.errors import NotKnown


@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """All agreements, those that a referral can rest on first, by precedence."""
    rows = [
        {
            "agreement": version.agreement,
            "version": version,
            "parties": sorted(version.parties),
            "covers": words.covers(version),
            "force": words.force_sentence(version),
        }
        for version in access.register(zones.today())
    ]
    return render(request, "agreements/list.html", {"rows": rows})


@require_safe
def agreement(request: HttpRequest, code: str) -> HttpResponse:
    """One agreement with its rules."""
    found = next((row for row in access.register(zones.today()) if row.agreement.code == code), None)
    if found is None:
        raise NotKnown()
    context = {
        "agreement": found.agreement,
        "version": found,
        "parties": sorted(found.parties),
        "about": words.about(found),
        "rules": words.rule_settings(found),
    }
    return render(request, "agreements/detail.html", context)
