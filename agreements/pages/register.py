"""The register of agreements: public law, each with its versions, its rules and its chains in words."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agreements import access, checking
from agreements import presentation as words
from agreements.models import AgreementVersion
from core import zones
from core.actors import Actor
from core.errors import NotKnown


@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """All agreements by the version that counts today, those that a referral can rest on first, by precedence."""
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
    """An agreement by the version that counts today, with its rules and chains, and its other versions."""
    found = next((row for row in access.register(zones.today()) if row.agreement.code == code), None)
    if found is None:
        raise NotKnown()
    return render(request, "agreements/detail.html", page_of(request, found))


@require_safe
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version; of a draft also what is wrong with it and what can be done."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return render(
        request, "agreements/detail.html", page_of(request, access.get_version(actor, code, number))
    )


def page_of(request: HttpRequest, found: AgreementVersion) -> dict[str, Any]:
    """What the page shows of a version."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    versions = [row for row in access.visible_versions(actor) if row.agreement_id == found.agreement_id]
    keeps = access.concerns(actor, found)
    in_work = found.standing != AgreementVersion.Standing.APPROVED
    return {
        "agreement": found.agreement,
        "version": found,
        "parties": sorted(found.parties),
        "about": [*words.about(found), *words.scope_rows(found), *words.made_rows(found)],
        "rules": words.rule_settings(found),
        "chains": words.chains_in_words(found),
        "versions": [{"version": row, "force": words.force_sentence(row)} for row in versions],
        "in_work": in_work,
        "keeps": keeps,
        "mistakes": _mistakes(found) if in_work and keeps else [],
        "impact": words.impact_lines(found.impact),
        "impact_pending": bool(found.impact and found.impact.get("pending")),
        "is_own": found.made_by_id is not None and found.made_by_id == actor.user_id,
        "draft_there": any(row.standing != AgreementVersion.Standing.APPROVED for row in versions),
    }


def _mistakes(found: AgreementVersion) -> list[str]:
    parts = checking.mistakes_of(found, today=zones.today())
    return [str(text) for those in parts.values() for text in those]


def title(found: AgreementVersion) -> str:
    """“Agreement of 26 June 1998, version 2”."""
    return _("%(agreement)s, version %(number)s") % {
        "agreement": found.agreement.name,
        "number": found.number,
    }
