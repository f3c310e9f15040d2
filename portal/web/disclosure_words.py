"""The ledger of disclosures in words, for the auditor's page. A code that has none here is shown as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from core.errors import Text
from disclosure.models import Basis, Disclosure, Purpose

WHAT: Mapping[str, Text] = {
    "patients.search": gettext_lazy("Patients who were searched for"),
    "patients.latest": gettext_lazy("The latest patients of the facility"),
    "patients.lookup": gettext_lazy("A patient of another facility who was looked for"),
    "patients.duplicates": gettext_lazy("Patients who may be the one being registered"),
    "patients.record": gettext_lazy("A patient’s record"),
    "patients.merge": gettext_lazy("Two patients’ records beside each other"),
    "patients.merges": gettext_lazy("The merges of a patient’s record"),
    "patients.consent": gettext_lazy("A patient’s consent"),
    "patients.consents": gettext_lazy("A patient’s consents"),
    "patients.coverages": gettext_lazy("A patient’s coverages"),
    "patients.events": gettext_lazy("Changes of patients’ records"),
    "patients.statement": gettext_lazy("The statement of who was shown a patient’s data"),
    "patients.export": gettext_lazy("Everything that is held on a patient"),
    "referrals.of_patient": gettext_lazy("A patient’s referrals"),
    "referrals.case": gettext_lazy("A referral"),
    "referrals.paper": gettext_lazy("A paper of a referral, printed"),
    "referrals.list": gettext_lazy("A list of referrals"),
    "referrals.worklist": gettext_lazy("The clinician’s list of referrals"),
    "referrals.decisions": gettext_lazy("The ministry’s list of referrals"),
    "referrals.desk": gettext_lazy("The host desk’s list of referrals"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the ledger as the page shows it."""

    row: Disclosure
    what: str
    kind: str
    patients: str
    extent: str
    purpose: str
    basis: list[str]


def lines(rows: list[Disclosure]) -> list[Line]:
    """The rows in words."""
    return [_line(row) for row in rows]


def codes_of(words: str) -> list[str]:
    """What was shown, by its words in the active language, or by codes, that hold the text."""
    wanted = words.strip().casefold()
    return [
        code for code, text in WHAT.items() if wanted and (wanted in str(text).casefold() or wanted in code)
    ]


def _line(row: Disclosure) -> Line:
    number = len(row.patients)
    return Line(
        row=row,
        what=str(WHAT.get(row.what, "")),
        kind=pgettext("actor", "partner system")
        if row.actor_kind == "client"
        else pgettext("actor", "person"),
        patients=ngettext("%(number)s patient", "%(number)s patients", number) % {"number": number},
        extent=_("with clinical content") if row.clinical else _("without clinical content"),
        purpose=str(Purpose(row.purpose).label),
        basis=[str(Basis(one).label) for one in row.basis],
    )
