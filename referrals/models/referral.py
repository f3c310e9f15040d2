"""The referral: one patient, one care, one road across a border."""

import uuid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, AgreementVersion
from core import days
from core.sealed.fields import EncryptedJSONField
from facilities.codesystems import ICD10
from facilities.models import AdminUnit, BorderCrossing, Country, Facility, Icd10, Organisation, Specialty
from patients.models import Consent, Patient
from patients.models.standing import of_a_standing_record
from referrals.models.as_read import AsRead
from referrals.models.choices import STATE_CHOICES, CareMode, Payer, Priority
from referrals.models.listed import ORDERS, places_of_a_referral, words_of_a_sent_referral
from referrals.states import ACTIVE_STATES, CHECKED_STATES, ReferralState

_CHECKED = Q(state__in=sorted(CHECKED_STATES))
#: The rule of the database that a patient has one active referral for one care.
ONE_ACTIVE = "one_active_referral_per_patient_and_care"
# A draft may be incomplete, and so may what was entered in error while it was one.
_MAY_BE_INCOMPLETE = Q(state__in=[ReferralState.DRAFT, ReferralState.ENTERED_IN_ERROR])
_ERASED = Q(erased_at__isnull=False)


def _paired(state_list: list[ReferralState], field: str) -> Q:
    """In these states the field is set."""
    return ~Q(state__in=state_list) | Q(**{f"{field}__isnull": False})


class Referral(AsRead, models.Model):
    """A request of a directing facility that a host facility across the border treats a patient.

    `version` counts changes and is what ETags and forms carry. `draft_text` keeps what was typed on a page of the
    filing and is not valid yet, by step and field, so that a dropped line loses nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True, null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=20, choices=STATE_CHOICES, default=ReferralState.DRAFT)
    priority = models.CharField(_("priority"), max_length=10, choices=Priority, default=Priority.ROUTINE)

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="referrals", verbose_name=_("patient"))
    residence_district = models.ForeignKey(
        AdminUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("district of residence"),
    )
    directing_country = models.ForeignKey(
        Country, models.PROTECT, related_name="+", db_index=False, verbose_name=_("directing country")
    )
    directing_facility = models.ForeignKey(
        Facility,
        models.PROTECT,
        related_name="referrals_sent",
        db_index=False,
        verbose_name=_("directing facility"),
    )
    host_country = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("host country"),
    )
    host_facility = models.ForeignKey(
        Facility,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals_received",
        db_index=False,
        verbose_name=_("host facility"),
    )
    crossing = models.ForeignKey(
        BorderCrossing, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("crossing")
    )
    distance_km = models.PositiveIntegerField(_("distance, km"), null=True, blank=True)

    specialty = models.ForeignKey(
        Specialty, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("specialty")
    )
    service = models.CharField(_("service"), max_length=200, blank=True)
    care_mode = models.CharField(_("form of care"), max_length=20, choices=CareMode, blank=True)
    # The code as it was when filed, with its system and version: ICD-11 is coming.
    diagnosis = models.ForeignKey(
        Icd10, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("diagnosis")
    )
    diagnosis_system = models.CharField(_("system of the diagnosis"), max_length=60, default=ICD10.uri)
    diagnosis_version = models.CharField(_("version of the system"), max_length=10, default=ICD10.version)
    clinical_reason = models.TextField(_("clinical reason"), max_length=4000, blank=True)
    goal = models.TextField(_("goal of the treatment"), max_length=2000, blank=True)
    triage_note = models.TextField(_("triage note"), max_length=2000, blank=True)
    emergency_ground = models.TextField(_("ground for acting without consent"), max_length=1000, blank=True)
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    needed_by_reason = models.TextField(_("why by then"), max_length=1000, blank=True)
    payer = models.CharField(_("payer"), max_length=10, choices=Payer, blank=True)
    payer_note = models.CharField(_("about the payer"), max_length=200, blank=True)
    estimate_amount = models.DecimalField(
        _("estimate"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    estimate_currency = models.CharField(_("currency of the estimate"), max_length=3, blank=True)
    consent = models.ForeignKey(
        Consent, models.PROTECT, null=True, blank=True, related_name="referrals", verbose_name=_("consent")
    )
    agreement = models.ForeignKey(
        Agreement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("agreement"),
    )
    # By which dated version of it the case is judged.
    agreement_version = models.ForeignKey(
        AgreementVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("version of the agreement"),
    )
    # With whom the decision is now: the country of that body, and the body where it is a certain one.
    deciding_country = models.CharField(_("decided in"), max_length=2, blank=True)
    deciding_body = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    # The bodies that have or had it for a decision, beside the ministries, which see what leaves or enters.
    bodies = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    circumstances = EncryptedJSONField(_("circumstances"), default=dict, blank=True)
    draft_text = EncryptedJSONField(_("unfinished text"), default=dict, blank=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("filed by"),
    )
    filed_by_label = models.CharField(_("filed by (name)"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    state_since = models.DateTimeField(_("in this state since"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    # The last time that somebody opened it in an emergency: most never are, and then nobody need ask for more.
    emergency_opened_at = models.DateTimeField(
        _("opened in an emergency at"), null=True, blank=True, editable=False
    )
    host_reply_due_at = models.DateTimeField(_("host’s reply due at"), null=True, blank=True)
    over_at = models.DateTimeField(_("over since"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)
    # The first day, in the directing country, on which the rules find something else though no fact changes.
    recheck_on = models.DateField(_("rules to be run again on"), null=True, blank=True, editable=False)
    # Its place in the lists (`models.listed`), kept by the database alone: nothing that is written here stays.
    rank = models.PositiveSmallIntegerField(default=0, editable=False)
    turn = models.CharField(max_length=10, blank=True, default="", editable=False)
    hosting = models.CharField(max_length=12, blank=True, default="", editable=False)
    work = models.CharField(max_length=10, blank=True, default="", editable=False)
    unreviewed = models.BooleanField(default=False, editable=False)
    clock_at = models.DateTimeField(null=True, blank=True, editable=False)
    appeal_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["-created_at", "-id"]
        triggers = [of_a_standing_record(), places_of_a_referral(), words_of_a_sent_referral()]
        constraints = [
            days.possible("referral_days_possible", "needed_by"),
            days.not_after("referral_needed_soon", "needed_by", written="updated_at", days=days.PLANNED.days),
            models.UniqueConstraint(
                fields=["patient", "specialty", "diagnosis"],
                condition=Q(state__in=sorted(ACTIVE_STATES)),
                name=ONE_ACTIVE,
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ReferralState]), name="referral_state_known"
            ),
            models.CheckConstraint(
                condition=_MAY_BE_INCOMPLETE
                | _ERASED
                | Q(
                    number__isnull=False,
                    submitted_at__isnull=False,
                    host_facility__isnull=False,
                    host_country__isnull=False,
                    specialty__isnull=False,
                    diagnosis__isnull=False,
                    agreement__isnull=False,
                    agreement_version__isnull=False,
                ),
                name="filed_referral_is_complete",
            ),
            models.CheckConstraint(
                condition=_MAY_BE_INCOMPLETE
                | Q(consent__isnull=False)
                | (Q(priority=Priority.STAT) & ~Q(emergency_ground="")),
                name="filed_referral_has_consent_or_ground",
            ),
            models.CheckConstraint(
                condition=Q(host_country__isnull=True) | ~Q(host_country=F("directing_country")),
                name="referral_crosses_a_border",
            ),
            models.CheckConstraint(
                condition=_paired(
                    [
                        ReferralState.SENT,
                        ReferralState.ACCEPTED,
                        ReferralState.DECLINED,
                        ReferralState.SCHEDULED,
                        ReferralState.IN_CARE,
                        ReferralState.DISCHARGED,
                        ReferralState.CLOSED,
                    ],
                    "sent_at",
                ),
                name="referral_with_the_host_was_sent",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        ReferralState.REFUSED,
                        ReferralState.CLOSED,
                        ReferralState.WITHDRAWN,
                        ReferralState.CANCELLED,
                        ReferralState.DECEASED,
                        ReferralState.ENTERED_IN_ERROR,
                    ],
                    over_at__isnull=False,
                )
                | Q(
                    state__in=sorted({*ACTIVE_STATES, ReferralState.DRAFT}),
                    over_at__isnull=True,
                ),
                name="referral_over_has_its_date",
            ),
            models.CheckConstraint(
                condition=Q(estimate_amount__isnull=True, estimate_currency="")
                | (Q(estimate_amount__gt=0) & ~Q(estimate_currency="")),
                name="estimate_has_a_currency",
            ),
        ]
        indexes = [
            *ORDERS,
            GinIndex(fields=["bodies"], name="ref_bodies"),
            models.Index(fields=["updated_at", "id"], name="ref_updated"),
            models.Index(fields=["directing_country", "recheck_on"], name="ref_recheck", condition=_CHECKED),
            models.Index(fields=["host_facility", "id"], name="ref_checked_of_host", condition=_CHECKED),
        ]

    def __str__(self) -> str:
        return self.number or str(_("Draft"))

    @property
    def host_zone(self) -> ZoneInfo | None:
        """The place by whose clock the host hospital lives; None before a host is chosen."""
        if self.host_facility is None or self.host_country is None:
            return None
        return ZoneInfo(self.host_facility.organisation.time_zone or self.host_country.time_zone)

    @property
    def ministry_zone(self) -> ZoneInfo:
        """The place by whose days the directing ministry's limits end."""
        return ZoneInfo(self.directing_country.time_zone)

    @property
    def deciding_zone(self) -> ZoneInfo:
        """The place by whose days the limit of the decision ends: that of the body whose calendar its stage counts."""
        decision, host = getattr(self, "authorisation", None), self.host_country
        if decision is not None and host is not None and decision.clock_country == host.pk:
            return ZoneInfo(host.time_zone)
        return self.ministry_zone

    @property
    def is_emergency(self) -> bool:
        """The stat path: no prior authorisation."""
        return self.priority == Priority.STAT
