"""What changes an account, with its audit row in the same transaction."""

from django.utils import timezone

from core.accounts.models import User
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
def change_password(*, user: User, password: str, by: Actor) -> None:
    """Set a new password; other sessions of the account end with it."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record("account.change_password", by=by, subject=user)
