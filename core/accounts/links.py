"""Links by e-mail that let a person set their password, once and for a short time. Nobody else ever learns it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.accounts.models import PasswordLink, User
from core.actors import Actor
from core.audit.concern import countries_concerned, everywhere
from core.audit.log import record
from core.db import action
from core.errors import Denied, IllegalTransition, NotKnown
from core.outbox.publish import publish
from core.permissions import Permission

LASTS = {PasswordLink.Purpose.RESET: timedelta(hours=1), PasswordLink.Purpose.INVITATION: timedelta(days=3)}
#: So long the administrator who changed an address sends no link to it: its owner may object, or another one sends it.
ADDRESS_RESTS = timedelta(days=3)
#: The events that tell of it.
SENT, PASSWORD_SET, EMAIL_CHANGED = "account.link_sent", "account.password_set", "account.email_changed"
_SALT = "core.accounts.links"


def token_of(link_id: str) -> str:
    """What the e-mail's address carries: the row's key with the portal's signature."""
    return Signer(salt=_SALT).sign(link_id)


def id_of(token: str) -> UUID | None:
    """The key in a token that the portal signed, else None."""
    try:
        return UUID(Signer(salt=_SALT).unsign(token))
    except (BadSignature, ValueError):
        return None


def usable(link_id: UUID | str) -> PasswordLink | None:
    """The link, as long as it can be used: not over, not used, not replaced, of an account that is open."""
    found = _open().filter(pk=link_id, expires_at__gt=timezone.now(), user__is_active=True)
    return found.select_related("user").first()


def _open() -> QuerySet[PasswordLink]:
    return PasswordLink.objects.filter(used_at=None, ended_at=None)


def end_links(user_id: int) -> int:
    """End a person's links, inside the caller's transaction; how many there were."""
    return _open().filter(user_id=user_id).update(ended_at=timezone.now())


@action
def send_link(*, user_id: int, by: Actor) -> PasswordLink:
    """Send a link to the account's own address; an earlier one ends. Administrators only, for others only.

    Raises Denied, NotKnown, IllegalTransition where there is no address, the account is closed, or the address was
    changed a short time ago by who asks.
    """
    if not (by.is_system or by.has(Permission.ADMINISTER)):
        raise Denied()
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotKnown()
    if user.pk == by.user_id:
        raise Denied(_("You change your own password in your profile."), code="own_account")
    _check(user, by)
    end_links(user.pk)
    purpose = PasswordLink.Purpose.RESET if user.last_login else PasswordLink.Purpose.INVITATION
    now = timezone.now()
    link = PasswordLink.objects.create(
        user=user, purpose=purpose, made_at=now, made_by=by.id, expires_at=now + LASTS[purpose]
    )
    audit("account.link_sent", user, by, purpose=str(purpose))
    publish(SENT, subject=user, payload={"link": str(link.pk), "purpose": str(purpose)}, by=by)
    return link


def _check(user: User, by: Actor) -> None:
    if not user.is_active:
        raise IllegalTransition(_("This account is closed."), code="account_closed")
    if not user.email:
        raise IllegalTransition(
            _("This account has no e-mail address to which a link could be sent."), code="no_address"
        )
    until = rests_until(user)
    if until and user.email_changed_by == by.user_id and not by.is_system:
        raise IllegalTransition(
            _(
                "You changed the e-mail address of this account a short time ago. Until %(moment)s only another "
                "administrator can send a link to it."
            )
            % {"moment": date_format(timezone.localtime(until), "DATETIME_FORMAT")},
            code="address_rests",
        )


def rests_until(user: User) -> datetime | None:
    """Until when a changed address gets no link from who changed it; None when it has rested."""
    if user.email_changed_at is None:
        return None
    until = user.email_changed_at + ADDRESS_RESTS
    return until if until > timezone.now() else None


@action
def use_link(*, link_id: UUID, password: str, language: str, by: Actor) -> User:
    """Set the account's password by its link, which is over with it, and so are all sessions.

    Raises NotKnown for a link that can't be used any more, however it was known a moment ago.
    """
    found = usable(link_id)
    user = User.objects.select_for_update().filter(pk=found.user_id).first() if found else None
    if user is None or not _open().filter(pk=link_id).update(used_at=timezone.now()):
        raise NotKnown()
    user.set_password(password)
    user.preferred_language = language
    user.language_chosen_at = timezone.now()
    user.save(update_fields=["password", "preferred_language", "language_chosen_at"])
    user.end_sessions()
    end_links(user.pk)
    audit("account.password_set", user, by)
    publish(PASSWORD_SET, subject=user, by=by)
    return user


@action
def follow_email(*, user: User, before: str, by: Actor) -> None:
    """See to what a changed address brings with it: the old one is told, links to it end, and the new one rests."""
    user.email_changed_at, user.email_changed_by = timezone.now(), by.user_id
    user.save(update_fields=["email_changed_at", "email_changed_by"])
    end_links(user.pk)
    audit("account.email_changed", user, by)
    publish(EMAIL_CHANGED, subject=user, payload={"before": before}, by=by)


def audit(what: str, user: User, by: Actor, **details: str) -> None:
    """A row for each country in which the person has a role: their auditors read it, whoever did it."""
    for country in sorted(countries_concerned(user)) or everywhere():
        record(what, by=by, subject=user, country=country, details=dict(details))
