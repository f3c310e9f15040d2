"""Who reads which agreement, and which one a referral rests on. Pages and the API get their querysets here alone."""

from datetime import date

from django.db.models import QuerySet

from agreements.models import Agreement
from core.prepared import Parameter, prepared


def visible_agreements() -> QuerySet[Agreement]:
    """All agreements: public law, so everybody who is signed in reads them."""
    return Agreement.objects.order_by("precedence", "code")


def choose(*, directing_country: str, host_country: str, emergency: bool, day: date) -> Agreement | None:
    """The agreement with the lowest precedence number that has both countries and covers the care on that day."""
    found = fitting(directing_country=directing_country, host_country=host_country, emergency=emergency)
    return next((agreement for agreement in found if agreement.in_force_on(day)), None)


def fitting(*, directing_country: str, host_country: str, emergency: bool) -> list[Agreement]:
    """The agreements that have both countries and cover the care, whenever; the first to be chosen first."""
    return prepared(_fitting, emergency).rows(directing=directing_country, host=host_country)


def _fitting(emergency: bool) -> QuerySet[Agreement]:
    found = Agreement.objects.filter(parties__contains=[Parameter("directing"), Parameter("host")])
    found = found.filter(covers_emergency=True) if emergency else found.filter(covers_planned=True)
    return found.defer("loaded_values", "says_in").order_by("precedence", "code")
