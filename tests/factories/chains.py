"""Chains of approval of the domain, with somebody who decides for each body."""

from typing import Any

from core.permissions import Role
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.facilities import World, make_member, make_organisation


def days(number: int) -> dict[str, Any]:
    """The same limit in working days for every priority."""
    return {priority: {"working_days": number} for priority in ("asap", "urgent", "routine")}


def host_stage(**values: Any) -> dict[str, Any]:
    """The host ministry decides by its own working days."""
    return make.stage("Host ministry", side="host", calendar="host", **values)


def both_ministries() -> dict[str, Any]:
    return make.chain(make.stage(), host_stage())


def uzbek_chain(world: World, **fund: Any) -> dict[str, Any]:
    """Specialist, regional and national commission, fund, with 1, 1, 1 and 2 working days; a person in each body."""
    stages = []
    for name, title in (("specialist", "Specialist"), ("regional", "Regional"), ("national", "National")):
        body = make_organisation("commission", "UZ", f"UZ-{name.upper()}", f"{title} body")
        world.users[name] = make_member(name, body, Role.APPROVER)
        stages.append(make.stage(title, body="commission", organisation=body.code, limits=days(1)))
    world.users["fund"] = make_member("fund", world.funds["UZ"], Role.APPROVER)
    world.users["national2"] = make_member("national2", body, Role.APPROVER)
    last = make.stage("Fund", body="fund", organisation="SHIF", limits=days(2), **fund)
    return make.chain(*stages, last)


def make_uzbek(world: World, **content: Any) -> Referral:
    """A checked referral of the Uzbek clinician to Bishkek."""
    return make.make_in_review(world, world.actor("clinician_uz"), host_facility=world.bishkek, **content)
