"""What a list is asked for: the ministry's filter in an address, so that a case leads to the next one."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Denied
from core.searches import recall
from referrals.bodies import decides_somewhere
from referrals.forms.filters import SORTS, direction_choices
from referrals.models import Priority
from referrals.queues import DECISION_PARTS, Wanted


def ministry(request: HttpRequest) -> Actor:
    """The actor, if they work at a ministry's desk; raises Denied."""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor is None or not decides_somewhere(actor):
        raise Denied(_("Only the people of a ministry or of another body that decides see this page."))
    return actor


def wanted_of(request: HttpRequest, actor: Actor) -> Wanted:
    """The filter of an address; whatever isn't known narrows nothing."""
    given = request.GET

    def one_of(name: str, known: list[str], usual: str) -> str:
        value = given.get(name, usual)
        return value if value in known else usual

    return Wanted(
        part=one_of("part", list(DECISION_PARTS), "to_decide"),
        direction=one_of("direction", [value for value, _label in direction_choices(actor.country)], ""),
        priority=one_of("priority", Priority.values, ""),
        sort=one_of("sort", [value for value, _label in SORTS], "clock"),
        text=recall(request, given.get("s")),
    )


def query_of(request: HttpRequest, wanted: Wanted, **changes: str) -> str:
    """The filter as a query string, with some of it changed; what is usual is left out."""
    token = request.GET.get("s", "") if wanted.text else ""
    parts = {
        "part": wanted.part,
        "direction": wanted.direction,
        "priority": wanted.priority,
        "sort": "" if wanted.sort == "clock" else wanted.sort,
        "s": token,
        **changes,
    }
    return urlencode({name: value for name, value in parts.items() if value})


def is_narrowed(wanted: Wanted) -> bool:
    """Whether anything but the part narrows the list."""
    return bool(wanted.direction or wanted.priority or wanted.text)
