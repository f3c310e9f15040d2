"""The directing side by API: a patient with consent and coverage, file, edit, answer, withdraw."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.outbox import work
from referrals import actions
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.api import Api, make_api
from tests.factories.facilities import World

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
TODAY = timezone.localdate


def person(**changes: Any) -> dict[str, Any]:
    return {
        "family_name": "Тестова",
        "given_name": "Пациентка",
        "birth_date": "1990-02-03",
        "sex": "female",
        "citizenship": "KZ",
        "residence_district": {"country": "KZ", "code": "314800000"},
        "phone": "+7 701 000 00 03",
        "is_synthetic": True,
        "identifiers": [{"system": "passport", "country": "KZ", "value": "n12345678"}],
        "coverage": {
            "kind": "insurance",
            "fund": "FSMS",
            "valid_from": "2025-01-01",
            "source": "register",
        },
        **changes,
    }


def consent(**changes: Any) -> dict[str, Any]:
    return {
        "purpose": "treatment",
        "recipient_country": "KG",
        "valid_from": TODAY().isoformat(),
        "valid_to": (TODAY() + timedelta(days=180)).isoformat(),
        "how": "written",
        **changes,
    }


def referral_for(patient: str, consent_id: int, **changes: Any) -> dict[str, Any]:
    return {
        "patient": patient,
        "priority": "urgent",
        "specialty": {"system": "http://snomed.info/sct", "code": "408466002"},
        "service": "Mitral valve repair",
        "care_mode": "inpatient",
        "diagnosis": {"code": "I34.0"},
        "clinical_reason": "Progressive breathlessness.\nSevere insufficiency.",
        "goal": "Valve repair.",
        "needed_by": (TODAY() + timedelta(days=30)).isoformat(),
        "needed_by_reason": "Specialist’s limit.",
        "host_facility": "F0100",
        "payer": "fund",
        "estimate": {"amount": "1250000.50", "currency": "KZT"},
        "consent": consent_id,
        "report": {"dated_on": TODAY().isoformat(), "author": "Test cardiologist", "text": "Repair advised."},
        **changes,
    }


def registered(api: Api) -> tuple[str, int]:
    """A patient with a consent: their ids."""
    patient = api.post("patients/", person())
    assert patient.status_code == 201, patient.data
    given = api.post(f"patients/{patient.data['id']}/consents/", consent())
    assert given.status_code == 201, given.data
    return patient.data["id"], given.data["id"]


def test_a_hospital_files_follows_answers_and_withdraws(world: World) -> None:
    make.make_agreement()
    api, other = make_api(world.korday), make_api(world.taraz)
    patient, consent_id = registered(api)
    whole = api.get(f"patients/{patient}/")
    assert whole.data["identifiers"][0]["value"] == "N12345678"
    assert whole.data["coverages"][0]["fund"]["code"] == "FSMS"
    assert whole.data["consents"][0]["id"] == consent_id
    assert other.get(f"patients/{patient}/").status_code == 404
    assert other.post("referrals/", referral_for(patient, consent_id)).status_code == 404

    filed = api.post("referrals/", referral_for(patient, consent_id, submit=True))
    assert filed.status_code == 201, filed.data
    assert filed.data["number"].startswith("KZ-")
    assert filed["Location"] == f"/api/v1/referrals/{filed.data['id']}/"
    assert filed.data["estimate"] == {"amount": "1250000.50", "currency": "KZT"}
    assert filed.data["clinical"]["diagnosis"]["display"].startswith("Mitral")
    referral = Referral.objects.get(pk=filed.data["id"])
    assert referral.distance_km
    assert referral.crossing == world.akzhol

    work.drain()
    checked = api.get(f"referrals/{referral.pk}/")
    assert checked.data["state"] == "in_review"
    assert len(checked.data["clinical"]["check"]["results"]) == 10
    actions.request_information(referral.pk, by=world.actor("officer_kz"), questions=["Fit for the road?"])
    asked = api.get(f"referrals/{referral.pk}/", Accept_Language="ru")
    assert asked.data["allowed"][0] == "answer"
    assert asked.data["clinical"]["information_requests"][0]["questions"][0]["text"] == "Fit for the road?"
    empty = api.step(referral, "answer", {"answers": []})
    assert empty.status_code == 422
    assert empty.data["errors"][0]["field"] == "answers"
    answered = api.step(referral, "answer", {"answers": [{"question": 1, "text": "Yes."}]})
    assert answered.data["state"] == "screening", answered.data

    withdrawn = api.step(referral, "withdraw", {"reason_code": "patient_wish"})
    assert withdrawn.data["state"] == "withdrawn"
    assert withdrawn.data["allowed"] == ["enter_in_error"]


@pytest.mark.parametrize("changes", [{}, {"priority": "stat", "triage_note": "Shock."}, {"submit": False}])
def test_the_answer_to_a_filing_is_the_case_as_it_is_read_later(
    world: World, changes: dict[str, Any]
) -> None:
    """The answer is made of what was written, without reading it again."""
    make.make_agreement()
    api = make_api(world.korday)
    patient, consent_id = registered(api)
    filed = api.post("referrals/", referral_for(patient, consent_id, **{"submit": True, **changes}))
    assert filed.status_code == 201, filed.data
    read = api.get(filed["Location"].removeprefix("/api/v1/"))
    assert read.data == filed.data
    assert read["ETag"] == filed["ETag"]
    assert filed.data["directing_facility"]["code"] == world.korday.organisation.code
    assert filed.data["clinical"]["residence_district"]["code"] == "314800000"

    sparse = api.post("referrals/", {"patient": patient})
    assert sparse.status_code == 201, sparse.data
    assert api.get(sparse["Location"].removeprefix("/api/v1/")).data == sparse.data


def test_a_draft_is_edited_and_filing_names_what_is_missing(world: World) -> None:
    make.make_agreement()
    api = make_api(world.korday)
    patient, consent_id = registered(api)
    draft = api.post("referrals/", {"patient": patient})
    assert draft.status_code == 201 and draft.data["state"] == "draft", draft.data
    path = f"referrals/{draft.data['id']}/"
    refused = api.post(f"{path}submit/", If_Match=draft["ETag"])
    assert refused.status_code == 422
    assert {"specialty", "diagnosis", "consent", "host_facility"} <= {
        error["field"] for error in refused.data["errors"]
    }
    content = referral_for(patient, consent_id)
    del content["patient"]
    assert api.patch(path, content).status_code == 428
    assert api.patch(path, content, If_Match='"7"').status_code == 412
    unknown = api.patch(
        path, {"host_facility": "F9999", "diagnosis": {"code": "Z99.99"}}, If_Match=draft["ETag"]
    )
    assert unknown.status_code == 422
    assert {error["field"] for error in unknown.data["errors"]} == {"host_facility", "diagnosis.code"}
    home = api.patch(path, {"host_facility": "F0010"}, If_Match=draft["ETag"])
    assert home.status_code == 422
    assert home.data["errors"][0]["field"] == "host_facility"
    edited = api.patch(path, content, If_Match=draft["ETag"])
    assert edited.status_code == 200, edited.data
    filed = api.post(f"{path}submit/", If_Match=edited["ETag"])
    assert filed.status_code == 200
    assert filed.data["state"] == "submitted"
    closed = api.patch(path, {"goal": "Other."}, If_Match=filed["ETag"])
    assert closed.status_code == 409
    assert "withdraw" in closed.data["allowed"]


def test_filing_at_once_keeps_nothing_when_it_fails(world: World) -> None:
    make.make_agreement()
    api = make_api(world.korday)
    patient, consent_id = registered(api)
    content = referral_for(patient, consent_id, submit=True)
    del content["goal"]
    refused = api.post("referrals/", content)
    assert refused.status_code == 422
    assert refused.data["errors"][0]["field"] == "goal"
    assert not Referral.objects.exists()
