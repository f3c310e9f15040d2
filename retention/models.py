"""Periods as data, erasures from the asking to the end, and how far the day's search came."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models import Country, Facility

LONGEST_MONTHS = 1200


class Kind(models.TextChoices):
    """What a period is for."""

    DRAFT = "draft", _("A draft that was never sent, from its last change")
    CASE = "case", _("A referral that is over, with its documents, from its end")
    RECORD = "record", _("A patient’s record without any referral, from the last thing recorded")


class Period(models.Model):
    """For how many months data of a kind are kept in a country, by which law; a row for each version that there was.

    `obliges`: a law asks to keep them that long, so a patient's request shortens nothing; without it the period is the
    portal's own limit. `verified`: somebody read the law for this; until then nothing is erased without a person's
    decision. A version counts when a second person has approved it, until the next one does (`over_at`).
    """

    country = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("country"))
    kind = models.CharField(_("kind of data"), max_length=10, choices=Kind)
    months = models.PositiveSmallIntegerField(_("months"))
    obliges = models.BooleanField(_("a law asks to keep them that long"), default=False)
    source = models.TextField(_("legal source"), max_length=1000, blank=True)
    verified = models.BooleanField(_("verified"), default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_by_label = models.CharField(_("proposed by"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("proposed at"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by_label = models.CharField(_("approved by"), max_length=300, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True)
    over_at = models.DateTimeField(_("over since"), null=True)

    class Meta:
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")
        ordering = ["country", "kind", "-id"]
        constraints = [
            models.CheckConstraint(name="period_kind_known", condition=Q(kind__in=sorted(Kind.values))),
            models.CheckConstraint(
                name="period_bounded", condition=Q(months__gte=1, months__lte=LONGEST_MONTHS)
            ),
            models.CheckConstraint(
                name="period_verified_has_a_source", condition=Q(verified=False) | ~Q(source="")
            ),
            models.CheckConstraint(
                name="period_of_two_persons",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("made_by")),
            ),
            models.UniqueConstraint(
                fields=["country", "kind"],
                condition=Q(approved_at__isnull=False, over_at__isnull=True),
                name="one_period_counts",
            ),
            models.UniqueConstraint(
                fields=["country", "kind"],
                condition=Q(approved_at__isnull=True, over_at__isnull=True),
                name="one_period_is_proposed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country_id} {self.kind} {self.months}"

    @property
    def acts_alone(self) -> bool:
        """Whether what it makes due is erased without a person's decision."""
        return self.verified or not self.obliges


class State(models.TextChoices):
    """How far an erasure is."""

    WAITING = "waiting", pgettext_lazy("erasure", "Waits for a decision")
    GRANTED = "granted", pgettext_lazy("erasure", "Is carried out")
    DONE = "done", pgettext_lazy("erasure", "Carried out")
    REFUSED = "refused", pgettext_lazy("erasure", "Refused")


OPEN = (State.WAITING, State.GRANTED)


class Refusal(models.TextChoices):
    """Why nothing is erased."""

    LAW = "law", _("A law obliges to keep the data")
    CARE = "care", _("A referral is under way, which needs the data")
    HOLD = "hold", _("A legal hold stands")
    NOT_PROVEN = "not_proven", _("It isn’t proven that the patient asks for it")
    OTHER = "other", pgettext_lazy("refusal of an erasure", "Another reason")


class Origin(models.TextChoices):
    """What an erasure follows from."""

    REQUEST = "request", pgettext_lazy("erasure", "The patient asks for it")
    PERIOD = "period", pgettext_lazy("erasure", "A period for keeping is over")


class Erasure(models.Model):
    """That a patient's data are to be erased: asked for by the patient, or due because a period is over.

    `record_id` outlives the record, so it is no foreign key; no name and no text of the patient stands here. What may
    go is worked out when it is carried out, not before; `gone` and `stays` count what went and what stayed.
    `facilities` are those that knew the patient when it was decided.
    """

    record_id = models.UUIDField(_("record"))
    country = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("decided in"))
    facility = models.ForeignKey(
        Facility, models.PROTECT, null=True, related_name="+", verbose_name=_("hospital that asks")
    )
    origin = models.CharField(_("why"), max_length=10, choices=Origin)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    asked_by = models.CharField(_("asked by"), max_length=20, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_by_label = models.CharField(_("recorded by"), max_length=300)
    asked_at = models.DateTimeField(_("asked at"))
    decided_by_label = models.CharField(_("decided by"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    refusal = models.CharField(_("why nothing is erased"), max_length=10, choices=Refusal, blank=True)
    reason = models.TextField(_("reason in words"), max_length=1000, blank=True)
    done_at = models.DateTimeField(_("carried out at"), null=True)
    gone = models.JSONField(_("went"), default=dict)
    stays = models.JSONField(_("stayed"), default=dict)
    facilities = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record_id"], condition=Q(state__in=OPEN), name="one_open_erasure"
            ),
            models.CheckConstraint(name="erasure_state_known", condition=Q(state__in=sorted(State.values))),
            models.CheckConstraint(
                name="refused_erasure_says_why",
                condition=(Q(state=State.REFUSED) & ~Q(refusal="") & ~Q(reason=""))
                | (~Q(state=State.REFUSED) & Q(refusal="")),
            ),
            models.CheckConstraint(
                name="erasure_done_has_its_time",
                condition=Q(state=State.DONE, done_at__isnull=False)
                | (~Q(state=State.DONE) & Q(done_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["country", "state", "id"], name="erasure_of_country"),
            models.Index(fields=["record_id", "-id"], name="erasure_of_record"),
            models.Index(fields=["id"], name="erasure_to_do", condition=Q(state=State.GRANTED)),
        ]

    def __str__(self) -> str:
        return f"Erasure {self.pk}"


class Sweep(models.Model):
    """One day's search for what is due: how far it came (`last`), so that it goes on there after an interruption."""

    day = models.DateField(primary_key=True)
    last = models.UUIDField(null=True)
    looked_at = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("search for what is due")
        verbose_name_plural = _("searches for what is due")
        ordering = ["-day"]

    def __str__(self) -> str:
        return str(self.day)
