"""What the pages of the filing have in common: a draft, its version, and the text that isn't valid yet."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Invalid
from core.forms import PortalForm
from core.forms.text import noun_of
from referrals.forms.circumstances import add_fields, split, stated_values
from referrals.models import Referral
from referrals.models.circumstances import of_page

_LONGEST_KEPT = 12_000


class PageForm(PortalForm):
    """One page. `content()` and `evidence()` are what `actions.save_draft` takes, once the form is valid.

    Unbound it shows the draft's answers, or over them the text that was kept unfinished for this page.
    """

    slug: ClassVar[str] = ""
    #: Form field → field of the referral, where the two have different names.
    renamed: Mapping[str, str] = {}
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, actor: Actor, referral: Referral, **kwargs: Any) -> None:
        self.actor = actor
        self.referral = referral
        super().__init__(data, **kwargs)
        self.circumstances = of_page(self.slug)
        add_fields(self, self.circumstances)
        self.renamed = {
            **self.renamed,
            **{one.name: f"circumstances.{one.name}" for one in self.circumstances},
        }
        self.prepare()
        stated = stated_values(referral, self.circumstances)
        self.initial = {**self.saved(), **stated, **self.kept(), "version": referral.version}

    def prepare(self) -> None:
        """Give the fields their choices."""

    def saved(self) -> dict[str, Any]:
        """The draft's answers, by the form's fields."""
        return {
            name: getattr(self.referral, self.renamed.get(name, name), None)
            for name in self.fields
            if name != "version"
        }

    def kept(self) -> dict[str, Any]:
        """The unfinished text of this page, as the widgets read it from a post."""
        text = self.referral.draft_text.get(self.slug)
        if not isinstance(text, dict):
            return {}
        return {
            name: field.widget.value_from_datadict(text, {}, name)
            for name, field in self.fields.items()
            if name != "version" and not field.widget.value_omitted_from_data(text, {}, name)
        }

    @property
    def shows_kept_text(self) -> bool:
        """Whether the page shows text that isn't an answer yet."""
        return not self.is_bound and bool(self.kept())

    def content(self) -> dict[str, Any]:
        """The draft's content for `actions.save_draft`."""
        return {
            self.renamed.get(name, name): value
            for name, value in self.cleaned_data.items()
            if name != "version"
        }

    def whole_content(self) -> dict[str, Any]:
        """`content()` with what the page states of the circumstances."""
        _rest, stated = split(self.cleaned_data, self.circumstances)
        names = {f"circumstances.{name}" for name in stated} | stated.keys()
        own = {name: value for name, value in self.content().items() if name not in names}
        return {**own, "circumstances": stated} if stated else own

    def evidence(self) -> dict[str, Any] | None:
        """A specialist's report to save, {} to take the draft's one away, None to leave it."""
        return None

    @property
    def posted_version(self) -> int | None:
        """The version of the draft that the page was made from; None when the post doesn't tell one."""
        value = self["version"].value()
        return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else None

    def take(self, error: Invalid) -> None:
        """Show an action's errors at their fields, those without a field above the form."""
        names = {target: name for name, target in self.renamed.items()}
        for field, texts in error.fields.items():
            name = names.get(field, field)
            for text in texts:
                self.add_error(name if name in self.fields else None, str(text))


def kept_text(form: PageForm, post: Mapping[str, str]) -> dict[str, str]:
    """What was posted for the form's fields, as `actions.autosave` keeps it: no buttons, no tokens, no NUL."""
    text = {}
    for key, value in post.items():
        base = any(key == name or key.startswith(f"{name}_") for name in form.fields if name != "version")
        several = isinstance(form.fields.get(key), forms.MultipleChoiceField)
        if several and hasattr(post, "getlist"):
            value = ",".join(post.getlist(key))
        if base and not key.endswith("_search") and isinstance(value, str):
            text[key] = value.replace("\x00", "")[:_LONGEST_KEPT]
    return text


class OneOf(forms.ChoiceField):
    """One of some answers; `noun` names the field in errors where the label is a question."""

    default_error_messages: ClassVar = {
        "invalid_choice": _("%(label)s: choose one of the answers on this page."),
    }

    def __init__(self, *, noun: Any = None, **kwargs: Any) -> None:
        self.noun = noun
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)
        if value and not self.valid_value(value):
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"label": noun_of(self)}
            )
