"""The steps of a referral, one address each. Each calls its action and answers with the whole case.

Every step needs If-Match with the ETag of what was read, so that nobody decides on what has changed since.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.api.fields import NothingInput, StrictSerializer
from core.api.idempotency import once
from core.api.schema import VERSIONED
from core.errors import Invalid, Text
from referrals.api.common import Action, ReferralView
from referrals.events import BY_NAME, part
from referrals.events.record import Event
from referrals.serializers.case import ReferralCase


class Step(ReferralView):
    """One step. `step` is the event's name, `form` what may be sent, `take` what is done."""

    step: ClassVar[str]
    form: ClassVar[type[StrictSerializer]]
    take: ClassVar[Action]

    def run(self, pk: UUID) -> HttpResponse:
        version = self.named_version(pk)
        given = self.content(self.form)
        arguments = getattr(self.form, "arguments", dict)
        with in_our_words():
            type(self).take(pk, by=self.actor, version=version, **arguments(given))
        return self.case(pk)


@contextmanager
def in_our_words() -> Iterator[None]:
    """Gather what the action says of `answer_2` under the list that the API has instead."""
    try:
        yield
    except Invalid as error:
        fields: dict[str, list[Text]] = {}
        for name, texts in error.fields.items():
            _stem, _line, number = name.partition("answer_")
            if number:
                where = _("Question %(number)s: %(text)s")
                texts = [where % {"number": number, "text": text} for text in texts]
            fields.setdefault("answers" if number else name, []).extend(texts)
        raise Invalid(fields, code=error.code) from error


def _step(event: Event) -> type[Step]:
    """The view of an event that has an endpoint, described in the schema."""
    assert event.api is not None
    action: Action = part(event, "referrals.actions", event.action)
    form = part(event, "referrals.serializers.inputs", event.api.input) if event.api.input else NothingInput
    words = event.name.split("_")

    @extend_schema(
        operation_id=f"{words[0]}{''.join(word.title() for word in words[1:])}Referral",
        summary=event.api.summary,
        request=form,
        responses=ReferralCase,
        extensions=VERSIONED,
    )
    @once
    def post(self: Step, request: Request, pk: UUID) -> HttpResponse:
        return self.run(pk)

    post.__doc__ = action.__doc__
    body = {
        "step": event.name,
        "form": form,
        "take": staticmethod(action),
        "__module__": __name__,
        "post": post,
    }
    return type("".join(word.title() for word in words), (Step,), body)


#: Every step that the API offers, in the order of the road.
ALL: list[type[Step]] = [_step(event) for event in BY_NAME.values() if event.api]
