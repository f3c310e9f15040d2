from core.actors import Actor
from core.errors import Denied
from core.permissions import Permission


def require_administrator(actor: Actor) -> None:
    """Raise Denied unless the actor administers the portal or is the portal itself."""
    if not (actor.is_system or actor.has(Permission.ADMINISTER)):
        raise Denied()
