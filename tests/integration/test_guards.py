"""Page, API and action give one answer to “why can't this be done now”: the same code, status and sentence."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.actors import SYSTEM, Actor
from core.errors import PortalError
from core.permissions import Role
from facilities.models import Organisation
from referrals import actions
from referrals.models import Authorisation, Referral, StatusChange
from tests.clock import days_ago
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World, make_facility, make_member
from tests.factories.situations import SITUATIONS, STEPS

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def page_of(referral: Referral, event: str) -> str:
    return reverse("referrals:step", args=[referral.pk, event])


def refused(world: World, step: str, referral: Referral, by: Actor) -> PortalError:
    with pytest.raises(PortalError) as error:
        STEPS[step].take(world, referral.pk, by)
    return error.value


def stay(days: int = 7) -> dict[str, str]:
    return {name: value.isoformat() for name, value in make.dates(days).items()}


@pytest.mark.parametrize(
    ("situation", "left", "closed"),
    [
        ("sent_expired", ["decline"], {"accept": stay}),
        ("accepted_expired", [], {"schedule": stay, "admit": dict}),
    ],
)
def test_after_an_authorisation_ran_out_page_and_api_offer_the_same(
    world: World, situation: str, left: list[str], closed: dict[str, Any]
) -> None:
    referral = SITUATIONS[situation](world)
    desk, api = signed_in(world, "host_desk_kg"), make_api(world.bishkek)
    read = api.get(f"referrals/{referral.pk}/")
    assert read.data["allowed"] == left
    assert list(read.data["links"]["steps"]) == left
    for step, content in closed.items():
        error = refused(world, step, referral, world.actor("host_desk_kg"))
        assert (error.status, error.code) == (409, "not_in_force")
        page = desk.get(page_of(referral, step))
        assert page.status_code == 409
        assert str(error.message) in page.content.decode()
        assert [row["event"] for row in page.context["actions"]] == left
        assert page.context["error"].code == "not_in_force"
        answer = api.step(referral, step, content())
        assert answer.status_code == 409
        assert answer.data["code"] == "not_in_force"
        assert answer.data["detail"] == str(error.message)
        assert answer.data["allowed"] == left
        assert api.get(answer.data["type"]).status_code == 200, "the code is explained"
    died = api.step(referral, "record-death", {"deceased_on": str(timezone.localdate())})
    assert (died.status_code, died.data["code"]) == (409, "not_in_care")


def test_an_appeal_is_over_for_page_and_api_alike(world: World) -> None:
    referral = SITUATIONS["refused"](world)
    clinician, api = signed_in(world, "clinician_kz"), make_api(world.korday)
    assert clinician.get(page_of(referral, "appeal")).status_code == 200
    assert "appeal" in api.get(f"referrals/{referral.pk}/").data["links"]["steps"]
    past = timezone.now() - timedelta(hours=1)
    Authorisation.objects.filter(referral=referral).update(appeal_due_at=past)
    page = clinician.get(page_of(referral, "appeal"))
    answer = api.step(referral, "appeal", {"text": "Please look again."})
    error = refused(world, "appeal", referral, world.actor("clinician_kz"))
    assert page.status_code == answer.status_code == error.status == 409
    assert answer.data["code"] == error.code == "appeal_over"
    assert answer.data["detail"] == str(error.message) == "The time limit for an appeal has passed."
    assert "The time limit for an appeal has passed." in page.content.decode()
    assert "appeal" not in api.get(f"referrals/{referral.pk}/").data["links"]["steps"]
    assert Referral.objects.get(pk=referral.pk).authorisation.state == "refused"


@pytest.mark.parametrize(
    ("situation", "steps"),
    [
        ("sent", ["extend", "revoke"]),
        ("appealed", ["uphold", "overturn"]),
        ("stat_sent", ["review_emergency"]),
    ],
)
def test_nobody_is_offered_to_decide_what_they_filed(world: World, situation: str, steps: list[str]) -> None:
    referral = SITUATIONS[situation](world)
    # Of an appeal the one who refused is kept off besides; whoever filed hears of the filing first.
    filer, free = ("officer_kz", "officer2_kz") if situation == "appealed" else ("officer2_kz", "officer_kz")
    own, other = signed_in(world, filer), signed_in(world, free)
    Referral.objects.filter(pk=referral.pk).update(filed_by=world.users[filer])
    for step in steps:
        error = refused(world, step, referral, world.actor(filer))
        assert (error.status, error.code) == (403, "own_referral")
        page = own.get(page_of(referral, step))
        assert page.status_code == 403
        assert str(error.message) in page.content.decode()
        detail = own.get(reverse("referrals:detail", args=[referral.pk])).content.decode()
        assert page_of(referral, step) not in detail
        assert other.get(page_of(referral, step)).status_code == 200


def test_a_state_that_forbids_is_told_in_the_same_words(world: World) -> None:
    referral = make.make_sent(world)
    error = refused(world, "discharge", referral, world.actor("host_desk_kg"))
    page = signed_in(world, "host_desk_kg").get(page_of(referral, "discharge"))
    summary = {name: str(value) for name, value in make.summary().items()}
    answer = make_api(world.bishkek).step(referral, "discharge", summary)
    assert page.status_code == answer.status_code == error.status == 409
    assert answer.data["code"] == error.code == "illegal_transition"
    assert answer.data["detail"] == str(error.message)
    assert str(error.message) in page.content.decode()
    assert answer.data["allowed"] == ["accept", "decline"]


def test_a_hospital_that_declined_is_known_by_its_key_whatever_it_is_called(world: World) -> None:
    surgery = world.specialties["cardiac_surgery"]
    namesake = make_facility("KG", world.bishkek.name, unit=world.units["osh"], specialties=(surgery,))
    near = make_facility("KG", "Near hospital", unit=world.units["ysyk_ata"], specialties=(surgery,))
    referral = make.make_sent(world)
    actions.decline(
        referral.pk, by=world.actor("host_desk_kg"), reason_code="no_capacity", reason_text="Full."
    )
    change = StatusChange.objects.get(referral=referral, event="decline")
    assert change.organisation_id == world.bishkek.pk
    actions.re_route(
        referral.pk, by=world.actor("coordinator_kz"), host_facility=near, reason_text="It is near."
    )
    world.users["desk_near"] = make_member("desk_near", near.organisation, Role.HOST_DESK)
    actions.decline(referral.pk, by=world.actor("desk_near"), reason_code="no_capacity", reason_text="Full.")
    # Renamed since: the name that the history keeps is nobody's any more.
    Organisation.objects.filter(pk=world.bishkek.pk).update(name="Renamed hospital", names={})
    page = signed_in(world, "coordinator_kz").get(page_of(referral, "re_route"))
    field = page.context["form"].fields["host_facility"]
    assert [value for value, _label in field.choices] == [str(namesake.pk), str(world.bishkek.pk)]
    hints = field.widget.choices_hints
    assert "Declined this referral on" in hints[str(world.bishkek.pk)]
    assert "Declined this referral on" not in hints[str(namesake.pk)]


def test_the_systems_own_events_are_nobodys(world: World) -> None:
    """The history keeps no organisation for the portal, and the road asks it for its part as it asks a person."""
    with days_ago(100):
        referral = make.make_sent(world)
    error = refused(world, "extend", referral, world.actor("coordinator_kz"))
    assert (error.status, error.code) == (403, "denied")
    assert actions.expire(referral.pk, by=SYSTEM)
    assert StatusChange.objects.get(referral=referral, event="expire").organisation_id is None
