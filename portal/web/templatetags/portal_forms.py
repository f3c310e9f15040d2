"""Tags that draw a form's controls and gather its errors."""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.widgets import Input
from django.utils.safestring import SafeString, mark_safe

from core.forms import SearchChoiceWidget, SplitDateWidget

register = template.Library()

# The first class that a widget belongs to names its component and the class of its element.
CONTROLS: tuple[tuple[type[forms.Widget], str, str], ...] = (
    (SplitDateWidget, "components/forms/date.html", ""),
    (SearchChoiceWidget, "components/forms/search.html", "govuk-input"),
    (forms.CheckboxSelectMultiple, "components/forms/choices.html", ""),
    (forms.RadioSelect, "components/forms/choices.html", ""),
    (forms.CheckboxInput, "components/forms/checkbox.html", "govuk-checkboxes__input"),
    (forms.Select, "", "govuk-select"),
    (forms.Textarea, "", "govuk-textarea"),
    (Input, "", "govuk-input"),
)


def kind_of(field: BoundField) -> tuple[str, str]:
    """(template, class) of the field's control; an empty template means the widget's own."""
    for widget_class, template_name, css_class in CONTROLS:
        if isinstance(field.field.widget, widget_class):
            return template_name, css_class
    return "", ""


@register.simple_tag
def portal_control(field: BoundField) -> SafeString:
    """The field's control as a GOV.UK component, without label, hint and error."""
    template_name, css_class = kind_of(field)
    widget = field.field.widget
    classes = [css_class, widget.attrs.get("class", "")]
    if field.errors and css_class in {"govuk-input", "govuk-select", "govuk-textarea"}:
        classes.append(f"{css_class}--error")
    attrs: dict[str, Any] = {"class": " ".join(filter(None, classes))} if any(classes) else {}
    if isinstance(widget, forms.Textarea) and "data-maxlength" in widget.attrs:
        attrs["aria-describedby"] = f"{field.aria_describedby or ''} {field.auto_id}_count".strip()
    attrs = field.build_widget_attrs(attrs)
    if field.auto_id and "id" not in widget.attrs:
        attrs["id"] = field.auto_id
    context = widget.get_context(field.html_name, field.value(), attrs)
    context["field"] = field
    context["described_by"] = field.aria_describedby
    context["radio"] = not isinstance(widget, forms.CheckboxSelectMultiple)  # itself a kind of RadioSelect
    context["inline"] = getattr(widget, "inline", False)
    # The template has escaped what it was given; the renderer only drops the mark of it.
    return mark_safe(field.form.renderer.render(template_name or widget.template_name, context))


@register.filter
def own_label(field: BoundField) -> bool:
    """Whether the control brings its own label, as a single checkbox does."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def character_limit(field: BoundField) -> int:
    """How many characters a text area may have; 0 where it doesn't count them."""
    return int(field.field.widget.attrs.get("data-maxlength", 0))


@register.filter
def target_of(field: BoundField) -> str:
    """The id of the element that the error summary leads to: the first box or option at fault."""
    widget = field.field.widget
    if isinstance(widget, SplitDateWidget):
        return f"{field.auto_id}_{widget.first_at_fault(field.value())}"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{field.auto_id}_0"
    return str(field.id_for_label or field.auto_id)


@register.simple_tag
def error_links(form: Any) -> list[dict[str, str]]:
    """The form's errors in the fields' order, as dicts of `href` (empty for the whole form) and `text`."""
    if form is None or not getattr(form, "is_bound", False) or not form.errors:
        return []
    links = [{"href": "", "text": str(error)} for error in form.non_field_errors()]
    for field in form:
        links += [{"href": f"#{target_of(field)}", "text": str(error)} for error in field.errors]
    return links
