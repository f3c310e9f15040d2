"""What the clinician may do after filing without withdrawing: add evidence, raise the urgency, change the host."""

from django.utils.translation import gettext_lazy as _

from referrals.events.record import (
    AE,
    CLINICIAN,
    NOBODY,
    SYSTEM,
    A,
    E,
    Endpoint,
    Event,
    Notice,
    Page,
    S,
    To,
    move,
)
from referrals.states import ACTIVE_STATES, BEFORE_CARE, BEFORE_SENDING, UNDECIDED, Guard

EVENTS = (
    Event(
        move(E.ADD_EVIDENCE, ACTIVE_STATES - {S.DISCHARGED}, None, CLINICIAN),
        action="add_evidence",
        words=_("Evidence was added"),
        told=Notice(
            know=(To.MINISTRY, To.DESK),
            subject=_("%(number)s: new evidence"),
            body=_("The clinician added evidence to the referral. Read it before your next step."),
        ),
        page=Page(
            phrase=_("Add a report or other evidence"),
            title=_("Add a report or other evidence"),
            follows=(
                _("What you add stands beside what was filed; nothing is replaced."),
                _("The ministry is told, and so is the hospital once it has the referral."),
                _("The rules read it at their next check."),
            ),
            button=_("Add the evidence"),
            done=_("The evidence is added."),
            form="steps_amending.AddEvidenceForm",
        ),
        api=Endpoint("Add evidence after filing", "ReportInput"),
    ),
    Event(
        move(E.COMPLETE_FACTS, BEFORE_CARE, None, CLINICIAN),
        action="complete_facts",
        words=_("What the rules ask was completed"),
        told=Notice(
            know=(To.MINISTRY, To.DESK),
            subject=_("%(number)s: circumstances were stated anew"),
            body=_("The clinician stated circumstances of the care anew. The rules read them again."),
        ),
        page=Page(
            phrase=_("Complete what the rules ask"),
            title=_("Complete what the rules ask"),
            follows=(
                _("What was stated before stays beside it, with who stated it when."),
                _("The rules run again, and the ministry is told if they find something else."),
            ),
            button=_("State this"),
            done=_("It is stated. The rules run again."),
            form="steps_completing.CompleteFactsForm",
        ),
        api=Endpoint("State circumstances anew after filing", "CompleteFactsInput"),
    ),
    Event(
        move(E.RECORD_CONSILIUM, BEFORE_CARE, None, CLINICIAN),
        action="record_consilium",
        words=_("A consilium was recorded"),
        told=Notice(
            know=(To.MINISTRY, To.DESK),
            subject=_("%(number)s: a consilium was recorded"),
            body=_("A consilium said whether the patient may travel. Read it before your next step."),
        ),
        page=Page(
            phrase=_("Record a consilium"),
            title=_("Record a consilium"),
            follows=(
                _("The consilium answers for whether the patient may travel."),
                _("A later record counts in the place of an earlier one; none is changed."),
                _("The ministry is told, and so is the hospital once it has the referral."),
            ),
            button=_("Record the consilium"),
            done=_("The consilium is recorded. The rules run again."),
            form="steps_completing.ConsiliumForm",
        ),
        api=Endpoint("Record a consilium on the fitness for the journey", "ConsiliumInput"),
    ),
    Event(
        move(E.RAISE_URGENCY, BEFORE_CARE, None, CLINICIAN),
        action="raise_urgency",
        then=(AE.WAIVE, E.SEND_AT_ONCE),
        guards=(Guard.MOST_URGENT, Guard.PATIENT_DIED),
        words=_("The urgency was raised"),
        told=Notice(
            act=(To.MINISTRY, To.DESK),
            subject=_("%(number)s: more urgent"),
            body=_("The clinician raised the urgency of the referral. Its time limits are shorter now."),
            patient=_("Your doctor raised the urgency of Your referral %(number)s."),
        ),
        page=Page(
            phrase=_("Raise the urgency"),
            title=_("Raise the urgency"),
            follows=(
                _("The time limits of the ministry and of the hospital become shorter, never longer."),
                _(
                    "An emergency that isn’t decided yet goes to the hospital at once. The ministry reviews it "
                    "afterwards."
                ),
                _("The ministry, the hospital if it has the referral, and the patient are told."),
            ),
            button=_("Raise the urgency"),
            done=_("The urgency is raised. Everybody concerned is told."),
            form="steps_amending.RaiseUrgencyForm",
        ),
        api=Endpoint("Raise the urgency after filing", "RaiseUrgencyInput"),
    ),
    Event(
        move(AE.WAIVE, UNDECIDED, A.NOT_REQUIRED, SYSTEM),
        words=_("As an emergency it needs no prior authorisation any more"),
        told=NOBODY,
    ),
    Event(
        move(E.CHANGE_HOST, BEFORE_SENDING | {S.SENT}, None, CLINICIAN),
        action="change_host",
        guards=(Guard.PATIENT_DIED,),
        words=_("The clinician asked for another hospital"),
        told=Notice(
            act=(To.DESK,),
            know=(To.MINISTRY,),
            subject=_("%(number)s: another hospital"),
            body=_("The clinician asked for another host hospital. It is named in the referral."),
            former=_(
                "The clinician asked another hospital to take the patient. You need not answer this referral."
            ),
            patient=_("Your doctor asked another hospital about Your referral %(number)s."),
        ),
        page=Page(
            phrase=_("Ask for another hospital"),
            title=_("Ask for another hospital"),
            follows=(
                _("The hospital must be in the same country: the agreement and the consent name it."),
                _("A hospital that has the referral already is told, and no longer sees it."),
                _("The hospital that you choose gets the referral as soon as it may be sent."),
                _("The ministry is told."),
            ),
            button=_("Ask this hospital"),
            done=_("The referral names the hospital that you chose."),
            form="steps_amending.ChangeHostForm",
        ),
        api=Endpoint("Ask for another host before it has accepted", "ChangeHostInput"),
    ),
    # A consent never changes: a new one takes the place of one that is over. Nobody has to file anything for it.
    Event(
        move(E.TAKE_CONSENT, ACTIVE_STATES, None, SYSTEM),
        action="take_consent",
        words=_("A new consent of the patient took the place of the one before"),
        told=Notice(
            know=(To.MINISTRY, To.DESK),
            subject=_("%(number)s: a new consent"),
            body=_("A new consent of the patient is recorded, and the referral rests on it now."),
        ),
    ),
)
