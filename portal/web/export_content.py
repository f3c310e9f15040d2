"""What an export holds: all that the hospital which gives it may know of the patient, and to whom it was shown.

The file has each part as the API answers with it, so it has one description. The paper has what the pages show.
"""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from core import zones
from core.actors import Actor
from core.errors import NotKnown
from core.walls.session import reaching
from disclosure.access import shown_of
from patients import access, presentation
from patients.corrections import corrections_of
from patients.known import statements_elsewhere
from patients.models import Patient
from patients.serializers.person import PatientDetail
from patients.standing import every_id_of
from portal.web import statement
from referrals.access import visible_referrals
from referrals.presentation.case import Case
from referrals.reading import load_case, open_answer, show_case
from referrals.serializers.case import ReferralCase

MOST_REFERRALS, MOST_CORRECTIONS = 200, 1000


def as_data(actor: Actor, patient_id: UUID) -> dict[str, Any]:
    """The file: `patient`, `referrals` and what was shown, as the API describes them."""
    patient = access.get_whole(actor, patient_id)
    return {
        "made_on": zones.today(),
        "patient": PatientDetail.of(patient),
        "contact_stated_elsewhere": [
            {"facility": str(row.recorder.name), "at": row.recorded_at, **row.values}
            for row in statements_elsewhere(actor, patient)
        ],
        "corrections": [
            {"at": row["at"], "before": {str(label): text for label, text in row["lines"]}}
            for row in corrections_of(patient, most=MOST_CORRECTIONS)
        ],
        "known_at": [
            {"facility": str(row["name"]), "since": row["since"]}
            for row in presentation.facility_rows(patient, actor)
        ],
        "referrals": [ReferralCase.of(actor, open_answer(actor, key)) for key in _referrals(actor, patient)],
        "shown_to": _shown(patient),
    }


def _referrals(actor: Actor, patient: Patient) -> list[UUID]:
    rows = visible_referrals(actor).filter(patient_id=patient.pk).order_by("created_at", "pk")
    return list(rows.values_list("pk", flat=True)[:MOST_REFERRALS])


def _shown(patient: Patient) -> list[dict[str, Any]]:
    records = every_id_of(patient)
    with reaching("statement", records):
        return list(shown_of(records)[: statement.LONGEST])


def as_paper(actor: Actor, patient_id: UUID, language: str) -> dict[str, Any]:
    """What the paper says, in the active language."""
    today = zones.today()
    patient = access.get_whole(actor, patient_id)
    parts = [
        _part(_("Patient"), [(_("Name"), patient.full_name), *map(_pair, presentation.person_rows(patient))]),
        _part(_("Numbers"), _numbers(patient, actor)),
        _part(_("Coverage"), _coverages(patient, actor)),
        _part(_("Consents"), _consents(patient, actor)),
        _part(_("Contact details stated elsewhere"), _contacts(patient, actor)),
        _part(
            _("What stood there before it was corrected"),
            [
                (
                    presentation.day(timezone.localtime(row["at"]).date()),
                    [f"{label}: {text}" for label, text in row["lines"]],
                )
                for row in corrections_of(patient, most=MOST_CORRECTIONS)
            ],
        ),
        _part(_("Hospitals that know the patient"), _facilities(patient, actor)),
        *(_referral(actor, key) for key in _referrals(actor, patient)),
    ]
    return {
        "language": language,
        "made_on": [today.year, today.month, today.day],
        "title": _("What is held on you"),
        "words": [
            _(
                "These are your data in the patient mobility portal, as far as the hospital that gives you this paper "
                "may know them. Another hospital that knows you gives you what it recorded itself."
            ),
            _(
                "If something is wrong, tell this hospital: it corrects it, and what stood there before stays known. "
                "To whom the data were shown is on a paper of its own, which you may ask for as well."
            ),
        ],
        "parts": [part for part in parts if part["rows"]],
    }


def _part(title: Any, rows: list[tuple[Any, Any]]) -> dict[str, Any]:
    said = [[str(key), _text(value)] for key, value in rows]
    return {"title": str(title), "rows": [row for row in said if row[1]]}


def _text(value: Any) -> str:
    return (
        "\n".join(str(one) for one in value if one) if isinstance(value, (list, tuple)) else str(value or "")
    )


def _pair(row: dict[str, Any]) -> tuple[Any, Any]:
    return row["key"], row.get("lines") or row.get("value")


def _numbers(patient: Patient, actor: Actor) -> list[tuple[Any, Any]]:
    rows = presentation.number_rows(patient, zones.today(), actor)
    return [
        (row["kind"], [row["value"], row["country_name"], row["expires_on"], *row["warnings"]])
        for row in rows
    ]


def _coverages(patient: Patient, actor: Actor) -> list[tuple[Any, Any]]:
    names = ("country", "fund", "number", "period", "source", "checked_on", "elsewhere")
    rows = presentation.coverage_rows(patient, zones.today(), actor)
    return [(row["kind"], [*(row[name] for name in names), row["state"][1]]) for row in rows]


def _consents(patient: Patient, actor: Actor) -> list[tuple[Any, Any]]:
    names = ("recipient", "kinds", "period", "how", "given_by", "recorded_by")
    rows = presentation.consent_rows(patient, zones.today(), actor)
    return [
        (row["purpose"], [str(row["country"].name), *(row[name] for name in names), row["state"][1]])
        for row in rows
    ]


def _contacts(patient: Patient, actor: Actor) -> list[tuple[Any, Any]]:
    rows = presentation.contact_rows(statements_elsewhere(actor, patient))
    return [(row["name"], row["lines"]) for row in rows]


def _facilities(patient: Patient, actor: Actor) -> list[tuple[Any, Any]]:
    rows = presentation.facility_rows(patient, actor)
    return [
        (
            row["name"],
            [
                presentation.day(timezone.localtime(row["since"]).date()),
                row["ground"],
                *row["covers"],
                row["reason"],
            ],
        )
        for row in rows
    ]


def _referral(actor: Actor, key: UUID) -> dict[str, Any]:
    """A referral as its page shows it; without rows where somebody took it away meanwhile."""
    try:
        case = load_case(Case, actor, key)
    except NotKnown:
        return {"rows": []}
    show_case(case)
    rows = [(_("State"), case.tag.label), *map(_pair, case.need_rows())]
    rows += [(row["kind"], [row["author"], row["date"], row["text"]]) for row in case.evidence_rows()]
    rows += [
        (asked["asked"], [text for one in asked["questions"] for text in (one["text"], one["answer"])])
        for asked in case.rounds()
    ]
    rows += [*map(_pair, case.authorisation_rows()), *map(_pair, case.appointment_rows())]
    rows += map(_pair, case.summary_rows())
    rows += [
        (line.when, [line.text, line.who, line.organisation, line.reason_text]) for line in case.history()
    ]
    return _part(str(case.referral), rows)
