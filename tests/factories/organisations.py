"""Single rows of reference data and people: countries, districts, organisations, facilities, accounts."""

from itertools import count
from typing import Any

from django.contrib.auth import get_user_model

from core.permissions import Role
from facilities.lookups.facility_text import facility_search_text
from facilities.models import (
    AdminUnit,
    Country,
    Facility,
    FacilityService,
    Icd10,
    Membership,
    Organisation,
    PartnerClient,
    ServiceBasis,
    Specialty,
)

PASSWORD = "a long test password 2026"
_numbers = count(1)
COUNTRIES = {
    "KZ": ("Kazakhstan", "Казахстан", "Қазақстан", "Qozogʻiston", "Казакстан", "KZT", "Asia/Almaty", "+7"),
    "UZ": (
        "Uzbekistan",
        "Узбекистан",
        "Өзбекстан",
        "Oʻzbekiston",
        "Өзбекстан",
        "UZS",
        "Asia/Tashkent",
        "+998",
    ),
    "KG": (
        "Kyrgyzstan",
        "Кыргызстан",
        "Қырғызстан",
        "Qirgʻiziston",
        "Кыргызстан",
        "KGS",
        "Asia/Bishkek",
        "+996",
    ),
}


def make_country(code: str) -> Country:
    en, ru, kk, uz, ky, currency, zone, prefix = COUNTRIES[code]
    country, _made = Country.objects.get_or_create(
        code=code,
        defaults={
            "names": {"en": en, "ru": ru, "kk": kk, "uz": uz, "ky": ky},
            "currency": currency,
            "time_zone": zone,
            "phone_prefix": prefix,
        },
    )
    return country


def make_unit(
    country: str, code: str, name: str, *, ru: str = "", parent: AdminUnit | None = None, **values: Any
) -> AdminUnit:
    """A region, or a district when `parent` is given; its English and its Russian name."""
    defaults: dict[str, Any] = {
        "level": 2 if parent else 1,
        "parent": parent,
        "kind": "district" if parent else "region",
        "names": {language: text for language, text in (("en", name), ("ru", ru)) if text},
    }
    unit, _made = AdminUnit.objects.get_or_create(
        country=make_country(country), code=code, defaults={**defaults, **values}
    )
    return unit


def make_specialty(code: str, en: str, ru: str = "") -> Specialty:
    names = {"en": en, "ru": ru} if ru else {"en": en}
    specialty, _made = Specialty.objects.get_or_create(code=code, defaults={"names": names, "display": en})
    return specialty


def make_organisation(kind: str, country: str | None, code: str, name: str, **values: Any) -> Organisation:
    organisation, _made = Organisation.objects.get_or_create(
        code=code,
        defaults={
            "kind": kind,
            "country": make_country(country) if country else None,
            "name": name,
            "name_lang": "en",
            **values,
        },
    )
    return organisation


def make_facility(
    country: str,
    name: str,
    *,
    unit: AdminUnit | None = None,
    code: str = "",
    specialties: tuple[Specialty, ...] = (),
    email: str = "",
    **values: Any,
) -> Facility:
    """A facility with its organisation and unverified services (basis name)."""
    organisation = make_organisation("facility", country, code or f"T{next(_numbers):04}", name, email=email)
    defaults: dict[str, Any] = {
        "admin_unit": unit,
        "facility_type": "district_hospital",
        "care_level": "secondary",
        "coord_precision": "admin_unit_point" if unit and unit.lat is not None else "",
        "lat": unit.lat if unit else None,
        "lon": unit.lon if unit else None,
    }
    row = Facility(organisation=organisation, **{**defaults, **values})
    text = facility_search_text(row, organisation, row.admin_unit)
    facility, _made = Facility.objects.get_or_create(
        organisation=organisation, defaults={"search": text, **defaults, **values}
    )
    for specialty in specialties:
        FacilityService.objects.get_or_create(
            facility=facility, specialty=specialty, defaults={"basis": ServiceBasis.NAME}
        )
    return facility


def make_user(username: str = "", *, language: str = "en", **values: Any) -> Any:
    username = username or f"person{next(_numbers)}"
    fields = {
        "full_name": f"Test {username}",
        "email": f"{username}@example.org",
        "preferred_language": language,
        **values,
    }
    return get_user_model().objects.create_user(username=username, password=PASSWORD, **fields)


def make_member(username: str, organisation: Organisation, role: Role, **values: Any) -> Any:
    """A new person with one role in one organisation."""
    user = make_user(username, **values)
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def make_partner_client(
    organisation: Organisation, *, secret: str, scopes: list[str], **values: Any
) -> PartnerClient:
    """A confidential client-credentials client whose secret the caller knows."""
    return PartnerClient.objects.create(
        organisation=organisation,
        name=values.pop("name", f"System of {organisation.code}"),
        client_type=PartnerClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=PartnerClient.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
        scopes=scopes,
        **values,
    )


def make_icd10(code: str, en: str, ru: str, *, level: str = "subcategory") -> Icd10:
    row, _made = Icd10.objects.get_or_create(
        code=code, defaults={"level": level, "titles": {"en": en, "ru": ru}}
    )
    return row
