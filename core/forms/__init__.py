"""Form fields and widgets that the apps share. They know nothing of the pages they stand on.

Rendered by `portal.web.forms_renderer.PortalFormRenderer` as GOV.UK components: `{{ form }}`, or
`{{ form.name.as_field_group }}` for one field.
"""

from core.forms.base import PortalForm
from core.forms.choices import HintedRadioSelect
from core.forms.dates import ANY_DAY, PartialDateField, SplitDateField, SplitDateWidget
from core.forms.search import Choice, SearchChoiceField, SearchChoiceWidget
from core.forms.text import CleanCharField, CleanTextField

__all__ = [
    "ANY_DAY",
    "Choice",
    "CleanCharField",
    "CleanTextField",
    "HintedRadioSelect",
    "PartialDateField",
    "PortalForm",
    "SearchChoiceField",
    "SearchChoiceWidget",
    "SplitDateField",
    "SplitDateWidget",
]
