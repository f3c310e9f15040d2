"""By what numbers and telephones that lie encrypted are found: the one place, for tables and for searches alike."""

from django.db.models import Q

from core.sealed.blind import blind_indexes

NUMBER, PHONE = "patients.number", "patients.phone"
"""The purposes of the blind indexes: values of one purpose are compared with each other, whatever their table."""


def with_number(system: str, value: str) -> Q:
    """The identifiers of a kind with this value, which must be normalised (`patients.identifiers.check`)."""
    return Q(system=system, value_index__in=number_indexes(system, value))


def number_indexes(system: str, value: str) -> list[str]:
    """What may stand in `Identifier.value_index` for this number."""
    return blind_indexes(NUMBER, system, value)


def phone_indexes(number: str) -> list[str]:
    """What may stand in `phone_index` for this telephone number, in E.164 form (`core.phones.clean_phone`)."""
    return blind_indexes(PHONE, number) if number else []
