import uuid
from typing import Any, cast

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Regex
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import days, languages
from core.partial import PartialDate, Precision
from core.sealed.fields import BlindIndexField, EncryptedTextField
from patients import blind
from patients.models.words import words_of_a_renamed_patient

EARLIEST_BIRTH = days.EARLIEST


class Patient(models.Model):
    """One person who is, was or may be referred across a border.

    The name is kept as the identity document has it, in Cyrillic or Latin. `name_latin` is its
    computed Latin form for reading abroad, `name_key` the folded form that names are compared in, `search_key` the
    words by which it is looked up (`SearchWord`); they are written by `patients.actions` only, from `patients.names`.
    Citizenships are codes of any country (ISO 3166-1), the first as the first that was named.
    `residence_country` is such a code too, kept only where no district is: a district brings its own (`lives_in`).
    `birth_date` is the first of the days that `birth_precision` leaves open: of a year of birth, its 1 January. What it
    means says `born`; only that is compared and shown.
    `recorder` is the facility that registered the person: it alone changes this row. What the patient states at another
    facility that knows the record is a row of its own beside it (`ContactStatement`, and numbers, coverages, consents
    with another recorder).
    A day of death that somebody else recorded waits for `death_confirmer`: until then it sets nothing off.
    A patient taken in unconscious and without papers is `is_unknown` and needs neither name nor birth date.
    A record that was merged into another one of the same person keeps what it said; nothing hangs on it any more, and
    `merged_into` leads on. It may lead to one that was merged itself later, never in a circle.
    """

    class Sex(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        UNKNOWN = "unknown", pgettext_lazy("sex", "Not known")

    class Citizenship(models.TextChoices):
        """What is known of citizenship. Only `KNOWN` has countries, at least one."""

        KNOWN = "known", _("Citizen of a country, or of several")
        STATELESS = "stateless", _("Stateless: a citizen of no country")
        NOT_KNOWN = "not_known", pgettext_lazy("citizenship", "Not known")

    class BirthPrecision(models.TextChoices):
        DAY = "day", _("The whole date")
        MONTH = "month", _("The month and the year")
        YEAR = "year", _("The year alone")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    family_name = models.CharField(_("Family name"), max_length=100, blank=True)
    given_name = models.CharField(_("Given name"), max_length=100, blank=True)
    patronymic = models.CharField(_("Patronymic"), max_length=100, blank=True)
    name_latin = models.CharField(_("Name in Latin letters"), max_length=700, blank=True, editable=False)
    name_key = models.CharField(max_length=700, blank=True, editable=False)
    search_key = models.TextField(blank=True, default="", editable=False)
    birth_date = models.DateField(_("Date of birth"), null=True, blank=True)
    birth_precision = models.CharField(
        _("Known of the date of birth"), max_length=5, choices=BirthPrecision, default=BirthPrecision.DAY
    )
    birth_date_estimated = models.BooleanField(_("The date of birth is an estimate"), default=False)
    sex = models.CharField(_("Sex"), max_length=8, choices=Sex)
    citizenship_status = models.CharField(
        _("Citizenship"), max_length=10, choices=Citizenship, default=Citizenship.NOT_KNOWN
    )
    citizenships = ArrayField(
        models.CharField(max_length=2), verbose_name=_("Countries of citizenship"), default=list, blank=True
    )
    residence_district = models.ForeignKey(
        "facilities.AdminUnit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("District of residence"),
    )
    residence_country = models.CharField(_("Country of residence"), max_length=2, blank=True)
    address = EncryptedTextField(_("Address"), max_length=300, blank=True)
    phone = EncryptedTextField(_("Telephone"), max_length=20, blank=True)
    phone_index = BlindIndexField(of="phone", purpose=blind.PHONE)
    email = EncryptedTextField(_("E-mail"), max_length=254, blank=True)
    preferred_language = models.CharField(
        _("Preferred language"), max_length=2, choices=languages.own_names, default="ru"
    )
    is_unknown = models.BooleanField(_("Unknown patient"), default=False)
    description = models.CharField(_("Description"), max_length=500, blank=True)
    next_of_kin_name = EncryptedTextField(_("Next of kin: name"), max_length=200, blank=True)
    next_of_kin_phone = EncryptedTextField(_("Next of kin: telephone"), max_length=20, blank=True)
    next_of_kin_relation = models.CharField(_("Next of kin: relation"), max_length=100, blank=True)
    is_synthetic = models.BooleanField(_("Synthetic test record"), default=False)
    deceased_on = models.DateField(_("Date of death"), null=True, blank=True)
    death_confirmer = models.ForeignKey(
        "facilities.Facility",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Facility that has to confirm the death"),
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    # What the record said is gone, and nobody sees it any more (`ErasedRecord`).
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)
    recorder = models.ForeignKey(
        "facilities.Facility",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Facility that recorded it"),
    )
    #: Whether this is a reader's view of the record (`patients.known.as_known_to`), which must never be written.
    is_view = False
    #: The reader's facility's own number of the patient, where the query asked for it (`Registration.record_number`).
    record_number = ""

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        indexes = [
            GinIndex(fields=["name_key"], name="patient_name_key_trgm", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["birth_date"], name="patient_birth_date"),
            models.Index(fields=["phone_index"], name="patient_phone", condition=~Q(phone_index="")),
        ]
        triggers = [words_of_a_renamed_patient()]
        constraints = [
            days.possible("patient_days_possible", "birth_date", "deceased_on"),
            days.not_after("patient_born_by_now", "birth_date", written="updated_at"),
            days.not_after("patient_died_by_now", "deceased_on", written="updated_at"),
            models.CheckConstraint(
                name="patient_known_has_name",
                condition=Q(is_unknown=True) | ~Q(family_name="") | ~Q(given_name=""),
            ),
            models.CheckConstraint(
                name="patient_known_has_birth_date",
                condition=Q(is_unknown=True) | Q(birth_date__isnull=False),
            ),
            models.CheckConstraint(
                name="patient_estimate_has_birth_date",
                condition=Q(birth_date_estimated=False) | Q(birth_date__isnull=False),
            ),
            models.CheckConstraint(
                name="patient_birth_date_is_first_of_precision",
                condition=Q(birth_precision="day")
                | Q(birth_precision="month", birth_date__day=1)
                | Q(birth_precision="year", birth_date__day=1, birth_date__month=1),
            ),
            models.CheckConstraint(
                name="patient_birth_date_plausible",
                condition=Q(birth_date__isnull=True) | Q(birth_date__gte=EARLIEST_BIRTH),
            ),
            models.CheckConstraint(
                name="patient_death_not_before_birth",
                condition=Q(deceased_on__isnull=True)
                | Q(birth_date__isnull=True)
                | Q(birth_date_estimated=True)
                | Q(deceased_on__gte=F("birth_date")),
            ),
            models.CheckConstraint(
                name="patient_sex_known_code", condition=Q(sex__in=["female", "male", "unknown"])
            ),
            models.CheckConstraint(
                name="patient_citizenship_one_of_three",
                condition=Q(citizenship_status="known", citizenships__len__gte=1)
                | Q(citizenship_status__in=["stateless", "not_known"], citizenships__len=0),
            ),
            models.CheckConstraint(
                name="patient_citizenships_are_codes",
                condition=Regex(
                    Func(
                        F("citizenships"),
                        Value(","),
                        function="array_to_string",
                        output_field=models.TextField(),
                    ),
                    Value("^([A-Z]{2}(,[A-Z]{2})*)?$"),
                ),
            ),
            models.CheckConstraint(
                name="patient_residence_country_is_code",
                condition=Q(residence_country="")
                | Q(residence_country__regex="^[A-Z]{2}$", residence_district__isnull=True),
            ),
            models.CheckConstraint(name="patient_version_positive", condition=Q(version__gte=1)),
            models.CheckConstraint(
                name="patient_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
            ),
        ]

    def __str__(self) -> str:
        # Logs and error pages print objects: a patient's name must not reach them that way.
        return f"Patient {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        assert not self.is_view, "a reader's view of a record isn't the record"
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        """Family name, given name and patronymic as in the document; words for an unknown patient."""
        name = " ".join(part for part in (self.family_name, self.given_name, self.patronymic) if part)
        return name or str(_("Unknown patient"))

    @property
    def name_differs_in_latin(self) -> bool:
        """True when the Latin form adds something to the name as written."""
        return bool(self.name_latin) and self.name_latin.casefold() != self.full_name.casefold()

    @property
    def lives_in(self) -> str:
        """The code of the country where the patient lives; empty where nobody knows."""
        return self.residence_district.country_id if self.residence_district else self.residence_country

    @property
    def born(self) -> PartialDate | None:
        """What is known of the date of birth; None where nothing is."""
        if self.birth_date is None:
            return None
        return PartialDate(self.birth_date, cast(Precision, str(self.birth_precision)))

    @property
    def proven_birth(self) -> PartialDate | None:
        """The date of birth unless it is an estimate: with an estimate nothing can disagree."""
        return None if self.birth_date_estimated else self.born


def may_be_born(born: PartialDate, prefix: str = "") -> Q:
    """The patients who may be born then: on that day, in that month or year, as far as their record says.

    `prefix` leads to the patient from the rows that are asked for (`patient__`).
    """
    day, precision, first = f"{prefix}birth_date", f"{prefix}birth_precision", born.first
    return (
        Q(**{f"{day}__range": (first, born.last)})
        | Q(**{precision: "month", day: first.replace(day=1)})
        | Q(**{precision: "year", day: first.replace(month=1, day=1)})
    )
