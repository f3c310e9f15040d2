"""What somebody types or pastes to have a certificate checked."""

from django.utils.translation import gettext_lazy as _

from core.forms import CleanTextField, PortalForm


class VerifyForm(PortalForm):
    """The code of a certificate, or the text of its QR code."""

    text = CleanTextField(
        label=_("Code of the certificate"),
        help_text=_(
            "Sixteen letters and digits from the certificate, or all of the text in its large QR code."
        ),
        max_length=4000,
        rows=3,
    )
