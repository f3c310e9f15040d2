"""The audit log's codes in words. A code that has none here is shown as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core.audit.models import AuditRow
from core.errors import Text
from referrals.events import BY_KIND

ACTIONS: Mapping[str, Text] = {
    **{kind: record.words for kind, record in BY_KIND.items()},
    "account.sign_in": pgettext_lazy("audit", "Signed in"),
    "account.sign_out": pgettext_lazy("audit", "Signed out"),
    "account.change_password": gettext_lazy("The password was changed"),
    "account.choose_language": gettext_lazy("The language was chosen"),
    "facility.confirm": gettext_lazy("A facility’s data were confirmed"),
    "facility.ask_to_confirm": gettext_lazy("A facility was asked to confirm its data"),
    "membership.grant": gettext_lazy("A role was given"),
    "membership.change": gettext_lazy("A role was changed"),
    "membership.end": gettext_lazy("A role was ended"),
    "partner_client.create": gettext_lazy("A partner system was given access"),
    "partner_client.rotate": gettext_lazy("A partner system was given a new secret"),
    "account.choose_time_zone": gettext_lazy("A time zone was chosen"),
    "partner_client.revoke": gettext_lazy("A partner system’s access was revoked"),
    "partner_client.token": gettext_lazy("A partner system signed in"),
    "patient.registered": gettext_lazy("A patient was registered"),
    "patient.updated": gettext_lazy("A patient’s record was changed"),
    "patient.linked": gettext_lazy("A patient of another facility was registered"),
    "patient.link_refused": gettext_lazy("A patient of another facility was asked for in vain"),
    "patient.identifier_added": gettext_lazy("A number was added to a patient’s record"),
    "patient.identifier_removed": gettext_lazy("A number was removed from a patient’s record"),
    "patient.consent_recorded": gettext_lazy("A consent was recorded"),
    "patient.consent_withdrawn": gettext_lazy("A consent was withdrawn"),
    "patient.coverage_recorded": gettext_lazy("Coverage was recorded"),
    "patient.coverage_corrected": gettext_lazy("Coverage was corrected"),
    "patient.statement_given": gettext_lazy("A patient was given the statement of who was shown their data"),
    "patient.death": gettext_lazy("A patient’s death was recorded"),
    "patient.death_corrected": gettext_lazy("A death that was recorded by mistake was corrected"),
    "reference.load": gettext_lazy("The reference data were loaded"),
    "reference.add": gettext_lazy("A row of the reference data was added"),
    "reference.change": gettext_lazy("A row of the reference data was changed"),
    "reference.restore": gettext_lazy("Rows of the reference data were restored"),
    "referral.start_draft": gettext_lazy("A draft was begun"),
    "referral.save_draft": gettext_lazy("A draft was saved"),
    "demo.loaded": gettext_lazy("The demonstration’s data were loaded"),
    "demo.service_confirmed": gettext_lazy("A service was confirmed for the demonstration"),
}
SUBJECTS: Mapping[str, Text] = {
    "accounts.user": pgettext_lazy("audit", "account"),
    "facilities.facility": pgettext_lazy("audit", "facility"),
    "facilities.facilityservice": pgettext_lazy("audit", "service of a facility"),
    "facilities.membership": pgettext_lazy("audit", "role"),
    "facilities.organisation": pgettext_lazy("audit", "organisation"),
    "facilities.partnerclient": pgettext_lazy("audit", "partner system"),
    "patients.patient": pgettext_lazy("audit", "patient"),
    "referrals.referral": pgettext_lazy("audit", "referral"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the log as the page shows it. `details` are pairs of codes."""

    row: AuditRow
    action: str
    who: str
    kind: str
    subject: str
    details: list[tuple[str, str]]


def lines(rows: list[AuditRow]) -> list[Line]:
    """The rows in words."""
    return [_line(row) for row in rows]


def codes_of(words: str) -> list[str]:
    """The actions whose words hold the text, in the active language."""
    wanted = words.strip().casefold()
    return [code for code, text in ACTIONS.items() if wanted and wanted in str(text).casefold()]


def _line(row: AuditRow) -> Line:
    return Line(
        row=row,
        action=str(ACTIONS.get(row.action, "")),
        who=_("The portal") if row.actor_kind == "system" else row.actor_label,
        kind=_kind(row),
        subject=str(SUBJECTS.get(row.subject_type, row.subject_type)),
        details=[(name, _value(value)) for name, value in row.details.items() if value not in ("", [], None)],
    )


def _kind(row: AuditRow) -> str:
    """What kind of actor it was, where the name doesn't say it."""
    kinds = {"person": pgettext("actor", "person"), "client": pgettext("actor", "partner system")}
    return kinds.get(row.actor_kind, "")


def _value(value: Any) -> str:
    """A code, several of them with commas between, or the pairs of a table."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
