from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import languages
from core.names import NamesField, in_active_language
from facilities.models.reference import ReferenceRow
from facilities.othernames import other_names

NOT_ON_EARTH = _("Give both: a latitude from −90 to 90 and a longitude from −180 to 180, or neither.")


class Country(ReferenceRow):
    """One of the three countries that the portal connects."""

    code = models.CharField(_("code"), max_length=2, primary_key=True)
    names = NamesField(_("names"), needed=languages.CODES, longest=100)
    currency = models.CharField(_("currency"), max_length=3, help_text=_("ISO 4217 code."))
    time_zone = models.CharField(_("time zone"), max_length=40)
    phone_prefix = models.CharField(_("telephone prefix"), max_length=5)
    # Days that aren't what their day of the week says, {"off": […], "worked": […]}, and of which "years" any
    # are known: drawn from the calendar's rows, so that whoever reads a country along can count its working days.
    working_calendar = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The country's name in the active language."""
        return in_active_language(self.names)


class AdminUnit(ReferenceRow):
    """A region (level 1) or a district (level 2) under the code of its own country's classifier."""

    class Level(models.IntegerChoices):
        REGION = 1, _("Region")
        DISTRICT = 2, _("District")

    class Kind(models.TextChoices):
        REGION = "region", _("Region")
        REPUBLIC = "republic", _("Republic")
        CITY = "city", _("City")
        DISTRICT = "district", _("District")
        CITY_DISTRICT = "city_district", _("District of a city")
        CITY_ADMINISTRATION = "city_administration", _("City with its surroundings")

    country = models.ForeignKey(
        Country, models.PROTECT, related_name="admin_units", verbose_name=_("country")
    )
    code = models.CharField(_("code"), max_length=20)
    code_system = models.CharField(_("classifier"), max_length=40, blank=True)
    iso_code = models.CharField(_("ISO 3166-2 code"), max_length=10, blank=True)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("region")
    )
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    names = NamesField(_("names"), longest=120)
    name_latin = models.CharField(
        _("name in Latin letters"), max_length=120, blank=True, help_text=_("Transliterated by a program.")
    )
    lat = models.FloatField(_("latitude"), null=True, blank=True, help_text=_("Degrees, WGS 84."))
    lon = models.FloatField(_("longitude"), null=True, blank=True, help_text=_("Degrees, WGS 84."))
    source = models.CharField(_("source of the position"), max_length=200, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(_("year of the population"), null=True, blank=True)
    population_source = models.CharField(_("source of the population"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("region or district")
        verbose_name_plural = _("regions and districts")
        ordering = ["country_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["country", "code"], name="admin_unit_code_unique"),
            models.CheckConstraint(
                condition=Q(level=1, parent__isnull=True) | Q(level=2, parent__isnull=False),
                name="admin_unit_district_has_region",
                violation_error_message=_("A district needs its region; a region has none."),
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__isnull=False, lon__isnull=False, lat__range=(-90, 90), lon__range=(-180, 180)),
                name="admin_unit_position_on_earth",
                violation_error_message=NOT_ON_EARTH,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The unit's name in the active language, else in the nearest one that its readers know.

        Readers of Cyrillic get the Russian name, readers of Latin letters the transliteration.
        """
        language = languages.active()
        own, ru, en = self.names.get(language), self.names.get("ru"), self.names.get("en")
        if languages.reads_latin(language):
            return own or self.name_latin or en or ru or self.code
        return own or ru or en or self.name_latin or self.code

    @property
    def every_name(self) -> list[str]:
        """All its names, in every language and transliterated, and those that people use besides, for search."""
        others = other_names(self.country_id, self.code)
        return [name for name in (*self.names.values(), self.name_latin, *others) if name]

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees: its own, else its region's, else None."""
        if self.lat is not None and self.lon is not None:
            return self.lat, self.lon
        return self.parent.point if self.parent_id and self.parent else None

    @property
    def borders(self) -> set[str]:
        """Codes of the other countries that the district touches (two queries, or a prefetch)."""
        pairs = [*self.adjacent_as_a.select_related("b"), *self.adjacent_as_b.select_related("a")]
        units = [pair.b if pair.a_id == self.pk else pair.a for pair in pairs]
        return {unit.country_id for unit in units}


class DistrictAdjacency(ReferenceRow):
    """Two districts of different countries that touch, as computed from their outlines."""

    a = models.ForeignKey(
        AdminUnit,
        models.PROTECT,
        related_name="adjacent_as_a",
        verbose_name=_("district of the first country"),
    )
    b = models.ForeignKey(
        AdminUnit,
        models.PROTECT,
        related_name="adjacent_as_b",
        verbose_name=_("district of the second country"),
    )
    min_distance_km = models.FloatField(_("smallest distance, km"), null=True, blank=True)
    contact_length_km = models.FloatField(_("length of the common border, km"), null=True, blank=True)
    method = models.CharField(_("method"), max_length=80)
    confidence = models.CharField(_("confidence"), max_length=80)

    class Meta:
        verbose_name = _("pair of districts across a border")
        verbose_name_plural = _("pairs of districts across a border")
        ordering = ["a_id", "b_id"]
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="adjacency_pair_unique"),
            models.CheckConstraint(
                condition=~Q(a=F("b")),
                name="adjacency_two_districts",
                violation_error_message=_("Choose two different districts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.a} – {self.b}"


class BorderCrossing(ReferenceRow):
    """A border crossing point. No source gives a position, so none is stored.

    `operating` is computed from the words of the source (True, False, or None when they leave it open);
    a person may set it, and then it says what the person set.
    """

    class Mode(models.TextChoices):
        ROAD = "road", _("Road")
        RAIL = "rail", _("Railway")
        PEDESTRIAN = "pedestrian", _("On foot")

    country_a = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("first country"))
    country_b = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("second country"))
    name_a = models.CharField(_("name on the first side"), max_length=120)
    name_b = models.CharField(_("name on the second side"), max_length=120, blank=True)
    mode = models.CharField(_("mode"), max_length=12, choices=Mode.choices)
    admin_unit_a = models.ForeignKey(
        AdminUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="crossings_as_a",
        verbose_name=_("district or region on the first side"),
    )
    admin_unit_b = models.ForeignKey(
        AdminUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="crossings_as_b",
        verbose_name=_("district or region on the second side"),
    )
    status = models.CharField(_("status in the words of the source"), max_length=200, blank=True)
    operating = models.BooleanField(
        _("operating"), null=True, blank=True, help_text=_("Computed from the words of the source.")
    )
    persons = models.CharField(_("persons"), max_length=120, blank=True)
    cargo = models.CharField(_("cargo"), max_length=120, blank=True)
    as_of = models.CharField(_("as of"), max_length=80, blank=True)
    sources = models.TextField(_("sources"), blank=True)
    note = models.CharField(_("note"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("border crossing")
        verbose_name_plural = _("border crossings")
        ordering = ["country_a_id", "country_b_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["country_a", "country_b", "name_a"], name="crossing_name_unique"),
            models.CheckConstraint(
                condition=~Q(country_a=F("country_b")),
                name="crossing_two_countries",
                violation_error_message=_("Choose two different countries."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Both sides' names, or the one that is known."""
        return f"{self.name_a} / {self.name_b}" if self.name_b else self.name_a

    @property
    def operating_is_computed(self) -> bool:
        """Whether `operating` still is what was computed from the source's words."""
        return self.loaded_values.get("operating", self.operating) == self.operating
