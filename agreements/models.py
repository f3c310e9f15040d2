"""Agreements: the legal basis of a referral, as data that an administrator keeps up to date."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import days
from core.names import NamesField, in_active_language
from facilities.models import ReferenceRow

#: The event that something of an agreement changed on which checks rest: its dates, parties or rules.
AGREEMENT_FACTS = "agreement.facts"


class Agreement(ReferenceRow):
    """One agreement, its parties, what it says, where that was read, and how its rules are set.

    `rules` maps a rule's code to its settings, for instance `{"MED-01": {"blocking": true, "max_age_days": 30}}`;
    a rule that isn't named doesn't run. `verified` says whether its present force was checked with the parties.
    """

    facts_kind: ClassVar[str] = AGREEMENT_FACTS

    code = models.SlugField(_("code"), max_length=40, unique=True)
    names = NamesField(_("names"), needed=("en",), longest=300)
    says_in = NamesField(_("what it says"), needed=("en",), longest=5000, lines=5)
    parties = ArrayField(models.CharField(max_length=2), verbose_name=_("parties (country codes)"))
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    in_force_until = models.DateField(_("in force until"), null=True, blank=True)
    covers_emergency = models.BooleanField(_("covers emergency care"), default=False)
    covers_planned = models.BooleanField(_("covers planned care"), default=False)
    precedence = models.PositiveSmallIntegerField(
        _("precedence"), default=100, help_text=_("Where several agreements fit, the lowest number is used.")
    )
    rules = models.JSONField(_("rules and their settings"), default=dict, blank=True)
    deemed_grant = models.BooleanField(_("silence counts as a grant"), default=False)
    source = models.TextField(_("source"))
    verified = models.BooleanField(_("present force verified"), default=False)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["precedence", "code"]
        constraints = [
            days.possible("agreement_days_possible", "signed_on", "in_force_from", "in_force_until"),
            days.in_order("agreement_force_dates_in_order", "in_force_from", "in_force_until"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language, else in Russian or English."""
        return in_active_language(self.names)

    @property
    def says(self) -> str:
        """What the agreement says, in the active language where it's there."""
        return in_active_language(self.says_in)

    def in_force_on(self, day: date) -> bool:
        """Whether the dates that are known allow it on that day. An unknown date doesn't exclude."""
        return (self.in_force_from is None or self.in_force_from <= day) and (
            self.in_force_until is None or day <= self.in_force_until
        )
