"""Issuing the papers of a decision: the facts that they say are written down with it, in its transaction.

A certificate's code, and what a change of the authorisation means for it, are here too; words and pages are above.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import languages
from documents import hcert
from facilities.models import Country
from referrals import stages
from referrals.models import (
    CERTIFIED,
    Authorisation,
    AuthorisationStage,
    Paper,
    PaperKind,
    Referral,
    Standing,
    StatusChange,
)
from referrals.states import AuthorisationEvent, AuthorisationState, ReferralEvent, ReferralState

_KINDS: Mapping[StrEnum, PaperKind] = {
    AuthorisationEvent.GRANT: PaperKind.GRANT,
    AuthorisationEvent.PARTLY_GRANT: PaperKind.PARTLY_GRANT,
    AuthorisationEvent.SILENCE_GRANTS: PaperKind.GRANT,
    AuthorisationEvent.EXTEND: PaperKind.EXTENSION,
    AuthorisationEvent.REFUSE: PaperKind.REFUSAL,
    AuthorisationEvent.UPHOLD: PaperKind.UPHELD,
    AuthorisationEvent.REVOKE: PaperKind.REVOCATION,
}
#: A grant names its hospital, so another hospital means another certificate.
_MOVES_HOST = frozenset({ReferralEvent.RE_ROUTE, ReferralEvent.CHANGE_HOST})
#: Crockford's letters and digits: none that a person reads for another.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16  # 80 bits
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
#: The referral is over for another reason than that the care was given.
_ENDED = frozenset(
    {
        ReferralState.REFUSED,
        ReferralState.WITHDRAWN,
        ReferralState.CANCELLED,
        ReferralState.DECEASED,
        ReferralState.ENTERED_IN_ERROR,
    }
)
_DONE = frozenset({ReferralState.DISCHARGED, ReferralState.CLOSED})


def kind_of(event: StrEnum, authorisation: Authorisation | None) -> PaperKind | None:
    """The papers that an event brings; None for none."""
    if event in _MOVES_HOST and authorisation is not None and authorisation.is_in_force:
        return PaperKind.OTHER_HOST
    # Both machines have an event that is called `refuse`.
    return _KINDS.get(event) if isinstance(event, AuthorisationEvent) else None


def issue(kind: PaperKind, referral: Referral, change: StatusChange) -> Paper:
    """Write down what the papers of this change say."""
    code = "".join(secrets.choice(LETTERS) for place in range(CODE_LENGTH)) if kind in CERTIFIED else None
    return Paper.objects.create(
        referral=referral,
        change=change,
        kind=kind,
        facts=_facts(kind, referral, change),
        code=code,
        made_at=change.at,
    )


def code_of(text: str) -> str:
    """A code as it is kept, from what somebody typed: with dashes or without, in small letters, O for 0."""
    code = text.strip().upper().translate(_READ_AS)
    return code if len(code) == CODE_LENGTH and set(code) <= set(LETTERS) else ""


def shown_code(code: str) -> str:
    """A code as it is printed, in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def claims_of(paper: Paper) -> hcert.Claims:
    """What the QR code says: who, where and when. Neither the care nor its cost, which a border needn't know."""
    facts = paper.facts
    zone = ZoneInfo(facts["zone"])
    first, last = (date.fromisoformat(facts[name]) for name in ("valid_from", "valid_until"))
    hospital = facts["facility"]
    return hcert.Claims(
        issuer=facts["country"],
        issued=paper.made_at,
        not_before=datetime.combine(first, time(), tzinfo=zone),
        expires=datetime.combine(last + timedelta(days=1), time(), tzinfo=zone),
        content={
            "v": 1,
            "id": facts["number"],
            "code": paper.code,
            "name": facts["holder"],
            "dob": facts["born"],
            "host": [hospital["country"], hospital["code"], hospital["names"]["en"]],
            "from": facts["valid_from"],
            "to": facts["valid_until"],
        },
    )


def standing(paper: Paper, referral: Referral, authorisation: Authorisation, today: date) -> Standing:
    """Where a certificate stands on a day of the country that issued it; it is valid to the end of its last day there.

    One that an extension has replaced holds until its own last day, one for another hospital no more.
    """
    ended = authorisation.state == AuthorisationState.REVOKED or referral.state in _ENDED
    if ended or authorisation.facility_id != paper.facts["facility"]["id"]:
        return Standing.REVOKED
    last = date.fromisoformat(paper.facts["valid_until"])
    if today > last or authorisation.state == AuthorisationState.EXPIRED or referral.state in _DONE:
        return Standing.EXPIRED
    if not authorisation.is_in_force:
        return Standing.REVOKED
    return Standing.NOT_YET if today < date.fromisoformat(paper.facts["valid_from"]) else Standing.VALID


def _facts(kind: PaperKind, referral: Referral, change: StatusChange) -> dict[str, Any]:
    authorisation, patient = referral.authorisation, referral.patient
    zone = referral.ministry_zone
    granted = authorisation.valid_from is not None and authorisation.valid_until is not None
    # A refusal and a change of the hospital have no ground and no words of their own but the decision's.
    decided = kind in {PaperKind.GRANT, PaperKind.PARTLY_GRANT, PaperKind.REFUSAL, PaperKind.OTHER_HOST}
    ceiling = authorisation.ceiling_amount
    due = authorisation.appeal_due_at
    return {
        "number": referral.number,
        "country": referral.directing_country_id,
        "host_country": referral.host_country_id,
        "zone": str(zone),
        "day": timezone.localdate(change.at, zone).isoformat(),
        "holder": patient.full_name,
        "holder_latin": patient.name_latin if patient.name_differs_in_latin else "",
        "born": str(patient.born) if patient.born else "",
        "synthetic": patient.is_synthetic,
        "care": (authorisation.care_text if granted else "") or referral.service,
        "specialty": _names(lambda: referral.specialty.name if referral.specialty else ""),
        "facility": _hospital(authorisation.facility if granted else referral.host_facility),
        "sender": _hospital(referral.directing_facility),
        "valid_from": authorisation.valid_from.isoformat() if authorisation.valid_from else "",
        "valid_until": authorisation.valid_until.isoformat() if authorisation.valid_until else "",
        "ceiling": [str(ceiling), authorisation.ceiling_currency] if ceiling is not None else None,
        "authority": _authority(referral, change),
        "officer": "" if change.by_kind == "system" else change.by_label,
        "stages": _stages(authorisation, zone) if decided else [],
        "basis": _names(lambda: _basis(referral)),
        "reason_code": authorisation.reason_code if decided else "",
        "reason_text": authorisation.reason_text if decided else change.reason_text,
        "appeal_due_at": due.isoformat() if due is not None and kind == PaperKind.REFUSAL else "",
    }


def _authority(referral: Referral, change: StatusChange) -> dict[str, str]:
    """The body that decided, also by its silence; of another hospital's certificate that which granted."""
    if change.organisation is not None and change.organisation.country_id == referral.directing_country_id:
        return _names(lambda: str(change.organisation))
    stage = stages.under_way(referral.authorisation)
    if stage is not None and stage.organisation is not None:
        return _names(partial(_body_name, stage))
    return _names(lambda: _ministry(referral.directing_country))


def _ministry(country: Country) -> str:
    return _("Health ministry (%(country)s)") % {"country": country.name}


def _stages(authorisation: Authorisation, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Each body of a longer chain that has decided: the stage, the body, the persons and the day."""
    decided = [stage for stage in stages.of(authorisation) if stage.decided_at is not None]
    return [
        {
            "name": _names(partial(_stage_name, stage)),
            "body": _names(partial(_body_name, stage)),
            "persons": [name for name in (stage.signed_by_label, stage.decided_by_label) if name],
            "day": timezone.localdate(stage.decided_at, zone).isoformat(),
        }
        for stage in decided
    ]


def _stage_name(stage: AuthorisationStage) -> str:
    return stage.name


def _body_name(stage: AuthorisationStage) -> str:
    return str(stage.organisation or _ministry(stage.country))


def _basis(referral: Referral) -> str:
    """The agreement and its article for such care; never an emergency's article for planned care."""
    agreement, version = referral.agreement, referral.agreement_version
    if agreement is None:
        return ""
    article = version.basis_of(emergency=referral.is_emergency) if version is not None else ""
    return "\n".join(filter(None, (agreement.name, article)))


def _hospital(facility: Any) -> dict[str, Any]:
    if facility is None:
        return {}
    organisation = facility.organisation
    return {
        "id": facility.pk,
        "code": organisation.code,
        "country": organisation.country_id,
        "names": _names(lambda: facility.name),
        "address": ", ".join(filter(None, (facility.settlement, facility.address))),
        "phone": organisation.phone,
    }


def _names(name: Callable[[], str]) -> dict[str, str]:
    found = {}
    for code in languages.CODES:
        with translation.override(code):
            found[code] = str(name())
    return found
