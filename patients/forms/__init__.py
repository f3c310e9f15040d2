"""The forms of the patients pages."""

from patients.forms.editing import EditForm
from patients.forms.merging import MergeForm, OtherRecordForm, UndoMergeForm
from patients.forms.person import RegisterForm
from patients.forms.records import ConsentForm, CoverageForm
from patients.forms.search import (
    FindForm,
    IdentifierForm,
    LinkForm,
    RemoveIdentifierForm,
    UnlockForm,
    WithdrawalForm,
)
from patients.forms.unknown import UnknownPatientForm

__all__ = [
    "ConsentForm",
    "CoverageForm",
    "EditForm",
    "FindForm",
    "IdentifierForm",
    "LinkForm",
    "MergeForm",
    "OtherRecordForm",
    "RegisterForm",
    "RemoveIdentifierForm",
    "UndoMergeForm",
    "UnknownPatientForm",
    "UnlockForm",
    "WithdrawalForm",
]
