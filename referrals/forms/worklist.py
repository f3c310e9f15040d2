"""The search box of a worklist."""

from django.utils.translation import gettext_lazy as _

from portal.core.forms import CleanCharField, PortalForm


class SearchForm(PortalForm):
    """Narrows a list by a number, a name, a diagnosis code or a hospital; what isn't valid narrows nothing."""

    q = CleanCharField(label=_("Number, name or hospital"), required=False, max_length=100)

    def text(self) -> str:
        """What to search for; empty for nothing."""
        return self.cleaned_data.get("q", "") if self.is_valid() else ""
