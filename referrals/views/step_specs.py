"""What each step of a referral asks, says and does: one row for every event that a person can cause."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.errors import Text
from referrals import actions
from referrals.forms import steps as forms
from referrals.forms.steps_dates import DatesForm
from referrals.forms.steps_information import AnswerForm, RequestInformationForm, ReRouteForm
from referrals.models import Referral


@dataclass(frozen=True, slots=True)
class StepSpec:
    """One step: its form, its action, and its words. `follows` are the consequences, each a whole sentence."""

    form: type[forms.StepForm]
    action: Callable[..., Referral]
    title: Text
    follows: tuple[Text, ...]
    button: Text
    done: Text
    ends: bool = False


SPECS: dict[str, StepSpec] = {
    "request_information": StepSpec(
        RequestInformationForm,
        actions.request_information,
        _("Ask for information"),
        (
            _("The clinician who filed the referral gets your questions."),
            _("The clock of the decision stands still until the answer."),
            _("With the answer the rules are checked again."),
        ),
        _("Send the questions"),
        _("Your questions are sent. The clock stands still until the clinician answers."),
    ),
    "answer": StepSpec(
        AnswerForm,
        actions.answer,
        _("Answer the ministry"),
        (
            _("The ministry gets your answers at once and its clock goes on."),
            _("The rules are checked again, with the newer report if you add one."),
        ),
        _("Send the answers"),
        _("Your answers are sent. The rules are being checked again."),
    ),
    "accept": StepSpec(
        DatesForm,
        actions.accept,
        _("Accept the patient and offer a date"),
        (
            _("The clinician, the ministry and the patient are told that you accept and offer this date."),
            _("You can change the date until the patient arrives."),
        ),
        _("Accept with this date"),
        _("The referral is accepted. The clinician and the patient are told of the date."),
    ),
    "decline": StepSpec(
        forms.DeclineForm,
        actions.decline,
        _("Decline the referral"),
        (
            _("The referral goes back to the ministry’s coordinator, who looks for another hospital."),
            _("Your hospital can’t take this step back."),
        ),
        _("Decline"),
        _("The referral is declined. The ministry’s coordinator looks for another hospital."),
        ends=True,
    ),
    "re_route": StepSpec(
        ReRouteForm,
        actions.re_route,
        _("Send the referral to another hospital"),
        (
            _("The hospital that you choose gets the referral at once; its time to answer begins anew."),
            _("The authorisation and the patient’s consent stay valid: they name the country."),
            _("The hospital that declined no longer sees the referral."),
        ),
        _("Send to this hospital"),
        _("The referral is sent to the hospital that you chose."),
    ),
    "schedule": StepSpec(
        DatesForm,
        actions.schedule,
        _("Confirm the date"),
        (
            _(
                "The clinician and the patient are told that the date is fixed, so that the journey can be planned."
            ),
        ),
        _("Confirm this date"),
        _("The date is confirmed. The clinician and the patient are told."),
    ),
    "reschedule": StepSpec(
        DatesForm,
        actions.reschedule,
        _("Move the date"),
        (_("The new date takes the place of the old one. The clinician and the patient are told."),),
        _("Set the new date"),
        _("The date is moved. The clinician and the patient are told."),
    ),
    "admit": StepSpec(
        forms.ConfirmForm,
        actions.admit,
        _("Record that the patient has arrived"),
        (
            _("The referral is in care from now on; it can’t be withdrawn or cancelled any more."),
            _("The clinician and the ministry are told."),
        ),
        _("The patient has arrived"),
        _("The patient is admitted. The clinician and the ministry are told."),
    ),
    "discharge": StepSpec(
        forms.DischargeForm,
        actions.discharge,
        _("Discharge the patient with a summary"),
        (
            _("The clinician at home reads your summary and goes on with the care."),
            _("The summary can’t be changed afterwards."),
        ),
        _("Discharge and send the summary"),
        _("The patient is discharged. The clinician has your summary."),
    ),
    "close": StepSpec(
        forms.ConfirmForm,
        actions.close,
        _("Read the summary and close the referral"),
        (
            _("You confirm that you have read the summary."),
            _("The referral is over. The hospital and the ministry are told."),
        ),
        _("I have read it: close the referral"),
        _("The referral is closed."),
    ),
    "withdraw": StepSpec(
        forms.WithdrawForm,
        actions.withdraw,
        _("Withdraw the referral"),
        (
            _("The referral ends here. The ministry, the hospital and the patient are told."),
            _("A date that the hospital keeps free is given up."),
            _("If the patient needs the care after all, a new referral has to be filed."),
        ),
        _("Withdraw the referral"),
        _("The referral is withdrawn."),
        ends=True,
    ),
    "cancel": StepSpec(
        forms.CancelForm,
        actions.cancel,
        _("Cancel the referral"),
        (
            _("The referral ends here. The clinician, the hospital and the patient are told."),
            _("A date that the hospital keeps free is given up."),
        ),
        _("Cancel the referral"),
        _("The referral is cancelled."),
        ends=True,
    ),
    "record_death": StepSpec(
        forms.RecordDeathForm,
        actions.record_death,
        _("Record that the patient has died"),
        (
            _("The referral ends here, and the patient’s record keeps the day."),
            _("The others who work on the referral are told that it has ended."),
            _("No message goes to the patient’s telephone or e-mail."),
        ),
        _("Record the death"),
        _("The death is recorded and the referral has ended."),
        ends=True,
    ),
    "enter_in_error": StepSpec(
        forms.EnterInErrorForm,
        actions.enter_in_error,
        _("Mark as entered in error"),
        (
            _("Use this only for a referral that should never have been, for example of a wrong patient."),
            _("It ends here and can’t be brought back. It stays readable on your side."),
        ),
        _("Mark as entered in error"),
        _("The referral is marked as entered in error."),
        ends=True,
    ),
    "extend": StepSpec(
        forms.ExtendForm,
        actions.extend,
        _("Extend the authorisation"),
        (
            _(
                "The authorisation lasts until the new day. The clinician, the hospital and the patient are told."
            ),
        ),
        _("Extend"),
        _("The authorisation is extended."),
    ),
    "revoke": StepSpec(
        forms.RevokeForm,
        actions.revoke,
        _("Revoke the authorisation"),
        (
            _("The authorisation ends now and the referral is cancelled with it."),
            _("The clinician, the hospital and the patient are told that the patient must not travel."),
        ),
        _("Revoke"),
        _("The authorisation is revoked and the referral cancelled."),
        ends=True,
    ),
    "appeal": StepSpec(
        forms.AppealForm,
        actions.appeal,
        _("Appeal against the refusal"),
        (
            _("Another officer than the one who refused looks at the case again."),
            _("They keep the refusal, or set it aside and the ministry decides anew."),
        ),
        _("Send the appeal"),
        _("The appeal is sent. Another officer looks at the case again."),
    ),
    "uphold": StepSpec(
        forms.AppealDecisionForm,
        actions.uphold,
        _("Keep the refusal"),
        (
            _(
                "The refusal stands and this appeal is over. The clinician and the patient are told with your reason."
            ),
        ),
        _("Keep the refusal"),
        _("The refusal is upheld. The clinician and the patient are told."),
        ends=True,
    ),
    "overturn": StepSpec(
        forms.AppealDecisionForm,
        actions.overturn,
        _("Set the refusal aside"),
        (
            _("The case is under review again and needs a new decision."),
            _("The clinician and the patient are told with your reason."),
        ),
        _("Set the refusal aside"),
        _("The refusal is set aside. The case needs a new decision now."),
    ),
    "review_emergency": StepSpec(
        forms.ReviewEmergencyForm,
        actions.review_emergency,
        _("Review the emergency"),
        (
            _("The care goes on as it is: a review looks back and stops nothing."),
            _("The clinician is told that the ministry has reviewed the case."),
        ),
        _("Record the review"),
        _("The review is recorded."),
    ),
}
