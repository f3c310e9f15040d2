"""What a page refuses the API refuses, and the reverse: both ask `referrals.content`."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from core.actors import Actor
from patients.actions import record_consent, withdraw_consent
from referrals import actions
from referrals.models import Referral
from referrals.presentation.case import Case
from referrals.presentation.rows import row_of
from referrals.reading import load_case
from tests.factories import referrals as make
from tests.factories.api import Api, make_api
from tests.factories.facilities import World, make_facility
from tests.factories.patients import make_coverage
from tests.integration.filing_pages import answers, day, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


def today() -> date:
    return timezone.localdate()


def in_days(count: int) -> date:
    return today() + timedelta(days=count)


#: A page of the filing, what is changed on it, what the API is sent instead, and the field that the API names.
BAD: dict[str, tuple[str, Any, Any, str]] = {
    "needed yesterday": (
        "time",
        lambda world: day("needed_by", in_days(-1)),
        lambda world: {"needed_by": in_days(-1).isoformat()},
        "needed_by",
    ),
    "needed in the year 2199": (
        "time",
        lambda world: day("needed_by", date(2199, 1, 1)),
        lambda world: {"needed_by": "2199-01-01"},
        "needed_by",
    ),
    "a report of tomorrow": (
        "evidence",
        lambda world: day("dated_on", in_days(1)),
        lambda world: {"report": {"dated_on": in_days(1).isoformat(), "author": "A", "text": "B"}},
        "report.dated_on",
    ),
    "a report from before the birth": (
        "evidence",
        lambda world: day("dated_on", in_days(-3600)),
        lambda world: {"report": {"dated_on": in_days(-3600).isoformat(), "author": "A", "text": "B"}},
        "report.dated_on",
    ),
    "a report of the year 1": (
        "evidence",
        lambda world: day("dated_on", date(1, 1, 1)),
        lambda world: {"report": {"dated_on": "0001-01-01", "author": "A", "text": "B"}},
        "report.dated_on",
    ),
    "a report by nobody": (
        "evidence",
        lambda world: {"author": "нет"},
        lambda world: {"report": {"dated_on": in_days(-1).isoformat(), "author": "нет", "text": "Seen."}},
        "report.author",
    ),
    "a service that is none": (
        "care",
        lambda world: {"service": "..."},
        lambda world: {"service": "..."},
        "service",
    ),
    "a hospital that takes no referrals": (
        "where",
        lambda world: {"host_facility": str(closed(world).pk)},
        lambda world: {"host_facility": closed(world).organisation.code},
        "host_facility",
    ),
    "a hospital at home": (
        "where",
        lambda world: {"host_facility": str(world.taraz.pk)},
        lambda world: {"host_facility": "F0010"},
        "host_facility",
    ),
}


def closed(world: World) -> Any:
    every = tuple(world.specialties.values())
    return make_facility(
        "KG",
        "Closed hospital",
        code="F0999",
        unit=world.units["bishkek"],
        specialties=every,
        accepts_referrals=False,
    )


@pytest.mark.parametrize("what", BAD)
def test_page_and_api_refuse_the_same(world: World, what: str) -> None:
    page, typed, sent, field = BAD[what]
    clinician = world.actor("clinician_kz")
    patient = make.make_patient(world, clinician, birth_date=in_days(-3500))
    draft = make.make_draft(world, patient=patient)
    browser = signed_in(world)
    url = reverse("referrals:file_page", args=[draft.pk, page])
    right = answers(world)[page] | {"version": draft.version}
    assert browser.post(url, right | typed(world)).status_code == 422
    assert browser.post(url, right).status_code == 302, "the same page without the mistake"
    api = make_api(world.korday)
    etag = api.get(f"referrals/{draft.pk}/")["ETag"]
    refused = api.patch(f"referrals/{draft.pk}/", sent(world), If_Match=etag)
    assert (refused.status_code, [error["field"] for error in refused.data["errors"]]) == (422, [field])
    assert api.patch(f"referrals/{draft.pk}/", {"goal": "Walk again."}, If_Match=etag).status_code == 200


def emergency(world: World, api: Api, **changes: Any) -> Any:
    clinician = world.actor("clinician_kz")
    patient = make.make_patient(world, clinician)
    terms = {"valid_from": today(), "valid_to": in_days(30)} | changes
    consent = record_consent(
        by=clinician,
        patient_id=patient.pk,
        purpose="treatment",
        recipient_country="KG",
        how="written",
        **terms,
    )
    return patient, consent


@pytest.mark.parametrize("why", ["begins tomorrow", "withdrawn", "for another purpose"])
def test_an_emergency_is_never_sent_blind(world: World, why: str) -> None:
    make.make_agreement()
    api = make_api(world.korday)
    patient, consent = emergency(world, api, valid_from=in_days(why == "begins tomorrow"))
    if why == "withdrawn":
        withdraw_consent(by=world.actor("clinician_kz"), patient_id=patient.pk, consent_id=consent.pk)
    if why == "for another purpose":
        clinician = world.actor("clinician_kz")
        terms = {"valid_from": today(), "valid_to": in_days(30), "how": "written"}
        consent = record_consent(
            by=clinician, patient_id=patient.pk, purpose="second_opinion", recipient_country="KG", **terms
        )
    content = {
        "patient": str(patient.pk),
        "priority": "stat",
        "specialty": {"code": "394579002"},
        "service": "Angiography",
        "care_mode": "inpatient",
        "diagnosis": {"code": "I34.0"},
        "clinical_reason": "Shock.",
        "goal": "Survival.",
        "triage_note": "Life is in danger.",
        "host_facility": "F0100",
        "payer": "fund",
        "consent": consent.pk,
        "submit": True,
    }
    refused = api.post("referrals/", content)
    assert refused.status_code == 422
    assert {error["field"] for error in refused.data["errors"]} == {"consent", "emergency_ground"}
    assert not Referral.objects.exists()
    sent = api.post("referrals/", content | {"emergency_ground": "Unconscious, nobody to ask."})
    assert (sent.status_code, sent.data["state"]) == (201, "sent")
    # The hospital sees the patient from the first minute.
    seen = make_api(world.bishkek).get(f"referrals/{sent.data['id']}/")
    assert seen.data["clinical_content"] is True
    assert seen.data["clinical"]["patient"]["family_name"] == patient.family_name


def test_a_stay_lies_between_filing_and_today(world: World) -> None:
    referral = make.make_in_care(world)
    host = make_api(world.bishkek)
    words = {"care_given": "Repair.", "outcome": "Well.", "advice": "Rest."}
    for first, last, field in (
        (in_days(-40), today(), "admitted_on"),
        (date(1, 1, 1), today(), "admitted_on"),
        (today(), in_days(-1), "discharged_on"),
        (today(), in_days(2), "discharged_on"),
    ):
        stay = {"admitted_on": first.isoformat(), "discharged_on": last.isoformat()}
        refused = host.step(referral, "discharge", stay | words)
        assert (refused.status_code, refused.data["errors"][0]["field"]) == (422, field), (first, last)
    stay = {"admitted_on": today().isoformat(), "discharged_on": today().isoformat()}
    assert host.step(referral, "discharge", stay | words).status_code == 200


def test_what_the_rules_will_say_is_said_before_the_filing(world: World) -> None:
    make.make_agreement()
    clinician = world.actor("clinician_kz")
    patient = make.make_patient(world, clinician, covered=False)
    draft = make.make_draft(world, patient=patient, priority="routine", needed_by=today())
    browser, api = signed_in(world), make_api(world.korday)

    def shown(page: str) -> str:
        return browser.get(reverse("referrals:file_page", args=[draft.pk, page])).content.decode()

    assert "No coverage at home is recorded." in shown("payer")
    check = shown("check")
    assert "No coverage at home is recorded." in check
    assert "The care is needed by" in check
    assert reverse("patients:coverage", args=[patient.pk]) in check
    told = api.get(f"referrals/{draft.pk}/").data["warnings"]
    assert told[0].startswith("The care is needed by")
    assert "No coverage at home is recorded." in told
    # Mended, nothing of it is said any more; and what is filed warns of nothing: it was checked.
    make_coverage(clinician, patient, world.funds["KZ"].pk)
    later = api.patch(
        f"referrals/{draft.pk}/",
        {"priority": "asap", "needed_by": in_days(60).isoformat()},
        If_Match=api.get(f"referrals/{draft.pk}/")["ETag"],
    )
    assert later.status_code == 200
    assert not [text for text in later.data["warnings"] if "coverage" in text or "needed by" in text]
    assert "No coverage at home is recorded." not in shown("check")
    filed = api.post(f"referrals/{draft.pk}/submit/", None, If_Match=later["ETag"])
    assert (filed.status_code, filed.data["warnings"]) == (200, [])


def test_a_day_of_need_that_nothing_to_come_fits_is_told_on_page_and_api(world: World) -> None:
    browser, api = signed_in(world), make_api(world.korday)
    waiting = make.make_in_review(world, priority="routine", needed_by=today())
    late = make.make_accepted(world, specialty=waiting.specialty, needed_by=in_days(3))
    calm = make.make_draft(world, priority="stat", needed_by=in_days(30))
    fits = make.make_in_review(world, priority="routine", needed_by=in_days(90))
    for referral, start in ((waiting, "The care is needed by"), (late, "The appointment begins on")):
        told = api.get(f"referrals/{referral.pk}/").data["warnings"]
        assert [text[: len(start)] for text in told] == [start]
        assert start in shown(browser, referral)
    assert "An emergency can’t wait" in api.get(f"referrals/{calm.pk}/").data["warnings"][0]
    assert api.get(f"referrals/{fits.pk}/").data["warnings"] == []
    assert "needed by" not in shown(browser, fits)


def shown(browser: Any, referral: Referral) -> str:
    return str(browser.get(reverse("referrals:detail", args=[referral.pk])).content.decode())


def test_a_row_has_the_clock_of_its_own_work(world: World) -> None:
    """The review of an emergency is the ministry's: its clock stands beside nobody else's work, on no page."""
    referral = make.make_submitted(world, priority="stat", triage_note="Life in danger.")
    desk, officer = make.desk_of(world, referral), world.actor("officer_kz")

    def clocks(actor: Actor) -> set[str]:
        case = load_case(Case, actor, referral.pk)
        row = row_of(case.referral, actor)
        return {clock.of if clock else "" for clock in (row.clock, case.clock())}

    assert clocks(officer) == {"for the review of the emergency"}
    assert clocks(desk) == {"of 30 minutes"}
    actions.accept(referral.pk, by=desk, **make.dates(0))
    assert clocks(officer) == {"for the review of the emergency"}
    assert clocks(desk) == clocks(world.actor("clinician_kz")) == {""}
