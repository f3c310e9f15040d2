"""DAT-01: a ground for passing the data to the host country exists: a row of the table that says what may leave."""

from collections.abc import Iterable

from eligibility.declare import FAIL, NEEDS_REVIEW, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import Evidence
from eligibility.facts import Facts, PolicyFact
from eligibility.text import _

POLICY = Evidence("transfer_policy", _("rule on data that leave the country"))

NO_ROW = Finding(
    "dat_no_row",
    NEEDS_REVIEW,
    _(
        "No rule says today which data may leave for the host country (%(country)s), so none reach the hospital."
    ),
    remedy=_(
        "An administrator records the rule with its source; until then the host reads nothing of the patient."
    ),
)
FORBIDDEN = Finding(
    "dat_forbidden",
    FAIL,
    _("By the rule in force the patient’s data may not leave for the host country (%(country)s)."),
    remedy=_("The officer decides whether the care can be had without passing the data on."),
    evidence=(POLICY,),
)
PARTLY = Finding(
    "dat_partly",
    NEEDS_REVIEW,
    _("By the rule in force only some of the data may leave for the host country (%(country)s)."),
    remedy=_("The officer looks whether the hospital can treat with what it may see."),
    evidence=(POLICY,),
)
NOT_VERIFIED = Finding(
    "dat_not_verified",
    PASS,
    _("The recorded rule lets the data leave for the host country (%(country)s); nobody has verified it."),
    evidence=(POLICY,),
)
ALLOWED = Finding(
    "dat_allowed",
    PASS,
    _("The data may leave for the host country (%(country)s)."),
    evidence=(POLICY,),
)


@rule(
    "DAT-01",
    position=85,
    title=_("Passing data abroad"),
    basis=_("Laws on personal data of the three countries"),
    mended_in=MendedIn.OFFICER,
)
def transfer(facts: Facts) -> Result:
    """Whether the law of the directing country, as it is recorded, lets the data leave today for this purpose."""
    country = facts.host_country
    wanted = "emergency" if _rests_on_ground(facts) else "treatment"
    row = _in_force((item for item in facts.policies if item.purpose == wanted), facts)
    if row is None:
        return NO_ROW(country=country)
    if "care" not in row.kinds:
        return FORBIDDEN(country=country)
    if not row.everything:
        return PARTLY(country=country)
    return ALLOWED(country=country) if row.verified else NOT_VERIFIED(country=country)


def _rests_on_ground(facts: Facts) -> bool:
    """Whether an emergency's ground stands for the consent, which has its own row."""
    consented = any(
        not item.withdrawn and item.for_host and item.valid_from <= facts.today <= item.valid_to
        for item in facts.consents
    )
    return facts.priority == "stat" and facts.emergency_ground_given and not consented


def _in_force(rows: Iterable[PolicyFact], facts: Facts) -> PolicyFact | None:
    """Of those in force today the one that began last, as for every reader of the data."""
    found = [row for row in rows if row.in_force_on(facts.today)]
    return max(found, key=lambda row: (row.since is not None, row.since or facts.today), default=None)
