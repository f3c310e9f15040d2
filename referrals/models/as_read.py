"""What an object of a referral carries besides its row, for one who reads it."""

from typing import Any


class AsRead:
    """A part of `Referral`, without a column."""

    # Rows that belong to this object and were written with it, so that `reading` need not ask for them: changes of
    # state and items of evidence, whose modules import this one.
    known_history: list[Any] | None = None
    known_evidence: list[Any] | None = None
    # Whose emergency access is open, where it was asked (`reading`): the key of that reader's account.
    opened_to: int | None = None
    # What of it which reader may see, and on what that rests (`sight`).
    kinds_read: tuple[Any, frozenset[str]] | None = None
    # A former host's view of the referral, which can't be saved: since when it isn't with that hospital any more.
    former_since: Any = None

    def save(self, *args: Any, **kwargs: Any) -> None:
        assert self.former_since is None, "a former host's view isn't the referral"
        super().save(*args, **kwargs)  # type: ignore[misc]  # the model behind it has one
