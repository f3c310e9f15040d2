"""What people are told of a referral although its state stays: no event of a machine, so without a record of one."""

from django.utils.translation import gettext_lazy as _

from referrals.events.record import Notice, To

CHECKED_AGAIN = "referral.checked_again"
PATIENT_DIED = "referral.patient_died"
HOST_SILENT = "referral.host_silent"
CONSENT_ENDED = "referral.consent_withdrawn"

NOTICED: dict[str, Notice] = {
    CHECKED_AGAIN: Notice(
        know=(To.CLINICIAN, To.MINISTRY),
        subject=_("%(number)s: checked again, with another outcome"),
        body=_(
            "Something that the rules read has changed, so they were run again. The case says what is different."
        ),
    ),
    HOST_SILENT: Notice(
        act=(To.MINISTRY, To.DESK),
        know=(To.CLINICIAN,),
        subject=_("%(number)s: the hospital has not answered in time"),
        body=_(
            "The time to answer has passed. The hospital answers now; or the coordinator rings it and records its "
            "answer, or sends the patient to another hospital."
        ),
    ),
    CONSENT_ENDED: Notice(
        know=(To.DESK, To.CLINICIAN, To.MINISTRY),
        subject=_("%(number)s: the patient has withdrawn the consent"),
        body=_(
            "From now on the host hospital doesn’t see the patient’s data. What it was shown before stands on the "
            "patient’s page at the directing hospital."
        ),
    ),
    PATIENT_DIED: Notice(
        act=(To.DESK,),
        know=(To.CLINICIAN,),
        subject=_("%(number)s: the patient is recorded as deceased"),
        body=_(
            "Another hospital recorded the patient’s death. Please record it for this referral, or report a mistake."
        ),
    ),
}
