"""What a host keeps when it declined or the consent ended, and a death that it records: on every way to a referral."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from core.outbox import work
from core.outbox.models import Message
from patients.actions import withdraw_consent
from patients.models import Patient
from referrals import actions
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.integration.filing_pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
DECLINE = {"reason_code": "no_capacity", "reason_text": "No bed in time."}


def found(world: World, text: str, part: str) -> list[Any]:
    """What the desk's search finds in a part of its list."""
    desk = signed_in(world, "host_desk_kg")
    answer = desk.post(f"{reverse('referrals:desk')}?part={part}", {"q": text}, follow=True)
    return list(answer.context["page"].items)


def test_a_host_that_declined_keeps_its_answer_and_no_patient(world: World) -> None:
    referral = make.make_sent(world)
    name = referral.patient.family_name
    assert found(world, name, "answer") == [referral]
    api = make_api(world.bishkek)
    declined = api.step(referral, "decline", DECLINE, Idempotency_Key="one")
    assert declined.status_code == 200
    case = api.get(f"referrals/{referral.pk}/")
    assert (case.data["clinical_content"], case.data["clinical"], case.data["payer"]) == (False, None, "")
    own = [row for row in case.data["history"] if row["event"] == "decline"]
    assert [(row["reason_code"], row["reason_text"]) for row in own] == [("no_capacity", "No bed in time.")]
    (row,) = api.get("referrals/").data["results"]
    assert (row["number"], row["patient"], row["diagnosis"]) == (referral.number, None, None)
    assert found(world, name, "over") == []
    assert found(world, str(referral.number), "over") == [referral]
    page = (
        signed_in(world, "host_desk_kg").get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    )
    assert "Your hospital declined this referral" in page
    assert "No bed in time." in page
    assert name not in page
    # The host ministry's answer has no more than its page: neither what was decided nor why.
    ministry = make_api(world.korday)
    ministry.http, ministry.token = signed_in(world, "officer_kg"), ""
    read = ministry.get(f"referrals/{referral.pk}/").data
    assert (
        {row["reason_text"] for row in read["history"]}
        == {row["reason_code"] for row in read["history"]}
        == {""}
    )
    authorisation = read["authorisation"]
    assert [authorisation[field] for field in ("ceiling", "reason", "valid_from", "valid_until")] == [
        None
    ] * 4
    assert (read["appointment"], read["estimate"], read["payer"]) == (None, None, "")


def test_a_withdrawal_holds_at_once_in_replays_too_and_the_host_is_told(world: World) -> None:
    referral = make.make_sent(world)
    api = make_api(world.bishkek)
    headers = {"If_Match": f'"{referral.version}"', "Idempotency_Key": "one"}
    starts = timezone.now() + timedelta(days=3)
    stay = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(days=2)).isoformat()}
    path = f"referrals/{referral.pk}/accept/"
    first = api.post(path, stay, **headers)
    assert first.status_code == 200, first.data
    assert first.data["clinical"]["patient"]["family_name"]
    consent = referral.consent
    assert consent is not None
    withdraw_consent(by=world.actor("clinician_kz"), patient_id=referral.patient_id, consent_id=consent.pk)
    again = api.post(path, stay, **headers)
    assert (again.status_code, again["Idempotent-Replayed"], again.data["clinical"]) == (200, "true", None)
    work.drain()
    told = Message.objects.filter(kind="referral.staff:referral.consent_withdrawn", channel="inbox")
    assert told.filter(user=world.users["host_desk_kg"]).exists()
    page = signed_in(world).get(reverse("patients:detail", args=[referral.patient_id])).content.decode()
    assert "What was shown before the consent ended" in page
    listed = make_api(world.korday).get(f"patients/{referral.patient_id}/consents/{consent.pk}/disclosures/")
    assert {row["country"] for row in listed.data["results"]} == {"KG"}
    stranger = make_api(world.taraz)
    assert (
        stranger.get(f"patients/{referral.patient_id}/consents/{consent.pk}/disclosures/").status_code == 404
    )


def test_a_host_records_a_death_in_care_alone_and_the_directing_side_confirms_it(world: World) -> None:
    today = timezone.localdate()
    sent, said = make.make_sent(world), {"deceased_on": today.isoformat()}
    host, home = make_api(world.bishkek), make_api(world.korday)
    refused = host.step(sent, "record-death", said)
    assert (refused.status_code, refused.data["code"]) == (409, "not_in_care")
    step = reverse("referrals:step", args=[sent.pk, "record_death"])
    assert signed_in(world, "host_desk_kg").get(step).status_code == 409
    in_care = make.make_in_care(world)
    waiting = make.make_in_review(world, patient=in_care.patient, specialty=world.specialties["oncology"])
    assert host.step(in_care, "record-death", said).status_code == 200
    work.drain()
    waiting.refresh_from_db()
    assert waiting.state == "in_review", "nothing follows from a word that nobody has confirmed"
    assert Message.objects.filter(
        user=world.users["clinician_kz"], kind="patients.patient.death_stated"
    ).exists()
    path = f"patients/{in_care.patient_id}/"
    assert (home.get(path).data["deceased_on"], home.get(path).data["death_confirmed"]) == (
        today.isoformat(),
        False,
    )
    assert host.post(f"{path}confirm-death/", If_Match='"1"').status_code == 404
    browser = signed_in(world)
    assert (
        "Confirm the death"
        in browser.get(reverse("patients:detail", args=[in_care.patient_id])).content.decode()
    )
    assert browser.post(reverse("patients:death_confirm", args=[in_care.patient_id])).status_code == 302
    assert home.post(f"{path}confirm-death/").status_code == 428
    etag = home.get(path)["ETag"]
    assert home.post(f"{path}confirm-death/", If_Match=etag).status_code == 409
    work.drain()
    assert Referral.objects.get(pk=waiting.pk).state == "deceased"
    # A mistake is taken back instead, and nothing has happened by then.
    other = make.make_in_care(world)
    actions.record_death(other.pk, by=world.actor("host_desk_kg"), deceased_on=today)
    etag = home.get(f"patients/{other.patient_id}/")["ETag"]
    back = home.patch(
        f"patients/{other.patient_id}/", {"deceased_on": None, "death_correction": "alive"}, If_Match=etag
    )
    assert (back.data["deceased_on"], back.data["death_confirmed"]) == (None, True)
    assert Patient.objects.get(pk=other.patient_id).death_confirmer_id is None
