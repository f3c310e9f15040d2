"""What people are told of a referral although its state stays: no event of a machine, so without a record of one."""

from django.utils.translation import gettext_lazy as _

from referrals.events.record import Notice, To

#: A draft was begun, and what it says was changed: nobody is told but who follows the feed.
DRAFT_STARTED, DRAFT_SAVED = "referral.start_draft", "referral.save_draft"
CHECKED_AGAIN = "referral.checked_again"
PATIENT_DIED = "referral.patient_died"
HOST_SILENT = "referral.host_silent"
CONSENT_ENDED = "referral.consent_withdrawn"
CONSENT_OVER = "referral.consent_over"
EMERGENCY_OPENED = "referral.emergency_opened"
EMERGENCY_REVIEWED = "referral.emergency_reviewed"
EMERGENCY_OVERDUE = "referral.emergency_overdue"
#: What is published where a group that must act has nobody who can be told, by the group.
UNHEARD: dict[To, str] = {
    To.DESK: "referral.desk_unheard",
    To.CLINICIAN: "referral.clinician_unheard",
    To.MINISTRY: "referral.ministry_unheard",
    To.BODY: "referral.body_unheard",
    To.SIGNERS: "referral.signers_unheard",
}
PATIENT_MERGED = "referral.patient_merged"
#: Its data were erased. For the feed alone.
ERASED = "referral.erased"

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
    CONSENT_OVER: Notice(
        act=(To.CLINICIAN,),
        know=(To.DESK, To.MINISTRY),
        subject=_("%(number)s: the patient’s consent is over"),
        body=_(
            "Its last day has passed, so the host hospital doesn’t see the patient’s data any more. The directing "
            "hospital records a new consent if the patient gives one."
        ),
    ),
    EMERGENCY_OPENED: Notice(
        act=(To.MINISTRY,),
        know=(To.CLINICIAN, To.HOST_MINISTRY),
        subject=_("%(number)s: opened in an emergency without consent"),
        body=_(
            "A person of the host hospital opened the patient’s data in an emergency, for some hours. The directing "
            "ministry reviews it within 24 hours; the case says who it was, and why."
        ),
        patient=_(
            "In an emergency a hospital opened the data of your referral %(number)s without your consent. Your "
            "ministry checks within 24 hours whether that was right. Your own hospital can tell you more."
        ),
    ),
    EMERGENCY_REVIEWED: Notice(
        know=(To.DESK, To.CLINICIAN, To.HOST_MINISTRY),
        subject=_("%(number)s: the emergency access was reviewed"),
        body=_("The directing ministry has looked at why the data were opened. The case says what it found."),
        patient=_(
            "Your ministry has checked why a hospital opened the data of your referral %(number)s in an emergency. "
            "Your own hospital can tell you what it found."
        ),
    ),
    EMERGENCY_OVERDUE: Notice(
        act=(To.MINISTRY,),
        subject=_("%(number)s: the review of an emergency access is overdue"),
        body=_(
            "A person of the host hospital opened the patient’s data more than 24 hours ago. Review it now."
        ),
    ),
    UNHEARD[To.DESK]: Notice(
        know=(To.MINISTRY,),
        subject=_("%(number)s: nobody at the hospital can be told"),
        body=_(
            "Nobody at the host hospital can read a notice in the portal now. Ring the hospital, and record its answer "
            "or choose another one."
        ),
    ),
    UNHEARD[To.CLINICIAN]: Notice(
        know=(To.MINISTRY,),
        subject=_("%(number)s: no clinician can be told"),
        body=_(
            "The hospital that refers is asked for something, and nobody there can read a notice in the portal now. "
            "Ring the hospital."
        ),
    ),
    UNHEARD[To.MINISTRY]: Notice(
        know=(To.ADMINISTRATORS,),
        subject=_("%(number)s: nobody at the ministry can be told"),
        body=_(
            "A referral waits for the ministry, and no account of an officer or coordinator there is active. Give "
            "somebody the role."
        ),
    ),
    UNHEARD[To.BODY]: Notice(
        know=(To.MINISTRY, To.ADMINISTRATORS),
        subject=_("%(number)s: nobody at the body that decides can be told"),
        body=_(
            "A referral waits for a body of the chain, and no account of a person who decides there is active. Give "
            "somebody the role."
        ),
    ),
    UNHEARD[To.SIGNERS]: Notice(
        know=(To.MINISTRY, To.ADMINISTRATORS),
        subject=_("%(number)s: nobody can give the second signature"),
        body=_(
            "A grant above the ceiling waits for a second signature, and nobody else who may sign has an active "
            "account. Give somebody the role."
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
