"""The cast: who works where, with passwords and client secrets that are kept across restarts."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from core import progress
from core.accounts.models import User
from core.accounts.second_factor import demonstration_code_for
from core.actors import SYSTEM, Actor
from core.permissions import Role
from facilities.actions import create_partner_client, grant_membership, revoke_partner_client
from facilities.memberships import actor_for_user
from facilities.models import Organisation, PartnerClient

ALL_SCOPES = ("directory:read", "patients:read", "patients:write", "referrals:read", "referrals:write")
COUNTRIES = ("KZ", "UZ", "KG")
ADMINISTRATOR = "administrator"
#: Places beside the first of each country: user name's last part → the organisation's code.
CLINICIANS = {
    "kz": "F0001",
    "kz.saryagash": "F0015",
    "kz.kegen": "F0025",
    "uz": "F0091",
    "uz.sirdaryo": "F0099",
    "kg": "F0154",
    "kg.karabalta": "F0112",
    "kg.uzgen": "F0167",
}
DESKS = {
    "kz": "F0010",
    "kz.onco": "F0055",
    "kz.heart": "F0058",
    "uz": "F0060",
    "uz.onco": "F0061",
    "uz.cardio": "F0074",
    "uz.tashkent": "F0093",
    "kg": "F0100",
    "kg.heart": "F0157",
    "kg.onco": "F0103",
    "kg.cardio": "F0104",
    "kg.osh": "F0153",
}
#: Hospitals whose own information system has a client.
SYSTEMS = ("F0001", "F0010", "F0060", "F0091", "F0100", "F0157")


#: Who decides for the bodies of chains beside the ministries, by place.
APPROVERS = {
    "kg": "MHIF",
    "uz": "SHIF",
    "uz.specialist": "UZ-SPECIALIST",
    "uz.regional": "UZ-COMM-REG",
    "uz.national": "UZ-COMM-NAT",
}


@dataclass(frozen=True, slots=True)
class Person:
    """One account with one role in one organisation. `country` is empty for the administrator."""

    username: str
    role: Role
    country: str
    organisation: str

    @property
    def has_address(self) -> bool:
        """The first of each role and country gets e-mail; the others read their messages in the portal."""
        return len(self.username.split(".")) < 3 and "2." not in self.username

    @property
    def full_name(self) -> str:
        """A name that can't be anybody's."""
        words = self.username.split(".")
        place = f" {words[2].capitalize()}" if len(words) > 2 else " 2" if words[0].endswith("2") else ""
        return (
            f"Test {self.role.label}{place} ({self.country})" if self.country else f"Test {self.role.label}"
        )


def cast() -> list[Person]:
    """Everybody, the first of each role and country first."""
    people = []
    for country in COUNTRIES:
        low, ministry = country.lower(), f"MOH-{country}"
        own = [key for key in (*CLINICIANS, *DESKS) if key.split(".")[0] == low]
        places = sorted(set(own), key=own.index)
        people += [
            Person(f"clinician.{key}", Role.CLINICIAN, country, CLINICIANS[key])
            for key in places
            if key in CLINICIANS
        ]
        people += [
            Person(f"desk.{key}", Role.HOST_DESK, country, DESKS[key]) for key in places if key in DESKS
        ]
        people += [
            Person(f"{name}.{low}", Role.OFFICER, country, ministry) for name in ("officer", "officer2")
        ]
        people += [
            Person(f"approver.{place}", Role.APPROVER, country, body)
            for place, body in APPROVERS.items()
            if place.split(".")[0] == low
        ]
        people.append(Person(f"coordinator.{low}", Role.COORDINATOR, country, ministry))
        people.append(Person(f"auditor.{low}", Role.AUDITOR, country, ministry))
        # Two who can be each other's second person: the hospital's and the ministry's.
        people.append(Person(f"{ADMINISTRATOR}.{low}", Role.ADMINISTRATOR, country, CLINICIANS[low]))
        people.append(Person(f"{ADMINISTRATOR}2.{low}", Role.ADMINISTRATOR, country, ministry))
    people.append(Person(ADMINISTRATOR, Role.ADMINISTRATOR, "", "OPERATOR"))
    return people


def credentials_path() -> Path:
    """Where the sign-ins stand; `demo.sign_ins` shows them."""
    return Path(settings.STATE_DIR) / "demo" / "credentials.json"


def ensure_people() -> tuple[dict[str, Actor], dict[str, Any]]:
    """Every person and client with known credentials: actors by user name, and the credentials file's content.

    A password that the file knows is kept. Where the database and the file don't belong together any more, the
    passwords that neither side can tell are set anew.
    """
    known = _read()
    organisations = {row.code: row for row in Organisation.objects.select_related("country")}
    same_database = known.get("made") == _made()
    before = {row["username"]: row["password"] for row in known["people"]}
    rows = []
    everybody = cast()
    for number, person in enumerate(everybody, start=1):
        progress.note(f"{number} of {len(everybody)} people have their sign-in")
        password = before.get(person.username) or secrets.token_urlsafe(9)
        trusted = same_database and person.username in before
        _ensure_person(person, organisations[person.organisation], password, trusted=trusted)
        rows.append(
            {
                "role": person.role.value,
                "country": person.country,
                "organisation": organisations[person.organisation].display_name,
                "username": person.username,
                "password": password,
                "code": _code(person.username),
            }
        )
    actors = {
        user.username: actor for user in User.objects.all() if (actor := actor_for_user(user)) is not None
    }
    clients = [_ensure_client(organisations[code], known["clients"]) for code in SYSTEMS]
    return actors, {"people": rows, "clients": clients, "made": _made()}


def _code(username: str) -> str:
    """What stands for a telephone at the second step; empty for who signs in with the password alone."""
    return demonstration_code_for(User.objects.get(username=username))


def _made() -> str:
    """What tells this database from another one: when its administrator was made."""
    administrator = User.objects.filter(username=ADMINISTRATOR).first()
    return administrator.date_joined.isoformat() if administrator else ""


def _ensure_person(person: Person, organisation: Organisation, password: str, *, trusted: bool) -> None:
    user = User.objects.filter(username=person.username).first()
    if user is None:
        chief = person.username == ADMINISTRATOR
        make = User.objects.create_superuser if chief else User.objects.create_user
        user = make(
            person.username,
            f"{person.username}@example.org" if person.has_address else "",
            password,
            full_name=person.full_name,
            preferred_language="en" if chief else "ru",
        )
        grant_membership(user_id=user.pk, organisation_id=organisation.pk, role=person.role, by=SYSTEM)
    elif not trusted:
        user.set_password(password)
        user.save(update_fields=["password"])


def _ensure_client(organisation: Organisation, known: list[dict[str, str]]) -> dict[str, str]:
    """The client of a hospital's system; one whose secret nobody knows any more is revoked and replaced."""
    ids = {row["client_id"]: row for row in known}
    name = f"Test system of {organisation.code}"
    for client in PartnerClient.objects.filter(organisation=organisation, name=name, revoked_at=None):
        if client.client_id in ids:
            return ids[client.client_id]
        revoke_partner_client(client_pk=client.pk, by=SYSTEM)
    made = create_partner_client(organisation_id=organisation.pk, name=name, scopes=ALL_SCOPES, by=SYSTEM)
    return {
        "organisation": organisation.display_name,
        "country": organisation.country_id or "",
        "client_id": made.client.client_id,
        "client_secret": made.secret,
    }


def _read() -> dict[str, Any]:
    """The file's content; empty lists where there is none that can be read."""
    try:
        content = json.loads(credentials_path().read_text("utf-8"))
        return {"people": content["people"], "clients": content["clients"], "made": content.get("made", "")}
    except (OSError, ValueError, KeyError, TypeError):
        return {"people": [], "clients": [], "made": ""}


def write_credentials(content: dict[str, Any]) -> None:
    """Replace the file in one step, readable to its owner alone."""
    path = credentials_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
    new.replace(path)
