"""One choice out of thousands: found by typing, suggested by a script, or picked from radios without one.

Three values travel in a post. `<name>` is the value chosen; `<name>_query` is what stands in the box;
`<name>_searched` is the text that the choice on the page belonged to. When the box was changed after the
choice, the choice is void and the text is searched anew. `<name>_search` is the button that only searches.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms.text import STANDS_FOR_NONE, CleanCharField, noun_of
from core.placeholders import stands_for_none


@dataclass(frozen=True, slots=True)
class Choice:
    """A result: `value` is stored; `code` (may be empty) is bold in front, `hint` in small print below."""

    value: str
    label: str
    code: str = ""
    hint: str = ""

    @property
    def text(self) -> str:
        """What the box shows once this is chosen."""
        return f"{self.code} {self.label}".strip()

    def as_dict(self) -> dict[str, str]:
        """The shape that the suggestion address answers, in a list under `results`."""
        return {
            "value": self.value,
            "label": self.label,
            "code": self.code,
            "hint": self.hint,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Typed:
    """What a post carried for the field."""

    value: str = ""
    query: str = ""
    searched: str = ""
    only_search: bool = False

    @property
    def chosen(self) -> str:
        """The value, unless the text was changed since."""
        return self.value if self.query == self.searched and "\x00" not in self.value else ""


class SearchChoiceWidget(forms.Widget):
    """A text box with a search button. `suggest_url` is the address the script asks with `?q=`."""

    template_name = "components/forms/search.html"
    use_fieldset = False

    def __init__(self, attrs: dict[str, Any] | None = None, *, suggest_url: Any = "") -> None:
        super().__init__(attrs)
        self.suggest_url = suggest_url
        self.results: Callable[[str], Sequence[Choice]] = lambda query: ()
        self.find: Callable[[str], Choice | None] = lambda value: None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed:
        return Typed(
            value=str(data.get(name, "")).strip(),
            query=str(data.get(f"{name}_query", "")).strip(),
            searched=str(data.get(f"{name}_searched", "")).strip(),
            only_search=f"{name}_search" in data,
        )

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_query" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        typed = value if isinstance(value, Typed) else Typed(value=str(value or ""))
        choice = self.find(typed.chosen) if typed.chosen else None
        results: Sequence[Choice] = ()
        if choice is None and typed.query and "\x00" not in typed.query:
            results = self.results(typed.query)
        context["widget"] |= {
            "query": choice.text if choice else typed.query,
            "searched": choice.text if choice else typed.query,
            "chosen": choice.value if choice else "",
            "results": results,
            "suggest_url": str(self.suggest_url),
        }
        return context


class SearchChoiceField(forms.Field):
    """The value of one result, or "" when nothing was typed and nothing is required.

    `search(query)` gives the results (a dozen or fewer, the best first); `find(value)` gives the choice of a
    stored value, or of a code typed in full, or None.
    """

    widget = SearchChoiceWidget
    default_error_messages: ClassVar = {
        "required": _("%(label)s: search for it and choose one of the results."),
        "nothing": _("%(label)s: nothing was found for “%(query)s”. Try a code, or fewer and other words."),
        "choose": _("%(label)s: choose one of the results."),
        "unknown": _("%(label)s: “%(query)s” isn’t one of the choices."),
    }

    def __init__(
        self,
        *,
        search: Callable[[str], Sequence[Choice]],
        find: Callable[[str], Choice | None],
        suggest_url: Any = "",
        noun: Any = None,
        **kwargs: Any,
    ) -> None:
        self.search = search
        self.find = find
        self.noun = noun
        super().__init__(**kwargs)
        # Not asked for its truth: a lazy address must not be resolved while the URLs are still being read.
        self.widget.suggest_url = suggest_url
        self.widget.find = find
        self.widget.results = search

    def clean(self, value: Any) -> str:
        typed = value if isinstance(value, Typed) else Typed(value=str(value or ""))
        query = CleanCharField(required=False, max_length=200, label=noun_of(self)).clean(typed.query)
        chosen = typed.chosen or query
        if not chosen:
            if self.required:
                raise self.error("required")
            return ""
        if choice := self.find(chosen):
            return choice.value
        if not query:
            raise self.error("unknown", query=chosen[:40])
        if not self.required and stands_for_none(query):
            raise ValidationError(STANDS_FOR_NONE, code="placeholder")
        raise self.error("choose" if self.search(query) else "nothing", query=query)

    def error(self, code: str, **params: Any) -> ValidationError:
        return ValidationError(
            self.error_messages[code], code=code, params={"label": noun_of(self), **params}
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != (data.chosen if isinstance(data, Typed) else str(data or ""))
