"""Who meets a referral in the matrix and the walk: what each person and client is to it, and what it may know."""

from dataclasses import dataclass

from core.actors import SYSTEM, Actor
from facilities.memberships import actor_for_client
from referrals.states import Party
from tests.factories.api import ALL_SCOPES
from tests.factories.facilities import World, make_partner_client


@dataclass(frozen=True)
class Who:
    """What somebody is to the referral of a Kazakh hospital that goes to a Kyrgyz one.

    `sees` is directing (always), ministry (once filed), host (once sent, unless entered in error) or nobody.
    """

    sees: str
    parties: frozenset[Party] = frozenset()


_MINISTRY = frozenset({Party.DIRECTING_OFFICER, Party.DIRECTING_COORDINATOR})
PEOPLE: dict[str, Who] = {
    "clinician_kz": Who("directing", frozenset({Party.DIRECTING_CLINICIAN})),
    "client_korday": Who("directing", frozenset({Party.DIRECTING_CLINICIAN})),
    "client_korday_reads": Who("directing"),
    "host_desk_kg": Who("host", frozenset({Party.HOST_DESK})),
    "client_bishkek": Who("host", frozenset({Party.HOST_DESK})),
    "client_bishkek_reads": Who("host"),
    # An officer may do what a coordinator does (core.permissions).
    "officer_kz": Who("ministry", _MINISTRY),
    "officer2_kz": Who("ministry", _MINISTRY),
    "coordinator_kz": Who("ministry", frozenset({Party.DIRECTING_COORDINATOR})),
    "officer_kg": Who("ministry"),
    "coordinator_kg": Who("ministry"),
    "outsider": Who("nobody"),
    "host_desk_kz": Who("nobody"),
    "clinician_kg": Who("nobody"),
    "host_desk_uz": Who("nobody"),
    "officer_uz": Who("nobody"),
    "auditor_kz": Who("nobody"),
    "administrator": Who("nobody"),
    "nobody_yet": Who("nobody"),
    "system": Who("directing", frozenset({Party.SYSTEM})),
}


def people(world: World) -> dict[str, Actor]:
    """An actor for each of `PEOPLE`."""
    found = {"system": SYSTEM, "nobody_yet": Actor(kind="person", id="0", label="No role yet", user_id=None)}
    for name, facility in (("client_korday", world.korday), ("client_bishkek", world.bishkek)):
        client = make_partner_client(facility.organisation, secret="test", scopes=ALL_SCOPES)
        for suffix, scopes in (("", ALL_SCOPES), ("_reads", ["referrals:read", "patients:read"])):
            actor = actor_for_client(client, scopes=frozenset(scopes))
            assert actor is not None
            found[name + suffix] = actor
    for name in PEOPLE.keys() - found.keys():
        found[name] = world.actor(name)
    return found


def sees(who: Who, state: str, *, filed: bool, sent: bool) -> bool:
    """Whether such a person may know of a referral in that state."""
    return {
        "directing": True,
        "ministry": filed,
        "host": sent and state != "entered_in_error",
        "nobody": False,
    }[who.sees]
