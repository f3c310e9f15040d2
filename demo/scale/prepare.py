"""The first part of `./dev scale`, with the owner's login: tables, the demonstration's data, and three systems' tokens.

Run as a process of its own. What it prints last is for `demo.scale`: the tokens and the keys of the systems.
"""

import json
from typing import Any

from demo.bench.scenarios import token_of

SCOPES = ["directory:read", "patients:read", "patients:write", "referrals:read", "referrals:write"]
SMALL = 57
"""The place of the hospital with few referrals among those that `fill` goes round."""


def main() -> None:
    """Make everything and say who asks."""
    from portal import release

    release.set_up()
    release.run(release.steps())
    from django.core.management import call_command

    from demo.prepare import collect_static

    collect_static()
    call_command("load_demo", verbosity=0)
    print(json.dumps(_systems()))


def _systems() -> dict[str, Any]:
    """The hospitals' systems by name: `client` is the key of their record, `token` what they show."""
    from django.contrib.auth import get_user_model

    from core.actors import SYSTEM
    from facilities.actions import create_partner_client
    from facilities.memberships import actor_for_user
    from facilities.models import Organisation

    small = Organisation.objects.filter(country_id="KZ", facility__isnull=False, active=True).order_by("pk")
    hospitals = {"small": small[SMALL].pk}
    for name, username in (("large", "clinician.kz"), ("host", "desk.kg")):
        actor = actor_for_user(get_user_model().objects.get(username=username))
        assert actor is not None
        assert actor.organisation_id is not None
        hospitals[name] = actor.organisation_id
    systems = {}
    for name, key in hospitals.items():
        made = create_partner_client(
            organisation_id=key, name=f"Scale, {name} hospital", scopes=SCOPES, by=SYSTEM
        )
        systems[name] = {"client": made.client.pk, "token": token_of(made.client.client_id, made.secret)}
    return systems


if __name__ == "__main__":
    main()
