"""The number that the reader's hospital gives a referral in its own system."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.actors import Actor
from core.errors import Denied, Invalid
from core.kept.desk import fill, keeps_text
from core.own_number import OwnNumberForm
from referrals import access, actions
from referrals.models import Referral
from referrals.presentation.case import Case
from referrals.reading import load_case, record_number_of


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def own_number(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Give it, change it, or take it away, in any state."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    referral = load_case(Case, actor, referral_id).referral  # nothing of it is shown here but its number
    if not access.may_number(actor, referral):
        raise Denied()
    present = record_number_of(referral, actor)
    form = OwnNumberForm(request.POST if request.method == "POST" else None, present=present)
    fill(request, form)
    if form.is_bound and form.is_valid():
        try:
            actions.set_record_number(referral_id, by=actor, **form.said)
        except Invalid as error:
            form.take(error, record_number_of(referral, actor))
        else:
            messages.success(request, _("The record number is saved."))
            return redirect("referrals:detail", referral_id)
    back = reverse("referrals:detail", args=[referral_id])
    context = {"form": form, "of": str(referral), "back": back}
    return render(request, "web/own_number.html", context, status=422 if form.errors else 200)


def own_number_panel(actor: Actor, referral: Referral) -> dict[str, str]:
    """For components/own_number.html: the number, and where it is changed; nothing for who gives none."""
    if not access.may_number(actor, referral):
        return {}
    return {
        "own_number": record_number_of(referral, actor),
        "own_number_url": reverse("referrals:own_number", args=[referral.pk]),
    }
