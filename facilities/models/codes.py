from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.names import NamesField, in_active_language
from facilities.codesystems import SNOMED_CT
from facilities.models.reference import ReferenceRow
from facilities.textsearch import icd10_search_text


class Specialty(ReferenceRow):
    """A clinical specialty (SNOMED CT code) under which care is asked for and offered."""

    system = models.CharField(_("code system"), max_length=100, default=SNOMED_CT.uri)
    code = models.CharField(_("code"), max_length=20)
    display = models.CharField(
        _("term in the code system"), max_length=120, help_text=_("The wording of the value set in English.")
    )
    names = NamesField(_("names"), needed=("en",), longest=120)
    source = models.CharField(_("source of the code"), max_length=200, blank=True)
    name_sources = models.JSONField(
        _("sources of the names"),
        default=dict,
        blank=True,
        help_text=_("For each language: source (the code’s source), glossary or portal (own wording)."),
    )
    selectable = models.BooleanField(
        _("can be asked for"), default=True, help_text=_("Off for codes that name no care for a patient.")
    )

    class Meta:
        verbose_name = _("specialty")
        verbose_name_plural = _("specialties")
        ordering = ["names__en", "id"]
        constraints = [models.UniqueConstraint(fields=["system", "code"], name="specialty_code_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The specialty's name in the active language."""
        return in_active_language(self.names)


class Icd10(ReferenceRow):
    """A chapter, block, category or subcategory of ICD-10 with its titles.

    Only categories and subcategories name a diagnosis. `origin` is WHO, or RU-extension for codes that
    only the Russian register has.
    """

    class Level(models.TextChoices):
        CHAPTER = "chapter", _("Chapter")
        BLOCK = "block", _("Block")
        CATEGORY = "category", _("Category")
        SUBCATEGORY = "subcategory", _("Subcategory")

    SELECTABLE = (Level.CATEGORY, Level.SUBCATEGORY)

    code = models.CharField(_("code"), max_length=8, primary_key=True)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    chapter = models.CharField(_("chapter"), max_length=5, blank=True)
    block = models.CharField(_("block"), max_length=8, blank=True)
    titles = NamesField(_("titles"))
    origin = models.CharField(_("origin"), max_length=20, default="WHO")
    search = models.TextField(_("search text"), blank=True, editable=False)

    class Meta:
        verbose_name = _("ICD-10 code")
        verbose_name_plural = _("ICD-10 codes")
        ordering = ["code"]
        indexes = [GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="icd10_search_trgm")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = icd10_search_text(self.titles)
        if (names := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*names, "search"}
        super().save(*args, **kwargs)

    @property
    def title(self) -> str:
        """The title in the active language; Kazakh, Uzbek and Kyrgyz readers get the Russian one, which there is."""
        return in_active_language(self.titles)
