"""The form of a version's dates, parties, scope and source, and the one of its rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements import access
from agreements.models import AgreementVersion
from agreements.words import CARE_MODES, PAYERS, PRIORITIES
from core import languages
from core.forms import CleanCharField, CleanTextField, PortalForm, SplitDateField
from core.names import in_active_language
from eligibility import RULES, Plural, parameters_of
from eligibility.parameters import WholeNumber
from facilities.countries import country_name


def in_this_language(names: dict[str, str], text: str) -> dict[str, str]:
    """Names with the one of the page's language set, or without it where the text is empty; the others stay."""
    others = {code: name for code, name in names.items() if code != languages.active()}
    return others | ({languages.active(): text} if text else {})


class VersionForm(PortalForm):
    """A form of one part of a version; `revision` says which state of it was on the page."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    part = ""

    def __init__(self, *args: Any, version: AgreementVersion, **kwargs: Any) -> None:
        self.version = version
        initial = {"revision": version.revision, **self.now(version), **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)

    def now(self, version: AgreementVersion) -> dict[str, Any]:
        """What the version says now, as the form shows it."""
        return {}

    def values(self) -> dict[str, Any]:
        """What the action sets."""
        raise NotImplementedError


def _ticks(label: Any, choices: Any = (), hint: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=hint
    )


class TermsForm(VersionForm):
    """Dates, parties, scope, who pays, zones, bases and source."""

    part = "terms"

    in_force_from = SplitDateField(label=_("In force from"), required=False)
    in_force_until = SplitDateField(
        label=_("In force until"), required=False, help_text=_("Leave it empty where no last day is known.")
    )
    parties = CleanCharField(
        label=_("Parties (country codes)"),
        help_text=_("Two-letter codes with commas between them, for example KG,KZ."),
        max_length=200,
    )
    covers_planned = forms.BooleanField(label=_("It covers planned care"), required=False)
    covers_emergency = forms.BooleanField(label=_("It covers emergency care"), required=False)
    directions = _ticks(
        _("Directions"), hint=_("Without a tick it covers every direction between the parties.")
    )
    priorities = _ticks(_("Priorities"), PRIORITIES, _("Without a tick it covers every priority."))
    care_modes = _ticks(_("Forms of care"), CARE_MODES, _("Without a tick it covers every form of care."))
    specialties = _ticks(_("Specialties"), hint=_("Without a tick it covers every specialty."))
    payers = _ticks(_("Who pays"), PAYERS, _("Without a tick anybody may pay."))
    zones = CleanTextField(
        label=_("Districts of the access zone"),
        help_text=_(
            "One on a line, as country and code, for example KZ:314800000. Empty where there is no zone."
        ),
        required=False,
        max_length=5000,
        rows=3,
    )
    hard_stop_days = forms.IntegerField(
        label=_("A routine decision is overdue after so many calendar days at the latest"),
        min_value=1,
        max_value=365,
    )
    basis_planned = CleanTextField(
        label=_("On which article planned care rests, in the language of this page"),
        required=False,
        max_length=2000,
        rows=3,
    )
    basis_emergency = CleanTextField(
        label=_("On which article emergency care rests, in the language of this page"),
        required=False,
        max_length=2000,
        rows=3,
    )
    source = CleanTextField(label=_("Source"), max_length=2000, rows=2)
    verified = forms.BooleanField(label=_("Its present force was verified with the parties"), required=False)
    note = CleanTextField(label=_("Note"), required=False, max_length=2000, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["directions"].choices = [
            (f"{one}-{other}", f"{country_name(one)} → {country_name(other)}")
            for one, other in AgreementVersion(parties=self.version.parties).pairs()
        ]
        fields["specialties"].choices = access.specialty_choices()

    def now(self, version: AgreementVersion) -> dict[str, Any]:
        plain = (
            "in_force_from", "in_force_until", "covers_planned", "covers_emergency", "directions", "priorities",
            "care_modes", "specialties", "payers", "hard_stop_days", "source", "verified", "note",
        )  # fmt: skip
        return {name: getattr(version, name) for name in plain} | {
            "parties": ",".join(version.parties),
            "zones": "\n".join(version.zones),
            "basis_planned": in_active_language(version.basis_planned),
            "basis_emergency": in_active_language(version.basis_emergency),
        }

    def values(self) -> dict[str, Any]:
        data = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        parties = [part.strip().upper() for part in data["parties"].split(",")]
        version = self.version
        return data | {
            "parties": list(dict.fromkeys(part for part in parties if part)),
            "zones": data["zones"].split(),
            "basis_planned": in_this_language(version.basis_planned, data["basis_planned"]),
            "basis_emergency": in_this_language(version.basis_emergency, data["basis_emergency"]),
        }


class RulesForm(VersionForm):
    """Each rule: whether it runs, what it is set to, and its basis in the agreement."""

    part = "rules"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, rule in RULES.items():
            title = gettext(rule.title)
            self.fields[f"runs_{code}"] = forms.BooleanField(
                label=_("%(code)s %(title)s: it runs") % {"code": code, "title": title}, required=False
            )
            for name, parameter in parameters_of(rule).items():
                self.fields[f"set_{code}_{name}"] = _field(parameter)
            self.fields[f"basis_{code}"] = CleanCharField(
                label=_("%(code)s: its basis in the agreement, in the language of this page")
                % {"code": code},
                required=False,
                max_length=300,
            )

    def now(self, version: AgreementVersion) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for code, rule in RULES.items():
            given = version.rules.get(code, {})
            found[f"runs_{code}"] = code in version.rules
            found[f"basis_{code}"] = version.basis_of_rule(code)
            for name, parameter in parameters_of(rule).items():
                found[f"set_{code}_{name}"] = given.get(name, parameter.default)
        return found

    def values(self) -> dict[str, Any]:
        data, rules, bases = self.cleaned_data, {}, {}
        for code, rule in RULES.items():
            if data[f"runs_{code}"]:
                rules[code] = {name: data[f"set_{code}_{name}"] for name in parameters_of(rule)}
            if basis := in_this_language(self.version.bases.get(code, {}), data[f"basis_{code}"]):
                bases[code] = basis
        return {"rules": rules, "bases": bases}


def _field(parameter: Any) -> forms.Field:
    """The control of a parameter, by its type and bounds; its label is what the value means."""
    if isinstance(parameter, WholeNumber):
        words = parameter.words
        text = gettext(words.many if isinstance(words, Plural) else words)
        label = text.replace("%(count)s", "…")
        return forms.IntegerField(label=label, min_value=parameter.least, max_value=parameter.most)
    return forms.BooleanField(label=gettext(parameter.yes), required=False)
