"""What every page's frame shows: who acts, where they can go, what is unread."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.second_factor import page_before
from core.actors import Actor
from core.administration.address import admin_address
from core.db import as_actor
from core.outbox.inbox import unread_count
from core.permissions import Permission
from core.zones import zone_name


def page(request: HttpRequest) -> dict[str, Any]:
    """Template context: `actor`, `navigation`, `unread_count`, `security_contact` and `clock_name`, the reader's."""
    actor: Actor | None = getattr(request, "actor", None)
    frame: dict[str, Any] = {"actor": actor, "security_contact": security_contact()}
    # Who has shown only the password goes nowhere yet, and learns nothing from the frame.
    if actor is None or page_before(request):
        return frame | {"navigation": [], "unread_count": 0}
    with as_actor(actor):  # a page that tells of a wrong address has no view that would have opened it
        unread = unread_count(actor)
        clock = zone_name(ZoneInfo(timezone.get_current_timezone_name()))
    return frame | {
        "navigation": navigation(actor, request.path, unread),
        "unread_count": unread,
        "clock_name": clock,
    }


def security_contact() -> dict[str, str] | None:
    """Where to report a weakness, as address and text; None where the operator named nothing."""
    contact: str = settings.SECURITY_CONTACT
    if not contact:
        return None
    is_page = contact.startswith(("https://", "http://", "mailto:"))
    return {"url": contact if is_page else f"mailto:{contact}", "text": contact.removeprefix("mailto:")}


def navigation(actor: Actor, path: str, unread: int) -> list[dict[str, Any]]:
    """The entries of the main navigation for what the actor may do, as dicts of url, label, count and current."""
    entries: list[tuple[bool, str, str, int]] = [
        (actor.has(Permission.FILE_REFERRALS), "referrals:worklist", _("My referrals"), 0),
        (
            actor.has(Permission.DECIDE) or actor.has(Permission.COORDINATE) or actor.has(Permission.APPROVE),
            "referrals:decisions",
            _("Decisions"),
            0,
        ),
        (actor.has(Permission.HOST), "referrals:desk", _("Sent to us"), 0),
        (actor.has(Permission.SEE_PATIENTS), "patients:find", _("Patients"), 0),
        (actor.has(Permission.SEE_DIRECTORY), "facilities:list", _("Facilities"), 0),
        (
            actor.has(Permission.DECIDE)
            or actor.has(Permission.COORDINATE)
            or actor.has(Permission.FILE_REFERRALS)
            or actor.has(Permission.APPROVE)
            or (actor.has(Permission.ADMINISTER) and not actor.country),
            "agreements:list",
            _("Agreements"),
            0,
        ),
        (actor.has(Permission.SEE_AUDIT), "web:audit", _("Audit log"), 0),
        (actor.has(Permission.ADMINISTER), "facilities:clients", _("Partner systems"), 0),
        (actor.has(Permission.UNLOCK_LOOKUPS), "patients:locked_lookups", _("Locked look-ups"), 0),
        (actor.has(Permission.KEEP), "retention:overview", _("Keeping and erasing"), 0),
        (actor.has(Permission.ADMINISTER), "facilities:people", _("People"), 0),
        (True, "messages:inbox", _("Messages"), unread),
    ]
    shown = [
        {"url": reverse(name), "label": label, "count": count, "current": False}
        for allowed, name, label, count in entries
        if allowed
    ]
    # The operator's people have no country; nobody else is let in there.
    if actor.has(Permission.ADMINISTER) and not actor.country and (url := admin_address()):
        shown.insert(-1, {"url": url, "label": _("Administration"), "count": 0, "current": False})
    if current := _current(shown, path):
        current["current"] = True
    return shown


def _current(entries: list[dict[str, Any]], path: str) -> dict[str, Any] | None:
    """The entry under which the page stands: the longest address that begins the path.

    A single case belongs to the list that its reader works from, whichever that is.
    """
    matching = [entry for entry in entries if path.startswith(entry["url"])]
    if matching:
        return max(matching, key=lambda entry: len(entry["url"]))
    under = reverse("referrals:worklist")
    lists = [entry for entry in entries if entry["url"].startswith(under)]
    return lists[0] if lists and path.startswith(under) else None
