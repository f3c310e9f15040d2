"""Credentials of partner systems: made, rotated and revoked by the administrator. A secret is shown once."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.second_factor import ask_fresh
from core.actors import Actor
from core.api.permissions import SCOPES
from core.errors import Denied, Invalid, NotKnown
from core.kept.desk import fill, keeps_text
from core.permissions import Permission
from facilities import access, actions
from facilities.client_forms import ClientForm
from facilities.models import PartnerClient

View = Callable[..., HttpResponse]


def administers(view: View) -> View:
    """Let administrators in only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        if actor is None or not actor.has(Permission.ADMINISTER):
            raise Denied()
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@administers
def clients(request: HttpRequest) -> HttpResponse:
    """The systems that the actor administers, with what each may do."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = [
        {"client": client, "scopes": [SCOPES[name] for name in client.scopes if name in SCOPES]}
        for client in access.visible_clients(actor)
    ]
    return render(request, "facilities/clients.html", {"rows": rows, "all": access.administers_all(actor)})


@require_http_methods(["GET", "HEAD", "POST"])
@administers
@never_cache
@keeps_text
def client_new(request: HttpRequest) -> HttpResponse:
    """Make a client, and show its secret on the answer, which is the only place where it ever stands."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    own = None if access.administers_all(actor) else actor.organisation_id
    if request.method == "POST":
        ask_fresh(request)
    form = ClientForm(request.POST or None, facilities=access.visible_facilities(actor), own=own)
    fill(request, form)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.create_partner_client(
                organisation_id=form.organisation_id, name=given["name"], scopes=given["scopes"], by=actor
            )
        except Invalid as error:
            for name, texts in error.fields.items():
                form.add_error(name or None, [str(text) for text in texts])
        else:
            request.kept.drop()  # type: ignore[attr-defined]
            return render(request, "facilities/clients_secret.html", {"made": made, "rotated": False})
    return render(
        request, "facilities/clients_new.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administers
@never_cache
def client_rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first; then give a new secret and show it once."""
    client = _client(request, pk)
    if request.method == "POST":
        ask_fresh(request)
        made = actions.rotate_partner_client(client_pk=client.pk, by=request.actor)  # type: ignore[attr-defined]
        return render(request, "facilities/clients_secret.html", {"made": made, "rotated": True})
    return render(request, "facilities/clients_confirm.html", {"client": client, "rotate": True})


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def client_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first; then end the system's access at once."""
    client = _client(request, pk)
    if request.method == "POST":
        actions.revoke_partner_client(client_pk=client.pk, by=request.actor)  # type: ignore[attr-defined]
        messages.success(request, _("The system’s access is revoked. Its tokens have stopped working."))
        return redirect("facilities:clients")
    return render(request, "facilities/clients_confirm.html", {"client": client, "rotate": False})


def _client(request: HttpRequest, pk: int) -> PartnerClient:
    client = access.visible_clients(request.actor).filter(pk=pk).first()  # type: ignore[attr-defined]
    if client is None:
        raise NotKnown()
    return client
