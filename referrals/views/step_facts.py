"""What a person should have before their eyes when they take a step: the case in brief, and what the step rests on."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.errors import Text
from referrals.presentation import clinical, when
from referrals.presentation.case import Case
from referrals.presentation.history import reason_label
from referrals.presentation.person import person_lines

Rows = list[dict[str, Any]]


def step_facts(case: Case, event: str) -> dict[str, Any]:
    """`facts` about the case and `reading`: title and rows of what this step answers or ends, or None."""
    title, make_rows = _READING.get(event, ("", None))
    rows = make_rows(case) if make_rows and case.clinical else []
    return {"facts": case_facts(case), "reading": {"title": title, "rows": rows} if rows else None}


def case_facts(case: Case) -> Rows:
    """The case in a few rows; without the patient and the care where the reader may not know them."""
    referral, authorisation = case.referral, case.authorisation
    rows: Rows = []
    if case.clinical:
        patient = referral.patient
        rows += [
            {
                "key": _("Patient"),
                "lines": [patient.full_name, ", ".join(person_lines(patient, timezone.localdate()))],
            },
            {"key": _("Care needed"), "value": referral.service},
            {"key": _("Diagnosis"), "value": clinical.diagnosis_text(referral)},
            {"key": _("Needed by"), "value": when.day(referral.needed_by)},
        ]
    rows += [
        {"key": pgettext("hospital", "From"), "value": referral.directing_facility.name},
        {
            "key": pgettext("hospital", "To"),
            "value": referral.host_facility.name if referral.host_facility else "",
        },
    ]
    if authorisation is not None and authorisation.valid_from is not None:
        dates = {"first": when.day(authorisation.valid_from), "last": when.day(authorisation.valid_until)}
        rows.append({"key": _("Authorised"), "value": _("from %(first)s to %(last)s") % dates})
    return [row for row in rows if row.get("value") or row.get("lines")]


def _offer(case: Case) -> Rows:
    return case.appointment_rows()


def _summary(case: Case) -> Rows:
    return case.summary_rows()


def decision_rows(case: Case) -> Rows:
    """The decision that was made, with its ground and its words, and the appeal against it if there is one."""
    if case.authorisation is None:
        return []
    state = {"key": _("Decision"), "value": case.authorisation.get_state_display()}
    return [state, *case.authorisation_rows()]


def _declined(case: Case) -> Rows:
    change = next((row for row in reversed(case.changes) if row.event == "decline"), None)
    if change is None:
        return []
    return [
        {"key": _("Declined by"), "value": change.by_organisation},
        {"key": _("Reason"), "lines": [reason_label(change.reason_code), change.reason_text]},
        {"key": _("When"), "value": when.moment(change.at)},
    ]


def _emergency(case: Case) -> Rows:
    referral = case.referral
    rows = [
        {"key": _("Triage note"), "value": referral.triage_note},
        {"key": _("Clinical reason"), "value": referral.clinical_reason},
        {"key": _("Ground for acting without consent"), "value": referral.emergency_ground},
        {"key": _("Filed by"), "value": referral.filed_by_label},
        {"key": _("Sent to the host on"), "value": when.moment(referral.sent_at)},
    ]
    return [row for row in rows if row["value"]]


_READING: dict[str, tuple[Text, Callable[[Case], Rows] | None]] = {
    "schedule": (gettext_lazy("The date offered"), _offer),
    "reschedule": (gettext_lazy("The present date"), _offer),
    "admit": (gettext_lazy("The appointment"), _offer),
    "close": (gettext_lazy("The discharge summary"), _summary),
    "appeal": (gettext_lazy("The decision"), decision_rows),
    "extend": (gettext_lazy("The decision"), decision_rows),
    "revoke": (gettext_lazy("The decision"), decision_rows),
    "uphold": (gettext_lazy("The refusal and the appeal"), decision_rows),
    "overturn": (gettext_lazy("The refusal and the appeal"), decision_rows),
    "re_route": (gettext_lazy("Why the hospital declined"), _declined),
    "review_emergency": (gettext_lazy("The emergency"), _emergency),
}
