"""The list of care for which a country sends patients abroad, as a coded list with dates."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import days
from core.names import NamesField, in_active_language
from facilities.models import Country, ReferenceRow

#: The event that an entry of the list changed. Its subject is the entry.
ABROAD_FACTS = "abroad_care.facts"


class AbroadCare(ReferenceRow):
    """An entry of a country's list. `diagnoses` are beginnings of ICD-10 codes: C91 has C91.0.

    `by_invited_specialist`: care of this kind can be given at home by a specialist who is invited.
    """

    facts_kind: ClassVar[str] = ABROAD_FACTS

    country = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("country"))
    code = models.SlugField(_("code"), max_length=40)
    names = NamesField(_("names"), needed=("en",), longest=300)
    diagnoses = ArrayField(models.CharField(max_length=7), verbose_name=_("beginnings of ICD-10 codes"))
    by_invited_specialist = models.BooleanField(_("an invited specialist may give it at home"), default=False)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    in_force_until = models.DateField(_("in force until"), null=True, blank=True)
    source = models.TextField(_("source"), max_length=2000)
    verified = models.BooleanField(_("verified"), default=False)

    class Meta:
        verbose_name = _("entry of the list of treatment abroad")
        verbose_name_plural = _("list of treatment abroad")
        ordering = ["country_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["country", "code"], name="abroad_care_once"),
            days.possible("abroad_care_days_possible", "in_force_from", "in_force_until"),
            days.in_order("abroad_care_days_in_order", "in_force_from", "in_force_until"),
        ]

    def __str__(self) -> str:
        return f"{self.country_id} {self.code}"

    @property
    def name(self) -> str:
        """What the entry is about, in the active language."""
        return in_active_language(self.names)

    def has(self, diagnosis: str) -> bool:
        """Whether a diagnosis is among its own."""
        return any(diagnosis.startswith(code) for code in self.diagnoses)
