"""What is erased is gone from every table and answer, and the audit log stands."""

from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from core.audit.models import AuditRow
from core.audit.tasks import seal
from core.outbox import work
from core.outbox.models import Message
from core.walls.session import working
from patients.models import SearchWord
from referrals.models import Referral, StatusChange
from retention.models import Erasure, State, Sweep
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.factories.keeping import (
    CANARY,
    closed_case,
    closed_case_of_another,
    everything,
    long_ago,
    namesake,
    periods,
    run,
    singing,
)
from tests.factories.patients import make_merge, make_patient
from tests.factories.sign_ins import signed_in_as

__all__ = ["periods"]  # a fixture
pytestmark = pytest.mark.django_db


def test_when_a_period_is_over_nothing_of_the_person_is_left_and_the_audit_log_stands(
    periods: World, settings: Any, tmp_path: Any
) -> None:
    world = periods
    settings.AUDIT_COPIES = tmp_path
    referral = closed_case(world)
    other = closed_case_of_another(world)
    merged = namesake(world, birth_date=referral.patient.birth_date, sex=referral.patient.sex)
    make_merge(world.actor("clinician_kz"), referral.patient, merged)
    work.drain()
    assert len(singing(everything())) > 10, "else nothing is proven"
    history = StatusChange.objects.filter(referral=referral).count()

    run()
    assert not Erasure.objects.exists(), "nothing is due yet"
    assert Sweep.objects.get().looked_at >= 2
    long_ago(referral)
    run()
    (row,) = Erasure.objects.all()
    assert (row.state, row.origin, row.record_id) == (State.WAITING, "period", referral.patient_id)
    run()
    assert Erasure.objects.count() == 1, "found once"
    assert Referral.objects.get(pk=referral.pk).clinical_reason, "nobody has verified the period"

    officer = signed_in_as(world.users["officer_kz"])
    page = reverse("retention:erasure", args=[row.pk])
    shown = officer.get(page).content.decode()
    assert str(row.record_id) in shown
    assert not singing([shown]), "whoever decides needs no name"
    assert officer.post(page, {"verdict": "refuse"}).status_code == 422
    assert signed_in_as(world.users["officer_kg"]).post(page, {"verdict": "erase"}).status_code == 404
    assert officer.post(page, {"verdict": "erase"}).status_code == 302
    assert officer.post(page, {"verdict": "erase"}).status_code == 409
    with working():
        work.drain()
    row.refresh_from_db()
    assert (row.state, row.gone) == (State.DONE, {"cases": 1, "drafts": 0, "record": 1})

    assert singing(everything()) == []
    assert not SearchWord.objects.filter(patient__in=[referral.patient_id, merged.pk]).exists()
    kept = StatusChange.objects.filter(referral=referral)
    assert kept.count() == history
    assert set(kept.values_list("reason_text", flat=True)) == {""}
    assert Referral.objects.get(pk=other.pk).clinical_reason, "another person's stay"
    seal()
    call_command("verify_audit")
    assert set(AuditRow.objects.filter(action="patient.erased").values_list("country", flat=True)) == {
        "KZ",
        "KG",
    }

    for name, path in (
        ("clinician_kz", reverse("patients:detail", args=[referral.patient_id])),
        ("clinician_kz", reverse("patients:edit", args=[merged.pk])),
        ("clinician_kz", reverse("referrals:detail", args=[referral.pk])),
        ("officer_kz", reverse("referrals:decide", args=[referral.pk])),
        ("host_desk_kg", reverse("referrals:papers", args=[referral.pk])),
    ):
        answer = signed_in_as(world.users[name]).get(path)
        assert answer.status_code == 410, path
    for name, path in (
        ("outsider", reverse("patients:detail", args=[referral.patient_id])),
        ("clinician_uz", reverse("referrals:detail", args=[referral.pk])),
    ):
        assert signed_in_as(world.users[name]).get(path).status_code == 404, path
    for name, path in (
        ("clinician_kz", reverse("referrals:worklist") + "?tab=over"),
        ("clinician_kz", reverse("patients:find")),
        ("officer_kz", reverse("referrals:decisions") + "?part=all"),
        ("host_desk_kg", reverse("referrals:desk") + "?part=over"),
    ):
        answer = signed_in_as(world.users[name]).get(path)
        assert answer.status_code == 200, path
        assert str(referral.number) not in answer.content.decode()
    api, host = make_api(world.korday), make_api(world.bishkek)
    gone = api.get(f"patients/{referral.patient_id}/")
    assert (gone.status_code, gone.data["code"]) == (410, "erased")
    assert (
        api.get(f"referrals/{referral.pk}/").status_code
        == host.get(f"referrals/{referral.pk}/").status_code
        == 410
    )
    assert str(referral.pk) not in api.get("referrals/").content.decode()
    events = api.get("events/").data["results"]
    last = [one for one in events if one["type"] in {"patient.erased", "referral.erased"}]
    assert len(last) == 2
    assert make_api(world.taraz).get(f"patients/{referral.patient_id}/").status_code == 404


def test_a_patient_asks_and_the_ministry_decides(periods: World) -> None:
    world, clinician = periods, signed_in_as(periods.users["clinician_kz"])
    referral = closed_case_of_another(world)
    alone = make_patient(world.actor("clinician_kz"), **CANARY)
    draft = make.make_draft(world, patient=alone)
    officer = signed_in_as(world.users["officer_kz"])
    kept, free = (reverse("erasure:ask", args=[one]) for one in (referral.patient_id, alone.pk))
    for url in (kept, free):
        assert clinician.post(url, {"asked_by": "neighbour"}).status_code == 422
        assert clinician.post(url, {"asked_by": "patient"}).status_code == 302
        assert clinician.post(url, {"asked_by": "patient"}).status_code == 409, "it is open"
    api = make_api(world.korday)
    assert api.post(f"patients/{alone.pk}/erasures/", {"asked_by": "patient"}).status_code == 409
    assert api.get(f"patients/{alone.pk}/erasures/").data["results"][0]["state"] == "waiting"
    assert api.post(f"patients/{alone.pk}/erasures/", {"asked_by": 1}).status_code == 422
    first, second = Erasure.objects.order_by("pk")
    work.drain()
    assert Message.objects.filter(kind="erasure.asked", user=world.users["officer_kz"]).exists()

    page = reverse("retention:erasure", args=[first.pk])
    refused = officer.post(page, {"verdict": "erase"})
    assert refused.status_code == 422, "a referral is under way"
    told = {"verdict": "refuse", "refusal": "law", "reason": "Medical records are kept for 25 years."}
    assert officer.post(page, {**told, "refusal": ""}).status_code == 422
    assert officer.post(page, told).status_code == 302
    shown = clinician.get(kept).content.decode()
    assert told["reason"] in shown
    assert clinician.get(reverse("patients:detail", args=[referral.patient_id])).status_code == 200

    page = reverse("retention:erasure", args=[second.pk])
    assert officer.post(page, {"verdict": "erase"}).status_code == 302
    with working():
        work.drain()
    second.refresh_from_db()
    assert second.gone == {"cases": 0, "drafts": 1, "record": 1}
    assert singing(everything()) == []
    assert clinician.get(free).status_code == 410
    assert clinician.get(reverse("referrals:detail", args=[draft.pk])).status_code == 410
    assert api.get(f"patients/{alone.pk}/erasures/").status_code == 410
    found = {row.action for row in AuditRow.objects.filter(action__startswith="patient.eras")}
    assert found == {"patient.erasure_asked", "patient.erasure_decided", "patient.erased"}
