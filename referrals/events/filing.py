"""Filing and the check of the rules: from the draft to the ministry's desk."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
from referrals.states import BEFORE_SENDING

EVENTS = (
    Event(
        move(E.DISCARD, S.DRAFT, S.ENTERED_IN_ERROR, CLINICIAN),
        action="discard",
        words=_("The draft was discarded"),
        told=NOBODY,
        page=Page(
            phrase=_("Discard this draft"),
            title=_("Discard this draft?"),
            follows=(
                _("The draft leaves the lists of your hospital. It was never sent, so nobody is told."),
                _("It can’t be brought back. The patient’s record stays as it is."),
            ),
            button=_("Discard the draft"),
            done=_("The draft is discarded."),
            form="steps.ConfirmForm",
            ends=True,
        ),
        api=Endpoint("Discard a draft"),
    ),
    Event(
        move(E.SUBMIT, S.DRAFT, S.SUBMITTED, CLINICIAN),
        action="submit",
        then=(E.SEND_AT_ONCE,),
        words=pgettext_lazy("history", "Filed"),
        told=Notice(
            know=(To.MINISTRY, To.BODY),
            subject=_("%(number)s: filed"),
            body=_("A new referral was filed and is being checked."),
            patient=_(
                "Your doctor filed your referral %(number)s for care in "
                "another country. We will tell You how it goes on."
            ),
        ),
        api=Endpoint("File a draft"),
    ),
    # An emergency waits for nobody: the referral reaches the host with its filing, the check and the ministry follow.
    Event(
        move(E.SEND_AT_ONCE, BEFORE_SENDING, S.SENT, SYSTEM),
        words=_("Sent to the host hospital at once, as an emergency"),
        told=Notice(
            act=(To.DESK, To.MINISTRY),
            subject=_("%(number)s: emergency"),
            body=_(
                "An emergency referral went to the host hospital at once. The hospital replies "
                "within 30 minutes; the ministry reviews it within 24 hours."
            ),
        ),
    ),
    Event(
        move(E.BEGIN_SCREENING, S.SUBMITTED, S.SCREENING, SYSTEM),
        action="begin_screening",
        words=_("The check of the rules began"),
        in_history=False,
        told=NOBODY,
    ),
    Event(
        move(E.FINISH_SCREENING, S.SCREENING, S.IN_REVIEW, SYSTEM),
        action="finish_screening",
        then=(AE.OPEN_REVIEW,),
        words=_("The rules were checked"),
        told=Notice(
            act=(To.BODY,),
            know=(To.CLINICIAN,),
            subject=_("%(number)s: checked"),
            body=_("The eligibility check is done. The case says who decides now."),
        ),
    ),
    Event(
        move(AE.OPEN_REVIEW, A.PENDING, A.IN_REVIEW, SYSTEM),
        words=_("The review by the ministry began"),
        in_history=False,
        told=NOBODY,
    ),
)
