from django.http import HttpRequest

from core.actors import Actor
from retention import access


def keeper(request: HttpRequest) -> Actor:
    """Who decides on keeping and erasing; raises Denied."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.require_keeper(actor)
    return actor
