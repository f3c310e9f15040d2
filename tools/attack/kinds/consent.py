"""What a hospital learns of a patient whose consent ended or whose referral went elsewhere, and who erases whom."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from tools.attack.kinds.objects import strangers
from tools.attack.target import NotPossible, Target, Try, Visitor, attack


def _cases(client: Visitor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (client.get("/api/v1/referrals/?limit=100").data or {}).get("results", [])
    return found


def _systems(target: Target) -> Iterator[Visitor]:
    for number in range(len(target.credentials["clients"])):
        try:
            yield target.client(number)
        except NotPossible:
            continue


def _names(owner: Visitor) -> dict[str, str]:
    """The family names of the patients of a system's referrals, by the referral."""
    names = {}
    for row in _cases(owner):
        answer = owner.get(f"/api/v1/referrals/{row['id']}/").data or {}
        person = (answer.get("clinical") or {}).get("patient") or {}
        if name := person.get("family_name"):
            names[str(row["id"])] = str(name)
    return names


def hidden(target: Target) -> Iterator[tuple[Visitor, str, str]]:
    """A host's system, a referral that it knows without its patient, and that patient's family name."""
    systems = list(_systems(target))
    for owner in systems:
        names = _names(owner)
        for host in (one for one in systems if one is not owner):
            for key in [row["id"] for row in _cases(host) if row["id"] in names]:
                case = host.get(f"/api/v1/referrals/{key}/").data or {}
                if case.get("clinical_content") is False:
                    yield host, key, names[key]


@attack("a patient whose consent ended, or whose referral went elsewhere", "API1", "API3")
def after_the_consent(target: Target) -> Iterator[Try]:
    tried = 0
    for host, referral, name in hidden(target):
        sign = name.encode()
        escaped = name.encode("unicode_escape")
        tried += 1
        for path in (
            f"referrals/{referral}/",
            f"referrals/{referral}/?fields=clinical",
            f"referrals/{referral}/papers/",
            "referrals/?limit=100",
            "events/?limit=200",
        ):
            answer = host.get(f"/api/v1/{path}")
            silent = sign not in answer.body and escaped not in answer.body
            yield Try(
                f"GET {path.partition('?')[0][-40:]} by the host", answer.short, silent or "limit" in path
            )
        found = host.send("/api/v1/patients/search/", {"name": name})
        yield Try("POST a search for the name", found.short, referral.encode() not in found.body)
        said = {"reason_code": "no_capacity", "reason_text": "An attack."}
        for again in range(2):
            answer = host.send(
                f"/api/v1/referrals/{referral}/decline/",
                said,
                If_Match='"0"',
                Idempotency_Key=f"a-{referral}",
            )
            silent = sign not in answer.body and escaped not in answer.body
            yield Try(f"POST a step under a key, time {again + 1}", answer.short, answer.refused and silent)
        if tried == 3:
            return
    if not tried:
        raise NotPossible("no host has a case without its patient")


@attack("erasing, holding and keeping by who may not", "API1", "API5")
def erasing(target: Target) -> Iterator[Try]:
    _owner, stranger, patient, referral = strangers(target)
    missing = stranger.send(f"/api/v1/patients/{uuid4()}/erasures/", {"asked_by": "patient"})
    foreign = stranger.send(f"/api/v1/patients/{patient}/erasures/", {"asked_by": "patient"})
    alike = foreign.status == missing.status == 404 and len(foreign.body) == len(missing.body)
    yield Try("POST the erasure of a stranger’s patient", f"{foreign.short}, as for nobody’s: {alike}", alike)
    for path in (f"patients/{patient}", f"referrals/{referral}"):
        answer = stranger.ask("DELETE", f"/api/v1/{path}/")
        yield Try(f"DELETE another’s {path.partition('/')[0]}", answer.short, answer.refused)
    clinician = target.person("clinician")
    for path in ("/retention/", "/retention/holds/new/", "/retention/erasures/1/", "/retention/periods/1/"):
        answer = clinician.get(path)
        yield Try(f"GET {path} as clinician", answer.short, answer.status == 403)
    for path in ("/retention/holds/1/lift/", "/retention/periods/1/approve/", "/retention/erasures/1/"):
        answer = clinician.form(path, {"reason": "x", "verdict": "erase"}, csrf="/accounts/profile/")
        yield Try(f"POST {path} as clinician", answer.short, answer.status == 403)
