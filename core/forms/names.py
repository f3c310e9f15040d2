"""A form's field for names in several languages: a box for each of the portal's languages."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core import languages


class NamesWidget(forms.MultiWidget):
    """One box for each language, under the language's own name."""

    def __init__(self, lines: int = 1, attrs: Mapping[str, Any] | None = None) -> None:
        boxes: dict[str, Any] = {code: _box(code, lines) for code in languages.CODES}
        super().__init__(boxes, None if attrs is None else dict(attrs))

    def decompress(self, value: Any) -> list[str]:
        names = value if isinstance(value, dict) else {}
        return [names.get(code, "") for code in languages.CODES]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        boxes = self.get_context(name, value, attrs)["widget"]["subwidgets"]
        rows = [
            (
                box["attrs"].get("id", ""),
                own_name,
                self._render(box["template_name"], {"widget": box}, renderer),  # type: ignore[attr-defined]
            )
            for box, (_code, own_name) in zip(boxes, languages.own_names(), strict=True)
        ]
        return format_html(
            "<div>{}</div>", format_html_join("", '<p><label for="{}">{}</label> {}</p>', rows)
        )


class NamesFormField(forms.MultiValueField):
    """Gives `{"en": …}` with the languages that were filled in; `needed` ones must be."""

    widget = NamesWidget

    def __init__(
        self, *, needed: Iterable[str] = (), longest: int = 300, lines: int = 1, **kwargs: Any
    ) -> None:
        needed = set(needed)
        fields = [
            forms.CharField(label=name, required=code in needed, max_length=longest)
            for code, name in languages.own_names()
        ]
        for field in fields:
            field.error_messages["incomplete"] = f"{field.label}: {field.error_messages['required']}"
        kwargs = {"widget": NamesWidget(lines), **kwargs, "required": bool(needed)}
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        given = zip(languages.CODES, data_list or (), strict=False)
        return {code: name for code, name in given if name}


def _box(code: str, lines: int) -> forms.Widget:
    attrs = {"lang": code, "class": "vTextField"}
    if lines == 1:
        return forms.TextInput(attrs)
    return forms.Textarea({**attrs, "class": "vLargeTextField", "rows": lines})
