"""Errors that a person or a client can act on. Each is one HTTP answer; none disguises itself as another."""

import re
from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class PortalError(Exception):
    """A refusal with a translated message, a stable code, and an HTTP status."""

    status = 400
    code = "bad_request"

    def __init__(self, message: Text, *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code


class Denied(PortalError):
    """403: the actor may know of the thing and may not do this to it."""

    status = 403
    code = "denied"

    def __init__(self, message: Text = _("You aren’t allowed to do this."), *, code: str = "") -> None:
        super().__init__(message, code=code)


class NotKnown(PortalError):
    """404: there is no such thing, or none that the actor may know of. The two look alike on purpose."""

    status = 404
    code = "not_found"

    def __init__(
        self, message: Text = _("There is nothing here that you may see."), *, code: str = ""
    ) -> None:
        super().__init__(message, code=code)


class Gone(NotKnown):
    """410: it was there, the actor knew of it, and it was erased."""

    status = 410
    code = "erased"


class Moved(PortalError):
    """308 for who reads, 409 for who writes: the thing lives on under another id, which the address may have had."""

    status = 409
    code = "merged"

    def __init__(self, message: Text, *, old: str, new: str) -> None:
        super().__init__(message)
        self.old = old
        self.new = new

    def address(self, old: str) -> str:
        """An address with the new id in the place of the old one; "" where it doesn't stand in it."""
        # A UUID may be written in capital letters.
        found, times = re.subn(re.escape(self.old), self.new, old, flags=re.IGNORECASE)
        return found if times else ""


class IllegalTransition(PortalError):
    """409: the state doesn’t allow the event. `allowed` lists the events that this actor may use now."""

    status = 409
    code = "illegal_transition"

    def __init__(self, message: Text, *, allowed: Iterable[str] = (), code: str = "") -> None:
        super().__init__(message, code=code)
        self.allowed = sorted(allowed)


class Stale(PortalError):
    """412: somebody changed the thing since it was read."""

    status = 412
    code = "stale"

    def __init__(
        self,
        message: Text = _(
            "Somebody changed this while you were reading it. Look at it again, then repeat the step."
        ),
        *,
        code: str = "",
    ) -> None:
        super().__init__(message, code=code)


class Invalid(PortalError):
    """422: the content breaks a rule. `fields` maps a field’s name (or "" for the whole) to its messages."""

    status = 422
    code = "invalid"

    def __init__(self, fields: Mapping[str, Iterable[Text]], *, message: Text = "", code: str = "") -> None:
        self.fields: dict[str, list[Text]] = {name: list(texts) for name, texts in fields.items()}
        first = next((text for texts in self.fields.values() for text in texts), "")
        super().__init__(message or first, code=code)


#: What the database refuses by a constraint of that name, in words. Rooms add theirs.
REFUSALS: dict[str, PortalError] = {}


def refusal(error: BaseException) -> PortalError | None:
    """The error that a person can act on for what the database refused; None for one that nobody has foreseen."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return REFUSALS.get(getattr(diagnosis, "constraint_name", None) or "")
