"""What every page's frame shows: who acts, where they can go, what is unread."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.actors import Actor
from portal.core.outbox.inbox import unread_count
from portal.core.permissions import Permission


def page(request: HttpRequest) -> dict[str, Any]:
    """Template context: `actor`, `navigation` and `unread_count`."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"actor": None, "navigation": [], "unread_count": 0}
    unread = unread_count(actor)
    return {"actor": actor, "navigation": navigation(actor, request.path, unread), "unread_count": unread}


def navigation(actor: Actor, path: str, unread: int) -> list[dict[str, Any]]:
    """The entries of the main navigation for what the actor may do, as dicts of url, label, count and current."""
    entries: list[tuple[bool, str, str, int]] = [
        (actor.has(Permission.FILE_REFERRALS), "referrals:worklist", _("My referrals"), 0),
        (actor.has(Permission.DECIDE) or actor.has(Permission.COORDINATE), "referrals:decisions", _("Decisions"), 0),
        (actor.has(Permission.HOST), "referrals:desk", _("Sent to us"), 0),
        (actor.has(Permission.SEE_PATIENTS), "patients:find", _("Patients"), 0),
        (actor.has(Permission.SEE_DIRECTORY), "facilities:list", _("Facilities"), 0),
        (
            actor.has(Permission.DECIDE) or actor.has(Permission.COORDINATE) or actor.has(Permission.FILE_REFERRALS),
            "referrals:agreements",
            _("Agreements"),
            0,
        ),
        (actor.has(Permission.SEE_AUDIT), "web:audit", _("Audit log"), 0),
        (actor.has(Permission.ADMINISTER), "admin:index", _("Administration"), 0),
        (True, "messages:inbox", _("Messages"), unread),
    ]
    shown = []
    for allowed, name, label, count in entries:
        if allowed:
            url = reverse(name)
            shown.append({"url": url, "label": label, "count": count, "current": False})
    # The address of one list may begin with another's: the longest that fits is where one is.
    fitting = [entry for entry in shown if path.startswith(entry["url"])]
    if fitting:
        max(fitting, key=lambda entry: len(entry["url"]))["current"] = True
    return shown
