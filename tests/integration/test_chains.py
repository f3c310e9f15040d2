"""Chains of approval: both ministries, four bodies of one country, a quota in two parts; who sees and decides what."""

import re
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from core.actors import SYSTEM
from core.audit.models import AuditRow
from core.errors import Denied, IllegalTransition, Invalid, NotKnown, PortalError
from core.outbox import work
from core.outbox.models import Message
from core.permissions import Role
from facilities.models import CalendarDay
from patients.actions import withdraw_consent
from referrals import actions
from referrals.models import Referral
from referrals.tasks import let_silence_grant
from tests.clock import ALMATY, Clock
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.chains import both_ministries, host_stage, make_uzbek, uzbek_chain
from tests.factories.facilities import World, make_member
from tests.factories.situations import STEPS
from tests.integration.decision_pages import LIST, grant_data, numbers, page_of, signed_in

WEDNESDAY = datetime(2027, 3, 10, 10, 0, tzinfo=ALMATY)


def take(world: World, step: str, referral: Referral, who: str) -> Referral:
    STEPS[step].take(world, referral.pk, world.actor(who))
    return Referral.objects.select_related("authorisation").get(pk=referral.pk)


def refused(world: World, step: str, referral: Referral, who: str) -> str:
    """The code of the error with which a step is refused."""
    with pytest.raises(PortalError) as error:
        STEPS[step].take(world, referral.pk, world.actor(who))
    return error.value.code


def about(moment: datetime | None, wanted: datetime) -> bool:
    """Whether it is that moment but for the time that the test took."""
    return moment is not None and abs(moment - wanted) < timedelta(minutes=5)


def states(referral: Referral) -> list[str]:
    return [stage.state for stage in referral.stages.order_by("position")]


def test_both_ministries_decide_one_after_the_other(world: World) -> None:
    make.make_agreement(chains=[both_ministries()])
    referral = make.make_in_review(world)
    work.drain()
    home, there = signed_in(world, "officer_kz"), signed_in(world, "officer_kg")
    patient = referral.patient.full_name
    # The host's ministry knows that it exists, and neither reads nor decides it yet.
    assert numbers(there.get(LIST)) == []
    assert patient not in there.get(page_of(referral)).content.decode()
    assert refused(world, "grant", referral, "officer_kg") == "denied"
    assert there.post(page_of(referral), grant_data(referral)).status_code == 403
    assert numbers(home.get(LIST)) == [referral.number]
    assert home.post(page_of(referral), grant_data(referral)).status_code == 302
    work.drain()
    referral.refresh_from_db()
    assert (referral.state, states(referral)) == ("in_review", ["granted", "in_review"])
    # Now it is the other way round; the directing ministry sees who has it, and can't decide for them.
    assert (numbers(home.get(LIST)), numbers(there.get(LIST))) == ([], [referral.number])
    assert numbers(home.get(f"{LIST}?part=elsewhere")) == [referral.number]
    assert refused(world, "refuse", referral, "officer_kz") == "another_body"
    page = there.get(page_of(referral)).content.decode()
    for words in (patient, "Host ministry", "It has had the case since", "Approved"):
        assert words in page
    told = Message.objects.filter(kind="referral.staff:authorisation.approve_stage", channel="inbox")
    assert told.filter(user=world.users["officer_kg"], needs_action=True).exists()
    seen = make_api(world.korday).get(f"referrals/{referral.pk}/").data["stages"]
    assert [(row["state"], row["country"], row["body"]) for row in seen] == [
        ("granted", "KZ", None),
        ("in_review", "KG", None),
    ]
    assert there.post(page_of(referral), grant_data(referral)).status_code == 302
    referral.refresh_from_db()
    assert (referral.state, states(referral), referral.deciding_country) == (
        "sent",
        ["granted", "granted"],
        "",
    )
    assert referral.authorisation.decided_by == world.users["officer_kg"]
    # What it saw to decide, it doesn't see any more.
    assert patient not in there.get(page_of(referral)).content.decode()
    kinds = AuditRow.objects.filter(subject_id=str(referral.pk)).values_list("action", flat=True)
    assert {"authorisation.approve_stage", "authorisation.grant", "referral.send"} <= set(kinds)


def test_the_host_ministry_reads_by_the_patients_consent_alone(world: World) -> None:
    make.make_agreement(chains=[both_ministries()])
    referral = take(world, "grant", make.make_in_review(world), "officer_kz")
    there = signed_in(world, "officer_kg")
    assert referral.patient.full_name in there.get(page_of(referral)).content.decode()
    assert referral.patient.full_name in there.get(LIST).content.decode()
    consent = referral.consent
    assert consent is not None
    withdraw_consent(by=world.actor("clinician_kz"), patient_id=referral.patient_id, consent_id=consent.pk)
    assert referral.patient.full_name not in there.get(page_of(referral)).content.decode()
    assert referral.patient.full_name not in there.get(LIST).content.decode()


def test_uzbekistans_chain_with_a_question_a_refusal_and_silence(clock: Clock, world: World) -> None:
    clock.set(WEDNESDAY)
    CalendarDay.objects.all().delete()
    make.make_agreement(chains=[uzbek_chain(world, silence_grants=True)])
    referral = make_uzbek(world)
    work.drain()
    # Each body sees what has reached it, and nobody what hasn't.
    assert numbers(signed_in(world, "specialist").get(LIST)) == [referral.number]
    assert (
        signed_in(world, "regional").get(reverse("referrals:detail", args=[referral.pk])).status_code == 404
    )
    assert refused(world, "grant", referral, "regional") == "not_found"
    assert refused(world, "grant", referral, "officer_uz") == "another_body"
    referral = take(world, "grant", referral, "specialist")
    assert about(referral.authorisation.due_at, WEDNESDAY + timedelta(days=1))
    assert refused(world, "grant", referral, "specialist") == "denied"
    # The second asks; its clock stands still until the answer, and counts on from what was left.
    clock.go_on(timedelta(hours=12))
    referral = take(world, "request_information", referral, "regional")
    assert states(referral) == ["granted", "clock_stopped", "waiting", "waiting"]
    clock.go_on(timedelta(hours=24))
    referral = take(world, "answer", referral, "clinician_uz")
    assert about(referral.authorisation.due_at, WEDNESDAY + timedelta(days=2))
    work.drain()
    referral = take(world, "grant", referral, "regional")
    # The third refuses: the refusal says which stage, and why.
    referral = take(world, "refuse", referral, "national")
    assert (referral.state, states(referral)[2:]) == ("refused", ["refused", "waiting"])
    page = (
        signed_in(world, "clinician_uz").get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    )
    for words in ("Refused in stage 3 of 4", "National body", "A place is free at home."):
        assert words in page
    referral = take(world, "appeal", referral, "clinician_uz")
    referral = take(world, "overturn", referral, "officer_uz")
    assert states(referral) == ["granted", "granted", "in_review", "waiting"]
    referral = take(world, "grant", referral, "national2")
    # The fund stays silent. Before its time nothing happens, after it the portal grants, once.
    assert let_silence_grant() == 0
    with pytest.raises(Denied):
        actions.silence_grants(referral.pk, by=world.actor("fund"))
    clock.go_on(timedelta(days=5))
    assert (let_silence_grant(), let_silence_grant()) == (1, 0)
    referral = Referral.objects.select_related("authorisation").get(pk=referral.pk)
    assert (referral.state, referral.authorisation.state) == ("sent", "granted")
    assert referral.authorisation.by_silence
    assert referral.authorisation.decided_by is None
    page = signed_in(world, "fund").get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    assert "It stayed silent until" in page
    with pytest.raises(IllegalTransition):
        actions.silence_grants(referral.pk, by=SYSTEM)


def test_where_silence_grants_nothing_nothing_happens(clock: Clock, world: World) -> None:
    clock.set(WEDNESDAY)
    make.make_agreement(
        chains=[make.chain(make.stage(silence_grants=True, sign_above={"amount": "1000", "currency": "KZT"}))]
    )
    above = make.make_in_review(world)
    clock.go_on(timedelta(days=60))
    # A grant without a ceiling takes two persons, so the silence of one body can't stand for them.
    assert let_silence_grant() == 0
    above.refresh_from_db()
    assert above.state == "in_review"


def test_a_part_that_one_body_approved_is_all_that_the_next_can_grant(world: World) -> None:
    make.make_agreement(chains=[both_ministries()])
    referral = take(world, "partly_grant", make.make_in_review(world), "officer_kz")
    assert states(referral) == ["partly_granted", "in_review"]
    assert refused(world, "grant", referral, "officer_kg") == "granted_in_part"
    page = signed_in(world, "officer_kg").get(page_of(referral)).content.decode()
    assert 'value="grant"' not in page
    assert "The examination alone" in page
    referral = take(world, "partly_grant", referral, "officer_kg")
    assert (referral.state, referral.authorisation.state) == ("sent", "partly_granted")


def test_above_the_ceiling_a_person_of_another_body_signs(world: World) -> None:
    above = {"amount": "1000", "currency": "KZT"}
    make.make_agreement(chains=[make.chain(make.stage(sign_above=above, signed_by=2), host_stage())])
    referral = make.make_in_review(world)
    home, there = signed_in(world, "officer_kz"), signed_in(world, "officer_kg")
    low = grant_data(referral, ceiling_amount="900", ceiling_currency="KZT")
    assert home.post(page_of(referral), low | {"ceiling_amount": "1 001"}).status_code == 302
    referral = Referral.objects.select_related("authorisation").get(pk=referral.pk)
    assert states(referral) == ["in_review", "waiting"]
    assert refused(world, "sign_second", referral, "officer_kz") == "signed_first"
    assert refused(world, "sign_second", referral, "officer2_kz") == "another_body"
    page = there.get(page_of(referral)).content.decode()
    assert "Sign as the second person" in page
    assert re.search(r"1.001.KZT", page)
    answer = there.post(page_of(referral), {"choice": "sign_second", "version": referral.version})
    assert answer.status_code == 302
    assert states(referral) == ["granted", "in_review"]
    # What was asked meanwhile changes the facts: then what was signed is signed anew.
    other = make.make_in_review(world, patient=make.make_patient(world, world.actor("clinician_kz")))
    other = take(world, "grant", other, "officer_kz")
    other = take(world, "request_information", other, "officer_kg")
    other = take(world, "answer", other, "clinician_kz")
    assert other.authorisation.signed_by_id is None
    assert (other.deciding_country, states(other)) == ("KZ", ["in_review", "waiting"])


def test_two_authorities_share_a_quota(world: World) -> None:
    world.users["fund"] = make_member("fund", world.funds["KZ"], Role.APPROVER)
    fund = make.stage("Fund", body="fund", organisation="FSMS", quota=1, otherwise=True)
    make.make_agreement(chains=[make.chain(make.stage(quota=1), fund)])

    def another() -> Referral:
        return make.make_in_review(world, patient=make.make_patient(world, world.actor("clinician_kz")))

    first, waiting = another(), another()
    assert take(world, "grant", first, "officer_kz").state == "sent"
    assert states(first) == ["granted", "passed_over"]
    # The one that lay there already finds the quota used up; a new one goes to the other authority at once.
    with pytest.raises(Invalid, match="used up"):
        STEPS["grant"].take(world, waiting.pk, world.actor("officer_kz"))
    second = another()
    assert states(second) == ["passed_over", "in_review"]
    assert numbers(signed_in(world, "fund").get(LIST)) == [second.number]
    assert take(world, "grant", second, "fund").state == "sent"


def test_a_stage_decides_alone_on_what_is_with_it(world: World) -> None:
    """State × event × role over a chain: at each place each body, and only the one that has the case may decide."""
    make.make_agreement(chains=[uzbek_chain(world)])
    referral = make_uzbek(world)
    bodies = ("specialist", "regional", "national", "fund")
    for place, body in enumerate(bodies):
        for other in (*bodies, "officer_uz", "officer_kg", "officer_kz", "host_desk_kg"):
            for step in ("grant", "partly_grant", "refuse", "sign_second"):
                if other == body:
                    continue
                expected = "denied"
                if other in bodies[place + 1 :] or other in {"officer_kz", "host_desk_kg"}:
                    expected = "not_found"
                elif other == "officer_uz":
                    expected = "nothing_signed" if step == "sign_second" else "another_body"
                assert refused(world, step, referral, other) == expected, (place, other, step)
        referral = take(world, "grant", referral, body)
    assert (referral.state, states(referral)) == ("sent", ["granted"] * 4)
    with pytest.raises(NotKnown):
        STEPS["grant"].take(world, referral.pk, world.actor("officer_kz"))


def test_an_emergency_passes_over_the_chain(world: World) -> None:
    make.make_agreement(chains=[both_ministries()])
    referral = take(world, "grant", make.make_in_review(world), "officer_kz")
    actions.raise_urgency(
        referral.pk,
        by=world.actor("clinician_kz"),
        priority="stat",
        reason_text="Shock.",
        triage_note="Shock.",
    )
    referral.refresh_from_db()
    assert (referral.state, states(referral)) == ("sent", ["granted", "passed_over"])
    assert referral.deciding_country == ""
