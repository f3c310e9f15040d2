"""The form of a chain, for whom it is, and the one of a stage."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agreements import access
from agreements.chains import MOST_DAYS, MOST_HOURS, MOST_QUOTA, PRIORITIES, Stage
from agreements.forms.terms import VersionForm, in_this_language
from agreements.models import AgreementVersion
from agreements.words import BODIES, PAYERS, PRIORITY_NAMES, SIDES
from core.forms import CleanCharField
from core.names import in_active_language
from facilities.countries import country_name

_UNITS = [("working_days", _("working days")), ("hours", _("hours"))]
_CURRENCIES = [
    ("", _("No ceiling")),
    ("KZT", _("Tenge (KZT)")),
    ("KGS", _("Som (KGS)")),
    ("UZS", _("Sum (UZS)")),
]


class ChainForm(VersionForm):
    """For whom a chain is: who pays, and the direction."""

    part = "chains"

    payers = forms.MultipleChoiceField(
        label=_("Who pays"),
        choices=PAYERS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without a tick the chain is for every payer."),
    )
    directing = forms.ChoiceField(label=_("Directing country"), required=False)
    host = forms.ChoiceField(label=_("Host country"), required=False)

    def __init__(self, *args: Any, chain: dict[str, Any], **kwargs: Any) -> None:
        self.chain = chain
        super().__init__(*args, **kwargs)
        countries = [(code, country_name(code)) for code in sorted(self.version.parties)]
        for name in ("directing", "host"):
            self.fields[name].choices = [("", _("Every country")), *countries]  # type: ignore[attr-defined]

    def now(self, version: AgreementVersion) -> dict[str, Any]:
        return {name: self.chain.get(name) for name in ("payers", "directing", "host")}

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**self.chain, **{name: data[name] for name in ("payers", "directing", "host")}}


class StageForm(VersionForm):
    """One stage: its body, its clock, what silence means, and when a second person signs."""

    part = "chains"

    name = CleanCharField(label=_("What the stage is called, in the language of this page"), max_length=120)
    side = forms.ChoiceField(label=_("Of which country the body is"), choices=SIDES, widget=forms.RadioSelect)
    body = forms.ChoiceField(label=_("Kind of body"), choices=BODIES, widget=forms.RadioSelect)
    organisation = forms.ChoiceField(
        label=_("Which body"),
        required=False,
        help_text=_("Leave it empty for any officer of the ministry of that country."),
    )
    calendar = forms.ChoiceField(label=_("Whose working days count"), choices=SIDES, widget=forms.RadioSelect)
    stops = forms.BooleanField(
        label=_("Its clock stands still while information is asked for"), required=False
    )
    silence_grants = forms.BooleanField(
        label=_("If it stays silent until its time has passed, this counts as its approval"), required=False
    )
    ceiling = CleanCharField(
        label=_("Ceiling above which a second person signs"), required=False, max_length=20
    )
    currency = forms.ChoiceField(label=_("Currency of the ceiling"), choices=_CURRENCIES, required=False)
    signed_by = forms.ChoiceField(label=_("Who signs second"), required=False)
    quota = forms.IntegerField(
        label=_("Its quota: how many grants it gives in a year"),
        required=False,
        min_value=1,
        max_value=MOST_QUOTA,
    )
    otherwise = forms.BooleanField(
        label=_("It stands in for the stage before it, once that one’s quota is used up"), required=False
    )

    def __init__(
        self, *args: Any, stage: dict[str, Any], stages: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        self.stage = stage
        super().__init__(*args, **kwargs)
        for priority in PRIORITIES:
            self.fields[f"amount_{priority}"] = forms.IntegerField(
                label=_("Time limit, %(priority)s") % {"priority": PRIORITY_NAMES[priority]},
                min_value=1,
                max_value=max(MOST_HOURS, MOST_DAYS),
            )
            self.fields[f"unit_{priority}"] = forms.ChoiceField(
                label=_("Unit of the limit, %(priority)s") % {"priority": PRIORITY_NAMES[priority]},
                choices=_UNITS,
            )
        fields: Any = self.fields
        fields["organisation"].choices = [
            ("", pgettext_lazy("body", "The ministry of that country")),
            *access.body_choices(self.version.parties),
        ]
        fields["signed_by"].choices = [
            ("", _("Another person of the same body")),
            *(
                (str(place), f"{place}. {in_active_language(other['name'])}")
                for place, other in enumerate(stages, start=1)
            ),
        ]

    def now(self, version: AgreementVersion) -> dict[str, Any]:
        stage = Stage.of(self.stage)
        found: dict[str, Any] = {
            name: getattr(stage, name)
            for name in (
                "side",
                "body",
                "organisation",
                "calendar",
                "stops",
                "silence_grants",
                "quota",
                "otherwise",
            )
        }
        found["name"] = in_active_language(stage.name)
        found["signed_by"] = str(stage.signed_by or "")
        if stage.sign_above:
            found["ceiling"], found["currency"] = str(stage.sign_above[0]), stage.sign_above[1]
        for priority, limit in stage.limits.items():
            found[f"amount_{priority}"] = limit.working_days or int(limit.hours)
            found[f"unit_{priority}"] = "working_days" if limit.working_days else "hours"
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("ceiling")) != bool(data.get("currency")) and "ceiling" not in self.errors:
            self.add_error("ceiling", _("Give the amount of the ceiling and its currency, or neither."))
        elif data.get("ceiling") and not _is_amount(data["ceiling"]):
            self.add_error("ceiling", _("Write the ceiling as an amount in digits, for example 5 000 000."))
        for priority in PRIORITIES:
            most = MOST_DAYS if data.get(f"unit_{priority}") == "working_days" else MOST_HOURS
            if (data.get(f"amount_{priority}") or 0) > most:
                self.add_error(f"amount_{priority}", _("The limit is at most %(most)s.") % {"most": most})
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        above = (
            {"amount": data["ceiling"].replace(" ", ""), "currency": data["currency"]}
            if data["ceiling"]
            else None
        )
        return {
            **{name: data[name] for name in ("side", "body", "organisation", "calendar")},
            **{name: data[name] for name in ("stops", "silence_grants", "otherwise", "quota")},
            "name": in_this_language(self.stage["name"], data["name"]),
            "limits": {
                priority: {data[f"unit_{priority}"]: data[f"amount_{priority}"]} for priority in PRIORITIES
            },
            "sign_above": above,
            "signed_by": int(data["signed_by"]) if data["signed_by"] else None,
        }


def _is_amount(text: str) -> bool:
    digits = text.replace(" ", "")
    try:
        return digits.isascii() and digits.replace(".", "", 1).isdigit() and Decimal(digits) > 0
    except InvalidOperation:
        return False
