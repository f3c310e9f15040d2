"""The host hospital: it accepts with a date or declines, treats, and sends a summary home."""

from django.utils.translation import gettext_lazy as _

from referrals.events.record import DESK, MINISTRY, E, Endpoint, Event, Notice, Page, Reading, S, To, move
from referrals.states import Guard

#: Towards planned care, which somebody must have promised to pay for.
_PAID_FOR = (Guard.NOT_IN_FORCE,)

EVENTS = (
    Event(
        move(E.ACCEPT, S.SENT, S.ACCEPTED, DESK),
        action="accept",
        guards=(*_PAID_FOR, Guard.PATIENT_DIED),
        words=_("Accepted by the host hospital"),
        told=Notice(
            know=(To.CLINICIAN, To.MINISTRY),
            subject=_("%(number)s: accepted"),
            body=_("The host hospital accepted the referral and offers a date."),
            patient=_(
                "The hospital accepted Your referral %(number)s and offers a date. Please ask Your doctor for it."
            ),
        ),
        page=Page(
            phrase=_("Accept the patient and offer a date"),
            title=_("Accept the patient and offer a date"),
            follows=(
                _(
                    "The clinician, the ministry and the patient are told that you accept and offer this date."
                ),
                _("You can change the date until the patient arrives."),
            ),
            button=_("Accept with this date"),
            done=_("The referral is accepted. The clinician and the patient are told of the date."),
            form="steps_dates.DatesForm",
        ),
        api=Endpoint("Accept, with a date", "StayInput"),
    ),
    Event(
        move(E.DECLINE, S.SENT, S.DECLINED, DESK),
        action="decline",
        words=_("Declined by the host hospital"),
        told=Notice(
            act=(To.MINISTRY,),
            know=(To.CLINICIAN,),
            subject=_("%(number)s: declined"),
            body=_(
                "The host hospital declined the referral. The coordinator looks for another hospital or cancels."
            ),
        ),
        page=Page(
            phrase=_("Decline with a reason"),
            title=_("Decline the referral"),
            follows=(
                _("The referral goes back to the ministry’s coordinator, who looks for another hospital."),
                _("Your hospital can’t take this step back."),
            ),
            button=_("Decline"),
            done=_("The referral is declined. The ministry’s coordinator looks for another hospital."),
            form="steps.DeclineForm",
            ends=True,
        ),
        api=Endpoint("Decline, with a reason", "DeclineInput"),
    ),
    # The hospital's answer, told to the coordinator: for hospitals without a desk in the portal, and for a night on
    # which the desk can be called but doesn't sign in. The history says that it was reported.
    Event(
        move(E.ACCEPT_BY_TELEPHONE, S.SENT, S.ACCEPTED, MINISTRY),
        action="accept_by_telephone",
        guards=(*_PAID_FOR, Guard.PATIENT_DIED),
        words=_("Accepted by the host hospital, as reported by telephone"),
        told=Notice(
            know=(To.CLINICIAN, To.DESK),
            subject=_("%(number)s: accepted by telephone"),
            body=_(
                "The coordinator recorded that the host hospital accepted by telephone and offers a date."
            ),
            patient=_(
                "The hospital accepted Your referral %(number)s and offers a date. Please ask Your doctor for it."
            ),
        ),
        page=Page(
            phrase=_("Record an acceptance by telephone"),
            title=_("Record that the hospital accepted by telephone"),
            follows=(
                _(
                    "The history says that you recorded this, who spoke for the hospital, when, and what was said."
                ),
                _("The clinician, the hospital and the patient are told of the date."),
            ),
            button=_("Record the acceptance"),
            done=_("The acceptance is recorded. The clinician and the patient are told of the date."),
            form="telephone.AcceptedForm",
            reading=Reading(_("Whom to call"), "telephone_rows"),
        ),
        api=Endpoint(
            "Record that the hospital accepted by telephone", "AcceptByTelephoneInput", of_ministry=True
        ),
    ),
    Event(
        move(E.DECLINE_BY_TELEPHONE, S.SENT, S.DECLINED, MINISTRY),
        action="decline_by_telephone",
        words=_("Declined by the host hospital, as reported by telephone"),
        told=Notice(
            act=(To.MINISTRY,),
            know=(To.CLINICIAN, To.DESK),
            subject=_("%(number)s: declined by telephone"),
            body=_(
                "The coordinator recorded that the host hospital declined by telephone. Another hospital must be found."
            ),
        ),
        page=Page(
            phrase=_("Record a refusal by telephone"),
            title=_("Record that the hospital declined by telephone"),
            follows=(
                _(
                    "The history says that you recorded this, who spoke for the hospital, when, and what was said."
                ),
                _("The referral waits for you to send it to another hospital, or to cancel it."),
            ),
            button=_("Record the refusal"),
            done=_("The refusal is recorded. Choose another hospital now, or cancel the referral."),
            form="telephone.DeclinedForm",
            ends=True,
            reading=Reading(_("Whom to call"), "telephone_rows"),
        ),
        api=Endpoint(
            "Record that the hospital declined by telephone", "DeclineByTelephoneInput", of_ministry=True
        ),
    ),
    Event(
        # After a decline; and from a host that lets its time pass, which is told that it went elsewhere.
        move(E.RE_ROUTE, {S.DECLINED, S.SENT}, S.SENT, MINISTRY),
        action="re_route",
        guards=(*_PAID_FOR, Guard.HOST_HAS_TIME, Guard.PATIENT_DIED),
        words=_("Sent to another host hospital"),
        told=Notice(
            act=(To.DESK,),
            know=(To.CLINICIAN,),
            subject=_("%(number)s: sent to another hospital"),
            body=_("The coordinator sent the referral to another host hospital, which answers next."),
            former=_(
                "The time to answer has passed, and the coordinator sent the patient to another hospital. "
                "You need not answer this referral."
            ),
            patient=_(
                "Your referral %(number)s was sent to another hospital. Please ask Your doctor for details."
            ),
        ),
        page=Page(
            phrase=_("Send the referral to another hospital"),
            title=_("Send the referral to another hospital"),
            follows=(
                _("The hospital that you choose gets the referral at once; its time to answer begins anew."),
                _("The authorisation and the patient’s consent stay valid: they name the country."),
                _(
                    "The hospital that had it before no longer sees the referral. One that didn’t answer is told."
                ),
            ),
            button=_("Send to this hospital"),
            done=_("The referral is sent to the hospital that you chose."),
            form="steps_information.ReRouteForm",
            reading=Reading(_("Why the hospital declined"), "decline_rows"),
        ),
    ),
    Event(
        move(E.SCHEDULE, S.ACCEPTED, S.SCHEDULED, DESK),
        action="schedule",
        guards=(*_PAID_FOR, Guard.PATIENT_DIED),
        words=_("The appointment was confirmed"),
        told=Notice(
            know=(To.CLINICIAN,),
            subject=_("%(number)s: date confirmed"),
            body=_("The host hospital confirmed the appointment."),
            patient=_(
                "The date for Your referral %(number)s is confirmed. Please "
                "ask Your doctor for it before You travel."
            ),
        ),
        page=Page(
            phrase=_("Confirm the date"),
            title=_("Confirm the date"),
            follows=(
                _(
                    "The clinician and the patient are told that the date is fixed, so that the journey can be planned."
                ),
            ),
            button=_("Confirm this date"),
            done=_("The date is confirmed. The clinician and the patient are told."),
            form="steps_dates.DatesForm",
            reading=Reading(_("The date offered"), "offer_rows"),
        ),
        api=Endpoint("Confirm the date", "StayInput"),
    ),
    Event(
        move(E.RESCHEDULE, S.SCHEDULED, S.SCHEDULED, DESK),
        action="reschedule",
        guards=(*_PAID_FOR, Guard.PATIENT_DIED),
        words=_("The appointment was moved"),
        told=Notice(
            know=(To.CLINICIAN,),
            subject=_("%(number)s: date changed"),
            body=_("The host hospital moved the appointment."),
            patient=_(
                "The date for Your referral %(number)s has changed. Please ask "
                "Your doctor for the new one before You travel."
            ),
        ),
        page=Page(
            phrase=_("Move the date"),
            title=_("Move the date"),
            follows=(
                _("The new date takes the place of the old one. The clinician and the patient are told."),
            ),
            button=_("Set the new date"),
            done=_("The date is moved. The clinician and the patient are told."),
            form="steps_dates.DatesForm",
            reading=Reading(_("The present date"), "offer_rows"),
        ),
        api=Endpoint("Move the date", "StayInput"),
    ),
    # An emergency may arrive before anybody wrote an appointment down.
    Event(
        move(E.ADMIT, {S.ACCEPTED, S.SCHEDULED}, S.IN_CARE, DESK),
        action="admit",
        guards=(*_PAID_FOR, Guard.PATIENT_DIED),
        words=_("Admitted to the host hospital"),
        told=Notice(
            know=(To.CLINICIAN, To.MINISTRY),
            subject=_("%(number)s: admitted"),
            body=_("The patient was admitted to the host hospital."),
        ),
        page=Page(
            phrase=_("Record that the patient has arrived"),
            title=_("Record that the patient has arrived"),
            follows=(
                _("The referral is in care from now on; it can’t be withdrawn or cancelled any more."),
                _("The clinician and the ministry are told."),
            ),
            button=_("The patient has arrived"),
            done=_("The patient is admitted. The clinician and the ministry are told."),
            form="steps.ConfirmForm",
            reading=Reading(_("The appointment"), "offer_rows"),
        ),
        api=Endpoint("Admit the patient"),
    ),
    Event(
        move(E.DISCHARGE, S.IN_CARE, S.DISCHARGED, DESK),
        action="discharge",
        words=_("Discharged with a summary"),
        told=Notice(
            act=(To.CLINICIAN,),
            subject=_("%(number)s: discharged"),
            body=_("The patient was discharged. Read the summary and close the referral."),
        ),
        page=Page(
            phrase=_("Discharge the patient with a summary"),
            title=_("Discharge the patient with a summary"),
            follows=(
                _("The clinician at home reads your summary and goes on with the care."),
                _("The summary can’t be changed afterwards."),
            ),
            button=_("Discharge and send the summary"),
            done=_("The patient is discharged. The clinician has your summary."),
            form="steps.DischargeForm",
        ),
        api=Endpoint("Discharge, with a summary", "DischargeInput"),
    ),
)
