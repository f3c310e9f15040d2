"""What the rules find, case by case: the host, the money, the papers and the law."""

from dataclasses import replace
from datetime import date
from typing import Any

from eligibility import (
    AuthorisedFact,
    DocumentFact,
    EquipmentFact,
    Facts,
    ListedFact,
    OfferFact,
    QuotaFact,
)
from tests.unit.golden import DAY, LEAP, Case, Given


def _prv_01(given: Given) -> None:
    add = given.add
    also = given.also
    stated = given.stated
    good = given.good
    today = given.today

    def having(*rows: EquipmentFact, needs: tuple[str, ...] = ("ct",)) -> Facts:
        return stated(also(host=replace(good.host, equipment=rows)), equipment=needs)

    own_word = EquipmentFact("ct", today - 90 * DAY, None, False)
    add(
        "PRV-01",
        "pass",
        "prv_licensed",
        having(own_word),
        having(own_word, needs=()),
        having(replace(own_word, until=today)),
        having(EquipmentFact("ct", None, None, True), own_word),
    )
    add("PRV-01", "fail", "prv_equipment_lost", having(replace(own_word, until=today - DAY)))
    add(
        "PRV-01",
        "needs_review",
        "prv_equipment_unknown",
        having(),
        having(own_word, needs=("ct", "angiography")),
    )
    add("PRV-01", "needs_review", "prv_equipment_of_group", having(replace(own_word, for_group=True)))
    add("PRV-01", "needs_review", "prv_number_unknown", also(host=replace(good.host, licence_number="")))


def _prv_02(given: Given) -> None:
    add = given.add
    also = given.also
    good = given.good
    today = given.today
    emergency = given.emergency
    own = given.own

    def host(**changes: Any) -> Facts:
        return also(host=replace(good.host, **changes))

    add("PRV-02", "pass", "qua_none", good, own, emergency, host(licence_until=today - DAY))
    add(
        "PRV-02",
        "fail",
        "qua_concern",
        host(quality_concern=True),
        host(quality_concern=True, confirmed=False),
    )
    add(
        "PRV-02",
        "needs_review",
        "qua_unconfirmed",
        host(confirmed=False),
        host(confirmed=False, offer_verified=False),
    )


def _cap_01(given: Given) -> None:
    add = given.add
    also = given.also
    good = given.good
    today = given.today
    emergency = given.emergency
    need = given.need
    leap = given.leap

    def host(**changes: Any) -> Facts:
        return also(host=replace(good.host, **changes))

    def offer(first: date, base: Facts = good) -> Facts:
        return replace(base, offer=OfferFact(first, first + 3 * DAY))

    add("CAP-01", "pass", "cap_offer_in_time", offer(need), offer(today), offer(LEAP, leap))
    add("CAP-01", "fail", "cap_offer_late", offer(need + DAY), offer(date(2028, 3, 1), leap))
    add("CAP-01", "pass", "cap_wait_in_time", good, host(wait_days=30), host(wait_days=0))
    add("CAP-01", "fail", "cap_wait_late", host(wait_days=31))
    add("CAP-01", "needs_review", "cap_unknown", host(wait_days=None))
    add("CAP-01", "needs_review", "cap_no_limit", also(needed_by=None))
    add("CAP-01", "not_applicable", "cap_emergency", emergency)


def _fin_01(given: Given) -> None:
    add = given.add
    also = given.also
    good = given.good
    today = given.today
    emergency = given.emergency
    own = given.own
    need = given.need

    def ceiling(amount: str, currency: str = "KZT") -> Facts:
        return also(authorised=AuthorisedFact(today, need, amount, currency))

    add("FIN-01", "pass", "fin_stated", good, own, ceiling("412000.00"), ceiling("412000"), ceiling("", ""))
    add("FIN-01", "fail", "fin_above", ceiling("411999.99"), ceiling("98000"))
    add("FIN-01", "needs_review", "fin_other_currency", ceiling("412000", "KGS"))
    add("FIN-01", "needs_review", "fin_no_payer", also(payer=""))
    add("FIN-01", "needs_review", "fin_no_estimate", also(estimate="", currency=""), also(currency=""))
    add("FIN-01", "not_applicable", "fin_emergency", emergency)


def _fin_02(given: Given) -> None:
    add = given.add
    also = given.also
    good = given.good
    emergency = given.emergency
    own = given.own

    def quota(left: int, held: bool = False) -> Facts:
        return also(quota=QuotaFact(50, left, held))

    add("FIN-02", "pass", "quo_left", quota(4), quota(50))
    add("FIN-02", "needs_review", "quo_little_left", quota(3), quota(1))
    add("FIN-02", "fail", "quo_used_up", quota(0))
    add("FIN-02", "pass", "quo_held", quota(0, held=True))
    add("FIN-02", "not_applicable", "quo_not_kept", good, own)
    add("FIN-02", "not_applicable", "quo_emergency", emergency, replace(quota(0), priority="stat"))


def _doc_01(given: Given) -> None:
    add = given.add
    also = given.also
    stated = given.stated
    good = given.good
    emergency = given.emergency
    nothing = given.nothing
    add("DOC-01", "pass", "doc_not_needed", good, emergency)
    add("DOC-01", "pass", "doc_complete", stated(translations="complete"))
    add(
        "DOC-01",
        "fail",
        "doc_missing",
        stated(translations="missing"),
        stated(emergency, translations="missing"),
    )
    add("DOC-01", "needs_review", "doc_unknown", nothing, stated(translations=""))
    add(
        "DOC-01",
        "needs_review",
        "doc_none",
        also(documents=()),
        stated(also(documents=()), translations="complete"),
    )


def _win_01(given: Given) -> None:
    add = given.add
    also = given.also
    good = given.good
    today = given.today
    emergency = given.emergency
    need = given.need

    def window(first: date, last: date, since: date = today, until: date = need) -> Facts:
        return also(offer=OfferFact(first, last), authorised=AuthorisedFact(since, until))

    given = also(authorised=AuthorisedFact(today, need))
    add(
        "WIN-01",
        "pass",
        "win_inside",
        window(today, need),
        window(need, need),
        window(LEAP, LEAP, LEAP, LEAP),
    )
    add("WIN-01", "fail", "win_before", window(today, need, today + DAY))
    add("WIN-01", "fail", "win_after", window(today, need + DAY), window(LEAP, date(2028, 3, 1), today, LEAP))
    add("WIN-01", "fail", "win_ended", also(authorised=AuthorisedFact(today - 9 * DAY, today - DAY)))
    add("WIN-01", "needs_review", "win_no_date", given, also(authorised=AuthorisedFact(today - DAY, today)))
    add("WIN-01", "not_applicable", "win_none_yet", good)
    add("WIN-01", "not_applicable", "win_emergency", emergency)


def _kzl_01(given: Given) -> None:
    add = given.add
    also = given.also
    stated = given.stated
    today = given.today
    emergency = given.emergency
    own = given.own
    report = given.report
    entry = ListedFact("valves", {"en": "Valves"}, False, None, None)
    minutes = DocumentFact("commission_minutes", today - DAY)

    def listed(
        *entries: ListedFact, commission: str = "abroad", papers: tuple[DocumentFact, ...] = (report, minutes)
    ) -> Facts:
        return stated(also(list_is_kept=True, listed=entries, documents=papers), commission=commission)

    add(
        "KZL-01",
        "pass",
        "kzl_listed",
        listed(entry),
        listed(replace(entry, until=today)),
        listed(replace(entry, since=today)),
    )
    add(
        "KZL-01",
        "fail",
        "kzl_not_listed",
        listed(),
        listed(replace(entry, until=today - DAY)),
        listed(replace(entry, since=today + DAY)),
    )
    add("KZL-01", "fail", "kzl_invite", listed(replace(entry, invited=True), commission="invite"))
    add("KZL-01", "fail", "kzl_against", listed(entry, commission="against"))
    add("KZL-01", "needs_review", "kzl_not_concluded", listed(entry, commission=""))
    add("KZL-01", "needs_review", "kzl_may_invite", listed(replace(entry, invited=True), commission=""))
    add("KZL-01", "needs_review", "kzl_no_minutes", listed(entry, papers=(report,)))
    add("KZL-01", "needs_review", "kzl_no_list", also(list_is_kept=False))
    add(
        "KZL-01",
        "not_applicable",
        "kzl_not_asked",
        replace(listed(entry), directing_country="KG"),
        own,
        emergency,
    )


def cases(good: Facts) -> list[Case]:
    """Of each of these rules."""
    given = Given(good)
    for those in (_prv_01, _prv_02, _cap_01, _fin_01, _fin_02, _doc_01, _win_01, _kzl_01):
        those(given)
    return given.found
