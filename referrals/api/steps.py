"""The steps of a referral, one address each. Each calls its action and answers with the whole case.

Every step needs If-Match with the ETag of what was read, so that nobody decides on what has changed since.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.api.fields import NothingInput, StrictSerializer
from core.api.idempotency import once
from core.api.schema import VERSIONED
from core.errors import Invalid, Text
from referrals import actions
from referrals.api.common import Action, ReferralView
from referrals.serializers.answers import ReferralCase
from referrals.serializers.inputs import (
    AnswerInput,
    AppealInput,
    DeathInput,
    DeclineInput,
    DischargeInput,
    ErrorInput,
    StayInput,
    WithdrawInput,
)


class Step(ReferralView):
    """One step. `step` is the event's name, `form` what may be sent, `take` what is done."""

    step: ClassVar[str]
    form: ClassVar[type[StrictSerializer]]
    take: ClassVar[Action]

    def run(self, pk: UUID) -> HttpResponse:
        version = self.named_version(pk)
        given = self.content(self.form)
        with in_our_words():
            type(self).take(pk, by=self.actor, version=version, **self.arguments(given))
        return self.case(pk)

    def arguments(self, given: dict[str, Any]) -> dict[str, Any]:
        """The action's arguments for the checked content."""
        return given


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


def _step(
    step: str, summary: str, action: Action, form: type[StrictSerializer], arguments: Any = None
) -> type[Step]:
    """A view for one step, described in the schema."""
    words = step.split("_")
    body: dict[str, Any] = {
        "step": step,
        "form": form,
        "take": staticmethod(action),
        "__module__": __name__,
    }
    if arguments is not None:
        body["arguments"] = arguments

    @extend_schema(
        operation_id=f"{words[0]}{''.join(word.title() for word in words[1:])}Referral",
        summary=summary,
        request=form,
        responses=ReferralCase,
        extensions=VERSIONED,
    )
    @once
    def post(self: Step, request: Request, pk: UUID) -> HttpResponse:
        return self.run(pk)

    post.__doc__ = action.__doc__
    return type(f"{''.join(word.title() for word in words)}", (Step,), {**body, "post": post})


def _answers(self: Step, given: dict[str, Any]) -> dict[str, Any]:
    return {
        "answers": {one["question"]: one["text"] for one in given["answers"]},
        "evidence": given.get("report"),
    }


#: Every step that the API offers, in the order of the road.
ALL: list[type[Step]] = [
    _step("submit", "File a draft", actions.submit, NothingInput),
    _step("answer", "Answer the ministry's questions", actions.answer, AnswerInput, _answers),
    _step("withdraw", "Withdraw a referral", actions.withdraw, WithdrawInput),
    _step("appeal", "Appeal against a refusal", actions.appeal, AppealInput),
    _step("accept", "Accept, with a date", actions.accept, StayInput),
    _step("decline", "Decline, with a reason", actions.decline, DeclineInput),
    _step("schedule", "Confirm the date", actions.schedule, StayInput),
    _step("reschedule", "Move the date", actions.reschedule, StayInput),
    _step("admit", "Admit the patient", actions.admit, NothingInput),
    _step("discharge", "Discharge, with a summary", actions.discharge, DischargeInput),
    _step("close", "Close after the summary was read", actions.close, NothingInput),
    _step("record_death", "Record that the patient died", actions.record_death, DeathInput),
    _step("enter_in_error", "Mark as entered in error", actions.enter_in_error, ErrorInput),
]
