"""What may be sent to file, answer and follow a referral."""

from typing import Any

from django.db.models import TextChoices
from drf_spectacular.utils import extend_schema_field

from core.api.fields import (
    Choice,
    Day,
    FieldList,
    Flag,
    Key,
    ListQuery,
    Moment,
    Raw,
    Several,
    StrictSerializer,
    Text,
    Whole,
)
from core.api.items import Items
from core.api.parts import CodingInput, DiagnosisInput, MoneyInput, RecordNumber
from facilities.models import EquipmentKind
from facilities.serializers.inputs import COUNTRY_CODES
from referrals.actions.ending import WithdrawReason
from referrals.actions.hosting import DeclineReason
from referrals.models import CareMode, Consilium, EmergencyAccess, EvidenceItem, Payer, Priority
from referrals.models.circumstances import (
    LONGEST_WAIT,
    Commission,
    Eaeu,
    HomeLacks,
    InBasket,
    Risk,
    Translations,
)
from referrals.models.emergency import MOST_HOURS
from referrals.serializers.rows import ReferralRow
from referrals.states import ReferralState

DIRECTIONS = ("sent", "received")
SORTS = ("-updated_at", "updated_at", "-created_at", "created_at")


class ReportInput(StrictSerializer):
    """A document's content as text, with its date and author."""

    kind = Choice(choices=EvidenceItem.Kind.choices, default="specialist_report")
    dated_on = Day()
    author = Text(max_length=200)
    author_position = Choice(choices=EvidenceItem.Position.choices, required=False, allow_blank=True)
    text = Text(max_length=8000, lines=True)


def _answer(choices: type[TextChoices]) -> Choice:
    return Choice(choices=choices.choices, required=False, allow_null=True, allow_blank=True)


class CircumstancesInput(StrictSerializer):
    """What is stated beside the report, for the rules. A field that is left out stays; null takes it away."""

    equipment = Items(
        child=Choice(choices=EquipmentKind.choices), max_length=20, required=False, allow_null=True
    )
    risk = _answer(Risk)
    risk_note = Text(max_length=500, lines=True, required=False, allow_null=True)
    home_wait_days = Whole(required=False, allow_null=True, min_value=0, max_value=LONGEST_WAIT)
    home_lacks = _answer(HomeLacks)
    home_lacks_note = Text(max_length=500, lines=True, required=False, allow_null=True)
    translations = _answer(Translations)
    in_basket = _answer(InBasket)
    eaeu = _answer(Eaeu)
    commission = _answer(Commission)


class DraftContentInput(StrictSerializer):
    """The content of a referral. A draft may be incomplete; filing names everything that is missing.

    Null, and an empty text where the answer gives one, takes away what stood there.
    """

    priority = Choice(choices=Priority.choices, required=False)
    specialty = CodingInput(required=False, allow_null=True)
    service = Text(max_length=200, required=False, allow_null=True)
    care_mode = Choice(choices=CareMode.choices, required=False, allow_null=True, allow_blank=True)
    diagnosis = DiagnosisInput(required=False, allow_null=True)
    clinical_reason = Text(max_length=4000, lines=True, required=False, allow_null=True)
    goal = Text(max_length=2000, lines=True, required=False, allow_null=True)
    triage_note = Text(max_length=2000, lines=True, required=False, allow_null=True)
    emergency_ground = Text(max_length=1000, lines=True, required=False, allow_null=True)
    needed_by = Day(required=False, allow_null=True)
    needed_by_reason = Text(max_length=1000, lines=True, required=False, allow_null=True)
    host_facility = Text(max_length=20, required=False, allow_null=True, help_text="Code of a facility.")
    payer = Choice(choices=Payer.choices, required=False, allow_null=True, allow_blank=True)
    payer_note = Text(max_length=200, required=False, allow_null=True)
    estimate = MoneyInput(required=False, allow_null=True)
    consent = Whole(
        required=False,
        allow_null=True,
        help_text="Id of a consent of the patient.",
        min_value=1,
        max_value=2**53,
    )
    report = ReportInput(required=False, allow_null=True)
    circumstances = CircumstancesInput(required=False, allow_null=True)
    record_number = RecordNumber()


class DraftChangeInput(DraftContentInput):
    """The fields to change on a draft; the others stay.

    `record_number`, sent alone, is changed in any state and by either side: each has its own.
    """


class ReferralInput(DraftContentInput):
    """A new referral: a draft, or filed at once with `submit`."""

    patient = Key(help_text="Id of a patient of your facility.")
    submit = Flag(default=False)


class EmergencyInput(StrictSerializer):
    """Why a case is opened in an emergency, and for how long."""

    reason = Text(max_length=1000, lines=True)
    hours = Whole(min_value=1, max_value=MOST_HOURS)


class EmergencyReviewInput(StrictSerializer):
    verdict = Choice(choices=EmergencyAccess.Verdict.choices)
    review_text = Text(max_length=1000, lines=True)


class FormerQuery(ListQuery):
    """A page of what was here, the latest first."""


class QuestionAnswerInput(StrictSerializer):
    question = Whole(min_value=1, max_value=100, help_text="The question's number.")
    text = Text(max_length=4000, lines=True)


class AnswerInput(StrictSerializer):
    """Answers to every open question, and optionally a newer report."""

    answers = Items(child=QuestionAnswerInput(), max_length=20)
    report = ReportInput(required=False)

    @staticmethod
    def arguments(given: dict[str, Any]) -> dict[str, Any]:
        """The action's arguments for the checked content."""
        answers = {one["question"]: one["text"] for one in given["answers"]}
        return {"answers": answers, "evidence": given.get("report")}


class CompleteFactsInput(StrictSerializer):
    """Circumstances to state anew, and the estimate where it is another one."""

    circumstances = CircumstancesInput(required=False)
    estimate = MoneyInput(required=False)

    @staticmethod
    def arguments(given: dict[str, Any]) -> dict[str, Any]:
        """The action's arguments for the checked content."""
        estimate = given.get("estimate")
        return {
            "circumstances": dict(given.get("circumstances", {})),
            "estimate": (estimate["amount"], estimate["currency"]) if estimate else None,
        }


class ConsiliumInput(StrictSerializer):
    """Who met when, and whether the patient may travel. A member on each line."""

    held_on = Day()
    members = Text(max_length=2000, lines=True)
    finding = Choice(choices=Consilium.Finding.choices)
    escort = Text(max_length=300, required=False)
    text = Text(max_length=4000, lines=True)


class StayInput(StrictSerializer):
    """A period with its offset from UTC, and a place where the hospital books by beds, theatres or doctors."""

    starts_at = Moment()
    ends_at = Moment()
    place = Text(max_length=100, required=False)
    note = Text(max_length=500, required=False)


class DeclineInput(StrictSerializer):
    reason_code = Choice(choices=DeclineReason.choices)
    reason_text = Text(max_length=2000, lines=True)


class CallInput(StrictSerializer):
    """A call with the hospital: who spoke for it, on which number, when, and what was said."""

    spoke_with = Text(max_length=200, help_text="Name and position.")
    phone = Text(max_length=60)
    spoken_at = Moment()
    said = Text(max_length=2000, lines=True)


class AcceptByTelephoneInput(StayInput, CallInput):
    """The hospital accepted by telephone and offered a date."""


class DeclineByTelephoneInput(CallInput):
    """The hospital declined by telephone."""

    reason_code = Choice(choices=DeclineReason.choices)


class WithdrawInput(StrictSerializer):
    reason_code = Choice(choices=WithdrawReason.choices)
    reason_text = Text(max_length=2000, lines=True, required=False)


class DischargeInput(StrictSerializer):
    """The summary for the directing clinician."""

    admitted_on = Day()
    discharged_on = Day()
    care_given = Text(max_length=8000, lines=True)
    outcome = Text(max_length=4000, lines=True)
    advice = Text(max_length=4000, lines=True)


class DeathInput(StrictSerializer):
    deceased_on = Day()


class ErrorInput(StrictSerializer):
    reason_text = Text(max_length=2000, lines=True)


class AppealInput(StrictSerializer):
    text = Text(max_length=4000, lines=True)


class RaiseUrgencyInput(StrictSerializer):
    """A higher priority and what has changed; an emergency needs its triage note, and a consent or a ground."""

    priority = Choice(choices=Priority.choices)
    reason_text = Text(max_length=2000, lines=True)
    triage_note = Text(max_length=2000, lines=True, required=False)
    emergency_ground = Text(max_length=1000, lines=True, required=False)
    needed_by = Day(required=False, allow_null=True)


class ChangeHostInput(StrictSerializer):
    host_facility = Text(max_length=20, help_text="Code of a facility in the same country.")
    reason_text = Text(max_length=2000, lines=True)


@extend_schema_field({"type": "string", "maxLength": 40, "examples": ["KZ-26-000123"]})
class Number(Raw):
    """A referral's number as somebody writes it."""


class ReferralQuery(ListQuery):
    """How the list of referrals is narrowed and ordered."""

    state = Several(choices=[state.value for state in ReferralState])
    number = Number(max_length=40, required=False, help_text="The referral's number, with or without dashes.")
    record_number = Raw(max_length=200, required=False, help_text="Your own number of the referral.")
    patient = Key(required=False, help_text="Id of a patient: the referrals that your facility sent of them.")
    direction = Choice(
        choices=DIRECTIONS,
        required=False,
        help_text="sent by your organisation (or country), or received by it.",
    )
    priority = Several(choices=Priority.choices)
    country = Choice(choices=COUNTRY_CODES, required=False, help_text="The other side's country.")
    updated_since = Moment(
        required=False,
        help_text="Only what changed at this moment or later. To stay up to date follow events/: this misses some.",
    )
    sort = Choice(choices=SORTS, default="-updated_at")
    fields = FieldList(ReferralRow.names())  # type: ignore[assignment]
