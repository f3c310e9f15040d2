"""Home, health, and the pages that belong to no single app."""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from core import languages
from core.accounts.middleware import actor_of, without_transaction
from core.actors import Actor
from core.audit.access import listed_rows
from core.permissions import Permission
from disclosure.access import listed_disclosures
from portal.web import audit_words, disclosure_words
from portal.web.context import security_contact
from referrals.search import keys_of

LONGEST_SEARCH = 80
# The first of these that the actor holds says where they land after signing in.
HOME_BY_PERMISSION = (
    (Permission.FILE_REFERRALS, "referrals:worklist"),
    (Permission.DECIDE, "referrals:decisions"),
    (Permission.COORDINATE, "referrals:decisions"),
    (Permission.APPROVE, "referrals:decisions"),
    (Permission.HOST, "referrals:desk"),
    (Permission.SEE_AUDIT, "web:audit"),
    (Permission.ADMINISTER, "facilities:people"),
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send a person to the list of what needs them."""
    actor = actor_of(request)
    for permission, name in HOME_BY_PERMISSION:
        if actor.has(permission):
            return redirect(name)
    return render(request, "web/no_role.html", status=403)


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """The audit log of the auditor's country, the newest first; searched by its codes and by their words.

    `?part=disclosures` is the ledger of who was shown what.
    """
    actor, text = actor_of(request), request.GET.get("q", "")
    if request.GET.get("part") == "disclosures":
        return _disclosures(request, actor, text)
    text = text.strip()[:LONGEST_SEARCH]
    keys = keys_of(text, actor.country)
    # A referral's number means that referral, and nothing else.
    rows = listed_rows(
        actor,
        text,
        actions=() if keys else audit_words.codes_of(text),
        subjects=audit_words.subjects_of(text, keys),
    )
    page = rows.page(request.GET.get("page"))
    context = {"page": page, "lines": audit_words.lines(page.items), "q": text, "tabs": _tabs("")}
    return render(request, "web/audit.html", context)


def _disclosures(request: HttpRequest, actor: Actor, text: str) -> HttpResponse:
    text = text.strip()[:LONGEST_SEARCH]
    keys = keys_of(text, actor.country)
    rows = listed_disclosures(
        actor,
        text,
        kinds=() if keys else disclosure_words.codes_of(text),
        subjects=audit_words.subjects_of(text, keys),
    )
    page = rows.page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": disclosure_words.lines(page.items),
        "q": text,
        "tabs": _tabs("disclosures"),
    }
    return render(request, "web/disclosures.html", context)


def _tabs(current: str) -> list[dict[str, Any]]:
    labels = {"": _("Who did what"), "disclosures": _("Who was shown what")}
    return [
        {"url": f"?part={part}" if part else "?", "label": label, "count": None, "current": part == current}
        for part, label in labels.items()
    ]


@without_transaction
@login_not_required
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; no dependency is asked."""
    return JsonResponse({"status": "ok"})


@without_transaction
@login_not_required
@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """503 when the database is out of reach. The broker only delays work, so its loss isn't fatal.

    What else there is to know is for who sends READYZ_TOKEN as a bearer's token; anybody else learns yes or no.
    """
    ready = _database_answers()
    answer: dict[str, Any] = {"status": "ok" if ready else "unavailable"}
    if _may_know_more(request):
        answer |= {"database": ready, "broker": _broker_answers()}
    return JsonResponse(answer, status=200 if ready else 503, headers={} if ready else {"Retry-After": "5"})


def _may_know_more(request: HttpRequest) -> bool:
    token: str = settings.READYZ_TOKEN
    said = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and secrets.compare_digest(said.encode(), token.encode())


@without_transaction
@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116); 404 where the operator named nothing."""
    contact = security_contact()
    if contact is None:
        raise Http404
    until = (timezone.now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {contact['url']}",
        f"Expires: {until.isoformat()}",
        f"Preferred-Languages: {', '.join(sorted(languages.CODES))}",
        f"Canonical: {settings.PUBLIC_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except Exception:  # noqa: BLE001  whatever the reason, the answer is the same
        return False


def _broker_answers() -> bool:
    try:
        cache.set("readyz", 1, 5)
        return cache.get("readyz") == 1
    except Exception:  # noqa: BLE001
        return False
