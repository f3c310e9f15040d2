"""A form's ticket: whose form this is, signed, so that its text finds its owner whoever sends it and whenever.

It travels in the form. A session that ended, or another person who signed in meanwhile in the same browser, changes
nothing of it: the text goes to the one to whom the form was shown, and to nobody else.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from django.core import signing

from core.actors import Actor

FIELD = "kept"
#: A page that was open for longer than this is no page of today's any more.
LONGEST_OPEN = timedelta(days=7)
_SALT = "core.kept.ticket"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who types (`user_id`), for which organisation, in which roles, on which `page`, in which showing of it."""

    user_id: int
    organisation_id: int | None
    roles: str
    page: str
    form: str

    def signed(self) -> str:
        """As the form carries it."""
        return signing.dumps(
            [self.user_id, self.organisation_id, self.roles, self.page, self.form], salt=_SALT
        )

    def belongs_to(self, actor: Actor) -> bool:
        """Whether the form was shown to this person, acting for the same organisation."""
        return (self.user_id, self.organisation_id) == (actor.user_id, actor.organisation_id)

    def of_page(self, page: str) -> "Ticket":
        """The same for another address of the page."""
        return replace(self, page=page[:300])

    def of_form(self, form: str) -> "Ticket":
        """The same for another showing of the page."""
        return replace(self, form=form)


def new_ticket(actor: Actor, page: str) -> Ticket:
    """The ticket of a form that is being shown. The actor is a person."""
    assert actor.user_id is not None, "only persons fill in pages"
    return Ticket(
        actor.user_id, actor.organisation_id, roles_of(actor), page[:300], secrets.token_urlsafe(12)
    )


def read_ticket(text: str) -> Ticket | None:
    """The ticket that a form carries; None where it is missing, too old or not ours."""
    try:
        return Ticket(*signing.loads(text, salt=_SALT, max_age=LONGEST_OPEN))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def roles_of(actor: Actor) -> str:
    """The actor's roles as a kept text remembers them."""
    return ",".join(sorted(actor.roles))
