"""What the rules find, case by case: the patient, the care and the journey."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from eligibility import (
    AlertFact,
    CircumstancesFact,
    ConsiliumFact,
    DocumentFact,
    Facts,
    OfferFact,
)

Case = tuple[str, Facts, str, str]
DAY = timedelta(days=1)
LEAP = date(2028, 2, 29)


class Given:
    """Facts to make cases of, from a referral in which everything is right."""

    def __init__(self, good: Facts) -> None:
        self.found: list[Case] = []
        self.good, self.today = good, good.today
        self.need = good.needed_by or good.today
        self.report = good.documents[0]
        self.emergency = self.also(priority="stat")
        self.nothing = self.also(circumstances=CircumstancesFact())
        self.own = self.also(payer="patient")
        self.leap = self.also(today=LEAP, needed_by=LEAP)

    def add(self, code: str, outcome: str, message: str, *those: Facts) -> None:
        """Cases that end alike."""
        self.found.extend((code, facts, outcome, message) for facts in those)

    def also(self, **changes: Any) -> Facts:
        """The right referral with other facts."""
        return replace(self.good, **changes)

    def stated(self, base: Facts | None = None, **changes: Any) -> Facts:
        """It, or `base`, with other circumstances."""
        base = base or self.good
        return replace(base, circumstances=replace(base.circumstances, **changes))


def _eae_01(given: Given) -> None:
    add = given.add
    also = given.also
    stated = given.stated
    today = given.today
    nothing = given.nothing
    report = given.report
    shown = DocumentFact("eaeu_ground", today - DAY)
    add(
        "EAE-01",
        "not_applicable",
        "eae_other_countries",
        also(host_country="UZ"),
        also(directing_country="UZ", host_country="KZ"),
        also(host_country=""),
    )
    add("EAE-01", "needs_review", "eae_unknown", nothing, stated(also(documents=(shown,)), eaeu=""))
    add(
        "EAE-01",
        "needs_review",
        "eae_not_shown",
        stated(also(documents=(report,)), eaeu="worker"),
        stated(also(documents=()), eaeu="family"),
    )
    add("EAE-01", "fail", "eae_neither", stated(eaeu="neither"))
    add(
        "EAE-01",
        "pass",
        "eae_shown",
        stated(also(documents=(shown,)), eaeu="worker"),
        stated(also(documents=(report, shown), directing_country="KG", host_country="KZ"), eaeu="family"),
    )


def _ben_01(given: Given) -> None:
    add = given.add
    also = given.also
    stated = given.stated
    good = given.good
    emergency = given.emergency
    nothing = given.nothing
    own = given.own
    add("BEN-01", "pass", "ben_inside", good, also(payer=""), also(payer="ministry"))
    add("BEN-01", "fail", "ben_outside", stated(in_basket="no"))
    add("BEN-01", "needs_review", "ben_unknown", nothing, stated(in_basket=""))
    add("BEN-01", "not_applicable", "ben_emergency", emergency)
    add("BEN-01", "not_applicable", "ben_own_means", own, stated(also(payer="other"), in_basket="no"))


def _avl_01(given: Given) -> None:
    add = given.add
    also = given.also
    stated = given.stated
    good = given.good
    emergency = given.emergency
    nothing = given.nothing
    need = given.need
    leap = given.leap
    add(
        "AVL-01",
        "pass",
        "avl_too_long",
        good,
        stated(home_from=need + DAY),
        stated(leap, home_from=date(2028, 3, 1)),
    )
    add(
        "AVL-01",
        "fail",
        "avl_in_time",
        stated(home_from=need),
        stated(home_from=need - DAY),
        stated(leap, home_from=LEAP),
    )
    add("AVL-01", "needs_review", "avl_unknown", nothing, stated(home_from=None))
    add("AVL-01", "needs_review", "avl_no_limit", also(needed_by=None))
    add("AVL-01", "not_applicable", "avl_emergency", emergency)
    add("AVL-01", "not_applicable", "avl_not_at_home", stated(home_lacks="equipment"))
    offered = OfferFact(need - DAY, need)
    add("AVL-01", "pass", "avl_too_long_beside", stated(also(offer=offered), home_from=need + DAY))
    add("AVL-01", "fail", "avl_in_time_beside", stated(also(offer=offered), home_from=need))
    late = OfferFact(need + 9 * DAY, need + 10 * DAY)
    add("AVL-01", "needs_review", "avl_no_sooner", stated(also(offer=late), home_from=need + 9 * DAY))


def _avl_02(given: Given) -> None:
    add = given.add
    also = given.also
    stated = given.stated
    good = given.good
    emergency = given.emergency
    nothing = given.nothing
    report = given.report

    def statement(age: int, base: Facts = good) -> Facts:
        paper = DocumentFact("facility_statement", base.today - age * DAY)
        return stated(replace(base, documents=(report, paper)), home_lacks="equipment")

    add(
        "AVL-02",
        "pass",
        "lack_shown",
        statement(0),
        statement(180),
        statement(1, also(today=date(2028, 3, 1))),
    )
    add("AVL-02", "fail", "lack_too_old", statement(181), statement(400))
    add("AVL-02", "needs_review", "lack_unknown", nothing)
    add(
        "AVL-02",
        "needs_review",
        "lack_no_statement",
        stated(home_lacks="medicines"),
        stated(also(documents=()), home_lacks="specialist"),
    )
    add("AVL-02", "not_applicable", "lack_nothing", good)
    add("AVL-02", "not_applicable", "lack_emergency", emergency)


def _med_02(given: Given) -> None:
    add = given.add
    also = given.also
    today = given.today

    def consilium(age: int, finding: str = "fit", members: int = 3) -> Facts:
        return also(consilium=ConsiliumFact(today - age * DAY, finding, members))

    add("MED-02", "pass", "fit_fit", consilium(0), consilium(30), also(priority="stat"))
    add("MED-02", "pass", "fit_with_escort", consilium(2, "with_escort"))
    add("MED-02", "fail", "fit_unfit", consilium(1, "unfit"), consilium(90, "unfit"))
    add("MED-02", "needs_review", "fit_too_old", consilium(31))
    add("MED-02", "needs_review", "fit_too_few", consilium(1, members=1))
    add(
        "MED-02",
        "needs_review",
        "fit_no_record",
        also(consilium=None),
        also(consilium=None, care_mode="outpatient", priority="stat"),
    )
    add(
        "MED-02",
        "not_applicable",
        "fit_by_themselves",
        also(care_mode="consultation"),
        also(care_mode="outpatient", consilium=None),
    )


def _saf_01(given: Given) -> None:
    add = given.add
    stated = given.stated
    good = given.good
    emergency = given.emergency
    nothing = given.nothing
    own = given.own
    add("SAF-01", "pass", "saf_usual", good, stated(emergency, risk="usual"))
    add("SAF-01", "needs_review", "saf_higher", stated(risk="higher"), stated(own, risk="higher"))
    add(
        "SAF-01",
        "fail",
        "saf_unacceptable",
        stated(risk="unacceptable"),
        stated(emergency, risk="unacceptable"),
    )
    add("SAF-01", "needs_review", "saf_unknown", nothing, stated(risk=""))


def _pub_01(given: Given) -> None:
    add = given.add
    also = given.also
    good = given.good
    today = given.today
    alert = AlertFact({"en": "Korday"}, "A00", "stop", today, today + 9 * DAY, True, False, False)

    def alerted(*changes: dict[str, Any], base: Facts = good) -> Facts:
        return replace(base, alerts=tuple(replace(alert, **one) for one in changes))

    add(
        "PUB-01",
        "pass",
        "pub_none",
        good,
        alerted({"on_route": False}),
        alerted({"since": today + DAY}),
        alerted({"since": today - 9 * DAY, "until": today - DAY}),
    )
    add(
        "PUB-01",
        "fail",
        "pub_stop",
        alerted({}),
        alerted({"until": today}),
        alerted({"on_route": False, "of_diagnosis": True}),
        alerted({"measure": "test_first"}, {}),
    )
    add(
        "PUB-01",
        "needs_review",
        "pub_test_first",
        alerted({"measure": "test_first"}),
        alerted({"measure": "inform"}, {"measure": "test_first"}),
    )
    add("PUB-01", "needs_review", "pub_home_unknown", alerted({"on_route": False, "at_home": True}))
    add(
        "PUB-01",
        "pass",
        "pub_inform",
        alerted({"measure": "inform"}),
        alerted({"since": LEAP, "until": LEAP, "measure": "inform"}, base=also(today=LEAP)),
    )


def cases(good: Facts) -> list[Case]:
    """Of each of these rules."""
    given = Given(good)
    for those in (_eae_01, _ben_01, _avl_01, _avl_02, _med_02, _saf_01, _pub_01):
        those(given)
    return given.found
