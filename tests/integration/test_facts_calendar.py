"""Facts that change by the calendar alone raise a check, on the day of the directing country, whoever slept."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.models import Agreement
from core.actors import SYSTEM
from core.db import as_actor
from core.outbox import work
from core.outbox.models import Event, Job, Message
from core.outbox.publish import publish
from facilities.actions import FACILITY_FACTS, confirm_facility, follow_facts
from facilities.models import Facility, FacilityService
from patients.actions import record_coverage, withdraw_consent
from referrals import access, actions, tasks
from referrals.models import EligibilityCheck, Referral, RuleResult
from referrals.tasks import follow_calendar
from tests.clock import ALMATY, Clock
from tests.counting import statements
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.factories.many import make_many
from tests.integration.filing_pages import signed_in

pytestmark = pytest.mark.django_db

DAY = date(2027, 2, 28)
NEXT = DAY + timedelta(days=1)


def at(day: date, clock_time: str, zone: str = "Asia/Almaty") -> datetime:
    return datetime.combine(day, time.fromisoformat(clock_time), ZoneInfo(zone))


def outcome(referral: Referral, rule: str) -> RuleResult:
    return EligibilityCheck.objects.filter(referral=referral).latest("id").results.get(rule=rule)


def ends(world: World, what: str) -> Referral:
    """A checked referral of which one fact holds for the last time on DAY."""
    clinician = world.actor("clinician_kz")
    if what == "coverage":
        patient = make.make_patient(world, clinician, covered=False)
        terms = {"kind": "insurance", "fund": world.funds["KZ"].pk, "source": "register"}
        record_coverage(
            by=clinician, patient_id=patient.pk, valid_from=DAY - timedelta(days=90), valid_to=DAY, **terms
        )
        return make.make_in_review(world, patient=patient, needed_by=DAY)
    if what == "consent":
        patient = make.make_patient(world, clinician)
        given = make.make_consent(patient, clinician, valid_to=DAY)
        return make.make_in_review(world, patient=patient, consent=given, needed_by=DAY)
    if what == "document":
        number = ("passport", "KZ", "N55500011", DAY)
        patient = make.make_patient(world, clinician, identifiers=[number])
        return make.make_in_review(world, patient=patient, needed_by=DAY)
    if what == "childhood":
        patient = make.make_patient(world, clinician, birth_date=NEXT.replace(year=NEXT.year - 18))
        given = make.make_consent(patient, clinician, how="representative", given_by="Test Mother, mother")
        return make.make_in_review(world, patient=patient, consent=given)
    if what == "agreement":
        make.make_agreement(in_force_until=DAY)
    if what == "licence":
        Facility.objects.filter(pk=world.bishkek.pk).update(licence_valid_until=DAY)
        FacilityService.objects.filter(facility=world.bishkek).update(verified=True)
    return make.make_in_review(world, needed_by=DAY)


@pytest.mark.parametrize(
    ("what", "rule", "said"),
    [
        ("coverage", "COV-01", "It ended on 28 February 2027."),
        ("consent", "CON-01", "ended on 28 February 2027."),
        ("document", "IDN-01", "It ran out on 28 February 2027."),
        ("childhood", "CON-01", "The patient came of age on 1 March 2027."),
        ("agreement", "AGR-01", "ended on 28 February 2027."),
        ("licence", "PRV-01", "The hospital’s licence ended on 28 February 2027"),
    ],
)
def test_what_runs_out_overnight_is_said_in_the_morning(
    clock: Clock, world: World, what: str, rule: str, said: str
) -> None:
    clock.set(at(DAY - timedelta(days=1), "10:00"))
    referral = ends(world, what)
    work.drain()
    referral.refresh_from_db()
    assert (referral.recheck_on, outcome(referral, rule).outcome) == (NEXT, "pass")
    version, before = referral.version, referral.checks.count()
    # On its last day it holds, to the last minute, although elsewhere it is tomorrow.
    clock.set(at(DAY, "23:55"))
    assert follow_calendar() == 0
    # The beat was dead over the whole of the next day, and then runs twice.
    clock.set(at(NEXT + timedelta(days=1), "00:30"))
    assert (follow_calendar(), follow_calendar()) == (1, 0)
    work.drain()
    now = outcome(referral, rule)
    assert (now.was, now.outcome) in {("pass", "fail"), ("pass", "needs_review")}
    referral.refresh_from_db()
    assert (referral.checks.count(), referral.version) == (before + 1, version)
    page = signed_in(world, "clinician_kz").get(reverse("referrals:detail", args=[referral.pk]))
    assert said in page.content.decode()
    assert "Before: Passed." in page.content.decode()
    told = Message.objects.filter(kind="referral.staff:referral.checked_again", channel="inbox")
    assert told.filter(user=world.users["officer_kz"]).exists()
    # Nothing more turns: nothing runs, and nothing is written.
    clock.go_on(timedelta(hours=12))
    assert follow_calendar() == 0
    work.drain()
    assert referral.checks.count() == before + 1


def test_the_day_is_the_directing_country_s_and_what_is_over_is_left_alone(
    clock: Clock, world: World
) -> None:
    clock.set(at(DAY, "10:00"))
    kg = world.actor("clinician_kg")
    patient = make.make_patient(world, kg, covered=False)
    terms = {"kind": "insurance", "fund": world.funds["KG"].pk, "source": "register"}
    record_coverage(by=kg, patient_id=patient.pk, valid_from=DAY - timedelta(days=90), valid_to=DAY, **terms)
    content: dict[str, Any] = {
        "host_facility": world.korday,
        "specialty": world.specialties["cardiac_surgery"],
        "needed_by": DAY,
    }
    from_bishkek = make.make_in_review(world, kg, patient=patient, **content)
    from_korday, over = ends(world, "coverage"), ends(world, "coverage")
    actions.withdraw(over.pk, by=world.actor("clinician_kz"), reason_code="not_needed")
    work.drain()
    # 00:20 in Bishkek is 23:20 in Almaty.
    clock.set(at(NEXT, "00:20", "Asia/Bishkek"))
    assert clock.now.astimezone(ALMATY).date() == DAY
    assert follow_calendar() == 1
    work.drain()
    assert outcome(from_bishkek, "COV-01").message == "cov_ended"
    assert outcome(from_korday, "COV-01").message == "cov_covered"
    clock.set(at(NEXT, "00:05"))
    assert follow_calendar() == 1
    work.drain()
    assert outcome(from_korday, "COV-01").message == "cov_ended"
    assert outcome(over, "COV-01").message == "cov_covered"


def test_another_fact_moves_the_day_and_age_alone_is_nothing_new(clock: Clock, world: World) -> None:
    clock.set(at(DAY - timedelta(days=9), "10:00"))
    referral = ends(world, "coverage")
    work.drain()
    checks = referral.checks.count()
    clock.set(at(DAY - timedelta(days=2), "10:00"))
    # The same coverage lasts longer now: the rules find the same, a week later, and the day moves.
    record_coverage(
        by=world.actor("clinician_kz"),
        patient_id=referral.patient_id,
        kind="insurance",
        fund=world.funds["KZ"].pk,
        valid_from=DAY - timedelta(days=90),
        valid_to=DAY + timedelta(days=300),
        source="register",
    )
    work.drain()
    referral.refresh_from_db()
    assert referral.checks.count() == checks
    assert referral.recheck_on is not None
    assert referral.recheck_on > NEXT
    # Reference data that are loaded anew may change any fact: the next round looks, and finds the same.
    assert actions.look_again(by=SYSTEM) == 1
    assert follow_calendar() == 1
    work.drain()
    assert (referral.checks.count(), follow_calendar()) == (checks, 0)
    # An agreement that an administrator ends in the admin's list is followed at once.
    agreement = Agreement.objects.get()
    make.change_version(agreement, in_force_until=DAY - timedelta(days=3))
    with as_actor(SYSTEM):
        follow_facts(agreement, by=SYSTEM)
    work.drain()
    assert outcome(referral, "AGR-01").message == "agr_ended"


def test_a_new_consent_takes_the_place_of_one_that_is_over(clock: Clock, world: World) -> None:
    clinician, desk = world.actor("clinician_kz"), world.actor("host_desk_kg")
    clock.set(at(DAY - timedelta(days=9), "10:00"))
    patient = make.make_patient(world, clinician)
    given = make.make_consent(patient, clinician, valid_to=DAY)
    earlier = make.make_consent(patient, clinician, valid_to=DAY - timedelta(days=3))
    referral = make.make_sent(world, patient=patient, consent=given, needed_by=DAY)
    # One that begins only when this one is over: nothing happens until that day.
    later = make.make_consent(
        patient, clinician, valid_from=DAY + timedelta(days=5), valid_to=DAY + timedelta(90)
    )
    work.drain()
    referral.refresh_from_db()
    assert (referral.consent_id, referral.recheck_on) == (given.pk, NEXT)
    for day, message, consent in ((1, "con_not_yet", given), (5, "con_valid", later)):
        clock.set(at(DAY + timedelta(days=day), "00:10"))
        assert follow_calendar() == 1
        work.drain()
        referral.refresh_from_db()
        assert (outcome(referral, "CON-01").message, referral.consent_id) == (message, consent.pk)
        assert access.sees_clinical(desk, referral) == (day == 5)
    told = Message.objects.filter(kind="referral.staff:referral.take_consent", channel="inbox")
    assert told.filter(user=world.users["host_desk_kg"]).exists()
    # A withdrawal is not got round by what was said before it; a consent that is recorded afterwards counts.
    other = make.make_consent(patient, clinician, valid_to=DAY + timedelta(days=60))
    withdraw_consent(by=clinician, patient_id=patient.pk, consent_id=later.pk)
    work.drain()
    referral.refresh_from_db()
    assert (outcome(referral, "CON-01").message, referral.consent_id) == ("con_withdrawn", later.pk)
    clock.go_on(timedelta(hours=1))
    anew = make.make_consent(patient, clinician, valid_to=DAY + timedelta(days=61))
    work.drain()
    referral.refresh_from_db()
    assert (outcome(referral, "CON-01").message, referral.consent_id) == ("con_valid", anew.pk)
    assert {earlier.pk, other.pk}.isdisjoint({referral.consent_id})
    page = signed_in(world, "clinician_kz").get(reverse("referrals:detail", args=[referral.pk]))
    assert "A new consent of the patient took the place of the one before" in page.content.decode()


def test_who_confirms_a_facility_s_data_and_a_second_referral_s_end_are_followed(world: World) -> None:
    clinician = world.actor("clinician_kz")
    patient = make.make_patient(world, clinician)
    first = make.make_in_review(world, patient=patient)
    second = make.make_in_review(world, patient=patient, specialty=world.specialties["oncology"])
    work.drain()
    assert [outcome(one, "DUP-01").message for one in (first, second)] == ["dup_other_care"] * 2
    assert outcome(second, "PRV-01").outcome == "needs_review"
    actions.withdraw(first.pk, by=clinician, reason_code="not_needed")
    service = FacilityService.objects.get(facility=world.bishkek, specialty=second.specialty)
    confirm_facility(
        facility_id=world.bishkek.pk,
        by=world.actor("host_desk_kg"),
        values={"licence_valid_until": DAY + timedelta(days=3650)},
        fields=["licence_valid_until"],
        services=[service.pk],
        source="Licence 12",
    )
    work.drain()
    assert (outcome(second, "DUP-01").message, outcome(second, "DUP-01").was) == ("dup_none", "needs_review")
    assert outcome(second, "PRV-01").message == "prv_licensed"


def test_a_host_s_many_referrals_are_followed_in_batches(
    monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    monkeypatch.setattr(tasks, "BATCH", 3)
    many = [one.pk for one in make_many(world, 6)]
    assert Referral.objects.filter(host_facility=world.bishkek).count() == 7
    work.drain()
    FacilityService.objects.filter(facility=world.bishkek).update(verified=True)
    ill, really = many[3], actions.check_again

    def check_again(pk: Any, **kwargs: Any) -> Any:
        if pk == ill:
            raise RuntimeError("no database")
        return really(pk, **kwargs)

    monkeypatch.setattr(actions, "check_again", check_again)
    with as_actor(SYSTEM):
        event = publish(FACILITY_FACTS, subject=world.bishkek, by=SYSTEM)
    asked = []
    while job := Job.objects.filter(event=event, handler=tasks.FACTS_CHANGED, finished_at=None).first():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert work.run_job(job.pk)
        asked.append(len(statements(queries)))
    assert len(asked) == 3, "three and three and one"
    assert max(asked[1:]) <= asked[0], "a later batch costs no more than the first"
    batches = Job.objects.filter(event=event, handler=tasks.CHECK_AGAIN)
    assert batches.count() == 3
    work.drain()
    done = {pk: outcome(Referral.objects.get(pk=pk), "PRV-01").message for pk in many}
    assert done.pop(ill) == "prv_offer_unconfirmed"
    assert set(done.values()) == {"prv_licence_unknown"}, "one that can’t be checked keeps no other from it"
    assert batches.filter(finished_at=None).count() == 1
    monkeypatch.setattr(actions, "check_again", really)
    Job.objects.update(next_attempt_at=event.created_at)
    work.drain()
    assert outcome(Referral.objects.get(pk=ill), "PRV-01").message == "prv_licence_unknown"
    assert not batches.filter(finished_at=None).exists()
    told = Event.objects.filter(kind="referral.checked_again", created_at__gte=event.created_at)
    assert {row.subject_id for row in told} == {
        str(pk) for pk in Referral.objects.values_list("pk", flat=True)
    }
    assert told.count() == 7
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = tasks._after(tasks._concerned(event), str(many[0])).values_list("pk")[:3].explain()
    assert "ref_checked_of_host" in plan
    assert "Sort" not in plan, plan
