"""The ministry asks and decides: the authorisation is granted, in part or not, and the referral follows it."""

from django.utils.translation import gettext_lazy as _

from referrals.events.record import (
    AE,
    BODY,
    CLINICIAN,
    MINISTRY,
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
from referrals.states import Guard

_DECIDABLE = {A.IN_REVIEW, A.OVERTURNED}
_ASKS = MINISTRY | BODY
#: A body decides what is with it, never its own referral, and what one person has signed waits for the second.
_STAGE = (Guard.OWN_REFERRAL, Guard.ANOTHER_BODY, Guard.WAITS_FOR_SECOND, Guard.PATIENT_DIED)
_SECOND = (
    Guard.OWN_REFERRAL,
    Guard.NOTHING_SIGNED,
    Guard.SIGNED_FIRST,
    Guard.ANOTHER_BODY,
    Guard.PATIENT_DIED,
)

EVENTS = (
    Event(
        move(E.REQUEST_INFORMATION, {S.SCREENING, S.IN_REVIEW}, S.INFO_REQUESTED, _ASKS),
        action="request_information",
        brings=(AE.STOP_CLOCK,),
        words=_("The ministry asked for information"),
        told=Notice(
            act=(To.CLINICIAN,),
            subject=_("%(number)s: the ministry asks you something"),
            body=_(
                "The ministry needs information before it decides. The clock stands still until you answer."
            ),
        ),
        page=Page(
            phrase=_("Ask the clinician for information"),
            title=_("Ask for information"),
            follows=(
                _("The clinician who filed the referral gets your questions."),
                _("The clock of the decision stands still until the answer."),
                _("With the answer the rules are checked again."),
            ),
            button=_("Send the questions"),
            done=_("Your questions are sent. The clock stands still until the clinician answers."),
            form="steps_information.RequestInformationForm",
        ),
        decided=_("Your questions on %(number)s are sent. Its clock stands still."),
    ),
    Event(
        move(AE.STOP_CLOCK, {A.PENDING, A.IN_REVIEW, A.OVERTURNED}, A.CLOCK_STOPPED, _ASKS),
        words=_("The clock of the decision was stopped"),
        in_history=False,
        told=NOBODY,
    ),
    Event(
        move(E.ANSWER, S.INFO_REQUESTED, S.SCREENING, CLINICIAN),
        action="answer",
        brings=(AE.RESTART_CLOCK,),
        words=_("The questions were answered"),
        told=Notice(
            know=(To.MINISTRY, To.BODY),
            subject=_("%(number)s: answered"),
            body=_("The clinician answered the ministry’s questions."),
        ),
        page=Page(
            phrase=_("Answer the ministry’s questions"),
            title=_("Answer the ministry"),
            follows=(
                _("The ministry gets your answers at once and its clock goes on."),
                _("The rules are checked again, with the newer report if you add one."),
            ),
            button=_("Send the answers"),
            done=_("Your answers are sent. The rules are being checked again."),
            form="steps_information.AnswerForm",
        ),
        api=Endpoint("Answer the ministry's questions", "AnswerInput"),
    ),
    Event(
        move(AE.RESTART_CLOCK, A.CLOCK_STOPPED, A.IN_REVIEW, CLINICIAN),
        words=_("The clock of the decision went on"),
        in_history=False,
        told=NOBODY,
    ),
    Event(
        move(AE.GRANT, _DECIDABLE, A.GRANTED, BODY),
        action="grant",
        brings=(E.SEND,),
        then=(AE.APPROVE_STAGE, AE.SIGN_FIRST),
        guards=(*_STAGE, Guard.GRANTED_IN_PART),
        words=_("The authorisation was granted"),
        told=Notice(
            know=(To.CLINICIAN,),
            subject=_("%(number)s: granted"),
            body=_("The ministry granted the authorisation. The referral was sent to the host hospital."),
            patient=_(
                "Your referral %(number)s was authorised. The hospital will "
                "offer a date. Please ask Your doctor for details."
            ),
        ),
        decided=_("%(number)s is granted and sent to the host hospital."),
    ),
    Event(
        move(AE.PARTLY_GRANT, _DECIDABLE, A.PARTLY_GRANTED, BODY),
        action="partly_grant",
        brings=(E.SEND,),
        then=(AE.APPROVE_STAGE, AE.SIGN_FIRST),
        guards=_STAGE,
        words=_("The authorisation was granted in part"),
        told=Notice(
            know=(To.CLINICIAN,),
            subject=_("%(number)s: granted in part"),
            body=_("The ministry granted a part of the care. The referral was sent to the host hospital."),
            patient=_(
                "Your referral %(number)s was authorised in part. Please ask Your doctor what this means for You."
            ),
        ),
        decided=_("%(number)s is granted in part and sent to the host hospital."),
    ),
    # A body of the chain approves; the next one decides now.
    Event(
        move(AE.APPROVE_STAGE, _DECIDABLE, A.IN_REVIEW, BODY | SYSTEM),
        words=_("A body of the chain approved"),
        told=Notice(
            act=(To.BODY,),
            know=(To.CLINICIAN,),
            subject=_("%(number)s: the next body decides"),
            body=_("A body of the chain has approved. The next one decides now; the case says who has it."),
        ),
    ),
    # Above a ceiling two persons sign. The first one's terms wait for the second.
    Event(
        move(AE.SIGN_FIRST, _DECIDABLE, None, BODY),
        words=_("A first person signed"),
        told=Notice(
            act=(To.SIGNERS,),
            subject=_("%(number)s: a second signature is needed"),
            body=_("One person has signed. The sum is above the ceiling, so a second person signs."),
        ),
    ),
    Event(
        move(AE.SIGN_SECOND, _DECIDABLE, None, BODY),
        action="sign_second",
        brings=(E.SEND,),
        then=(AE.APPROVE_STAGE, AE.GRANT, AE.PARTLY_GRANT),
        guards=_SECOND,
        words=_("A second person signed"),
        told=NOBODY,
        decided=_("You have signed %(number)s as the second person."),
    ),
    Event(
        move(AE.SILENCE_GRANTS, _DECIDABLE, A.GRANTED, SYSTEM),
        action="silence_grants",
        brings=(E.SEND,),
        then=(AE.APPROVE_STAGE,),
        words=_("The time passed without a decision, which grants here"),
        told=Notice(
            know=(To.CLINICIAN, To.MINISTRY, To.BODY),
            subject=_("%(number)s: granted by silence"),
            body=_("The time limit of the last body passed, and under the agreement its silence grants."),
            patient=_(
                "Your referral %(number)s was authorised. The hospital will "
                "offer a date. Please ask Your doctor for details."
            ),
        ),
    ),
    Event(
        move(E.SEND, S.IN_REVIEW, S.SENT, _ASKS | SYSTEM),
        words=_("Sent to the host hospital"),
        told=Notice(
            act=(To.DESK,),
            subject=_("%(number)s: a referral for your hospital"),
            body=_(
                "An authorised referral was sent to your hospital. Please accept "
                "it with a date, or decline it with a reason."
            ),
        ),
    ),
    Event(
        move(AE.REFUSE, _DECIDABLE, A.REFUSED, BODY),
        action="refuse",
        brings=(E.REFUSE,),
        guards=(Guard.OWN_REFERRAL, Guard.SIGNED_FIRST, Guard.ANOTHER_BODY, Guard.PATIENT_DIED),
        words=_("The authorisation was refused"),
        told=Notice(
            act=(To.CLINICIAN,),
            subject=_("%(number)s: refused"),
            body=_(
                "The ministry refused the authorisation. Read its reasons; an "
                "appeal is possible within the time limit."
            ),
            patient=_(
                "Your referral %(number)s was not authorised. Your doctor "
                "has the reasons and can appeal with You."
            ),
        ),
        decided=_("%(number)s is refused. The clinician is told and can appeal."),
    ),
    Event(
        move(E.REFUSE, S.IN_REVIEW, S.REFUSED, BODY),
        words=_("The referral was stopped by the refusal"),
        in_history=False,
        told=NOBODY,
    ),
)
