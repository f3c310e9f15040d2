"""What a ground gives of another hospital's record, and how what the patient states stands beside it."""

from uuid import UUID

import pytest
from django.urls import reverse

from core.audit.models import AuditRow
from core.errors import Denied, Invalid
from core.outbox import work
from core.outbox.models import Message
from disclosure.models import Disclosure
from patients.actions import merge_patients
from patients.models import Consent, ContactStatement, Coverage, Patient
from tests.factories.api import make_api
from tests.factories.facilities import World, make_member
from tests.factories.patients import make_consent
from tests.integration.patient_forms import signed_in
from tests.integration.test_api_directing import person, registered
from tests.integration.test_records_of_others import GROUND, NUMBER


@pytest.mark.django_db
def test_a_link_gives_the_least_and_changes_nothing_of_the_other_hospital_s(world: World) -> None:
    home, stranger = make_api(world.korday), make_api(world.bishkek)
    patient, consent_id = registered(home)
    clinician = world.actor("clinician_kz")
    make_consent(clinician, Patient.objects.get(pk=patient), "UZ")
    before = home.get(f"patients/{patient}/")
    coverage_id, number_id = before.data["coverages"][0]["id"], before.data["identifiers"][0]["id"]
    linked = stranger.post(
        "patients/link/", {"identifier": NUMBER, "birth_date": "1990-02-03", "ground": GROUND}
    )
    assert linked.status_code == 201, linked.data
    path = f"patients/{patient}/"
    seen = stranger.get(path)
    assert seen.data["family_name"] == "Тестова"
    assert (seen.data["phone"], seen.data["address"], seen.data["coverages"], seen.data["consents"]) == (
        "",
        "",
        [],
        [],
    )
    assert [row["value"] for row in seen.data["identifiers"]] == ["N12345678"]
    assert stranger.get(f"{path}coverages/").data["results"] == []
    assert stranger.get(f"{path}consents/").data["results"] == []
    world.users["stranger"] = make_member("stranger", world.bishkek.organisation, "clinician")
    page = signed_in(world, "stranger").get(reverse("patients:detail", args=[patient])).content.decode()
    assert "Тестова" in page
    assert not [text for text in ("701 000 00 03", "+77010000003", world.korday.name, "FSMS") if text in page]
    # It changes nothing: neither who the patient is nor what the other hospital recorded.
    etag = seen["ETag"]
    for change in ({"family_name": "Другая"}, {"birth_date": "1991-02-03"}, {"deceased_on": "2026-01-01"}):
        refused = stranger.patch(path, change, If_Match=etag)
        assert (refused.status_code, refused.data["code"]) == (403, "other_recorder"), refused.data
    for step, content, status in (
        (f"consents/{consent_id}/withdraw/", {}, 404),
        (f"consents/{consent_id}/state-withdrawal/", {"how": "written"}, 404),
        (f"coverages/{coverage_id}/correct/", {"valid_to": "2026-01-01"}, 404),
        (f"identifiers/{number_id}/remove/", {"reason": "replaced"}, 422),
    ):
        assert stranger.post(path + step, content, If_Match='"1"').status_code in (status, 412), step
    browser = signed_in(world, "stranger")
    for name, key in (
        ("consent_withdraw", consent_id),
        ("coverage_correct", coverage_id),
        ("identifier_remove", number_id),
    ):
        assert browser.post(reverse(f"patients:{name}", args=[patient, key])).status_code == 404, name
    assert home.get(path).data == before.data
    assert home.get(path)["ETag"] == before["ETag"]
    # The hospital is told, and its page says who asked and why. Each country has its row, without the number.
    work.drain()
    assert Message.objects.filter(
        user=world.users["clinician_kz"], kind="patients.patient.linked_elsewhere"
    ).exists()
    told = signed_in(world, "clinician_kz").get(reverse("patients:detail", args=[patient])).content.decode()
    assert world.bishkek.name in told
    assert "The patient is here and consents" in told
    assert set(AuditRow.objects.filter(action="patient.linked").values_list("country", flat=True)) == {
        "KG",
        "KZ",
    }
    row = Disclosure.objects.get(what="patients.lookup")
    assert (row.countries, row.basis, [str(one) for one in row.patients]) == (
        ["KG", "KZ"],
        ["consent"],
        [patient],
    )


@pytest.mark.django_db
def test_what_the_patient_states_here_stands_beside_what_was_recorded_there(world: World) -> None:
    home, other = make_api(world.korday), make_api(world.taraz)
    patient, consent_id = registered(home)
    before = home.get(f"patients/{patient}/").data
    ground = GROUND | {"covers": ["contact", "coverage", "consents"]}
    other.post("patients/link/", {"identifier": NUMBER, "birth_date": "1990-02-03", "ground": ground})
    path = f"patients/{patient}/"
    seen = other.get(path)
    assert seen.data["phone"] == before["phone"]
    assert [row["id"] for row in seen.data["coverages"]] == [row["id"] for row in before["coverages"]]
    changed = other.patch(path, {"phone": "+7 701 000 00 09"}, If_Match=seen["ETag"])
    assert (changed.status_code, changed.data["phone"]) == (200, "+77010000009"), changed.data
    assert other.patch(path, {"phone": "+7 701 000 00 08"}, If_Match=seen["ETag"]).status_code == 412
    again = other.patch(path, {"phone": "+7 701 000 00 08"}, If_Match=changed["ETag"])
    assert again.data["phone"] == "+77010000008"
    assert ContactStatement.objects.count() == 2
    assert ContactStatement.objects.get(replaced_by__isnull=True).replaces_id is not None
    coverage_id = before["coverages"][0]["id"]
    corrected = other.post(f"{path}coverages/{coverage_id}/correct/", {"valid_to": "2027-01-01"})
    assert (corrected.status_code, corrected.data["beside"]) == (201, coverage_id), corrected.data
    assert [row["id"] for row in other.get(path).data["coverages"]] == [corrected.data["id"]]
    # The consent of the other hospital isn't withdrawn in its place, by neither way; the statement is a row of its own.
    refused = other.post(f"{path}consents/{consent_id}/withdraw/", {}, If_Match='"1"')
    assert (refused.status_code, refused.data["code"]) == (403, "other_recorder")
    browser, url = (
        signed_in(world, "outsider"),
        reverse("patients:consent_withdraw", args=[patient, consent_id]),
    )
    assert "Another hospital recorded this consent" in browser.get(url).content.decode()
    assert browser.post(url, {}).status_code == 422
    assert Consent.objects.get(pk=consent_id).ended_at is None
    assert browser.post(url, {"how": "written"}).status_code == 302
    stated = Consent.objects.get(supersedes_id=consent_id)
    assert (stated.recorder_id, stated.withdrawn_at is not None) == (world.taraz.pk, True)
    assert other.post(f"{path}consents/{consent_id}/state-withdrawal/", {"how": "written"}).status_code == 409
    old = Consent.objects.get(pk=consent_id)
    assert (old.withdrawn_at, old.recorder_id, old.ended_at) == (None, world.korday.pk, stated.withdrawn_at)
    # The recorder's own rows are as they were; it sees what was stated elsewhere, and was told.
    after = home.get(path).data
    assert (after["phone"], after["version"]) == (before["phone"], before["version"])
    assert {row["id"] for row in after["coverages"]} == {coverage_id, corrected.data["id"]}
    assert Coverage.objects.get(pk=coverage_id).valid_to is None
    assert [row["ended_at"] is not None for row in after["consents"]] == [True, True]
    page = signed_in(world, "clinician_kz").get(reverse("patients:detail", args=[patient])).content.decode()
    assert "+77010000008" in page
    work.drain()
    told = Message.objects.filter(user=world.users["clinician_kz"], kind="patients.patient.stated_elsewhere")
    assert told.count() >= 4


@pytest.mark.django_db
def test_one_s_own_record_goes_into_the_other_hospital_s_and_never_the_other_way(world: World) -> None:
    home, other = make_api(world.korday), make_api(world.taraz)
    theirs, _consent = registered(home)
    own = other.post("patients/", person(phone="+7 701 000 00 09", family_name="Тестова-Другая")).data["id"]
    sent = {"identifier": NUMBER, "birth_date": "1990-02-03", "ground": GROUND}
    assert other.post("patients/link/", sent).data["id"] == theirs
    by, versions = world.actor("outsider"), {"survivor_version": 1, "merged_version": 1}
    said = {"by": by, "ground": "document", **versions}
    with pytest.raises(Denied) as refused:
        merge_patients(survivor_id=UUID(own), merged_id=UUID(theirs), choices={}, **said)
    assert refused.value.code == "other_recorder"
    into = {"survivor_id": UUID(theirs), "merged_id": UUID(own), **said}
    with pytest.raises(Invalid) as asked:
        merge_patients(choices={}, **into)
    contradicting = [
        name.removeprefix("choices.") for name in asked.value.fields if name.startswith("choices.")
    ]
    assert contradicting
    with pytest.raises(Denied):
        merge_patients(choices=dict.fromkeys(contradicting, "merged"), **into)
    merge_patients(choices=dict.fromkeys(contradicting, "survivor"), **into)
    assert home.get(f"patients/{theirs}/").data["phone"] == "+77010000003"
    seen = other.get(f"patients/{theirs}/").data
    assert (seen["family_name"], seen["phone"]) == ("Тестова", "+77010000009")
