"""Who reads which referral when, and the next step that is put into words for them."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from core.actors import Actor
from referrals.guards import why_not
from referrals.models import Referral
from referrals.states import Guard, Party


@dataclass(frozen=True, slots=True)
class NextStep:
    """`text` is a link's words, `url` where it leads, `hint` a sentence or empty; `needs_me`: the reader must act."""

    text: str
    url: str
    hint: str = ""
    needs_me: bool = False
    #: Whether it is the review of an emergency, which has a clock of its own.
    reviews: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads which referral when."""

    referral: Referral
    actor: Actor
    parties: frozenset[Party]
    now: datetime
    open_questions: int | None
    starts_at: datetime | None

    @property
    def detail(self) -> str:
        return reverse("referrals:detail", args=[self.referral.pk])

    def event(self, event: str) -> str:
        return reverse("referrals:step", args=[self.referral.pk, event])

    def is_party(self, *parties: Party) -> bool:
        return bool(self.parties & set(parties))

    @property
    def is_clinician(self) -> bool:
        return Party.DIRECTING_CLINICIAN in self.parties

    @property
    def is_desk(self) -> bool:
        return Party.HOST_DESK in self.parties

    @property
    def is_officer(self) -> bool:
        return Party.DIRECTING_OFFICER in self.parties

    @property
    def is_ministry(self) -> bool:
        return self.is_party(Party.DIRECTING_OFFICER, Party.DIRECTING_COORDINATOR)

    def keeps_out(self, event: str, *whom: Guard) -> bool:
        """Whether one of these guards is what keeps the reader from the event."""
        hindrance = why_not(self.actor, self.referral, event)
        return hindrance is not None and hindrance.code in whom

    @property
    def authorisation_state(self) -> str:
        authorisation = getattr(self.referral, "authorisation", None)
        return authorisation.state if authorisation else ""

    def wait(self, text: str, hint: str = "") -> NextStep:
        return NextStep(text, self.detail, hint)

    def act(self, text: str, url: str = "", hint: str = "") -> NextStep:
        return NextStep(text, url or self.detail, hint, needs_me=True)
