"""The officer's decision: grant, grant in part, refuse, or ask first. In the one form only the chosen part counts."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import zones
from core.errors import Invalid, Text
from core.forms import CleanCharField, CleanTextField, HintedRadioSelect, SplitDateField
from referrals.actions.granting import usual_window
from referrals.forms.steps import StepForm
from referrals.forms.steps_information import forgive_first, question_fields, questions_of
from referrals.models import DecisionReason
from referrals.models.authorisation import GRANT_REASONS, PARTLY_REASONS, REFUSAL_REASONS


class Choice(models.TextChoices):
    """What an officer can do with a case."""

    GRANT = "grant", pgettext_lazy("decision", "Grant")
    PARTLY_GRANT = "partly_grant", pgettext_lazy("decision", "Grant in part")
    REFUSE = "refuse", pgettext_lazy("decision", "Refuse")
    REQUEST_INFORMATION = "request_information", pgettext_lazy("decision", "Ask for information")


class SignChoice(models.TextChoices):
    """What a second person can do with what a first one signed, beside refusing and asking."""

    SIGN_SECOND = "sign_second", pgettext_lazy("decision", "Sign as the second person")


class AppealChoice(models.TextChoices):
    """What an officer can do with an appeal."""

    OVERTURN = "overturn", pgettext_lazy("decision", "Set the refusal aside")
    UPHOLD = "uphold", pgettext_lazy("decision", "Keep the refusal")


def reasons(codes: frozenset[DecisionReason]) -> list[tuple[str, Any]]:
    """An empty choice and the reasons of a decision, in the order of the model."""
    return [("", _("Choose a ground"))] + [
        (code.value, code.label) for code in DecisionReason if code in codes
    ]


def currencies() -> list[tuple[str, Any]]:
    """The three currencies, after an empty choice."""
    return [
        ("", _("No ceiling")),
        ("KZT", _("Tenge (KZT)")),
        ("KGS", _("Som (KGS)")),
        ("UZS", _("Sum (UZS)")),
    ]


class MoneyField(CleanCharField):
    """An amount typed with or without spaces between thousands, with a comma or a point before the hundredths."""

    default_error_messages: ClassVar = {
        "not_money": _("%(label)s: write an amount in digits, for example 2 500 000."),
    }

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        digits = text.replace(" ", "").replace(",", ".")
        whole, _point, part = digits.partition(".")
        in_digits = digits.isascii() and whole.isdigit() and (part.isdigit() or not part)
        if not in_digits or len(whole) > 12 or len(part) > 2:
            raise forms.ValidationError(
                self.error_messages["not_money"], code="not_money", params={"label": self.noun or self.label}
            )
        return Decimal(digits.rstrip("."))


class DecisionForm(StepForm):
    """Every part stands on the page, so that it works without a script; what the choice doesn't need is ignored."""

    argument_fields: ClassVar[Mapping[str, str]] = {"questions": "question_1"}

    choice = forms.ChoiceField(
        label=_("Your decision"),
        choices=Choice.choices,
        widget=HintedRadioSelect,
        error_messages={"required": _("Choose what you decide.")},
    )
    valid_from = SplitDateField(
        label=_("Valid from"), error_messages={"required": _("Give the first day of the authorisation.")}
    )
    valid_until = SplitDateField(
        label=_("Valid until"), error_messages={"required": _("Give the last day of the authorisation.")}
    )
    ceiling_amount = MoneyField(label=_("Ceiling, if any"), noun=_("Ceiling"), max_length=20, required=False)
    ceiling_currency = forms.ChoiceField(label=_("Currency"), required=False)
    care_text = CleanTextField(
        label=_("Which part of the care is granted"),
        max_length=500,
        rows=2,
        error_messages={"required": _("Say which part of the care is granted.")},
    )
    grant_code = forms.ChoiceField(
        label=_("Ground for granting"), error_messages={"required": _("Choose the ground for granting.")}
    )
    refusal_code = forms.ChoiceField(
        label=_("Ground for refusing"), error_messages={"required": _("Choose the ground for refusing.")}
    )
    reason_text = CleanTextField(
        label=_("Reason, sent to the clinician and the patient"),
        max_length=2000,
        rows=4,
        error_messages={"required": _("Give the reason in words. The clinician and the patient read it.")},
    )

    def __init__(
        self, *args: Any, recommended: str = "", before: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(question_fields())
        self.fields["grant_code"].choices = reasons(PARTLY_REASONS)  # type: ignore[attr-defined]
        self.fields["refusal_code"].choices = reasons(REFUSAL_REASONS)  # type: ignore[attr-defined]
        self.fields["ceiling_currency"].choices = currencies()  # type: ignore[attr-defined]
        self.fields["choice"].widget.choices_hints = _hints(recommended)
        self.initial = {**self._window(), "ceiling_currency": "", **_as_before(before or {}), **self.initial}
        if self.referral.authorisation.partly:  # nobody after grants the whole
            self.fields["choice"].choices = [  # type: ignore[attr-defined]
                choice for choice in Choice.choices if choice[0] != Choice.GRANT
            ]

    def _window(self) -> dict[str, Any]:
        first, last = usual_window(self.referral, zones.today())
        return {"valid_from": first, "valid_until": last}

    @property
    def chosen(self) -> str:
        """The choice made, or the one to show first."""
        return str(self["choice"].value() or "")

    def full_clean(self) -> None:
        """Mistakes in parts that the choice doesn't use are no mistakes."""
        super().full_clean()
        if self.is_bound:
            used = self._used()
            for name in [name for name in self._errors if name in self.fields and name not in used]:
                del self._errors[name]

    def _used(self) -> set[str]:
        always = {"choice", "version"}
        if self.chosen == Choice.REQUEST_INFORMATION:
            return always | set(question_fields())
        if self.chosen == Choice.REFUSE:
            return always | {"refusal_code", "reason_text"}
        if self.chosen not in Choice.values:
            return always
        used = always | {
            "valid_from",
            "valid_until",
            "ceiling_amount",
            "ceiling_currency",
            "grant_code",
            "reason_text",
        }
        return used | {"care_text"} if self.chosen == Choice.PARTLY_GRANT else used

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        choice = data.get("choice", "")
        if choice == Choice.GRANT and data.get("grant_code") not in {"", None, *GRANT_REASONS}:
            self.add_error("grant_code", _("This ground is for granting in part. Choose another one."))
        self._check_ceiling(data)
        forgive_first(self)
        return data

    def _check_ceiling(self, data: dict[str, Any]) -> None:
        """An amount and its currency come together or not at all."""
        if data.get("choice") not in {Choice.GRANT, Choice.PARTLY_GRANT} or "ceiling_amount" in self.errors:
            return
        if data.get("ceiling_currency") and not data.get("ceiling_amount"):
            self.add_error("ceiling_amount", _("Give the amount of the ceiling, or choose “No ceiling”."))

    def terms(self) -> dict[str, Any]:
        """The arguments of the action that the choice stands for."""
        data = self.cleaned_data
        if data["choice"] == Choice.REQUEST_INFORMATION:
            return {"questions": questions_of(data)}
        if data["choice"] == Choice.REFUSE:
            return {"reason_code": data["refusal_code"], "reason_text": data["reason_text"]}
        names = ["valid_from", "valid_until", "ceiling_amount", "ceiling_currency", "reason_text"]
        if data["choice"] == Choice.PARTLY_GRANT:
            names.append("care_text")
        return {"reason_code": data["grant_code"], **{name: data[name] for name in names}}

    def take(self, error: Invalid) -> None:
        refusal = self.cleaned_data.get("choice") == Choice.REFUSE
        code = "refusal_code" if refusal else "grant_code"
        self.argument_fields = {**type(self).argument_fields, "reason_code": code}  # type: ignore[misc]
        super().take(error)


def _as_before(terms: Mapping[str, Any]) -> dict[str, Any]:
    """What the body before approved, as the form proposes it."""
    if not terms:
        return {}
    return {
        "valid_from": max(date.fromisoformat(terms["valid_from"]), zones.today()),
        "valid_until": max(date.fromisoformat(terms["valid_until"]), zones.today()),
        "ceiling_amount": terms["ceiling_amount"] or "",
        "ceiling_currency": terms["ceiling_currency"],
        "care_text": terms["care_text"] if terms["partly"] else "",
        "grant_code": terms["reason_code"] if terms["reason_code"] in PARTLY_REASONS else "",
    }


class SignForm(DecisionForm):
    """A second person signs what the first one signed, or refuses, or asks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [Choice.REFUSE, Choice.REQUEST_INFORMATION]
        self.fields["choice"].choices = [  # type: ignore[attr-defined]
            *SignChoice.choices,
            *((choice.value, choice.label) for choice in others),
        ]
        self.fields["choice"].widget.choices_hints = {
            **_hints(""),
            SignChoice.SIGN_SECOND: _("What the first person signed takes effect as it stands."),
        }

    def terms(self) -> dict[str, Any]:
        return {} if self.cleaned_data["choice"] == SignChoice.SIGN_SECOND else super().terms()


class AppealDecisionForm(StepForm):
    """The answer to an appeal."""

    choice = forms.ChoiceField(
        label=_("Your decision on the appeal"),
        choices=AppealChoice.choices,
        widget=HintedRadioSelect(
            choices_hints={
                AppealChoice.OVERTURN: _("The case is under review again and needs a new decision."),
                AppealChoice.UPHOLD: _("The refusal stands and the appeal is over."),
            }
        ),
        error_messages={"required": _("Choose what you decide.")},
    )
    reason_text = CleanTextField(
        label=_("Reason, sent to the clinician and the patient"), max_length=2000, rows=4
    )

    def terms(self) -> dict[str, Any]:
        return {"reason_text": self.cleaned_data["reason_text"]}


def _hints(recommended: str) -> dict[str, Text]:
    """What the rules recommend, beside the choice that it speaks for."""
    hints: dict[str, Text] = {
        Choice.PARTLY_GRANT: _("A part of the care, which you describe."),
        Choice.REQUEST_INFORMATION: _("The clock stands still until the clinician answers."),
    }
    if recommended == "grant":
        hints[Choice.GRANT] = _("The rules recommend this. You decide.")
    elif recommended == "refuse":
        hints[Choice.REFUSE] = _("The rules recommend this. You decide.")
    elif recommended == "review":
        hints[Choice.GRANT] = _("The rules recommend nothing: weigh what is marked for review.")
    return hints
