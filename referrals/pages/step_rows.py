"""What a person should have before their eyes when they take a step: the case in brief, and what the step rests on.

Which step shows what says the event's record, by the name of a function here.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import zones
from referrals.outline import shown
from referrals.presentation import clinical, when
from referrals.presentation.case import Case
from referrals.presentation.history import reason_label
from referrals.presentation.person import person_lines
from referrals.states import ReferralEvent

Rows = list[dict[str, Any]]
DECLINES = (ReferralEvent.DECLINE, ReferralEvent.DECLINE_BY_TELEPHONE)


def case_rows(case: Case) -> Rows:
    """The case in a few rows; without the patient and the care where the reader may not know them."""
    referral, authorisation = case.referral, case.authorisation
    rows: Rows = []
    if case.clinical:
        patient = referral.patient
        rows += [
            {
                "key": _("Patient"),
                "lines": [patient.full_name, ", ".join(person_lines(patient, zones.today()))],
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
    if (
        authorisation is not None
        and authorisation.valid_from is not None
        and shown("authorisation.valid_from", case.kinds)
    ):
        dates = {"first": when.day(authorisation.valid_from), "last": when.day(authorisation.valid_until)}
        rows.append({"key": _("Authorised"), "value": _("from %(first)s to %(last)s") % dates})
    return [row for row in rows if row.get("value") or row.get("lines")]


def offer_rows(case: Case) -> Rows:
    """The date that the host offers or has confirmed."""
    return case.appointment_rows()


def summary_rows(case: Case) -> Rows:
    """The discharge summary."""
    return case.summary_rows()


def decision_rows(case: Case) -> Rows:
    """The decision that was made, with its ground and its words, and the appeal against it if there is one."""
    if case.authorisation is None:
        return []
    state = {"key": _("Decision"), "value": case.authorisation.get_state_display()}
    return [state, *case.authorisation_rows()]


def stands_now(case: Case) -> Rows:
    """What came of the case meanwhile: the last change, and what it left, for who typed something too late."""
    rows: Rows = []
    if happened := case.history():
        last = happened[-1]
        lines = [last.text, ", ".join(filter(None, (last.who, last.organisation))), last.when]
        rows.append(
            {"key": _("The last step"), "lines": [*lines, *filter(None, (last.reason, last.reason_text))]}
        )
    if case.clinical:
        rows += [*case.authorisation_rows(), *case.appointment_rows(), *case.summary_rows()]
    return rows


def decline_rows(case: Case) -> Rows:
    """Who declined, and why."""
    change = next((row for row in reversed(case.changes) if row.event in DECLINES), None)
    if change is None:
        return []
    by_telephone = change.event == ReferralEvent.DECLINE_BY_TELEPHONE
    call = change.telephone_answer if by_telephone else None
    return [
        {"key": _("Declined by"), "value": call.facility.name if call else change.by_organisation},
        {"key": _("Reason"), "lines": [reason_label(change.reason_code), change.reason_text]},
        {"key": _("When"), "value": when.moment(change.at)},
    ]


def telephone_rows(case: Case) -> Rows:
    """The hospital and the number that the directory knows."""
    host = case.referral.host_facility
    if host is None:
        return []
    phone = host.organisation.phone or _("The directory knows no telephone.")
    return [
        {"key": pgettext("hospital", "To"), "value": host.name},
        {"key": _("Telephone"), "value": phone},
    ]


def emergency_rows(case: Case) -> Rows:
    """What was said of the emergency when it was filed."""
    referral = case.referral
    rows = [
        {"key": _("Triage note"), "value": referral.triage_note},
        {"key": _("Clinical reason"), "value": referral.clinical_reason},
        {"key": _("Ground for acting without consent"), "value": referral.emergency_ground},
        {"key": _("Filed by"), "value": referral.filed_by_label},
        {"key": _("Sent to the host on"), "value": when.moment(referral.sent_at)},
    ]
    return [row for row in rows if row["value"]]
