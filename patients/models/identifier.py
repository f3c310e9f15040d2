import re
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import days
from core.errors import Text
from core.sealed.fields import BlindIndexField, EncryptedTextField
from patients import blind
from patients.identifiers import ALL, COUNTRY_OF, TEMPORARY
from patients.models.patient import Patient
from patients.models.standing import of_a_standing_record
from patients.models.words import words_of_a_registration


def systems() -> list[tuple[str, Text]]:
    """The kinds of number, as choices. A function, so that their words are no matter of the table."""
    return [(system.code, _(system.label)) for system in ALL]


def _form() -> Q:
    """What the database holds every number to: a kind that is known, the country that issues it.

    The number's own form it can't see: `Identifier.save` looks.
    """
    form = Q()
    for system in ALL:
        form |= Q(system=system.code, **({"country": system.country} if system.country else {}))
    return form & ~Q(value_index="")


class Identifier(models.Model):
    """A number by which some authority knows the patient.

    `country` is the code of any country (ISO 3166-1): documents come from all over the world. `expires_on` is the last
    day on which a document is valid, where it says one; a national number has none.
    `value` is normalised by `patients.identifiers.check`; `warnings` holds the codes of the soft findings at the time
    of entry. `recorder` is the facility that recorded it, the only one that removes it. The value lies encrypted and is
    found by its `value_index` (`patients.blind`).
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="identifiers")
    system = models.CharField(_("Kind of number"), max_length=20, choices=systems)
    country = models.CharField(_("Issued by"), max_length=2)
    value = EncryptedTextField(_("Number"), max_length=40)
    value_index = BlindIndexField(of="value", purpose=blind.NUMBER, beside=("system",))
    expires_on = models.DateField(_("Valid until"), null=True, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    recorder = models.ForeignKey(
        "facilities.Facility",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Facility that recorded it"),
    )

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        ordering = ["id"]
        triggers = [of_a_standing_record()]
        constraints = [
            days.possible("identifier_days_possible", "expires_on"),
            # At each facility. Another one's record may have the same number: a refusal would tell that it is known.
            models.UniqueConstraint(
                fields=["value_index", "system", "country", "recorder"],
                name="identifier_unique",
                nulls_distinct=False,
            ),
            # Nobody holds two national numbers of one country: a second one is a mix-up of two persons.
            models.UniqueConstraint(
                fields=["patient", "system", "recorder"],
                name="identifier_one_national_number",
                condition=Q(system__in=list(COUNTRY_OF)),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="identifier_form", condition=_form()),
            models.CheckConstraint(
                name="identifier_country_is_code", condition=Q(country__regex="^[A-Z]{2}$")
            ),
            models.CheckConstraint(
                name="identifier_document_may_expire",
                condition=Q(expires_on__isnull=True) | ~Q(system__in=[*COUNTRY_OF, TEMPORARY]),
            ),
        ]

    def __str__(self) -> str:
        return f"Identifier {self.pk} ({self.system})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        pattern = next((system.pattern for system in ALL if system.code == self.system), "")
        assert re.search(pattern, self.value), f"no number of {self.system}: actions check it first"
        super().save(*args, **kwargs)


class Registration(models.Model):
    """A facility knows this patient: what makes the patient visible to its staff.

    `ground` says by what right: the facility registered the person itself, or it asked for a record that is known
    elsewhere, with the patient's consent given there or in an emergency. `covers` is what the consent lets it read
    besides the identity: kinds of `Part`. `how` and `given_by` are those of the consent, `reason` the emergency's.
    With `withdrawn_at` the consent is over and covers nothing more; who the patient is, the facility knows from the
    patient.
    """

    class Ground(models.TextChoices):
        REGISTERED = "registered", pgettext_lazy("ground", "Registered here")
        CONSENT = "consent", pgettext_lazy("ground", "The patient is here and consents")
        EMERGENCY = "emergency", pgettext_lazy("ground", "Emergency: the patient is here and can’t consent")

    class Part(models.TextChoices):
        """What another facility recorded, besides who the person is."""

        CONTACT = "contact", _("Telephone, e-mail, address and next of kin")
        COVERAGE = "coverage", pgettext_lazy("part of a record", "Coverage")
        NUMBERS = "numbers", pgettext_lazy("part of a record", "Other numbers")
        CONSENTS = "consents", pgettext_lazy("part of a record", "Consents")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="registrations")
    facility = models.ForeignKey("facilities.Facility", on_delete=models.PROTECT, related_name="+")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    registered_at = models.DateTimeField(auto_now_add=True)
    ground = models.CharField(_("By what right"), max_length=10, choices=Ground, default=Ground.REGISTERED)
    covers = ArrayField(
        models.CharField(max_length=10, choices=Part),
        verbose_name=_("The consent covers"),
        default=list,
        blank=True,
    )
    how = models.CharField(_("How the consent was given"), max_length=20, blank=True)
    given_by = models.CharField(_("Given by"), max_length=200, blank=True)
    reason = models.CharField(_("Why it is an emergency"), max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by_label = models.CharField(_("withdrawn by"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["registered_at", "id"]
        triggers = [of_a_standing_record(), words_of_a_registration()]
        constraints = [
            models.UniqueConstraint(fields=["patient", "facility"], name="registration_unique"),
            models.CheckConstraint(
                name="registration_has_its_ground",
                condition=Q(ground="registered", covers__len=0, how="", given_by="", reason="")
                | (Q(ground="consent", reason="") & ~Q(how=""))
                | (Q(ground="emergency", covers__len=0, how="", given_by="") & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="registration_withdrawal_paired",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by_label="")
                | (Q(withdrawn_at__isnull=False, ground="consent") & ~Q(withdrawn_by_label="")),
            ),
        ]
        indexes = [models.Index(fields=["facility", "-registered_at"], name="registration_of_facility")]

    def __str__(self) -> str:
        return f"Registration {self.pk}"
