"""The authorisation's life after the decision: it is extended or runs out; a refusal is appealed; emergencies."""

from django.utils.translation import gettext_lazy as _

from referrals.events.record import (
    AE,
    CLINICIAN,
    NOBODY,
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
from referrals.states import IN_FORCE_STATES, Guard

_ANOTHER_OFFICER = (Guard.OWN_REFERRAL, Guard.OWN_DECISION)

EVENTS = (
    Event(
        move(AE.EXTEND, IN_FORCE_STATES, A.EXTENDED, OFFICER),
        action="extend",
        guards=(Guard.OWN_REFERRAL, Guard.PATIENT_DIED, Guard.CARE_OVER),
        words=_("The authorisation was extended"),
        told=Notice(
            know=(To.CLINICIAN, To.DESK),
            subject=_("%(number)s: extended"),
            body=_("The ministry extended the authorisation."),
            patient=_("The authorisation of Your referral %(number)s was extended."),
        ),
        page=Page(
            phrase=_("Extend the authorisation"),
            title=_("Extend the authorisation"),
            follows=(
                _(
                    "The authorisation lasts until the new day. The clinician, the hospital and the patient are told."
                ),
                _("The rules are asked again, with the newer report if you add one."),
                _("A new certificate is issued."),
            ),
            button=_("Extend"),
            done=_("The authorisation is extended."),
            form="steps_information.ExtendForm",
            reading=Reading(_("The decision"), "decision_rows"),
        ),
    ),
    Event(
        move(AE.EXPIRE, IN_FORCE_STATES, A.EXPIRED, SYSTEM),
        action="expire",
        words=_("The authorisation expired"),
        told=Notice(
            act=(To.MINISTRY,),
            know=(To.CLINICIAN, To.DESK),
            subject=_("%(number)s: authorisation expired"),
            body=_("The authorised time passed before the patient was admitted."),
            patient=_(
                "The authorisation of Your referral %(number)s has run out. "
                "Please do not travel; speak with Your doctor."
            ),
        ),
    ),
    Event(
        move(AE.APPEAL, A.REFUSED, A.APPEALED, CLINICIAN),
        action="appeal",
        guards=(Guard.APPEAL_OVER, Guard.PATIENT_DIED),
        words=_("An appeal was made"),
        told=Notice(
            act=(To.MINISTRY,),
            subject=_("%(number)s: appeal"),
            body=_(
                "An appeal against the refusal was made. Another officer than the one who refused decides it."
            ),
        ),
        page=Page(
            phrase=_("Appeal against the refusal for the patient"),
            title=_("Appeal against the refusal"),
            follows=(
                _("Another officer than the one who refused looks at the case again."),
                _("They keep the refusal, or set it aside and the ministry decides anew."),
            ),
            button=_("Send the appeal"),
            done=_("The appeal is sent. Another officer looks at the case again."),
            form="steps.AppealForm",
            reading=Reading(_("The decision"), "decision_rows"),
        ),
        api=Endpoint("Appeal against a refusal", "AppealInput"),
    ),
    Event(
        move(AE.UPHOLD, A.APPEALED, A.UPHELD, OFFICER),
        action="uphold",
        guards=_ANOTHER_OFFICER,
        words=_("The refusal was upheld"),
        told=Notice(
            know=(To.CLINICIAN,),
            subject=_("%(number)s: refusal upheld"),
            body=_("The ministry upheld its refusal after the appeal."),
            patient=_(
                "The refusal of Your referral %(number)s was confirmed after the "
                "appeal. Please ask Your doctor for the reasons."
            ),
        ),
        page=Page(
            phrase=_("Keep the refusal"),
            title=_("Keep the refusal"),
            follows=(
                _(
                    "The refusal stands and this appeal is over. The clinician and the patient are told with your "
                    "reason."
                ),
            ),
            button=_("Keep the refusal"),
            done=_("The refusal is upheld. The clinician and the patient are told."),
            form="steps.AppealDecisionForm",
            ends=True,
            reading=Reading(_("The refusal and the appeal"), "decision_rows"),
        ),
        decided=_("The refusal of %(number)s is upheld. The clinician is told."),
    ),
    Event(
        move(AE.OVERTURN, A.APPEALED, A.OVERTURNED, OFFICER),
        action="overturn",
        brings=(E.REOPEN,),
        guards=(*_ANOTHER_OFFICER, Guard.PATIENT_DIED),
        words=_("The refusal was overturned"),
        told=Notice(
            act=(To.MINISTRY,),
            know=(To.CLINICIAN,),
            subject=_("%(number)s: refusal overturned"),
            body=_("The appeal was successful. The referral is under review again and needs a new decision."),
            patient=_(
                "The appeal about Your referral %(number)s was successful. The ministry will decide again."
            ),
        ),
        page=Page(
            phrase=_("Set the refusal aside"),
            title=_("Set the refusal aside"),
            follows=(
                _("The case is under review again and needs a new decision."),
                _("The clinician and the patient are told with your reason."),
            ),
            button=_("Set the refusal aside"),
            done=_("The refusal is set aside. The case needs a new decision now."),
            form="steps.AppealDecisionForm",
            reading=Reading(_("The refusal and the appeal"), "decision_rows"),
        ),
        decided=_("The refusal of %(number)s is set aside. It needs a new decision."),
    ),
    Event(
        move(E.REOPEN, S.REFUSED, S.IN_REVIEW, OFFICER),
        words=_("The referral was taken up again"),
        in_history=False,
        told=NOBODY,
    ),
    # The ministry's look at an emergency afterwards changes nothing of the care that was given.
    Event(
        move(AE.REVIEW_EMERGENCY, A.NOT_REQUIRED, A.NOT_REQUIRED, OFFICER),
        action="review_emergency",
        guards=(Guard.OWN_REFERRAL, Guard.REVIEWED),
        words=_("The emergency was reviewed by the ministry"),
        told=Notice(
            know=(To.CLINICIAN,),
            subject=_("%(number)s: emergency reviewed"),
            body=_("The ministry reviewed the emergency referral."),
        ),
        page=Page(
            phrase=_("Review the emergency"),
            title=_("Review the emergency"),
            follows=(
                _("The care goes on as it is: a review looks back and stops nothing."),
                _("The clinician is told that the ministry has reviewed the case."),
            ),
            button=_("Record the review"),
            done=_("The review is recorded."),
            form="steps.ReviewEmergencyForm",
            reading=Reading(_("The emergency"), "emergency_rows"),
        ),
    ),
)
