"""Asking a hospital to confirm its data, who is told of anything, and what happens where nobody can be."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.audit.models import AuditRow
from core.outbox import work
from core.outbox.models import Message
from core.permissions import Role
from facilities.access import has_desk
from facilities.models import ConfirmationRequest, Membership
from referrals import actions
from referrals.models import Referral
from tests.clock import Clock
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World, make_member
from tests.integration.filing_pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


def told(kind: str) -> set[str]:
    found = Message.objects.filter(kind=kind, channel="inbox")
    return set(found.values_list("user__username", flat=True))


def names(world: World, *cast: str) -> set[str]:
    return {world.users[name].username for name in cast}


def test_a_hospital_is_asked_once_in_a_period_and_sees_by_whom(clock: Clock, world: World) -> None:
    host = world.bishkek
    page, ask = (reverse(f"facilities:{name}", args=[host.pk]) for name in ("confirm", "ask_to_confirm"))
    path = f"facilities/{host.pk}/ask-to-confirm/"
    clinician, desk = signed_in(world, "clinician_kz"), signed_in(world, "host_desk_kg")
    assert "Nobody has asked yet." in clinician.get(page).content.decode()
    assert desk.post(ask, {"about": ["licence"]}).status_code == 403
    assert signed_in(world, "auditor_kz").post(ask, {"about": ["licence"]}).status_code == 403
    for wrong in ({}, {"about": ["weather"]}):
        answer = clinician.post(ask, wrong)
        assert (answer.status_code, list(answer.context["ask_form"].errors)) == (422, ["about"])
    assert make_api(world.korday, scopes=["directory:read"]).post(path).status_code == 403
    api = make_api(world.korday)
    assert api.post(path, {"about": []}).status_code == 422
    assert api.post(f"facilities/{2**70}/ask-to-confirm/").status_code == 404
    assert not ConfirmationRequest.objects.exists()

    assert clinician.post(ask, {"about": ["services", "licence"]}).status_code == 302
    work.drain()
    assert told("facility.asked") == names(world, "host_desk_kg")
    message = Message.objects.filter(kind="facility.asked").first()
    assert message is not None
    assert (message.link, message.needs_action) == (page, True)
    seen = desk.get(page).content.decode()
    assert world.users["clinician_kz"].full_name in seen
    assert "Ask to confirm the data" not in clinician.get(page).content.decode()
    assert AuditRow.objects.filter(action="facility.ask_to_confirm", country="KG").count() == 1
    # Whoever asks in the same week is told who did; nobody is told twice.
    again = api.post(path, Idempotency_Key="one")
    assert (again.status_code, again.data["asked_by"]) == (200, world.users["clinician_kz"].full_name)
    assert again.data["reaches_somebody"] is True
    assert api.get(f"facilities/{host.pk}/").data["asked"]["about"] == ["services", "licence"]
    assert clinician.post(ask, {"about": ["contact"]}).status_code == 302
    work.drain()
    assert ConfirmationRequest.objects.count() == 1
    clock.go_on(timedelta(days=7, minutes=1))
    assert make_api(world.korday).get(f"facilities/{host.pk}/").data["asked"] is None
    # A facility without anybody: its ministry's coordinator is asked; without one, the officer; else it is said.
    Membership.objects.filter(organisation_id=host.pk).update(active=False)
    first = make_api(world.korday).post(path, Idempotency_Key="two")
    assert (first.status_code, first.data["about"]) == (201, ["services", "licence", "contact"])
    work.drain()
    asked = told("facility.asked") - names(world, "host_desk_kg")
    assert asked
    assert not asked & names(world, "clinician_kz", "officer_kz", "coordinator_kz")
    Membership.objects.filter(organisation__country_id="KG").update(active=False)
    clock.go_on(timedelta(days=8))
    alone = make_api(world.korday).post(path)
    assert (alone.status_code, alone.data["reaches_somebody"]) == (201, False)
    work.drain()
    assert told("facility.unheard") == names(world, "administrator")
    assert "is active in the portal" in signed_in(world, "clinician_kz").get(page).content.decode()


@pytest.mark.parametrize("end", ["membership", "account", "password", "organisation"])
def test_who_is_not_at_work_is_told_nothing_and_the_coordinator_hears_of_the_silence(
    world: World, end: str
) -> None:
    desk = world.users["host_desk_kg"]
    Membership.objects.filter(organisation=world.bishkek.organisation, role=Role.HOST_DESK).exclude(
        user=desk
    ).delete()
    referral = make.make_in_review(world)
    work.drain()
    assert has_desk(world.bishkek.pk)
    if end == "membership":
        Membership.objects.filter(user=desk).update(active=False)
    elif end == "account":
        desk.is_active = False
        desk.save()
    elif end == "password":
        desk.set_unusable_password()
        desk.save()
    else:
        other = make_member("elsewhere", world.taraz.organisation, Role.HOST_DESK)
        Membership.objects.filter(user=desk).delete()
        Membership.objects.create(user=desk, organisation=world.taraz.organisation, role=Role.HOST_DESK)
        assert has_desk(world.taraz.pk)
        assert other.is_active
    assert not has_desk(world.bishkek.pk)
    before = Message.objects.filter(user=desk).count()
    officer = world.actor("officer_kz")
    actions.grant(referral.pk, by=officer, reason_code="undue_delay", reason_text="Long.", **make.window())
    work.drain()
    assert Message.objects.filter(user=desk).count() == before
    kind = "referral.staff:referral.desk_unheard"
    assert names(world, "coordinator_kz") <= told(kind)
    assert not told(kind) & names(world, "clinician_kz")
    body = "Nobody at the host hospital can read a notice in the portal now."
    inbox = signed_in(world, "coordinator_kz").get(reverse("messages:inbox")).content.decode()
    assert body in inbox
    # Who filed and works elsewhere now may not open the case any more: the hospital's others are told.
    filer = world.users["clinician_kz"]
    colleague = make_member("colleague", world.korday.organisation, Role.CLINICIAN)
    Membership.objects.filter(user=filer).update(organisation=world.taraz.organisation)
    count = Message.objects.filter(user=filer).count()
    actions.decline_by_telephone(
        referral.pk,
        by=world.actor("coordinator_kz"),
        reason_code="no_capacity",
        spoke_with="Dr. Aidarova",
        phone="+996312900100",
        spoken_at=Referral.objects.get(pk=referral.pk).sent_at,
        said="No bed.",
    )
    work.drain()
    assert Message.objects.filter(user=filer).count() == count
    assert Message.objects.filter(user=colleague, channel="inbox").exists()


def test_a_ministry_or_hospital_without_anybody_is_noticed(world: World) -> None:
    Membership.objects.filter(organisation__country_id="KZ", role__in=["officer", "coordinator"]).update(
        active=False
    )
    referral = make.make_in_review(world)
    work.drain()
    kind = "referral.staff:referral.ministry_unheard"
    assert told(kind) == names(world, "administrator")
    message = Message.objects.filter(kind=kind).first()
    assert message is not None
    assert message.link == "", "who administers the portal may not open a case"
    Membership.objects.filter(organisation__country_id="KZ").update(active=True)
    Membership.objects.filter(organisation=world.korday.organisation, role="clinician").update(active=False)
    actions.request_information(referral.pk, by=world.actor("officer_kz"), questions=["Which valve?"])
    work.drain()
    assert names(world, "coordinator_kz") <= told("referral.staff:referral.clinician_unheard")


def test_a_coordinator_records_an_answer_by_telephone_over_the_api(world: World) -> None:
    referral = make.make_sent(world)
    coordinator = signed_in(world, "coordinator_kz")
    address = f"/api/v1/referrals/{referral.pk}/"
    case = coordinator.get(address)
    steps = case.json()["links"]["steps"]
    assert steps["accept_by_telephone"] == f"{address}accept-by-telephone/"
    dates = {name: moment.isoformat() for name, moment in make.dates().items()}
    call = {
        "spoke_with": "Dr. Aidarova, head of department",
        "phone": "0312 900100",
        "spoken_at": referral.sent_at.isoformat() if referral.sent_at else "",
        "said": "There is a bed.",
    }

    def send(client: Client, step: str, content: dict[str, Any], **headers: str) -> Any:
        return client.post(
            f"{address}{step}/",
            content,
            content_type="application/json",
            headers={"If-Match": case["ETag"]} | headers,
        )

    accept = "accept-by-telephone"
    # Hospitals' people and systems don't record what a coordinator heard.
    for name in ("clinician_kz", "host_desk_kg"):
        assert send(signed_in(world, name), accept, dates | call).status_code == 403
    assert make_api(world.bishkek).step(referral, accept, dates | call).status_code == 403
    assert accept.replace("-", "_") not in make_api(world.bishkek).get(address).data["allowed"]
    # The same rules as the page: every field named, nothing half done.
    for wrong, field in (
        ({"phone": "12"}, "phone"),
        ({"phone": "701 123 45 67"}, "phone"),
        ({"spoke_with": " "}, "spoke_with"),
        ({"said": ""}, "said"),
        ({"spoken_at": "2199-01-01T00:00:00Z"}, "spoken_at"),
        ({"spoken_at": "2020-01-01T00:00:00Z"}, "spoken_at"),
        ({"ends_at": dates["starts_at"]}, "ends_at"),
    ):
        answer = send(coordinator, accept, dates | call | wrong)
        assert (answer.status_code, {row["field"] for row in answer.json()["errors"]}) == (422, {field}), (
            wrong
        )
    bare = coordinator.post(f"{address}{accept}/", dates | call, content_type="application/json")
    assert bare.status_code == 428
    reason = call | {"reason_code": "weather"}
    assert send(coordinator, "decline-by-telephone", reason).status_code == 422
    done = send(coordinator, accept, dates | call, **{"Idempotency-Key": "call-1"})
    assert (done.status_code, done.json()["state"]) == (200, "accepted")
    line = done.json()["history"][-1]
    assert (line["event"], line["telephone"]["phone"]) == ("accept_by_telephone", "+996312900100")
    again = send(coordinator, accept, dates | call, **{"Idempotency-Key": "call-1"})
    assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
    assert send(coordinator, accept, dates | call).status_code == 412
    second = make.make_sent(world)
    path = f"/api/v1/referrals/{second.pk}/"
    declined = coordinator.post(
        f"{path}decline-by-telephone/",
        call
        | {"reason_code": "no_capacity", "spoken_at": second.sent_at.isoformat() if second.sent_at else ""},
        content_type="application/json",
        headers={"If-Match": coordinator.get(path)["ETag"]},
    )
    assert (declined.status_code, declined.json()["state"]) == (200, "declined")
