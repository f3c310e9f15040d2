"""The admin of agreements: law as data. Referrals and their history are not here: they hold clinical content and have
one road of change, the actions."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from eligibility import RULES
from facilities.admin import ReferenceAdmin, searched
from referrals.models import Agreement

_NUMBERS = {"max_age_days": (1, 3650)}


def check_rules(rules: Any) -> None:
    """Raise ValidationError with a sentence for each mistake in an agreement's rules and their settings."""
    if not isinstance(rules, dict):
        raise ValidationError(_("Write an object: the code of each rule with its settings."))
    errors = [error for code, settings in rules.items() for error in _mistakes(code, settings)]
    if errors:
        raise ValidationError(errors)


def _mistakes(code: str, settings: Any) -> list[ValidationError]:
    if code not in RULES:
        known = ", ".join(RULES)
        text = _("There is no rule “%(code)s”. The rules are: %(known)s.")
        return [ValidationError(text, params={"code": code, "known": known})]
    if not isinstance(settings, dict):
        text = _("%(code)s: write its settings as an object, for example {“blocking”: true}.")
        return [ValidationError(text, params={"code": code})]
    return [error for name, value in settings.items() for error in _mistakes_in(code, name, value)]


def _mistakes_in(code: str, name: str, value: Any) -> list[ValidationError]:
    params = {"code": code, "name": name}
    if name == "blocking":
        if isinstance(value, bool):
            return []
        return [ValidationError(_("%(code)s: “%(name)s” is either true or false."), params=params)]
    if name in _NUMBERS:
        least, most = _NUMBERS[name]
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return []
        text = _("%(code)s: “%(name)s” is a whole number from %(least)s to %(most)s.")
        return [ValidationError(text, params={**params, "least": least, "most": most})]
    return [ValidationError(_("%(code)s: there is no setting “%(name)s”."), params=params)]


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
