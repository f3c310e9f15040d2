"""The admin of what may leave a country: law as data, in rows with dates and a source."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from disclosure.models import DataKind, TransferPolicy
from facilities.admin import ReferenceAdmin


class TransferPolicyForm(forms.ModelForm):
    """A row whose kinds are ticked."""

    kinds = forms.MultipleChoiceField(
        label=_("Kinds of data that may leave"),
        choices=DataKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: nothing may leave."),
    )

    class Meta:
        model = TransferPolicy
        fields = (
            "code",
            "from_country",
            "to_country",
            "purpose",
            "kinds",
            "in_force_from",
            "in_force_until",
            "basis_in",
            "source",
            "verified",
            "note",
        )


@admin.register(TransferPolicy)
class TransferPolicyAdmin(ReferenceAdmin):
    form = TransferPolicyForm
    list_display = (
        "code",
        "from_country",
        "to_country",
        "purpose",
        "kinds",
        "in_force_from",
        "in_force_until",
        "verified",
    )
    list_filter = ("verified", "from_country", "to_country", "purpose")
    list_select_related = ("from_country", "to_country")
    search_fields = ("code", "source")
