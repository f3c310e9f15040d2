"""A hospital's own number of a patient and of a referral, on its pages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.audit.models import AuditRow
from patients.models import RecordNumber as PatientNumber
from referrals.models import RecordNumber
from tests.factories import referrals as make
from tests.factories.facilities import World

pytestmark = pytest.mark.in_turn


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def shown(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_side_gives_a_referral_its_own_number(world: World) -> None:
    referral, other = make.make_sent(world), make.make_sent(world)
    case = reverse("referrals:detail", args=[referral.pk])
    url = reverse("referrals:own_number", args=[referral.pk])
    home, host = signed_in(world, "clinician_kz"), signed_in(world, "host_desk_kg")
    for client, mine, foreign in ((home, "ORDER 1", "CASE-9"), (host, "CASE-9", "ORDER 1")):
        assert "Enter a record number" in shown(client, case)
        saved = client.post(url, {"record_number": f"  {mine} ", "was": ""}, follow=True)
        assert saved.redirect_chain == [(case, 302)]
        page = saved.content.decode()
        assert mine in page
        assert "The record number is saved." in page
        assert foreign not in page
        assert mine in shown(client, url)
    assert sorted(RecordNumber.objects.values_list("facility_id", "value")) == sorted(
        [(world.korday.pk, "ORDER 1"), (world.bishkek.pk, "CASE-9")]
    )
    found = home.post(f"{reverse('referrals:worklist')}?tab=others", {"q": "ORDER 1"}, follow=True)
    assert referral.number in found.content.decode()
    assert other.number not in found.content.decode()

    # A number that another referral has, one that is too long, and what a colleague saved meanwhile: the text stays.
    taken = home.post(
        reverse("referrals:own_number", args=[other.pk]), {"record_number": "ORDER 1", "was": ""}
    )
    assert (taken.status_code, taken.context["form"]["record_number"].value()) == (422, "ORDER 1")
    assert "given this record number already" in taken.content.decode()
    for none in ("x" * 61, "0", "нет", "-", "n/a", "000"):
        assert home.post(url, {"record_number": none, "was": "ORDER 1"}).status_code == 422, none
    late = home.post(url, {"record_number": "ORDER 2", "was": "seen before"})
    assert (late.status_code, late.context["form"]["record_number"].value()) == (422, "ORDER 2")
    page = late.content.decode()
    assert "Meanwhile a colleague entered ORDER 1." in page
    assert 'name="was" value="ORDER 1"' in page
    assert RecordNumber.objects.get(facility=world.korday).value == "ORDER 1"
    assert home.post(url, {"record_number": "ORDER 2", "was": "ORDER 1"}).status_code == 302
    assert home.post(url, {"record_number": "", "was": "ORDER 2"}).status_code == 302
    assert not RecordNumber.objects.filter(facility=world.korday).exists()
    words = AuditRow.objects.filter(action="referral.record_number")
    assert words.count() == 4
    assert "ORDER" not in str([row.details for row in words])

    # Who isn't a side of it gives none; a hospital that doesn't know it learns nothing.
    for name, status in (("officer_kz", 403), ("host_desk_uz", 404), ("clinician_kg", 404)):
        client = signed_in(world, name)
        assert client.get(url).status_code == client.post(url, {"record_number": "X"}).status_code == status
    assert "own-number" not in shown(signed_in(world, "officer_kz"), case)


def test_a_facility_gives_a_patient_its_own_number(world: World) -> None:
    patient = make.make_draft(world).patient
    url, page = (reverse(f"patients:{name}", args=[patient.pk]) for name in ("own_number", "detail"))
    client = signed_in(world, "clinician_kz")

    def save(number: str, was: str) -> Any:
        return client.post(url, {"record_number": number, "was": was}, follow=True)

    assert save("MRN 7", "").redirect_chain == [(page, 302)]
    assert shown(client, page).count("MRN 7") >= 1
    found = client.post(reverse("patients:find"), {"q": "MRN 7"}, follow=True)
    assert str(patient.pk) in found.content.decode()
    late = save("MRN 8", "")
    assert late.status_code == 422
    assert "Meanwhile a colleague entered MRN 7." in late.content.decode()
    assert PatientNumber.objects.get().value == "MRN 7"
    assert save("a\u200bb", "MRN 7").status_code == 422
    assert save("", "MRN 7").status_code == 200
    gone = save("MRN 9", "MRN 7")
    assert "Meanwhile a colleague took the number away." in gone.content.decode()
    assert not PatientNumber.objects.exists()
    assert signed_in(world, "clinician_kg").get(url).status_code == 404
    assert signed_in(world, "host_desk_kg").get(url).status_code == 403
