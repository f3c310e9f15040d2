"""The codes of a version's scope and chains with their words, for forms and pages."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.errors import Text

PAYERS: list[tuple[str, Text]] = [
    ("fund", _("The competent fund at home")),
    ("ministry", _("The directing ministry")),
    ("patient", _("The patient")),
    ("other", pgettext_lazy("payer", "Another payer")),
]
PRIORITIES: list[tuple[str, Text]] = [
    ("routine", pgettext_lazy("priority", "Routine")),
    ("urgent", pgettext_lazy("priority", "Urgent")),
    ("asap", pgettext_lazy("priority", "As soon as possible")),
    ("stat", pgettext_lazy("priority", "Emergency")),
]
CARE_MODES: list[tuple[str, Text]] = [
    ("consultation", _("Consultation")),
    ("outpatient", _("Outpatient care")),
    ("day_case", _("Day case")),
    ("inpatient", _("Inpatient care")),
]
SIDES: list[tuple[str, Text]] = [
    ("directing", _("The directing country")),
    ("host", _("The host country")),
]
BODIES: list[tuple[str, Text]] = [
    ("ministry", _("Ministry")),
    ("fund", _("Fund")),
    ("commission", _("Commission or specialist who approves")),
]
PAYER_NAMES, PRIORITY_NAMES, CARE_MODE_NAMES = dict(PAYERS), dict(PRIORITIES), dict(CARE_MODES)
