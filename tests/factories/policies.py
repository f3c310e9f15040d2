"""What may leave a country, in tests."""

from disclosure.models import TransferPolicy, TransferPurpose
from tests.factories.organisations import COUNTRIES, make_country


def make_policies() -> None:
    """The data law lets everything leave for each of the countries, for every purpose."""
    for one in COUNTRIES:
        for other in COUNTRIES:
            for purpose in TransferPurpose.values if one != other else ():
                TransferPolicy.objects.get_or_create(
                    code=f"{one}-{other}-{purpose}".lower().replace("_", "-"),
                    from_country=make_country(one),
                    to_country=make_country(other),
                    purpose=purpose,
                    defaults={"basis_in": {"en": "Test law"}, "source": "test", "verified": True},
                )
