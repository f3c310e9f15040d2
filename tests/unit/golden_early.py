"""What the first rules find, case by case: a report of the future, people, other referrals."""

from dataclasses import replace
from datetime import date

from eligibility import Facts, OtherReferralFact
from tests.unit.golden import DAY, Case, Given


def cases(good: Facts) -> list[Case]:
    """More of the rules that came first."""
    given = Given(good)
    add = given.add
    also = given.also
    stated = given.stated
    emergency = given.emergency
    own = given.own

    def report_of(age: int, position: str = "", base: Facts = good) -> Facts:
        assert base.report is not None
        return replace(base, report=replace(base.report, dated_on=base.today - age * DAY, position=position))

    add("MED-01", "fail", "med_report_of_future", report_of(-1))
    add("MED-01", "pass", "med_complete", report_of(0), report_of(30, base=also(today=date(2028, 3, 30))))
    add(
        "EMG-01",
        "not_applicable",
        "emg_planned",
        also(priority="asap"),
        also(priority="routine", triage_note_given=True),
        own,
    )
    add("EMG-01", "needs_review", "emg_no_triage_note", stated(emergency, risk="higher"))
    add("EMG-01", "pass", "emg_life_threat", also(priority="stat", triage_note_given=True, needed_by=None))
    person = good.patient
    add(
        "CIT-01",
        "pass",
        "cit_party",
        also(patient=replace(person, citizenships=("TJ",))),
        also(patient=replace(person, citizenships=("UZ",))),
    )
    add(
        "CIT-01",
        "fail",
        "cit_no_party",
        also(patient=replace(person, citizenships=("RU",))),
        also(agreement_parties=("KG", "UZ")),
    )
    add(
        "RES-01",
        "pass",
        "res_border",
        also(patient=replace(person, borders=("KG", "KZ"))),
        also(patient=replace(person, borders=("KG", "UZ"))),
    )
    here, elsewhere = (
        OtherReferralFact("KZ-26-000001", True, True),
        OtherReferralFact("KZ-26-000002", True, True, True),
    )
    add("DUP-01", "fail", "dup_elsewhere", also(other_referrals=(elsewhere,)))
    add("DUP-01", "fail", "dup_same_care", also(other_referrals=(elsewhere, here)))
    add(
        "DUP-01",
        "needs_review",
        "dup_other_care",
        also(other_referrals=(replace(elsewhere, same_care=False),)),
    )
    add("DUP-01", "pass", "dup_none", emergency, own)
    add("AGR-01", "pass", "agr_in_force", own, emergency)
    return given.found
