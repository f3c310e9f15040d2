"""What an event is: one record with all of its parts. A part that is forgotten or empty fails here, at import.

What lives in higher rooms is named, not imported: the action (in `referrals.actions`), the form (below
`referrals.forms`), the rows beside it (in `referrals.pages.step_rows`), the API's input (in
`referrals.serializers.inputs`). Pages and API look the names up when they are imported, which the app does at start.
"""

from collections.abc import Collection, Iterator
from dataclasses import KW_ONLY, MISSING, dataclass, fields
from enum import StrEnum
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Text
from core.road import Transition
from referrals.states import (
    AuthorisationEvent,
    AuthorisationState,
    Guard,
    Party,
    ReferralEvent,
    ReferralState,
)

# The short names in which the records read as a table.
E, S = ReferralEvent, ReferralState
AE, A = AuthorisationEvent, AuthorisationState

CLINICIAN = frozenset({Party.DIRECTING_CLINICIAN})
DESK = frozenset({Party.HOST_DESK})
OFFICER = frozenset({Party.DIRECTING_OFFICER})
#: Who decides a stage: an officer of the directing ministry, or the body of a chain that has the case.
BODY = frozenset({Party.DIRECTING_OFFICER, Party.BODY})
MINISTRY = frozenset({Party.DIRECTING_OFFICER, Party.DIRECTING_COORDINATOR})
SYSTEM = frozenset({Party.SYSTEM})


def move(
    event: StrEnum,
    sources: StrEnum | Collection[StrEnum],
    target: StrEnum | None,
    parties: frozenset[Party],
) -> Transition:
    """A row of the table: what leads from where to where, by whom; without a target the state stays."""
    states = frozenset({sources}) if isinstance(sources, StrEnum) else frozenset(sources)
    return Transition(event, states, target, frozenset(parties))


class To(StrEnum):
    """Groups of people who are told of events."""

    CLINICIAN = "clinician"
    MINISTRY = "ministry"
    #: Whoever has the decision now: the ministry, or another body of the chain.
    BODY = "body"
    #: Who may give the second signature: the people of the body that signs, the first signer left out.
    SIGNERS = "signers"
    HOST_MINISTRY = "host_ministry"
    DESK = "desk"
    ADMINISTRATORS = "administrators"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Who is told: groups that must act, groups that only should know, and the patient where `patient` has words.

    `former` are the words for the desk of a host that no longer has the referral, where the event's payload names one.
    `%(number)s` is the referral's number. The patient's words are polite and name no care and no hospital.
    """

    act: tuple[To, ...] = ()
    know: tuple[To, ...] = ()
    subject: Text
    body: Text
    patient_subject: Text = _("Your referral %(number)s")
    patient: Text = ""
    former: Text = ""


#: For `told`: said out loud, so that nobody is forgotten by mistake.
NOBODY = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page shows beside its form: a title, and the rows, a function in `referrals.pages.step_rows`."""

    title: Text
    rows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page on which a person takes the step. `follows` are the consequences, each a whole sentence.

    `form` is a class below `referrals.forms`. `ends` marks a step that ends something: it stands last, in red.
    `phrase` is the link that leads here.
    """

    phrase: Text
    title: Text
    follows: tuple[Text, ...]
    button: Text
    done: Text
    form: str
    ends: bool = False
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The step in the API: a line for its documentation, and its input's name; without one it takes no content.

    `of_ministry` says of a ministry's step that its people may take it there too, with their session.
    """

    summary: str
    input: str = ""
    of_ministry: bool = False


@dataclass(frozen=True)
class Event:
    """An event of the referral or of its authorisation.

    `words` name it in the history and the audit log; `in_history` is False for what only mirrors another event.
    `action` is its function in `referrals.actions`; an event without one happens only within another one's: `brings`
    are those that happen with it and must be possible too, `then` those that the portal may add by itself.
    `decided` is what the ministry's page of decisions says afterwards, where the event is chosen there.
    """

    transition: Transition
    _: KW_ONLY
    words: Text
    told: Notice | None
    in_history: bool = True
    action: str = ""
    brings: tuple[StrEnum, ...] = ()
    then: tuple[StrEnum, ...] = ()
    guards: tuple[Guard, ...] = ()
    page: Page | None = None
    decided: Text | None = None
    api: Endpoint | None = None

    def __post_init__(self) -> None:
        for mistake in self._mistakes():
            raise ImproperlyConfigured(f"The event {self.kind} {mistake}.")

    @property
    def event(self) -> StrEnum:
        return self.transition.event

    @property
    def name(self) -> str:
        """As it is written in addresses, in the API and in the history."""
        return self.event.value

    @property
    def kind(self) -> str:
        """As audit, outbox and messages call it: `referral.accept`."""
        return kind_of(self.event)

    @property
    def parties(self) -> frozenset[StrEnum]:
        return self.transition.parties

    def _mistakes(self) -> Iterator[str]:
        """What is forgotten, each as the rest of a sentence."""
        for name in ("sources", "parties"):
            if not getattr(self.transition, name):
                yield f"has no {name}"
        if _is_empty(self.words):
            yield "has no words"
        for part in (self.told, self.page, self.api):
            yield from (f"has a {type(part).__name__} without {name}" for name in _empty_fields(part))
        if self.told is not None and not self.told.act and not self.told.know:
            yield "has a Notice that nobody of the staff gets"
        offered = any(part is not None for part in (self.page, self.api, self.decided))
        if not self.action and (offered or self.brings or self.then or self.guards):
            yield "has no action, so that nothing can offer, bring or guard it"
        if self.action and self.parties != SYSTEM and not offered:
            yield "has an action that no page and no endpoint offers"
        # A ministry's decisions stay with people; what a hospital's people do, its own system can do.
        hospitals = bool(self.action) and bool(self.parties & (CLINICIAN | DESK))
        if hospitals and self.api is None:
            yield "is a hospital's and has no endpoint"
        if self.api is not None and hospitals == self.api.of_ministry:
            yield "is no hospital's and has an endpoint that doesn't say so"


_MACHINES: dict[type[StrEnum], str] = {ReferralEvent: "referral", AuthorisationEvent: "authorisation"}


def kind_of(event: StrEnum) -> str:
    """The event with its machine: both have one that is called `refuse`."""
    return f"{_MACHINES[type(event)]}.{event}"


def _is_empty(text: Any) -> bool:
    """Whether nothing is there. A text to be translated is never asked: at import there is no language yet."""
    return not isinstance(text, Promise) and not text


def _empty_fields(part: Any) -> list[str]:
    """The fields of a part that must have a value and have none."""
    if part is None:
        return []
    needed = [field.name for field in fields(part) if field.default is MISSING]
    return [name for name in needed if _is_empty(getattr(part, name))]
