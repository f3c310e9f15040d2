"""The admin of agreements: law as data. What their rules may be set to is what the rules declare."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement
from eligibility import mistakes_in
from facilities.admin import ReferenceAdmin, searched
from facilities.countries import ISO_CODES


def check_rules(rules: Any) -> None:
    """Raise ValidationError with a sentence for each mistake in an agreement's rules and their settings."""
    errors = [
        ValidationError(gettext_lazy(mistake.text), params=mistake.values) for mistake in mistakes_in(rules)
    ]
    if errors:
        raise ValidationError(errors)


class AgreementForm(forms.ModelForm):
    """An agreement whose parties are country codes and whose rules exist."""

    parties = SimpleArrayField(
        forms.CharField(
            max_length=2,
            validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Write country codes of two capital letters."))],
        ),
        label=_("Parties (country codes)"),
        help_text=_("Two-letter codes with commas between them, for example KG,KZ."),
    )

    class Meta:
        model = Agreement
        fields = (
            "code",
            "names",
            "says_in",
            "parties",
            "signed_on",
            "in_force_from",
            "in_force_until",
            "covers_emergency",
            "covers_planned",
            "precedence",
            "rules",
            "deemed_grant",
            "source",
            "verified",
            "note",
        )

    def clean_parties(self) -> list[str]:
        """Two countries of ISO 3166 at least, each once: a rule reads citizenships by them."""
        parties: list[str] = list(dict.fromkeys(self.cleaned_data["parties"]))
        if unknown := [code for code in parties if code not in ISO_CODES]:
            raise ValidationError(
                _("There is no country with this code: %(code)s."), params={"code": ", ".join(unknown)}
            )
        if len(parties) < 2:
            raise ValidationError(_("Name two different countries at least."))
        return parties

    def clean_rules(self) -> Any:
        rules = self.cleaned_data["rules"] or {}
        check_rules(rules)
        return rules


@admin.register(Agreement)
class AgreementAdmin(ReferenceAdmin):
    form = AgreementForm
    list_display = (
        "code",
        "name",
        "parties",
        "in_force_from",
        "in_force_until",
        "covers_emergency",
        "covers_planned",
        "precedence",
        "verified",
    )
    list_filter = ("verified", "covers_emergency", "covers_planned")
    search_fields = ("code", *searched("names"), "source")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A referral's check names the code, so it stays what it was."""
        return ("changed_here", "code") if obj else ("changed_here",)
