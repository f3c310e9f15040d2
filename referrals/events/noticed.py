"""What people are told of a referral although its state stays: no event of a machine, so without a record of one."""

from django.utils.translation import gettext_lazy as _

from referrals.events.record import Notice, To

CHECKED_AGAIN = "referral.checked_again"
PATIENT_DIED = "referral.patient_died"

NOTICED: dict[str, Notice] = {
    CHECKED_AGAIN: Notice(
        know=(To.CLINICIAN, To.MINISTRY),
        subject=_("%(number)s: checked again, with another outcome"),
        body=_(
            "Something that the rules read has changed, so they were run again. The case says what is different."
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
