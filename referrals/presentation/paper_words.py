"""With which sentence a decision's letter begins, for the patient and for the clinician."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from core.errors import Text
from referrals.models import PaperKind

TO_PATIENT: Mapping[str, Text] = {
    PaperKind.GRANT: _(
        "The ministry has authorised Your care in another country. Take the certificate with You: the hospital and "
        "the border may ask for it."
    ),
    PaperKind.PARTLY_GRANT: _(
        "The ministry has authorised a part of the care. What is authorised stands below; please ask Your doctor "
        "about the rest. Take the certificate with You."
    ),
    PaperKind.EXTENSION: _(
        "The ministry has extended Your authorisation. Take the new certificate with You; the one before holds only "
        "to its own last day."
    ),
    PaperKind.OTHER_HOST: _(
        "Your authorisation is for another hospital now. Take the new certificate with You; the one before is no "
        "longer valid."
    ),
    PaperKind.REFUSAL: _("The ministry has not authorised this care. The ground and the reason stand below."),
    PaperKind.UPHELD: _(
        "Another officer has looked at the refusal again after the appeal. The refusal stands; the reason is below."
    ),
    PaperKind.REVOCATION: _(
        "The ministry has taken Your authorisation back. Please do not travel; speak with Your doctor. The "
        "certificate is no longer valid."
    ),
}
TO_CLINICIAN: Mapping[str, Text] = {
    PaperKind.GRANT: _(
        "The ministry has authorised the care that you asked for. Give the patient the certificate."
    ),
    PaperKind.PARTLY_GRANT: _(
        "The ministry has authorised a part of the care that you asked for; the rest is not covered. Give the "
        "patient the certificate and explain what it means."
    ),
    PaperKind.EXTENSION: _(
        "The ministry has extended the authorisation. Give the patient the new certificate."
    ),
    PaperKind.OTHER_HOST: _(
        "The authorisation is for another hospital now. Give the patient the new certificate; the one before is no "
        "longer valid."
    ),
    PaperKind.REFUSAL: _(
        "The ministry has refused the authorisation. Its ground and its reason stand below."
    ),
    PaperKind.UPHELD: TO_PATIENT[PaperKind.UPHELD],
    PaperKind.REVOCATION: _(
        "The ministry has taken the authorisation back, and the referral is cancelled. Tell the patient not to "
        "travel; the certificate is no longer valid."
    ),
}
