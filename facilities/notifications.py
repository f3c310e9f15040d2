"""What people are told about facilities. Importing this module registers the handlers."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.outbox.messages import Words, renderer, tell
from core.outbox.models import Event
from core.outbox.registry import handler
from facilities import asking
from facilities.models import ConfirmationRequest
from facilities.recipients import administrators


@handler(asking.ASKED, name="facilities.tell_asked")
def tell_asked(event: Event, key: str) -> None:
    """Ask those who can confirm; where there is nobody, the portal's administrators hear that there isn't."""
    request = ConfirmationRequest.objects.select_related(
        "facility__organisation__country", "facility__admin_unit"
    ).get(pk=event.subject_id)
    facility = request.facility
    people = asking.who_can_confirm(facility)
    tell(
        event,
        kind="facility.asked" if people else "facility.unheard",
        params={"facility": facility.name, "by": request.by_label, "organisation": request.by_organisation},
        link=reverse("facilities:confirm", args=[facility.pk]),
        recipients=people or administrators(act=True),
    )


@renderer("facility")
def words(kind: str, params: dict[str, Any]) -> Words:
    """The notice in the active language."""
    if kind == "facility.unheard":
        return Words(
            subject=_("%(facility)s: nobody can confirm its data") % params,
            body=_(
                "%(by)s (%(organisation)s) asked the facility to confirm its data. No account there or at its "
                "ministry is active. Give somebody the role."
            )
            % params,
        )
    return Words(
        subject=_("%(facility)s: please confirm its data") % params,
        body=_(
            "%(by)s (%(organisation)s) asks the facility to confirm what the directory says of it. Look it through, "
            "correct what is wrong, and confirm the rest."
        )
        % params,
    )
