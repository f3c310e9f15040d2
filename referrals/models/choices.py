"""What a referral's priority, form of care, payer and state may be."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from referrals.states import ReferralState


class Priority(models.TextChoices):
    """FHIR request priority; `stat` is the emergency path."""

    ROUTINE = "routine", pgettext_lazy("priority", "Routine")
    URGENT = "urgent", pgettext_lazy("priority", "Urgent")
    ASAP = "asap", pgettext_lazy("priority", "As soon as possible")
    STAT = "stat", pgettext_lazy("priority", "Emergency")


class CareMode(models.TextChoices):
    """Which form of care is asked for."""

    CONSULTATION = "consultation", _("Consultation")
    OUTPATIENT = "outpatient", _("Outpatient care")
    DAY_CASE = "day_case", _("Day case")
    INPATIENT = "inpatient", _("Inpatient care")


class Payer(models.TextChoices):
    """Who pays for planned care (1997 Protocol: the directing country, the patient or another payer)."""

    FUND = "fund", _("The competent fund at home")
    MINISTRY = "ministry", _("The directing ministry")
    PATIENT = "patient", _("The patient")
    OTHER = "other", pgettext_lazy("payer", "Another payer")


STATE_CHOICES = [
    (ReferralState.DRAFT, pgettext_lazy("referral state", "Draft")),
    (ReferralState.SUBMITTED, pgettext_lazy("referral state", "Submitted")),
    (ReferralState.SCREENING, pgettext_lazy("referral state", "Being checked")),
    (ReferralState.IN_REVIEW, pgettext_lazy("referral state", "Under review")),
    (ReferralState.INFO_REQUESTED, pgettext_lazy("referral state", "Information requested")),
    (ReferralState.SENT, pgettext_lazy("referral state", "Sent to the host")),
    (ReferralState.REFUSED, pgettext_lazy("referral state", "Refused")),
    (ReferralState.ACCEPTED, pgettext_lazy("referral state", "Accepted")),
    (ReferralState.DECLINED, pgettext_lazy("referral state", "Declined by the host")),
    (ReferralState.SCHEDULED, pgettext_lazy("referral state", "Scheduled")),
    (ReferralState.IN_CARE, pgettext_lazy("referral state", "In care")),
    (ReferralState.DISCHARGED, pgettext_lazy("referral state", "Discharged")),
    (ReferralState.CLOSED, pgettext_lazy("referral state", "Closed")),
    (ReferralState.WITHDRAWN, pgettext_lazy("referral state", "Withdrawn")),
    (ReferralState.CANCELLED, pgettext_lazy("referral state", "Cancelled")),
    (ReferralState.DECEASED, pgettext_lazy("referral state", "Patient deceased")),
    (ReferralState.ENTERED_IN_ERROR, pgettext_lazy("referral state", "Entered in error")),
]
