"""Chains of approval as data: who decides one after another, by whose clock, and what follows from silence.

A version of an agreement keeps its chains as plain values; here they are read, looked through for mistakes, and chosen
by payer and direction. No chain is a special case: one ministry, both ministries, four bodies of one country, or two
authorities with a split quota differ in nothing but these values.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from agreements.clocks import Limit

#: The priorities that are decided before the care; an emergency is not.
PRIORITIES = ("asap", "urgent", "routine")
SIDES = ("directing", "host")
BODIES = ("ministry", "fund", "commission")
PAYERS = ("fund", "ministry", "patient", "other")
CURRENCIES = ("KZT", "UZS", "KGS")
MOST_STAGES, MOST_CHAINS = 10, 20
MOST_HOURS, MOST_DAYS, MOST_QUOTA = 24 * 365, 250, 100_000
MOST_AMOUNT = 10**12


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a chain: the body that decides, its clock, and when a second person signs.

    `organisation` is a body's code; without one any body of that kind in the country of its `side` decides, which is
    for ministries alone. `limits` are by priority. `calendar` says whose working days count. `stops`: whether the clock
    stands still while information is asked for. `sign_above` is an amount with its currency; `signed_by` the place in
    the chain of the body whose person signs, None for the same body. `quota` is how many grants a year the body may
    give; a stage that is `otherwise` stands in for the one before it once that one's quota is used up.
    """

    name: Mapping[str, str]
    side: str = "directing"
    body: str = "ministry"
    organisation: str = ""
    limits: Mapping[str, Limit] = field(default_factory=dict)
    calendar: str = "directing"
    stops: bool = True
    silence_grants: bool = False
    sign_above: tuple[Decimal, str] | None = None
    signed_by: int | None = None
    quota: int | None = None
    otherwise: bool = False

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """From the stored values, which `mistakes` found right when they were stored."""
        above = values.get("sign_above")
        return cls(
            name=values["name"],
            side=values.get("side", "directing"),
            body=values.get("body", "ministry"),
            organisation=values.get("organisation", ""),
            limits={name: limit_of(given) for name, given in values["limits"].items()},
            calendar=values.get("calendar", values.get("side", "directing")),
            stops=values.get("stops", True),
            silence_grants=values.get("silence_grants", False),
            sign_above=(Decimal(above["amount"]), above["currency"]) if above else None,
            signed_by=values.get("signed_by"),
            quota=values.get("quota"),
            otherwise=values.get("otherwise", False),
        )

    def stored(self) -> dict[str, Any]:
        """The values as a version keeps them."""
        above = self.sign_above
        return {
            "name": dict(self.name),
            "side": self.side,
            "body": self.body,
            "organisation": self.organisation,
            "limits": {name: stored_limit(limit) for name, limit in self.limits.items()},
            "calendar": self.calendar,
            "stops": self.stops,
            "silence_grants": self.silence_grants,
            "sign_above": {"amount": str(above[0]), "currency": above[1]} if above else None,
            "signed_by": self.signed_by,
            "quota": self.quota,
            "otherwise": self.otherwise,
        }

    def needs_second(self, amount: Decimal | None, currency: str) -> bool:
        """Whether a grant of so much needs a second signature: also where it is unlimited or in another currency."""
        if self.sign_above is None:
            return False
        above, of = self.sign_above
        return amount is None or currency != of or amount > above


@dataclass(frozen=True, slots=True)
class Chain:
    """Stages for who pays and for a direction; empty `payers`, `directing` or `host` mean any."""

    payers: tuple[str, ...] = ()
    directing: str = ""
    host: str = ""
    stages: tuple[Stage, ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        return cls(
            payers=tuple(values.get("payers", ())),
            directing=values.get("directing", ""),
            host=values.get("host", ""),
            stages=tuple(Stage.of(stage) for stage in values["stages"]),
        )

    def stored(self) -> dict[str, Any]:
        return {
            "payers": list(self.payers),
            "directing": self.directing,
            "host": self.host,
            "stages": [stage.stored() for stage in self.stages],
        }

    def fits(self, *, payer: str, directing: str, host: str) -> bool:
        """Whether it is for this payer and direction."""
        return (
            (not self.payers or payer in self.payers)
            and self.directing in {"", directing}
            and self.host in {"", host}
        )


def chains_of(values: Iterable[Mapping[str, Any]]) -> list[Chain]:
    """The chains of a version, in the order in which they are looked at."""
    return [Chain.of(one) for one in values]


def chosen(chains: Iterable[Chain], *, payer: str, directing: str, host: str) -> Chain | None:
    """The first chain that is for this payer and direction."""
    return next((chain for chain in chains if chain.fits(payer=payer, directing=directing, host=host)), None)


def limit_of(values: Mapping[str, Any]) -> Limit:
    """A limit from its stored values: `{"hours": 24}` or `{"working_days": 3}`."""
    return Limit(hours=values.get("hours", 0), working_days=values.get("working_days", 0))


def stored_limit(limit: Limit) -> dict[str, Any]:
    """As `limit_of` reads it."""
    return {"working_days": limit.working_days} if limit.working_days else {"hours": limit.hours}
