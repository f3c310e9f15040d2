"""How a referral ends: closed, withdrawn, cancelled, by the patient's death, or as entered in error."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from referrals.events.record import (
    AE,
    CLINICIAN,
    DESK,
    MINISTRY,
    OFFICER,
    SYSTEM,
    A,
    E,
    Endpoint,
    Event,
    Notice,
    Page,
    Reading,
    S,
    To,
    move,
)
from referrals.states import ACTIVE_STATES, BEFORE_CARE, IN_FORCE_STATES, Guard

EVENTS = (
    Event(
        move(E.CLOSE, S.DISCHARGED, S.CLOSED, CLINICIAN),
        action="close",
        words=pgettext_lazy("history", "Closed"),
        told=Notice(
            know=(To.DESK, To.MINISTRY),
            subject=_("%(number)s: closed"),
            body=_("The directing clinician read the summary and closed the referral."),
        ),
        page=Page(
            phrase=_("Read the summary and close the referral"),
            title=_("Read the summary and close the referral"),
            follows=(
                _("You confirm that you have read the summary."),
                _("The referral is over. The hospital and the ministry are told."),
            ),
            button=_("I have read it: close the referral"),
            done=_("The referral is closed."),
            form="steps.ConfirmForm",
            reading=Reading(_("The discharge summary"), "summary_rows"),
        ),
        api=Endpoint("Close after the summary was read"),
    ),
    Event(
        move(E.WITHDRAW, BEFORE_CARE, S.WITHDRAWN, CLINICIAN),
        action="withdraw",
        words=pgettext_lazy("history", "Withdrawn"),
        told=Notice(
            know=(To.CLINICIAN, To.MINISTRY, To.DESK),
            subject=_("%(number)s: withdrawn"),
            body=_("The directing hospital withdrew the referral."),
            patient=_("Your referral %(number)s was withdrawn."),
        ),
        page=Page(
            phrase=_("Withdraw the referral"),
            title=_("Withdraw the referral"),
            follows=(
                _("The referral ends here. The ministry, the hospital and the patient are told."),
                _("A date that the hospital keeps free is given up."),
                _("If the patient needs the care after all, a new referral has to be filed."),
            ),
            button=_("Withdraw the referral"),
            done=_("The referral is withdrawn."),
            form="steps.WithdrawForm",
            ends=True,
        ),
        api=Endpoint("Withdraw a referral", "WithdrawInput"),
    ),
    Event(
        move(AE.REVOKE, IN_FORCE_STATES, A.REVOKED, OFFICER),
        action="revoke",
        brings=(E.CANCEL,),
        guards=(Guard.OWN_REFERRAL,),
        words=_("The authorisation was revoked"),
        told=Notice(
            know=(To.CLINICIAN, To.DESK),
            subject=_("%(number)s: authorisation revoked"),
            body=_("The ministry revoked the authorisation and cancelled the referral."),
            patient=_(
                "The authorisation of Your referral %(number)s was revoked. "
                "Please do not travel; speak with Your doctor."
            ),
        ),
        page=Page(
            phrase=_("Revoke the authorisation"),
            title=_("Revoke the authorisation"),
            follows=(
                _("The authorisation ends now and the referral is cancelled with it."),
                _("The clinician, the hospital and the patient are told that the patient must not travel."),
            ),
            button=_("Revoke"),
            done=_("The authorisation is revoked and the referral cancelled."),
            form="steps.RevokeForm",
            ends=True,
            reading=Reading(_("The decision"), "decision_rows"),
        ),
    ),
    Event(
        move(E.CANCEL, BEFORE_CARE, S.CANCELLED, MINISTRY),
        action="cancel",
        words=pgettext_lazy("history", "Cancelled"),
        told=Notice(
            know=(To.CLINICIAN, To.DESK),
            subject=_("%(number)s: cancelled"),
            body=_("The directing ministry cancelled the referral."),
            patient=_(
                "Your referral %(number)s was cancelled. Please do not travel; speak with Your doctor."
            ),
        ),
        page=Page(
            phrase=_("Cancel the referral"),
            title=_("Cancel the referral"),
            follows=(
                _("The referral ends here. The clinician, the hospital and the patient are told."),
                _("A date that the hospital keeps free is given up."),
            ),
            button=_("Cancel the referral"),
            done=_("The referral is cancelled."),
            form="steps.CancelForm",
            ends=True,
        ),
    ),
    Event(
        move(E.RECORD_DEATH, ACTIVE_STATES, S.DECEASED, CLINICIAN | DESK | SYSTEM),
        action="record_death",
        guards=(Guard.NOT_IN_CARE,),
        words=_("The patient’s death was recorded"),
        told=Notice(
            know=(To.CLINICIAN, To.MINISTRY, To.DESK),
            subject=_("%(number)s: ended"),
            body=_("The referral ended and needs no further step."),
        ),
        page=Page(
            phrase=_("Record that the patient has died"),
            title=_("Record that the patient has died"),
            follows=(
                _("The referral ends here, and the patient’s record keeps the day."),
                _("What a host hospital records, the directing hospital confirms."),
                _("The others who work on the referral are told that it has ended."),
                _("No message goes to the patient’s telephone or e-mail."),
            ),
            button=_("Record the death"),
            done=_("The death is recorded and the referral has ended."),
            form="steps.RecordDeathForm",
            ends=True,
        ),
        api=Endpoint("Record that the patient died", "DeathInput"),
    ),
    Event(
        move(E.ENTER_IN_ERROR, frozenset(S) - {S.DRAFT, S.ENTERED_IN_ERROR}, S.ENTERED_IN_ERROR, CLINICIAN),
        action="enter_in_error",
        words=_("Marked as entered in error"),
        told=Notice(
            know=(To.MINISTRY, To.DESK),
            subject=_("%(number)s: entered in error"),
            body=_("The referral was marked as entered in error. Please disregard it."),
        ),
        page=Page(
            phrase=_("Mark the referral as entered in error"),
            title=_("Mark as entered in error"),
            follows=(
                _(
                    "Use this only for a referral that should never have been, for example of a wrong patient."
                ),
                _("It ends here and can’t be brought back. It stays readable on your side."),
            ),
            button=_("Mark as entered in error"),
            done=_("The referral is marked as entered in error."),
            form="steps.EnterInErrorForm",
            ends=True,
        ),
        api=Endpoint("Mark as entered in error", "ErrorInput"),
    ),
)
