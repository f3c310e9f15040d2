"""The form that asks a facility to confirm its data, and what its page says of who asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actors import Actor
from core.forms import PortalForm
from facilities import asking
from facilities.models import ConfirmationRequest, Facility


class AskForm(PortalForm):
    """What the facility is to confirm."""

    about = forms.MultipleChoiceField(
        label=gettext_lazy("What is the facility to confirm?"),
        choices=ConfirmationRequest.About.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=ConfirmationRequest.About.values,
        error_messages={"required": gettext_lazy("Choose what the facility is to confirm.")},
    )


def nobody_words(facility: Facility) -> str:
    """That nobody can be asked in the portal, and what helps."""
    if phone := facility.organisation.phone:
        return _(
            "Nobody who can confirm these data is active in the portal. Ring the facility: %(phone)s."
        ) % {"phone": phone}
    return _("Nobody who can confirm these data is active in the portal, and no telephone is known.")


def asked_context(actor: Actor, facility: Facility, form: AskForm | None = None) -> dict[str, Any]:
    """What the page says of asking: who asked lately, and the form where this reader may."""
    may_ask = asking.may_ask(actor)
    return {
        "asked": list(facility.confirmation_requests.all()[:20]),
        "asked_lately": asking.open_request(facility),
        "ask_form": (form or AskForm()) if may_ask else None,
        "nobody": "" if asking.who_can_confirm(facility) else nobody_words(facility),
    }
