"""Credentials of an organisation's own information system (OAuth2 client credentials)."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import get_access_token_model

from core.actors import Actor
from core.audit import log as audit
from core.db import action
from core.errors import Denied, IllegalTransition, Invalid, NotKnown
from core.feed.announce import announce
from core.outbox.publish import publish
from core.placeholders import stands_for_none
from facilities import administrators
from facilities.actions.rules import require_administrator
from facilities.events import CLIENT_ASKED, CLIENT_MADE, CLIENT_REVOKED
from facilities.models import Organisation, PartnerClient


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client just made. `secret` is shown once: the table keeps only its hash. Empty while it waits."""

    client: PartnerClient
    secret: str


@action
def create_partner_client(
    *, organisation_id: int, name: str, scopes: Collection[str], by: Actor
) -> NewClient:
    """Make a client of a facility. Administrators only; a facility's own administrator for that facility only.

    The operator's ask for it: nobody gets the secret until the facility's own administrator accepts it.

    Raises Denied, NotKnown for an organisation that isn't an active facility, Invalid for a missing name.
    """
    require_administrator(by)
    organisation = Organisation.objects.filter(
        pk=organisation_id, kind=Organisation.Kind.FACILITY, active=True
    ).first()
    if organisation is None or not administrators.may_administer(by, organisation.pk):
        raise NotKnown()
    if not name.strip() or stands_for_none(name):
        raise Invalid({"name": [_("Give the system a name.")]})
    secret = secrets.token_urlsafe(32)
    client = PartnerClient.objects.create(
        organisation=organisation,
        name=name.strip()[:255],
        client_type=PartnerClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=PartnerClient.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
        scopes=sorted(scopes),
        created_by_id=by.user_id,
        awaiting=not administrators.is_own(by, organisation.pk),
    )
    _record("partner_client.ask" if client.awaiting else "partner_client.create", client, by)
    publish(CLIENT_ASKED if client.awaiting else CLIENT_MADE, subject=client, by=by)
    return NewClient(client, "" if client.awaiting else secret)


@action
def accept_partner_client(*, client_pk: int, by: Actor) -> NewClient:
    """Take a client that the operator asked for: the facility's own administrator gets its secret.

    Raises Denied, NotKnown, IllegalTransition for one that doesn't wait.
    """
    client = _locked(client_pk, by)
    _require_own(client, by)
    if client.created_by_id is not None and client.created_by_id == by.user_id:
        raise Denied(_("This takes a second person."), code="second_person")
    if not client.awaiting or client.revoked_at is not None:
        raise IllegalTransition(_("This system doesn’t wait to be accepted."))
    client.awaiting = False
    made = _new_secret(client)
    _record("partner_client.accept", client, by)
    publish(CLIENT_MADE, subject=client, by=by)
    return made


@action
def rotate_partner_client(*, client_pk: int, by: Actor) -> NewClient:
    """Give a client a new secret. The old one and the tokens got with it stop at once.

    Raises Denied, NotKnown for a client that the actor may not administer, IllegalTransition for a revoked one.
    """
    client = _locked(client_pk, by)
    _require_own(client, by)
    if client.revoked_at is not None:
        raise IllegalTransition(_("This system’s access was revoked. Make a new one instead."))
    if client.awaiting:
        raise IllegalTransition(_("This system waits to be accepted. Its secret is made then."))
    made = _new_secret(client)
    _record("partner_client.rotate", client, by)
    publish(CLIENT_MADE, subject=client, by=by)
    return made


def _new_secret(client: PartnerClient) -> NewClient:
    secret = secrets.token_urlsafe(32)
    client.client_secret = secret
    client.save(update_fields=["client_secret", "awaiting", "updated"])
    get_access_token_model().objects.filter(application=client).delete()
    return NewClient(client, secret)


@action
def revoke_partner_client(*, client_pk: int, by: Actor) -> PartnerClient:
    """Stop a client at once: no new token, and the tokens that it has are gone. Repeating it changes nothing.

    Raises Denied, or NotKnown for a client that the actor may not administer.
    """
    client = _locked(client_pk, by)
    if client.revoked_at is None:
        client.revoked_at = timezone.now()
        client.save(update_fields=["revoked_at", "updated"])
        get_access_token_model().objects.filter(application=client).delete()
        _record("partner_client.revoke", client, by)
        announce(CLIENT_REVOKED, subject=client, by=by)
    return client


def _locked(client_pk: int, by: Actor) -> PartnerClient:
    """The client, locked. Raises Denied, or NotKnown for one that the actor may not administer."""
    require_administrator(by)
    client: PartnerClient | None = (
        PartnerClient.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk=client_pk)
        .first()
    )
    if client is None or not administrators.may_administer(by, client.organisation_id):
        raise NotKnown()
    return client


def _require_own(client: PartnerClient, by: Actor) -> None:
    """Whoever sees the secret reads the facility's patients, so the operator's people never do."""
    if not administrators.is_own(by, client.organisation_id):
        raise Denied(
            _("Only an administrator of the facility itself gets its secret."), code="own_clients_only"
        )


def _record(what: str, client: PartnerClient, by: Actor) -> None:
    audit.record(
        what,
        by=by,
        subject=client,
        country=client.organisation.country_id or "",
        details={"organisation": client.organisation.code, "scopes": sorted(client.scopes)},
    )
