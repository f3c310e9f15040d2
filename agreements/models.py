"""Agreements: the legal basis of a referral, as data that is kept in dated versions."""

from collections.abc import Iterator
from datetime import date
from itertools import permutations
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agreements.abroad import ABROAD_FACTS, AbroadCare
from agreements.chains import Chain, chains_of
from core import days
from core.names import NamesField, in_active_language
from facilities.models import ReferenceRow

__all__ = [
    "ABROAD_FACTS", "AGREEMENT_FACTS", "HANDED_OVER", "AbroadCare", "Agreement", "AgreementVersion",
]  # fmt: skip

#: The event that something of an agreement changed on which checks rest: its dates, parties, rules or order.
AGREEMENT_FACTS = "agreement.facts"
#: The event that a version waits for a second person.
HANDED_OVER = "agreement.handed_over"


class Agreement(ReferenceRow):
    """What an agreement is called and says. How the portal applies it stands in its versions."""

    facts_kind: ClassVar[str] = AGREEMENT_FACTS

    code = models.SlugField(_("code"), max_length=40, unique=True)
    names = NamesField(_("names"), needed=("en",), longest=300)
    says_in = NamesField(_("what it says"), needed=("en",), longest=5000, lines=5)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    precedence = models.PositiveSmallIntegerField(
        _("precedence"), default=100, help_text=_("Where several agreements fit, the lowest number is used.")
    )

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["precedence", "code"]
        constraints = [days.possible("agreement_days_possible", "signed_on")]

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


class _Dates(Func):
    """The days of a version's force as a range; an unknown day is no limit."""

    function = "DATERANGE"
    output_field = DateRangeField()


#: What stays as it is once a version was approved; the last day alone may come nearer.
_KEPT_COLUMNS = (
    "agreement_id", "number", "standing", "in_force_from", "parties", "covers_emergency", "covers_planned",
    "directions", "specialties", "priorities", "care_modes", "payers", "zones", "rules", "bases", "basis_planned",
    "basis_emergency", "chains", "hard_stop_days", "source", "verified", "note", "approved_at",
)  # fmt: skip
_KEPT = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _KEPT_COLUMNS)
_STAYS = f"""
IF OLD.standing = 'approved' AND (TG_OP = 'DELETE' OR {_KEPT}) THEN
    RAISE EXCEPTION 'an approved version of an agreement stays as it is'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_version_stays';
END IF;
IF TG_OP = 'DELETE' THEN
    RETURN OLD;
END IF;
RETURN NEW;
"""


class AgreementVersion(models.Model):
    """How the portal applies an agreement from one day to another. Once approved it never changes.

    `rules` maps a rule's code to its settings, for instance `{"MED-01": {"blocking": true, "max_age_days": 30}}`; a
    rule that isn't named doesn't run. `bases` is each rule's own basis in the agreement, by code and language. `chains`
    are read by `agreements.chains`. Empty lists of the scope leave nothing out; `directions` are like `UZ-KZ`.
    `verified` says whether its present force was checked with the parties. `impact` is what the worker found that the
    version would change for open referrals.
    """

    class Standing(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("version of an agreement", "Draft")
        WAITING = "waiting", pgettext_lazy("version of an agreement", "Waits for the second person")
        APPROVED = "approved", pgettext_lazy("version of an agreement", "Approved")

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    standing = models.CharField(
        _("standing"), max_length=10, choices=Standing.choices, default=Standing.DRAFT
    )
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    in_force_until = models.DateField(_("in force until"), null=True, blank=True)
    parties = ArrayField(models.CharField(max_length=2), verbose_name=_("parties (country codes)"))
    covers_emergency = models.BooleanField(_("covers emergency care"), default=False)
    covers_planned = models.BooleanField(_("covers planned care"), default=False)
    directions = ArrayField(
        models.CharField(max_length=5), default=list, blank=True, verbose_name=_("directions")
    )
    specialties = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("specialties")
    )
    priorities = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, verbose_name=_("priorities")
    )
    care_modes = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("forms of care")
    )
    payers = ArrayField(models.CharField(max_length=10), default=list, blank=True, verbose_name=_("payers"))
    zones = ArrayField(
        models.CharField(max_length=30), default=list, blank=True, verbose_name=_("districts of the zone")
    )
    rules = models.JSONField(_("rules and their settings"), default=dict, blank=True)
    bases = models.JSONField(_("the rules’ bases"), default=dict, blank=True)
    basis_planned = NamesField(_("basis of planned care"), longest=2000, lines=3)
    basis_emergency = NamesField(_("basis of emergency care"), longest=2000, lines=3)
    chains = models.JSONField(_("chains of approval"), default=list, blank=True)
    hard_stop_days = models.PositiveSmallIntegerField(
        _("a routine decision ends after, calendar days"), default=45
    )
    source = models.TextField(_("source"), max_length=2000)
    verified = models.BooleanField(_("present force verified"), default=False)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_by_label = models.CharField(_("written by"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("written at"), auto_now_add=True)
    asked_at = models.DateTimeField(_("given to the second person at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by_label = models.CharField(_("approved by"), max_length=200, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    impact = models.JSONField(_("what it would change"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("version of an agreement")
        verbose_name_plural = _("versions of agreements")
        ordering = ["agreement_id", "number"]
        triggers = [
            pgtrigger.Trigger(
                name="agreement_version_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_STAYS,
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_version_number_once"),
            models.UniqueConstraint(
                fields=["agreement"], condition=~Q(standing="approved"), name="one_agreement_version_in_work"
            ),
            days.possible("agreement_version_days_possible", "in_force_from", "in_force_until"),
            days.in_order("agreement_version_dates_in_order", "in_force_from", "in_force_until"),
            models.CheckConstraint(
                condition=Q(standing="approved", approved_at__isnull=False)
                | (~Q(standing="approved") & Q(approved_at__isnull=True)),
                name="agreement_version_approved_at",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("made_by")),
                name="agreement_version_has_two_persons",
            ),
            ExclusionConstraint(
                name="agreement_versions_never_overlap",
                expressions=[
                    ("agreement", RangeOperators.EQUAL),
                    (_Dates("in_force_from", "in_force_until", Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(standing="approved"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} v{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it may still be changed."""
        return self.standing == self.Standing.DRAFT

    def in_force_on(self, day: date) -> bool:
        """Whether the dates that are known allow it on that day. An unknown date doesn't exclude."""
        return (self.in_force_from is None or self.in_force_from <= day) and (
            self.in_force_until is None or day <= self.in_force_until
        )

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The directions that it covers."""
        for one, other in permutations(sorted(self.parties), 2):
            if not self.directions or f"{one}-{other}" in self.directions:
                yield one, other

    def leaves_out(
        self, *, directing: str, host: str, specialty: str, priority: str, care_mode: str, payer: str
    ) -> str:
        """The part of the scope by which this care isn't covered; empty where it is, or where it isn't known yet."""
        asked = (
            ("directions", f"{directing}-{host}" if host else "", self.directions),
            ("specialties", specialty, self.specialties),
            ("priorities", priority, self.priorities),
            ("care_modes", care_mode, self.care_modes),
            ("payers", payer, self.payers),
        )
        return next((name for name, value, those in asked if those and value and value not in those), "")

    def chain_list(self) -> list[Chain]:
        """Its chains, in the order in which they are looked at."""
        return chains_of(self.chains)

    def basis_of_rule(self, code: str) -> str:
        """What the agreement itself gives as the basis of a rule, in the active language; empty for nothing."""
        return in_active_language(self.bases.get(code, {}))

    def basis_of(self, *, emergency: bool) -> str:
        """On which of its articles the care rests, in the active language; empty where none is entered."""
        return in_active_language(self.basis_emergency if emergency else self.basis_planned)
