"""The host's side by API: a token, the list, one case, and every step to the discharge."""

from datetime import timedelta

import pytest
from django.utils import timezone

from disclosure.models import Disclosure
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


def stay(days: int = 7) -> dict[str, str]:
    start = timezone.now().replace(microsecond=0) + timedelta(days=days)
    return {"starts_at": start.isoformat(), "ends_at": (start + timedelta(days=3)).isoformat()}


def test_a_host_lists_reads_accepts_schedules_admits_and_discharges(world: World) -> None:
    referral = make.make_sent(world)
    make.make_sent(world, host_facility=world.andijan)
    host, other, directing = make_api(world.bishkek), make_api(world.taraz), make_api(world.korday)

    listed = host.get("referrals/?direction=received&state=sent")
    assert listed.status_code == 200
    assert [row["id"] for row in listed.data["results"]] == [str(referral.pk)]
    assert listed.data["next"] is None
    assert listed.data["results"][0]["patient"]["family_name"] == "Тестова"
    assert other.get("referrals/").data["results"] == []

    read = host.get(f"referrals/{referral.pk}/")
    assert read.status_code == 200
    assert read["ETag"].startswith(f'"{referral.version}.en.')
    assert read.data["clinical"]["clinical_reason"]
    assert read.data["allowed"] == ["accept", "decline"]
    shown = Disclosure.objects.get(what="referrals.case", subject_id=str(referral.pk))
    assert (shown.clinical, shown.patients, shown.actor_kind) == (True, [referral.patient_id], "client")
    assert other.get(f"referrals/{referral.pk}/").status_code == 404

    path = read.data["links"]["steps"]["accept"]
    assert host.post(path, stay()).status_code == 428
    assert host.post(path, stay(), If_Match='"1"').status_code == 412
    assert other.post(path, stay(), If_Match=read["ETag"]).status_code == 404
    assert directing.post(path, stay(), If_Match=read["ETag"]).status_code == 403
    accepted = host.post(path, stay(), If_Match=read["ETag"])
    assert accepted.status_code == 200 and accepted.data["state"] == "accepted", accepted.data
    assert accepted.data["appointment"]["confirmed"] is False

    skipped = host.step(referral, "discharge", {**_summary()})
    assert skipped.status_code == 409
    assert skipped["Content-Type"] == "application/problem+json"
    assert skipped.data["allowed"] == ["admit", "schedule"]

    assert host.step(referral, "schedule", stay(9) | {"place": "Bed 4"}).data["state"] == "scheduled"
    assert host.step(referral, "reschedule", stay(10)).data["state"] == "scheduled"
    assert host.step(referral, "admit").data["state"] == "in_care"
    done = host.step(referral, "discharge", _summary())
    assert done.data["state"] == "discharged"
    closed = directing.step(referral, "close")
    assert closed.data["state"] == "closed", closed.data
    assert closed.data["clinical"]["discharge_summary"]["care_given"] == "Mitral valve repair."


def _summary() -> dict[str, str]:
    return {name: str(value) for name, value in make.summary().items()}


def test_a_host_declines_with_a_reason(world: World) -> None:
    referral = make.make_sent(world)
    host = make_api(world.bishkek)
    etag = host.get(f"referrals/{referral.pk}/")["ETag"]
    refused = host.post(
        f"referrals/{referral.pk}/decline/", {"reason_code": "tired"}, If_Match=etag, Accept_Language="ru"
    )
    assert refused.status_code == 422
    assert refused["Content-Language"] == "ru"
    assert {error["field"] for error in refused.data["errors"]} == {"reason_code", "reason_text"}
    declined = host.step(
        referral, "decline", {"reason_code": "no_capacity", "reason_text": "No bed until spring."}
    )
    assert declined.status_code == 200
    assert declined.data["state"] == "declined"


def test_without_a_valid_consent_the_host_reads_no_clinical_content(world: World) -> None:
    referral = make.make_sent(world)
    host = make_api(world.bishkek)
    assert host.get(f"referrals/{referral.pk}/").data["clinical"] is not None
    Referral.objects.get(pk=referral.pk).consent.__class__.objects.filter(pk=referral.consent_id).update(
        withdrawn_at=timezone.now(), withdrawn_by_label="x"
    )
    read = host.get(f"referrals/{referral.pk}/")
    assert read.data["clinical_content"] is False
    assert read.data["clinical"] is None
    row = host.get("referrals/").data["results"][0]
    assert row["patient"] is None
    assert row["diagnosis"] is None


def test_a_ministry_reads_by_session_and_decides_nothing(world: World) -> None:
    referral = make.make_sent(world)
    api = make_api(world.bishkek)
    api.token = ""
    assert api.get("referrals/").status_code == 401
    api.http.force_login(world.users["officer_kg"])
    row = api.get("referrals/?direction=received").data["results"][0]
    assert row["id"] == str(referral.pk)
    assert row["patient"] is None
    assert api.get(f"referrals/{referral.pk}/").data["allowed"] == []
    assert api.post(f"referrals/{referral.pk}/grant/", {}).status_code == 404
