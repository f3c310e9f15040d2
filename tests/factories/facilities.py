"""A small real world: three countries, a few districts and facilities of the reference data, and the cast."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model

from core.actors import Actor
from core.permissions import Role
from disclosure.models import TransferPolicy
from facilities.memberships import actor_for_user
from facilities.models import (
    AdminUnit,
    BorderCrossing,
    Country,
    DistrictAdjacency,
    Facility,
    FacilityService,
    Icd10,
    Membership,
    Organisation,
    Specialty,
)
from tests.factories.organisations import (
    COUNTRIES,
    PASSWORD,
    make_country,
    make_facility,
    make_icd10,
    make_member,
    make_organisation,
    make_partner_client,
    make_specialty,
    make_unit,
    make_user,
)
from tests.factories.policies import make_policies

# The makers of single rows are had here too: a test that begins with the world often adds one.
__all__ = [
    "CARDIAC_SURGERY", "CARDIOLOGY", "OBSTETRICS", "ONCOLOGY", "PASSWORD", "World", "make_cast", "make_country",
    "make_facility", "make_icd10", "make_member", "make_organisation", "make_partner_client", "make_specialty",
    "make_unit", "make_user", "make_world", "make_world_with_cast",
]  # fmt: skip

CARDIOLOGY, CARDIAC_SURGERY, ONCOLOGY, OBSTETRICS = "394579002", "408466002", "394592004", "394585009"

_MINISTRIES = {
    "KZ": ("MOH-KZ", "Ministry of Health of the Republic of Kazakhstan"),
    "UZ": ("MOH-UZ", "Ministry of Health of the Republic of Uzbekistan"),
    "KG": ("MOH-KG", "Ministry of Health of the Kyrgyz Republic"),
}
_FUNDS = {
    "KZ": ("FSMS", "Social Health Insurance Fund (Kazakhstan)"),
    "UZ": ("SHIF", "State Health Insurance Fund (Uzbekistan)"),
    "KG": ("MHIF", "Mandatory Health Insurance Fund (Kyrgyzstan)"),
}


@dataclass
class World:
    """The small world: places and facilities by name, the cast in `users`, actors by `actor(name)`."""

    countries: dict[str, Country]
    units: dict[str, AdminUnit]
    specialties: dict[str, Specialty]
    korday: Facility
    taraz: Facility
    bishkek: Facility
    andijan: Facility
    ministries: dict[str, Organisation]
    funds: dict[str, Organisation]
    operator: Organisation
    akzhol: BorderCrossing
    karasuu: BorderCrossing
    icd10: dict[str, Icd10]
    users: dict[str, Any] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """The actor of one of the cast, e.g. `clinician_kz`, `officer_kg`, `host_desk_uz`."""
        actor = actor_for_user(self.users[name])
        assert actor is not None
        return actor

    def facility_of(self, country: str) -> Facility:
        """The facility of a country at which its clinician and its host desk work."""
        return {"KZ": self.korday, "KG": self.bishkek, "UZ": self.andijan}[country]


def _places() -> dict[str, AdminUnit]:
    zhambyl = make_unit(
        "KZ", "310000000", "Zhambyl region", ru="Жамбылская область", lat=44.16204, lon=72.54684
    )
    chui = make_unit("KG", "41708000000000", "Chüy", ru="Чуйская область", lat=42.55533, lon=74.62221)
    andijan = make_unit("UZ", "1703", "Andijan Region", ru="Андижанская область", lat=40.76, lon=72.2)
    return {
        "zhambyl": zhambyl,
        "korday": make_unit(
            "KZ",
            "314800000",
            "Kordayskiy",
            ru="Кордайский район",
            parent=zhambyl,
            lat=43.56753,
            lon=74.85955,
        ),
        "taraz": make_unit(
            "KZ", "311000000", "Taraz", ru="Тараз Г.А.", parent=zhambyl, lat=42.9, lon=71.36667
        ),
        "chui": chui,
        "ysyk_ata": make_unit(
            "KG",
            "41708206000000",
            "Ysyk-Ata",
            ru="Ысык-Атинский район",
            parent=chui,
            lat=42.71134,
            lon=74.95278,
        ),
        "bishkek": make_unit(
            "KG", "41711000000000", "Bishkek", ru="город Бишкек", kind="city", lat=42.87, lon=74.59
        ),
        "osh": make_unit("KG", "41706000000000", "Osh", ru="Ошская область", lat=40.2, lon=73.0),
        "andijan": andijan,
        "andijan_city": make_unit(
            "UZ",
            "1703401",
            "Andijan city",
            ru="город Андижан",
            parent=andijan,
            lat=40.78206,
            lon=72.34424,
        ),
    }


def _crossings(units: dict[str, AdminUnit]) -> tuple[BorderCrossing, BorderCrossing]:
    akzhol, _made = BorderCrossing.objects.get_or_create(
        country_a=make_country("KG"),
        country_b=make_country("KZ"),
        name_a="Ак-Жол — автодорожный",
        defaults={
            "name_b": "Кордай — автодорожный",
            "mode": "road",
            "admin_unit_b": units["korday"],
            "status": "operating (2023-05-06)",
            "operating": True,
            "as_of": "2023-05-06",
        },
    )
    karasuu, _made = BorderCrossing.objects.get_or_create(
        country_a=make_country("KG"),
        country_b=make_country("UZ"),
        name_a="Кара-Суу — автодорожный",
        defaults={
            "name_b": "Qorasuv (Karasu)",
            "mode": "road",
            "admin_unit_b": units["andijan"],
            "status": "reopened 2024-09-12 after 14 years",
            "operating": True,
            "as_of": "2024-09-12",
        },
    )
    DistrictAdjacency.objects.get_or_create(
        a=units["korday"],
        b=units["ysyk_ata"],
        defaults={"min_distance_km": 0.0, "contact_length_km": 58.1, "method": "test", "confidence": "high"},
    )
    return akzhol, karasuu


def _specialties() -> dict[str, Specialty]:
    return {
        "cardiology": make_specialty(CARDIOLOGY, "Cardiology", "Кардиология"),
        "cardiac_surgery": make_specialty(CARDIAC_SURGERY, "Cardiac surgery", "Кардиохирургия"),
        "oncology": make_specialty(ONCOLOGY, "Oncology", "Онкология"),
        "obstetrics": make_specialty(OBSTETRICS, "Obstetrics and gynaecology", "Акушерство и гинекология"),
    }


def _icd10() -> dict[str, Icd10]:
    rows = (
        ("I34.0", "Mitral (valve) insufficiency", "Митральная (клапанная) недостаточность"),
        (
            "C50.9",
            "Malignant neoplasm: Breast, unspecified",
            "Злокачественное новообразование молочной железы",
        ),
        ("A15.0", "Tuberculosis of lung", "Туберкулез легких"),
    )
    return {code: make_icd10(code, en, ru) for code, en, ru in rows}


def make_world() -> World:
    """The places, facilities, ministries and funds, without people."""
    units, specialties = _places(), _specialties()
    make_policies()
    akzhol, karasuu = _crossings(units)
    every = tuple(specialties.values())
    return World(
        countries={code: make_country(code) for code in COUNTRIES},
        units=units,
        specialties=specialties,
        korday=make_facility(
            "KZ",
            "Korday district hospital",
            unit=units["korday"],
            code="F0001",
            specialties=every,
            email="korday@example.org",
        ),
        taraz=make_facility(
            "KZ", "Taraz city hospital", unit=units["taraz"], code="F0010", specialties=every
        ),
        bishkek=make_facility(
            "KG",
            "National Hospital",
            unit=units["bishkek"],
            code="F0100",
            specialties=every,
            email="bishkek@example.org",
            facility_type="national_center",
            care_level="tertiary",
        ),
        andijan=make_facility(
            "UZ",
            "Andijan regional hospital",
            unit=units["andijan_city"],
            code="F0060",
            specialties=every,
            email="andijan@example.org",
            facility_type="regional_hospital",
            care_level="secondary/tertiary",
        ),
        ministries={
            c: make_organisation("ministry", c, code, name) for c, (code, name) in _MINISTRIES.items()
        },
        funds={c: make_organisation("fund", c, code, name) for c, (code, name) in _FUNDS.items()},
        operator=make_organisation("operator", None, "OPERATOR", "Operator of the portal"),
        akzhol=akzhol,
        karasuu=karasuu,
        icd10=_icd10(),
    )


def make_cast(world: World) -> dict[str, Any]:
    """One person for each role and country, an administrator, and an outsider of another KZ facility."""
    users: dict[str, Any] = {}
    for country in COUNTRIES:
        ministry, hospital = world.ministries[country], world.facility_of(country).organisation
        low = country.lower()
        for role, organisation in (
            (Role.CLINICIAN, hospital),
            (Role.HOST_DESK, hospital),
            (Role.OFFICER, ministry),
            (Role.COORDINATOR, ministry),
            (Role.AUDITOR, ministry),
        ):
            name = f"{role.value}_{low}"
            users[name] = make_member(name, organisation, role)
        users[f"officer2_{low}"] = make_member(f"officer2_{low}", ministry, Role.OFFICER)
    # A body of a chain of approval; each has people only where a chain needs them.
    users["approver_uz"] = make_member("approver_uz", world.funds["UZ"], Role.APPROVER)
    users["outsider"] = make_member("outsider", world.taraz.organisation, Role.CLINICIAN)
    users["administrator"] = make_member(
        "administrator", world.operator, Role.ADMINISTRATOR, is_staff=True, is_superuser=True
    )
    return users


#: In the order in which they point to each other.
_KINDS = (
    get_user_model(), Country, AdminUnit, DistrictAdjacency, BorderCrossing, Specialty, Icd10, Organisation,
    Facility, FacilityService, Membership, TransferPolicy,
)  # fmt: skip
_kept: tuple[World, list[list[Any]]] | None = None


def make_world_with_cast() -> World:
    """`make_world` and `make_cast` in one. In an empty database the rows are the process's first ones, in bulk."""
    global _kept
    empty = not any(kind._base_manager.exists() for kind in _KINDS)
    if empty and _kept is not None:
        world, rows = deepcopy(_kept)
        for kind, some in zip(_KINDS, rows, strict=True):
            kind._base_manager.bulk_create(some)
        return world
    world = make_world()
    world.users = make_cast(world)
    if empty:
        _kept = deepcopy((world, [list(kind._base_manager.all()) for kind in _KINDS]))
    return world
