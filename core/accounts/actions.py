"""What changes an account, with its audit row in the same transaction."""

from django.db.models import F
from django.utils import timezone

from core.accounts.models import Session, User
from core.actors import Actor
from core.audit.log import record
from core.db import action


@action
def signed_in(*, user: User, by: Actor) -> None:
    """Note that somebody signed in."""
    record("account.sign_in", by=by, subject=user)


@action
def signed_out(*, user: User, by: Actor) -> None:
    """Note that somebody signed out."""
    record("account.sign_out", by=by, subject=user)


@action
def choose_language(*, user: User, language: str, by: Actor) -> None:
    """Keep the language of one's pages and notices; `language` is one of settings.LANGUAGES."""
    user.preferred_language = language
    user.language_chosen_at = timezone.now()
    user.save(update_fields=["preferred_language", "language_chosen_at"])
    record("account.choose_language", by=by, subject=user, details={"language": language})


@action
def choose_time_zone(*, user: User, zone: str, by: Actor) -> None:
    """Keep by whose clock one is told the time; `zone` is one of `zones.CHOICES`, empty for the organisation's."""
    user.time_zone = zone
    user.save(update_fields=["time_zone"])
    record("account.choose_time_zone", by=by, subject=user, details={"zone": zone})


@action
def change_password(*, user: User, password: str, by: Actor) -> None:
    """Set a new password; other sessions of the account end with it."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record("account.change_password", by=by, subject=user)


@action
def sign_out_everywhere(*, user: User, by: Actor) -> None:
    """End every session of the account; the one that asks goes on only if its page carries it over."""
    User.objects.filter(pk=user.pk).update(session_number=F("session_number") + 1)
    user.refresh_from_db(fields=["session_number"])
    user.sessions.all().delete()
    record("account.sign_out_everywhere", by=by, subject=user)


@action
def end_session(*, user: User, number: str, by: Actor) -> bool:
    """End one session of the account, named by its row's key; False for one that is over already."""
    deleted, _kinds = Session.objects.filter(user=user, session_key=number).delete()
    if deleted:
        record("account.end_session", by=by, subject=user)
    return bool(deleted)
