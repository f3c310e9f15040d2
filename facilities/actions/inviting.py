"""An organisation's administrator invites a person: an account without a password, and a request for a role."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.actors import Actor
from core.audit import log as audit
from core.db import action
from core.errors import Denied, Invalid
from core.forms.text import NAMES_NOBODY
from core.permissions import Role
from core.placeholders import names_nobody
from facilities import administrators
from facilities.actions.memberships import ask_for_role
from facilities.actions.rules import require_administrator
from facilities.models import RoleRequest


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom to invite: an address, which is the user name of a new account too, a name, and a language to write in."""

    email: str
    full_name: str
    language: str


@action
def invite(*, whom: Invitation, role: Role, by: Actor) -> RoleRequest:
    """Ask for a role in the actor's own organisation for who has this address, with a new account where there is none.

    The invitation leaves when the role takes effect. Raises Denied, Invalid by field.
    """
    require_administrator(by)
    if by.organisation_id is None or not administrators.is_own(by, by.organisation_id):
        raise Denied()
    known = list(User.objects.filter(email__iexact=whom.email)[:2])
    if len(known) > 1:
        raise Invalid(
            {
                "email": [
                    _(
                        "Several accounts have this address. Ask the operator of the portal to tell them apart."
                    )
                ]
            }
        )
    user = known[0] if known else _new_account(whom, by)
    return ask_for_role(user_id=user.pk, organisation_id=by.organisation_id, role=role, by=by)


def _new_account(whom: Invitation, by: Actor) -> User:
    if names_nobody(whom.full_name):
        raise Invalid({"full_name": [NAMES_NOBODY]})
    username = whom.email.lower()
    if len(username) > 150 or User.objects.filter(username__iexact=username).exists():
        raise Invalid({"email": [_("This address can’t be a user name: ask the operator of the portal.")]})
    user = User(
        username=username,
        email=whom.email,
        full_name=whom.full_name,
        preferred_language=whom.language,
    )
    user.set_unusable_password()
    user.save()
    audit.record("account.invite", by=by, subject=user)
    return user
