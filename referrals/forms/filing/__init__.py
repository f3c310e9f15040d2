"""The forms of the filing, one for each page. Each turns what was typed into the content of a draft."""

from referrals.forms.filing.base import PageForm, kept_text
from referrals.forms.filing.care import CareForm, DiagnosisForm
from referrals.forms.filing.consent import ConsentForm
from referrals.forms.filing.hosts import HostFilterForm, WhereForm
from referrals.forms.filing.payment import PayerForm
from referrals.forms.filing.timing import EvidenceForm, TimeForm

FORMS: dict[str, type[PageForm]] = {
    "care": CareForm,
    "diagnosis": DiagnosisForm,
    "time": TimeForm,
    "evidence": EvidenceForm,
    "where": WhereForm,
    "payer": PayerForm,
    "consent": ConsentForm,
}

__all__ = ["FORMS", "ConsentForm", "HostFilterForm", "PageForm", "WhereForm", "kept_text"]
