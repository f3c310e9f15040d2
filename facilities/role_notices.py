"""Telling the people concerned, and the administrators who should know, of roles and of partners' systems."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core import languages
from core.accounts.link_notices import to_person
from core.outbox.messages import Recipient, Words, renderer, tell
from core.outbox.models import Event
from core.outbox.registry import handler
from core.permissions import Role
from facilities import administrators, events
from facilities.models import Membership, Organisation, PartnerClient, RoleRequest
from facilities.models.organisations import labelled


def _people(rows: Iterable[Membership], *, act: bool = False) -> list[Recipient]:
    """Whoever holds one of these memberships, each once."""
    people = {row.user_id: row.user for row in rows}
    return [
        Recipient(
            key=f"user:{user.pk}",
            language=user.preferred_language,
            user_id=user.pk,
            email=user.email,
            needs_action=act,
        )
        for user in people.values()
    ]


def _about(row: Membership | RoleRequest) -> dict[str, Any]:
    return {"person": str(row.user), "role": row.role, **_name(row.organisation)}


def _name(organisation: Organisation) -> dict[str, Any]:
    """The name as it is now, in every language: a message is put into words where nothing is read any more."""
    return {
        "organisation": organisation.name,
        "names": organisation.names,
        "told_apart_by": organisation.told_apart_by,
    }


@handler(events.ASKED, name="facilities.role_asked")
def tell_who_may_confirm(event: Event, key: str) -> None:
    """Who can be the second person acts; the person concerned knows."""
    asked = RoleRequest.objects.select_related("user", "organisation__country").get(pk=event.subject_id)
    link = reverse("facilities:role_decide", args=[asked.pk])
    others = _people(administrators.second_persons(asked), act=True)
    tell(event, kind="role.to_confirm", params=_about(asked), link=link, recipients=others)
    tell(event, kind="role.asked", params=_about(asked), link="", recipients=[to_person(asked.user)])


@handler(events.GIVEN, events.REFUSED, name="facilities.role_decided")
def tell_of_decision(event: Event, key: str) -> None:
    """The person concerned and who asked."""
    asked = RoleRequest.objects.select_related("user", "asked_by", "organisation").get(pk=event.subject_id)
    kind = "role.given" if event.kind == events.GIVEN else "role.refused"
    recipients = [to_person(asked.user)]
    if event.actor_id != str(asked.asked_by_id):
        recipients.append(to_person(asked.asked_by))
    tell(event, kind=kind, params=_about(asked), link="", recipients=recipients)


@handler(events.ENDED, name="facilities.role_ended")
def tell_of_end(event: Event, key: str) -> None:
    membership = Membership.objects.select_related("user", "organisation").get(pk=event.subject_id)
    person = [to_person(membership.user)]
    tell(event, kind="role.ended", params=_about(membership), link="", recipients=person)


@handler(events.CLIENT_ASKED, events.CLIENT_MADE, name="facilities.client")
def tell_of_client(event: Event, key: str) -> None:
    """The facility's administrators: one of them accepts what the operator asked for, and all see who has a secret."""
    client = PartnerClient.objects.select_related("organisation").get(pk=event.subject_id)
    asked = event.kind == events.CLIENT_ASKED
    own = administrators.administrators().filter(organisation_id=client.organisation_id)
    people = _people(own.exclude(user_id=event.actor_id if event.actor_kind == "person" else 0), act=asked)
    kind = "role.client_asked" if asked else "role.client_made"
    params = {"system": client.name, **_name(client.organisation)}
    tell(event, kind=kind, params=params, link=reverse("facilities:clients"), recipients=people)


@renderer("role")
def words(kind: str, params: dict[str, Any]) -> Words:
    """The message in the active language, with the organisation's name in it."""
    name = params["names"].get(languages.active()) or params["organisation"]
    values = params | {"organisation": labelled(name, params["told_apart_by"])}
    if "role" in params:
        values["role"] = str(Role(params["role"]).label)
    subject, body = _texts()[kind.partition(".")[2]]
    return Words(subject=subject, body=body % values)


def _texts() -> dict[str, tuple[str, str]]:
    return {
        "to_confirm": (
            _("A role waits for your confirmation"),
            _(
                "%(person)s is to be given a role: %(role)s, at: %(organisation)s. It takes effect when a second "
                "administrator confirms it. Confirm it only if you know why, or refuse it."
            ),
        ),
        "asked": (
            _("You are to be given a role"),
            _(
                "An administrator has asked that you be given a role: %(role)s, at: %(organisation)s. A second "
                "administrator confirms it or refuses it; you will be told."
            ),
        ),
        "given": (
            _("A role was given"),
            _("%(person)s now has a role: %(role)s, at: %(organisation)s."),
        ),
        "refused": (
            _("A role was not given"),
            _(
                "The request for a role was refused or withdrawn. Person: %(person)s; role: %(role)s, "
                "at: %(organisation)s."
            ),
        ),
        "ended": (
            _("A role has ended"),
            _(
                "Your role has ended: %(role)s, at: %(organisation)s. You are signed out everywhere; with another role "
                "you can sign in again."
            ),
        ),
        "client_asked": (
            _("A partner system waits for your acceptance"),
            _(
                "The operator of the portal asks for a system to be let in: %(system)s, for: %(organisation)s. Accept "
                "it, and you are shown its secret, or revoke it."
            ),
        ),
        "client_made": (
            _("A partner system was given a secret"),
            _(
                "A new secret was shown to an administrator of your organisation. System: %(system)s, for: "
                "%(organisation)s. If nobody of yours needs it, revoke it at once."
            ),
        ),
    }
