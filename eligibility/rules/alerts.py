"""PUB-01: no public-health alert on the route or for the diagnosis (epidemiological agreement of 26 June 1998)."""

from collections.abc import Sequence

from eligibility.declare import FAIL, NEEDS_REVIEW, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import Evidence
from eligibility.facts import AlertFact, Facts
from eligibility.text import _

REGISTER = Evidence("alert_register", _("register of public-health alerts"))

NONE = Finding(
    "pub_none",
    PASS,
    _("No public-health alert is in force on the route or for the diagnosis."),
    evidence=(REGISTER,),
)
STOP = Finding(
    "pub_stop",
    FAIL,
    _("A public-health alert stops travel until %(until)s: %(area)s, %(group)s."),
    remedy=_("The officer decides whether the care can wait, or whether another way is open."),
    evidence=(REGISTER,),
)
TEST_FIRST = Finding(
    "pub_test_first",
    NEEDS_REVIEW,
    _("A public-health alert asks for a test before the journey until %(until)s: %(area)s, %(group)s."),
    remedy=_("Have the patient tested and add the result; the officer reads it."),
    evidence=(REGISTER,),
    mended_in=MendedIn.DOCUMENT,
)
INFORM = Finding(
    "pub_inform",
    PASS,
    _(
        "A public-health alert is to be told to the patient and the hospital until %(until)s: %(area)s, %(group)s."
    ),
    evidence=(REGISTER,),
)
HOME_UNKNOWN = Finding(
    "pub_home_unknown",
    NEEDS_REVIEW,
    _(
        "A public-health alert is in force until %(until)s where the patient may live (%(area)s, %(group)s), and the "
        "patient’s district is not recorded."
    ),
    remedy=_("Record the district where the patient lives."),
    evidence=(REGISTER,),
    mended_in=MendedIn.PERSON,
)


@rule(
    "PUB-01",
    position=66,
    title=_("Public health"),
    basis=_("Epidemiological agreement of 26 June 1998"),
    mended_in=MendedIn.OFFICER,
)
def alerts(facts: Facts) -> Result:
    """The strictest measure of the alerts in force today that touch this journey or this diagnosis."""
    current = [item for item in facts.alerts if item.since <= facts.today <= item.until]
    touching = [item for item in current if item.on_route or item.of_diagnosis]
    for measure, finding in (("stop", STOP), ("test_first", TEST_FIRST)):
        if found := _last(touching, measure):
            return finding(**_shown(found))
    unknown = [item for item in current if item.at_home and item.measure != "inform"]
    if unknown:
        return HOME_UNKNOWN(**_shown(max(unknown, key=lambda item: (item.until, item.group))))
    if found := _last(touching, "inform"):
        return INFORM(**_shown(found))
    return NONE()


def _last(those: Sequence[AlertFact], measure: str) -> AlertFact | None:
    """Of the alerts with that measure the one that lasts longest."""
    fitting = [item for item in those if item.measure == measure]
    return max(fitting, key=lambda item: (item.until, item.group, sorted(item.area.items())), default=None)


def _shown(item: AlertFact) -> dict[str, object]:
    return {"area": dict(item.area), "group": item.group, "until": item.until.isoformat()}
