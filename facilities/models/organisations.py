from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import days, languages, zones
from core.names import NamesField
from facilities.models.kinds import HOST_ROLES, CareLevel, FacilityRole, FacilityType, ListingStatus
from facilities.models.places import NOT_ON_EARTH, AdminUnit, Country
from facilities.models.reference import ReferenceRow


class Organisation(ReferenceRow):  # type: ignore[django-manager-missing]  # the OAuth toolkit is untyped
    """Whom people work for: a facility, a ministry, a fund that pays, a commission, or the portal's operator."""

    class Kind(models.TextChoices):
        FACILITY = "facility", _("Facility")
        MINISTRY = "ministry", _("Ministry")
        FUND = "fund", _("Fund")
        COMMISSION = "commission", _("Commission or specialist who approves")
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
    second_factor = models.BooleanField(
        _("asks its people for a second factor"),
        default=False,
        help_text=_("Officers, auditors and administrators need one anyway."),
    )
    # What tells a facility from its namesakes: its place, its street, its code; empty where the name does.
    told_apart_by = models.CharField(max_length=250, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="operator") | Q(country__isnull=False),
                name="organisation_has_country",
                violation_error_message=_("Choose the country: only the portal’s operator has none."),
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
        """The name in the active language where a translation exists, else the registered name.

        Facilities of one name carry what tells them apart: no two of the directory's labels are the same.
        """
        return self.label(self.own_name)

    @property
    def own_name(self) -> str:
        """`display_name` without what tells it from its namesakes."""
        return self.names.get(languages.active()) or self.name

    def label(self, name: str) -> str:
        """A name of the organisation with what tells it apart."""
        return labelled(name, self.told_apart_by)


def labelled(name: str, told_apart_by: str) -> str:
    """A name with what tells it from its namesakes in brackets, or alone."""
    return f"{name} ({told_apart_by})" if told_apart_by else name


class FacilityQuerySet(models.QuerySet["Facility"]):
    """Facilities, with the one condition for being offered as a host."""

    def hosting(self) -> "FacilityQuerySet":
        """Those that a referral may be sent to (`Facility.may_host` asks the same of one row)."""
        return self.filter(may_host_condition())


def may_host_condition(prefix: str = "") -> Q:
    """Active, open for referrals, a host by its role, neither being built nor gone from the lists."""
    wanted = {
        "organisation__active": True,
        "accepts_referrals": True,
        "role__in": HOST_ROLES,
        "retired_on": None,
    }
    built = Q(**{f"{prefix}status": ListingStatus.UNDER_CONSTRUCTION})
    support = Q(**{f"{prefix}care_level": CareLevel.SUPPORT})
    return Q(**{f"{prefix}{name}": value for name, value in wanted.items()}) & ~built & ~support


class Facility(ReferenceRow):
    """A facility of health care. Its key is its organisation's key.

    `lat`, `lon` (degrees, WGS 84) are the centre of the town or of the district, never the building:
    `coord_precision` says which, and every page that shows a distance says so too.
    """

    class Precision(models.TextChoices):
        SETTLEMENT = "settlement_centroid(GeoNames)", _("The position is the centre of the town.")
        ADMIN_UNIT = "admin_unit_point", _("The position is a point inside the district or region.")
        FUND_BUILDING = (
            "facility_point(MHIF 2024)",
            _("The position is the facility’s in a fund’s list of 2024."),
        )
        FUND_VILLAGE = (
            "settlement_point(MHIF 2024)",
            _("The position is the village’s in a fund’s list of 2024."),
        )
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
    role = models.CharField(
        _("part in referrals"), max_length=10, choices=FacilityRole.choices, default=FacilityRole.BOTH
    )
    status = models.CharField(
        _("state of the listing"),
        max_length=20,
        choices=ListingStatus.choices,
        default=ListingStatus.LISTED,
    )
    retired_on = models.DateField(
        _("gone from the lists since"),
        null=True,
        blank=True,
        help_text=_("The facility stays on its referrals and is offered no more."),
    )
    national_code = models.CharField(_("code in its country’s register"), max_length=20, blank=True)
    short_name = models.CharField(_("short name"), max_length=100, blank=True)
    name_original = models.CharField(
        _("name as the source spells it"),
        max_length=250,
        blank=True,
        help_text=_("Empty where it is the same."),
    )
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("belongs to"),
    )
    capabilities = models.CharField(_("equipment in the words of the source"), max_length=100, blank=True)
    capability_note = models.CharField(_("how firm the word on equipment is"), max_length=250, blank=True)
    settlement = models.CharField(_("town or village"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True, help_text=_("Degrees, WGS 84."))
    lon = models.FloatField(_("longitude"), null=True, blank=True, help_text=_("Degrees, WGS 84."))
    coord_precision = models.CharField(
        _("what the position is"), max_length=40, blank=True, choices=Precision.choices
    )
    licence_number = models.CharField(_("number of the licence"), max_length=60, blank=True)
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
    # What somebody confirmed, by field as `facilities.confirming` names them: it counts while the value stays.
    confirmed = models.JSONField(_("confirmed values"), default=dict, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("last confirmed at"), null=True, blank=True, editable=False)

    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        ordering = ["organisation__code"]
        indexes = [GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="facility_search_trgm")]
        constraints = [
            days.possible(
                "facility_days_possible", "licence_valid_from", "licence_valid_until", "retired_on"
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__isnull=False, lon__isnull=False, lat__range=(-90, 90), lon__range=(-180, 180)),
                name="facility_position_on_earth",
                violation_error_message=NOT_ON_EARTH,
            ),
            days.in_order("facility_licence_dates_in_order", "licence_valid_from", "licence_valid_until"),
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
    def may_host(self) -> bool:
        """Whether a referral may be sent here (`may_host_condition` for one row)."""
        return (
            self.organisation.active
            and self.accepts_referrals
            and self.role in HOST_ROLES
            and self.retired_on is None
            and self.status != ListingStatus.UNDER_CONSTRUCTION
            and self.care_level != CareLevel.SUPPORT
        )

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, or None where no source gives them."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)
