"""What people are told of a referral although its state stays: no event of a machine, so without a record of one."""

from django.utils.translation import gettext_lazy as _

from referrals.events.record import Notice, To

CHECKED_AGAIN = "referral.checked_again"
PATIENT_DIED = "referral.patient_died"
HOST_SILENT = "referral.host_silent"
PATIENT_MERGED = "referral.patient_merged"

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
    PATIENT_MERGED: Notice(
        know=(To.DESK, To.CLINICIAN, To.MINISTRY),
        subject=_("%(number)s: the patient’s record is another one"),
        body=_(
            "Two records of one person were merged, or a merge was undone. What the case says of the patient may be "
            "different now. Please look at it."
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
