"""What a host keeps of a referral that went elsewhere or is over, and what a host's ministry reads of it."""

from typing import Any

import pytest
from django.urls import reverse

from core.outbox import work
from core.outbox.models import Message
from disclosure.models import Disclosure
from patients.actions import withdraw_consent
from referrals import access, actions
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.api import Api, make_api
from tests.factories.facilities import World, make_facility
from tests.integration.filing_pages import signed_in
from tests.integration.patient_forms import text_of

pytestmark = pytest.mark.django_db
REPORT = "Severe mitral insufficiency; repair advised."
# Long enough that no token of a page has it by chance.
MARK = "Zqmark"


def case_of(world: World, referral: Referral, name: str) -> str:
    return text_of(signed_in(world, name).get(reverse("referrals:detail", args=[referral.pk])))


def test_a_host_that_lost_the_referral_keeps_what_it_must_prove(world: World) -> None:
    osh = make_facility(
        "KG",
        "Osh hospital",
        unit=world.units["osh"],
        code="F0101",
        specialties=tuple(world.specialties.values()),
    )
    referral, silent = make.make_sent(world), make.make_sent(world)
    name, desk, host = referral.patient.family_name, world.actor("host_desk_kg"), make_api(world.bishkek)
    declined = host.step(
        referral, "decline", {"reason_code": "no_capacity", "reason_text": "No bed."}, Idempotency_Key="one"
    )
    etag = f'"{referral.version}"'
    officer = world.actor("officer_kz")
    actions.re_route(referral.pk, by=officer, host_facility=osh, reason_text="A bed is free there.")
    actions.change_host(silent.pk, by=world.actor("clinician_kz"), host_facility=osh, reason_text="Nearer.")
    read = host.get(f"referrals/{referral.pk}/").data
    assert (read["state"], read["clinical_content"], read["clinical"]) == ("declined", False, None)
    assert (read["former_since"] is not None, read["allowed"], read["appointment"]) == (True, [], None)
    assert [(row["event"], row["reason_text"]) for row in read["history"]] == [("decline", "No bed.")]
    assert (read["host_facility"]["code"], read["authorisation"], read["crossing"]) == ("F0100", None, None)
    listed = host.get("referrals/former/").data["results"]
    assert {(row["number"], row["state"]) for row in listed} == {
        (referral.number, "declined"),
        (silent.number, "sent"),
    }
    assert host.get("referrals/").data["results"] == []
    # What comes after is the other hospital's.
    Referral.objects.filter(pk=referral.pk).update(state="accepted")
    assert host.get(f"referrals/{referral.pk}/").data["state"] == "declined"
    page = case_of(world, referral, "host_desk_kg")
    for text in ("This referral went to another hospital", "No bed.", str(referral.number)):
        assert text in page, text
    for text in (name, "Osh hospital", "Accepted"):
        assert text not in page, text
    browser = signed_in(world, "host_desk_kg")
    answer = browser.post(f"{reverse('referrals:desk')}?part=elsewhere", {"q": name}, follow=True)
    assert answer.context["page"].items == []
    answer = browser.get(f"{reverse('referrals:desk')}?part=elsewhere")
    assert {str(referral.number), str(silent.number)} == {one.number for one in answer.context["page"].items}
    assert name not in text_of(answer)
    # No step, no replay with content, and nobody else has more.
    assert browser.get(reverse("referrals:step", args=[referral.pk, "accept"])).status_code in (403, 404)
    replayed = host.post(
        f"referrals/{referral.pk}/decline/",
        {"reason_code": "no_capacity", "reason_text": "No bed."},
        If_Match=etag,
        Idempotency_Key="one",
    )
    assert declined.status_code == 200
    assert name not in replayed.content.decode()
    assert not access.parties(desk, Referral.objects.get(pk=silent.pk))
    assert make_api(world.taraz).get(f"referrals/{referral.pk}/").status_code == 404
    assert (
        Disclosure.objects.filter(
            subject_id=str(referral.pk), clinical=True, organisation_id=world.bishkek.pk
        ).count()
        == 1
    )


def test_a_referral_that_is_over_before_care_leaves_the_host_no_patient(world: World) -> None:
    referral = make.make_accepted(world)
    name = referral.patient.family_name
    assert name in case_of(world, referral, "host_desk_kg")
    actions.withdraw(
        referral.pk, by=world.actor("clinician_kz"), reason_code="patient_wish", reason_text="No need."
    )
    assert name not in case_of(world, referral, "host_desk_kg")
    read = make_api(world.bishkek).get(f"referrals/{referral.pk}/").data
    assert (read["state"], read["clinical"], read["crossing"], read["distance_km"]) == (
        "withdrawn",
        None,
        None,
        None,
    )


def test_withdrawn_means_nothing_of_the_patient_to_any_reader_abroad(world: World) -> None:
    """Whatever a host's people, its system or its ministry open, no word of patient or care is in it."""
    referral = make.make_accepted(world, payer_note="Zqmarkpayer")
    Referral.objects.filter(pk=referral.pk).update(
        service="Zqmarkservice", clinical_reason="Zqmarkreason", goal="Zqmarkgoal", triage_note="Zqmarktriage",
        needed_by_reason="Zqmarkneeded", distance_km=76543, estimate_amount="98765.43", estimate_currency="KZT",
    )  # fmt: skip
    patient = referral.patient
    type(patient).objects.filter(pk=patient.pk).update(
        family_name="Zqmarkfamily", given_name="Zqmarkgiven", phone="+77019998877"
    )
    type(referral.authorisation).objects.filter(referral=referral).update(
        care_text="Zqmarkcare", reason_text="Zqmarkground", ceiling_amount="87654.32", ceiling_currency="KZT"
    )
    assert referral.consent is not None
    marks = (
        MARK,
        "76543",
        "76 543",
        "98765",
        "98 765",
        "98,765",
        "87,654",
        "77019998877",
        REPORT[:12],
        "Severe mitral",
    )
    step = reverse("referrals:step", args=[referral.pk, "schedule"])
    detail = reverse("referrals:detail", args=[referral.pk])
    pages = [detail, step, reverse("referrals:check_fragment", args=[referral.pk])]
    pages += [
        f"{reverse('referrals:desk')}?part={part}" for part in ("answer", "preparation", "in_care", "over")
    ]
    paths = [f"/api/v1/referrals/{referral.pk}/", "/api/v1/referrals/", "/api/v1/referrals/former/"]
    ministry = [
        detail,
        f"{reverse('referrals:decisions')}?part=all",
        reverse("referrals:emergency_accesses"),
        *paths,
    ]
    desk, officer, host = (
        signed_in(world, "host_desk_kg"),
        signed_in(world, "officer_kg"),
        make_api(world.bishkek),
    )

    def found(answers: list[Any]) -> set[str]:
        assert all(one.status_code < 500 for one in answers)
        text = " ".join(one.content.decode().replace("\xa0", " ") for one in answers)
        return {mark for mark in marks if mark in text}

    assert MARK in found([desk.get(detail)]), "a test that finds nothing proves nothing"
    assert found([officer.get(url) for url in ministry]) == set()
    withdraw_consent(by=world.actor("clinician_kz"), patient_id=patient.pk, consent_id=referral.consent.pk)
    assert found([desk.get(url) for url in (*pages, *paths)]) == set()
    assert found([host.get(path) for path in paths]) == set()
    assert found([desk.post(step, {"version": referral.version})]) == set()
    work.drain()
    said = Message.objects.exclude(user=None).values_list("params", flat=True)
    assert not [one for one in said if MARK in str(one)]


def test_a_host_ministry_reads_in_the_api_what_its_page_tells(world: World) -> None:
    """One list for both: `outline.OUTLINE`. What isn't in it is empty in the answer and missing on the page."""
    from referrals.outline import OUTLINE

    referral = make.make_accepted(world)
    read = Api(signed_in(world, "officer_kg")).get(f"referrals/{referral.pk}/").data
    filled = {name for name, value in read.items() if value not in (None, "", [], {})}
    filled |= {
        f"authorisation.{name}"
        for name, value in read["authorisation"].items()
        if value not in (None, "", [])
    }
    assert filled - {"authorisation"} - {"clinical_content"} <= OUTLINE
    page = case_of(world, referral, "officer_kg")
    assert referral.specialty is not None
    for text in (
        referral.patient.family_name,
        referral.specialty.name,
        "valid from",
        "Ак-Жол",
    ):
        assert text not in page, text
    for text in (read["number"], "Korday district hospital", "National Hospital", read["state_display"]):
        assert text in page, text
