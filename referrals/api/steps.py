"""The steps of a referral, one address each. Each calls its action and answers with the whole case.

Every step needs If-Match with the ETag of what was read, so that nobody decides on what has changed since.
"""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from portal.core.api.fields import StrictSerializer
from portal.core.api.idempotency import once
from portal.core.api.schema import VERSIONED
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
    NothingInput,
    StayInput,
    WithdrawInput,
)


class Step(ReferralView):
    """One step. `step` is the event's name, `form` what may be sent, `action` what is done."""

    step: ClassVar[str]
    form: ClassVar[type[StrictSerializer]]
    action: ClassVar[Action]

    def run(self, pk: UUID) -> HttpResponse:
        version = self.named_version(pk)
        given = self.content(self.form)
        type(self).action(pk, by=self.actor, version=version, **self.arguments(given))
        return self.case(pk)

    def arguments(self, given: dict[str, Any]) -> dict[str, Any]:
        """The action's arguments for the checked content."""
        return given


def _step(
    step: str, summary: str, action: Action, form: type[StrictSerializer], arguments: Any = None
) -> type[Step]:
    """A view for one step, described in the schema."""
    words = step.split("_")
    body: dict[str, Any] = {
        "step": step,
        "form": form,
        "action": staticmethod(action),
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
