from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import days
from core.errors import Text
from patients.identifiers import ALL, COUNTRY_OF, TEMPORARY
from patients.models.patient import Patient


def systems() -> list[tuple[str, Text]]:
    """The kinds of number, as choices. A function, so that their words are no matter of the table."""
    return [(system.code, _(system.label)) for system in ALL]


def _form() -> Q:
    """What the database holds every number to: a kind that is known, its pattern, the country that issues it."""
    form = Q()
    for system in ALL:
        issued = {"country": system.country} if system.country else {}
        form |= Q(system=system.code, value__regex=system.pattern, **issued)
    return form


class Identifier(models.Model):
    """A number by which some authority knows the patient.

    `country` is the code of any country (ISO 3166-1): documents come from all over the world. `expires_on` is the last
    day on which a document is valid, where it says one; a national number has none.
    `value` is normalised by `patients.identifiers.check`; `warnings` holds the codes of the soft
    findings at the time of entry. Look-ups go through `patients.lookup.find_owners`, nowhere else,
    so that the stored form can change (encrypted, with a blind index) in one place.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="identifiers")
    system = models.CharField(_("Kind of number"), max_length=20, choices=systems)
    country = models.CharField(_("Issued by"), max_length=2)
    value = models.CharField(_("Number"), max_length=40)
    expires_on = models.DateField(_("Valid until"), null=True, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        ordering = ["id"]
        constraints = [
            days.possible("identifier_days_possible", "expires_on"),
            models.UniqueConstraint(fields=["system", "country", "value"], name="identifier_unique"),
            # Nobody holds two national numbers of one country: a second one is a mix-up of two persons.
            models.UniqueConstraint(
                fields=["patient", "system"],
                name="identifier_one_national_number",
                condition=Q(system__in=list(COUNTRY_OF)),
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


class Registration(models.Model):
    """A facility knows this patient: what makes the patient visible to its staff."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="registrations")
    facility = models.ForeignKey("facilities.Facility", on_delete=models.PROTECT, related_name="+")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    registered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["registered_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "facility"], name="registration_unique"),
        ]
        indexes = [models.Index(fields=["facility", "-registered_at"], name="registration_of_facility")]

    def __str__(self) -> str:
        return f"Registration {self.pk}"
