from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import languages, zones
from core.names import NamesField
from facilities.models.codes import Specialty
from facilities.models.places import AdminUnit, Country
from facilities.models.reference import ReferenceRow


class Organisation(ReferenceRow):  # type: ignore[django-manager-missing]  # the OAuth toolkit is untyped
    """Whom people work for: a facility, a ministry, a fund that pays, or the portal's operator."""

    class Kind(models.TextChoices):
        FACILITY = "facility", _("Facility")
        MINISTRY = "ministry", _("Ministry")
        FUND = "fund", _("Fund")
        OPERATOR = "operator", _("Operator of the portal")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("country"),
        help_text=_("Empty only for the operator of the portal."),
    )
    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=250, help_text=_("As in its source, in its own language."))
    name_lang = models.CharField(_("language of the name"), max_length=5, blank=True)
    names = NamesField(_("names"), longest=250)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        blank=True,
        choices=zones.CHOICES,
        help_text=_("Empty: that of the country."),
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="operator") | Q(country__isnull=False), name="organisation_has_country"
            )
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def zone(self) -> str:
        """The time zone of the place, empty for the operator of the portal, who has none of his own."""
        return self.time_zone or (self.country.time_zone if self.country else "")

    @property
    def display_name(self) -> str:
        """The name in the active language where a translation exists, else the registered name."""
        return self.names.get(languages.active()) or self.name


class FacilityType(models.TextChoices):
    NATIONAL_CENTER = "national_center", _("National centre")
    REGIONAL_HOSPITAL = "regional_hospital", _("Regional hospital")
    CITY_HOSPITAL = "city_hospital", _("City hospital")
    DISTRICT_HOSPITAL = "district_hospital", _("District hospital")
    EMERGENCY_HOSPITAL = "emergency_hospital", _("Emergency hospital")
    SPECIALISED_CENTER = "specialised_center", _("Specialised centre")
    SPECIALISED_CLINIC = "specialised_clinic", _("Specialised clinic")
    POLYCLINIC = "polyclinic", _("Polyclinic")
    FAMILY_MEDICINE_CENTER = "family_medicine_center", _("Family medicine centre")
    BLOOD_CENTER = "blood_center", _("Blood centre")


class CareLevel(models.TextChoices):
    PRIMARY = "primary", _("Primary care")
    SECONDARY = "secondary", _("Secondary care")
    SECONDARY_TERTIARY = "secondary/tertiary", _("Secondary and tertiary care")
    TERTIARY = "tertiary", _("Tertiary care")
    SUPPORT = "support", _("Support service")


class Facility(ReferenceRow):
    """A facility of health care. Its key is its organisation's key.

    `lat`, `lon` (degrees, WGS 84) are the centre of the town or of the district, never the building:
    `coord_precision` says which, and every page that shows a distance says so too.
    """

    class Precision(models.TextChoices):
        SETTLEMENT = "settlement_centroid(GeoNames)", _("The position is the centre of the town.")
        ADMIN_UNIT = "admin_unit_point", _("The position is a point inside the district or region.")
        EXACT = "exact", _("The position is the building’s.")
        NONE = "", _("No source gives a position.")

    organisation = models.OneToOneField(
        Organisation,
        models.PROTECT,
        primary_key=True,
        related_name="facility",
        verbose_name=_("organisation"),
    )
    admin_unit = models.ForeignKey(
        AdminUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="facilities",
        verbose_name=_("district or region"),
    )
    facility_type = models.CharField(_("type"), max_length=30, choices=FacilityType.choices)
    care_level = models.CharField(_("level of care"), max_length=20, choices=CareLevel.choices)
    settlement = models.CharField(_("town or village"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True, help_text=_("Degrees, WGS 84."))
    lon = models.FloatField(_("longitude"), null=True, blank=True, help_text=_("Degrees, WGS 84."))
    coord_precision = models.CharField(
        _("what the position is"), max_length=40, blank=True, choices=Precision.choices
    )
    licence_valid_from = models.DateField(_("licence valid from"), null=True, blank=True)
    licence_valid_until = models.DateField(_("licence valid until"), null=True, blank=True)
    quality_flag = models.BooleanField(_("open concern about quality"), default=False)
    accepts_referrals = models.BooleanField(_("accepts referrals"), default=True)
    source = models.TextField(_("source of the row"), blank=True)
    licence = models.CharField(_("licence of the data"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    stated_services = models.CharField(_("services in the words of the source"), max_length=500, blank=True)
    possible_duplicate_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="possible_duplicates",
        verbose_name=_("possibly the same as"),
    )
    search = models.TextField(_("search text"), blank=True, editable=False)

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        ordering = ["organisation__code"]
        indexes = [GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="facility_search_trgm")]
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__isnull=False, lon__isnull=False, lat__range=(-90, 90), lon__range=(-180, 180)),
                name="facility_position_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(licence_valid_from__isnull=True)
                | Q(licence_valid_until__isnull=True)
                | Q(licence_valid_until__gte=models.F("licence_valid_from")),
                name="facility_licence_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The organisation's name in the active language, else as registered."""
        return self.organisation.display_name

    @property
    def country(self) -> Country:
        """The facility's country; facilities always have one (a constraint of the organisation)."""
        country = self.organisation.country
        assert country is not None, "organisation_has_country holds this"
        return country

    @property
    def country_code(self) -> str:
        return self.organisation.country_id or ""

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, or None where no source gives them."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)


class ServiceBasis(models.TextChoices):
    SOURCE = "source", _("Stated by a public source.")
    NAME = "name", _("Inferred from the facility’s name; not confirmed by the facility.")
    TYPE = "type", _("Inferred from the facility’s type; not confirmed by the facility.")
    PERSON = "person", _("Entered by a person.")


class FacilityService(ReferenceRow):
    """One specialty that a facility offers, with the ground for saying so."""

    facility = models.ForeignKey(
        Facility, models.PROTECT, related_name="services", verbose_name=_("facility")
    )
    specialty = models.ForeignKey(
        Specialty, models.PROTECT, related_name="services", verbose_name=_("specialty")
    )
    basis = models.CharField(
        _("basis"), max_length=10, choices=ServiceBasis.choices, default=ServiceBasis.PERSON
    )
    verified = models.BooleanField(
        _("confirmed by the facility"), default=False, help_text=_("Only the facility’s word sets this.")
    )
    licensed_from = models.DateField(_("licensed from"), null=True, blank=True)
    licensed_until = models.DateField(_("licensed until"), null=True, blank=True)
    wait_days = models.PositiveSmallIntegerField(_("published wait, days"), null=True, blank=True)
    active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["specialty__names__en", "id"]
        constraints = [
            models.UniqueConstraint(fields=["facility", "specialty"], name="service_once_for_facility"),
            models.CheckConstraint(
                condition=Q(licensed_from__isnull=True)
                | Q(licensed_until__isnull=True)
                | Q(licensed_until__gte=models.F("licensed_from")),
                name="service_licence_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.specialty} – {self.facility}"
