"""An organisation's own people: its administrators invite, confirm and end them here."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.links import send_link
from core.accounts.middleware import actor_of
from core.accounts.second_factor import ask_fresh
from core.errors import IllegalTransition, Invalid, NotKnown
from core.permissions import Role, needs_second_person
from facilities import access, actions, administrators
from facilities.client_views import administers
from facilities.models import Membership, RoleRequest
from facilities.people_forms import InviteForm


@require_safe
@administers
def people(request: HttpRequest) -> HttpResponse:
    """Who works in the actor's organisation, as what and since when, and which roles wait for a second person."""
    actor = actor_of(request)
    persons: dict[int, dict[str, Any]] = {}
    for membership in administrators.visible_members(actor):
        person = persons.setdefault(membership.user_id, {"user": membership.user, "roles": []})
        person["roles"].append(membership)
    waiting = [
        {"asked": row, "may": administrators.is_second_person(actor, row), "own": _is_own(request, row)}
        for row in administrators.visible_requests(actor)[:MOST]
    ]
    context = {"persons": list(persons.values()), "waiting": waiting, "own": actor.user_id}
    return render(request, "facilities/people.html", context)


MOST = 100


def _is_own(request: HttpRequest, asked: RoleRequest) -> bool:
    actor = actor_of(request)
    return (asked.asked_by_id, asked.asked_for_id) == (actor.user_id, actor.organisation_id)


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def people_invite(request: HttpRequest) -> HttpResponse:
    """Invite a person by e-mail; a role that decides or reads clinical content waits for a second person."""
    actor = actor_of(request)
    organisation = access.visible_organisations(actor).filter(pk=actor.organisation_id or 0).first()
    if organisation is None:
        raise NotKnown()
    ask_fresh(request)
    form = InviteForm(request.POST or None, kind=organisation.kind, initial={"language": get_language()})
    if form.is_valid():
        role = Role(form.cleaned_data["role"])
        try:
            actions.invite(whom=form.whom, role=role, by=actor)
        except Invalid as error:
            for name, texts in error.fields.items():
                form.add_error(name if name in form.fields else None, [str(text) for text in texts])
        else:
            waits = _(
                "The role waits for a second administrator. When it is confirmed, the person gets an e-mail."
            )
            done = _("The person has the role, and gets an e-mail.")
            messages.success(request, waits if needs_second_person(role) else done)
            return redirect("facilities:people")
    context = {"form": form, "organisation": organisation}
    return render(request, "facilities/people_invite.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def member_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first; then end the role, and with it the person's sessions and links."""
    member = _member(request, pk)
    if request.method == "POST":
        actions.end_membership(membership_id=member.pk, by=actor_of(request))
        messages.success(request, _("The role has ended, and the person is signed out everywhere."))
        return redirect("facilities:people")
    return render(request, "facilities/people_confirm.html", {"member": member, "end": True})


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def member_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first; then send a link for a password to the person's own address."""
    member = _member(request, pk)
    context: dict[str, Any] = {"member": member, "end": False}
    if request.method == "POST":
        ask_fresh(request)
        try:
            send_link(user_id=member.user_id, by=actor_of(request))
        except IllegalTransition as error:
            return render(
                request, "facilities/people_confirm.html", context | {"refused": error.message}, status=409
            )
        messages.success(request, _("The link is sent to the person’s own e-mail address."))
        return redirect("facilities:people")
    return render(request, "facilities/people_confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def role_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or refuse, as the second person; who asked for it withdraws it."""
    actor = actor_of(request)
    asked = administrators.visible_requests(actor).filter(pk=pk).first()
    if asked is None:
        raise NotKnown()
    decision = request.POST.get("decision")
    if decision:
        ask_fresh(request)
    if decision == "confirm":
        actions.confirm_role(request_id=pk, by=actor)
        messages.success(request, _("The role is given."))
        return redirect("facilities:people")
    if decision == "refuse":
        actions.refuse_role(request_id=pk, by=actor)
        messages.success(request, _("The role is not given."))
        return redirect("facilities:people")
    may = administrators.is_second_person(actor, asked)
    context = {"asked": asked, "may": may, "own": _is_own(request, asked)}
    status = 422 if request.method == "POST" else 200
    return render(request, "facilities/people_decide.html", context, status=status)


def _member(request: HttpRequest, pk: int) -> Membership:
    found = administrators.visible_members(actor_of(request)).filter(pk=pk).first()
    if found is None:
        raise NotKnown()
    return found
