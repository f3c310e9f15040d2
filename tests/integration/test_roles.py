"""Roles by two persons, and the pages on which an organisation's administrators have their people."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from core.accounts.models import User
from core.audit.models import AuditRow
from core.errors import Denied, IllegalTransition, Invalid, NotKnown
from core.outbox import work
from core.outbox.models import Message
from core.permissions import Permission, Role, needs_second_person, permissions_of
from facilities.actions import ask_for_role, confirm_role, end_membership, refuse_role
from facilities.memberships import actor_for_user
from facilities.models import Membership, Organisation, RoleRequest
from facilities.models.people import ROLE_KINDS
from tests.clock import Clock, set_to
from tests.factories.facilities import World, make_member, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def administrators(world: World) -> dict[str, Any]:
    """Administrators of a hospital, of its country's ministry and of a hospital elsewhere."""
    people = {
        name: make_member(name, organisation, Role.ADMINISTRATOR)
        for name, organisation in (
            ("hospital", world.korday.organisation),
            ("hospital2", world.korday.organisation),
            ("ministry", world.ministries["KZ"]),
            ("foreign", world.ministries["KG"]),
        )
    }
    world.users |= people
    return people


def test_every_role_that_decides_reads_or_administers_takes_two(world: World) -> None:
    administrators(world)
    organisations = {
        row.kind: row for row in (world.korday.organisation, world.ministries["KZ"], world.operator)
    }
    two = {Permission.DECIDE, Permission.SEE_CLINICAL, Permission.ADMINISTER}
    for role, kinds in ROLE_KINDS.items():
        for kind in kinds & set(organisations):
            user, by = make_user(), world.actor("administrator")
            asked = ask_for_role(
                user_id=user.pk, organisation_id=organisations[kind].pk, role=Role(role), by=by
            )
            held = Membership.objects.filter(user=user, active=True).exists()
            assert held is not bool(permissions_of(frozenset({Role(role)})) & two), role
            assert held is not needs_second_person(Role(role))
            assert asked.outcome == ("given" if held else "")
            if not held:
                with pytest.raises(Denied):
                    confirm_role(request_id=asked.pk, by=by)
    # The database holds it too.
    waiting = RoleRequest.objects.filter(outcome="").first()
    assert waiting is not None
    for wrong in ({"outcome": "given", "decided_by": waiting.asked_by_id}, {"decided_by": waiting.user_id}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleRequest.objects.filter(pk=waiting.pk).update(**wrong)


def test_who_may_ask_and_who_may_be_the_second_person(world: World) -> None:
    administrators(world)
    newcomer = make_user("newcomer")
    wanted = {"user_id": newcomer.pk, "organisation_id": world.korday.pk, "role": Role.CLINICIAN}
    for name, error in (("officer_kz", Denied), ("foreign", NotKnown), ("ministry", NotKnown)):
        with pytest.raises(error):
            ask_for_role(**wanted, by=world.actor(name))
    hospital = world.actor("hospital")
    with pytest.raises(Denied):
        ask_for_role(**wanted | {"user_id": hospital.user_id}, by=hospital)
    with pytest.raises(Denied):
        end_membership(membership_id=Membership.objects.get(user=hospital.user_id).pk, by=hospital)
    asked = ask_for_role(**wanted, by=hospital)
    assert ask_for_role(**wanted, by=world.actor("hospital2")).pk == asked.pk
    work.drain()
    told = set(Message.objects.filter(kind="role.to_confirm", channel="inbox").values_list("user", flat=True))
    assert told == {world.users["hospital2"].pk, world.users["ministry"].pk}
    assert Message.objects.filter(kind="role.asked", user=newcomer, channel="inbox").count() == 1
    for name, error in (
        ("hospital", Denied), ("administrator", Denied), ("foreign", NotKnown), ("clinician_kz", Denied),
    ):  # fmt: skip
        for step in (confirm_role, refuse_role) if name != "hospital" else (confirm_role,):
            with pytest.raises(error):
                step(request_id=asked.pk, by=world.actor(name))
    confirm_role(request_id=asked.pk, by=world.actor("ministry"))
    actor = actor_for_user(newcomer)
    assert actor is not None
    assert actor.is_role(Role.CLINICIAN)
    for step in (confirm_role, refuse_role):
        with pytest.raises(IllegalTransition):
            step(request_id=asked.pk, by=world.actor("hospital2"))
    with pytest.raises(Invalid):
        ask_for_role(**wanted, by=hospital)
    found = AuditRow.objects.filter(action__startswith="membership.").order_by("pk")
    assert [(row.action, row.country, row.details["role"]) for row in found] == [
        (f"membership.{what}", "KZ", "clinician") for what in ("ask", "confirm", "grant")
    ]
    # Where neither the hospital nor its ministry has another one, the operator's second one stands in.
    far = world.andijan.organisation
    other = ask_for_role(
        user_id=newcomer.pk, organisation_id=far.pk, role=Role.HOST_DESK, by=world.actor("administrator")
    )
    world.users["colleague"] = make_member("colleague", world.operator, Role.ADMINISTRATOR)
    assert refuse_role(request_id=other.pk, by=world.actor("colleague")).outcome == "refused"
    work.drain()
    assert Message.objects.filter(kind="role.refused", user=newcomer, channel="inbox").exists()


def test_a_request_ends_with_time_and_with_who_asked(world: World) -> None:
    administrators(world)
    wanted = {"organisation_id": world.korday.pk, "role": Role.HOST_DESK, "by": world.actor("hospital")}
    late, left = make_user("late"), make_user("left")
    old = ask_for_role(user_id=late.pk, **wanted)
    with set_to(Clock().now + timedelta(days=7, minutes=1)):
        with pytest.raises(IllegalTransition):
            confirm_role(request_id=old.pk, by=world.actor("hospital2"))
        page = browser(world.users["hospital2"]).get("/facilities/people/").content.decode()
        assert "Roles that wait" not in page
        new = ask_for_role(user_id=late.pk, **wanted)
    old.refresh_from_db()
    assert (old.outcome, new.outcome) == ("expired", "")
    asked = ask_for_role(user_id=left.pk, **wanted)
    member = Membership.objects.get(user=world.users["hospital"])
    end_membership(membership_id=member.pk, by=world.actor("hospital2"))
    asked.refresh_from_db()
    assert asked.outcome == "withdrawn", "whoever asked is no administrator any more"
    with pytest.raises(IllegalTransition):
        confirm_role(request_id=asked.pk, by=world.actor("ministry"))


def invitation(**changes: Any) -> dict[str, Any]:
    return {
        "full_name": "Test Newcomer", "email": "Newcomer@example.org", "role": "clinician", "language": "kk", **changes,
    }  # fmt: skip


def test_a_hospital_invites_confirms_and_ends_its_people(world: World) -> None:
    administrators(world)
    first, second = browser(world.users["hospital"]), browser(world.users["hospital2"])
    url, people = "/facilities/people/invite/", "/facilities/people/"
    for wrong, field in (
        ({"email": "nobody"}, "email"), ({"full_name": " "}, "full_name"), ({"role": "officer"}, "role"),
        ({"language": "xx"}, "language"), ({"email": ""}, "email"),
    ):  # fmt: skip
        refused = first.post(url, invitation(**wrong))
        assert refused.status_code == 422
        assert field in refused.context["form"].errors
    assert first.post(url, invitation(email=world.users["hospital"].email)).status_code == 403
    assert not RoleRequest.objects.exists()
    assert first.post(url, invitation()).status_code == 302
    user = User.objects.get(username="newcomer@example.org")
    assert (user.full_name, user.preferred_language, user.has_usable_password()) == (
        "Test Newcomer",
        "kk",
        False,
    )
    (asked,) = RoleRequest.objects.all()
    decide = f"/facilities/people/roles/{asked.pk}/"
    assert "Withdraw" in first.get(people).content.decode()
    assert "Confirm or refuse" in second.get(people).content.decode()
    assert first.post(decide, {"decision": "confirm"}).status_code == 403
    assert browser(world.users["foreign"]).get(decide).status_code == 404
    assert browser(world.users["clinician_kz"]).get(people).status_code == 403
    assert second.post(decide, {"decision": "perhaps"}).status_code == 422
    work.drain()
    assert not Message.objects.filter(kind="password.invitation").exists(), "not before it takes effect"
    assert second.get(decide).status_code == 200
    assert second.post(decide, {"decision": "confirm"}).status_code == 302
    work.drain()
    assert Message.objects.get(kind="password.invitation").address == user.email
    member = Membership.objects.get(user=user)
    assert member.since is not None
    assert "Test Newcomer" in first.get(people).content.decode()
    # The end: at once, with every session, also of another role.
    Membership.objects.create(user=user, organisation=world.bishkek.organisation, role=Role.CLINICIAN)
    theirs = browser(user)
    assert theirs.get("/referrals/").status_code == 200
    end = f"/facilities/people/{member.pk}/end/"
    for name, status in (("foreign", 404), ("ministry", 404), ("clinician_kz", 403)):
        assert browser(world.users[name]).post(end).status_code == status, name
    assert first.get(end).status_code == 200
    assert theirs.get("/referrals/").status_code == 200
    assert first.post(end).status_code == 302
    assert theirs.get("/referrals/")["Location"].startswith("/accounts/sign-in/")
    member.refresh_from_db()
    assert (member.active, member.ended_at is not None) == (False, True)
    assert first.post(end).status_code == 404
    own = Membership.objects.get(user=world.users["hospital"])
    assert first.post(f"/facilities/people/{own.pk}/end/").status_code == 403
    work.drain()
    assert Message.objects.filter(kind="role.ended", user=user, channel="inbox").exists()
    # Known by an address: the same account, and nothing said of it.
    assert first.post(url, invitation(email="NEWCOMER@example.org", full_name="X")).status_code == 302
    assert User.objects.filter(email__iexact="newcomer@example.org").count() == 1


def test_a_ministry_does_the_same_and_sees_what_waits_in_its_country(world: World) -> None:
    administrators(world)
    ministry = browser(world.users["ministry"])
    assert ministry.post("/facilities/people/invite/", invitation(role="auditor")).status_code == 302
    assert Membership.objects.get(organisation=world.ministries["KZ"], role="auditor", active=True, user__username=
                                  "newcomer@example.org").since is not None  # fmt: skip
    by = world.actor("hospital")
    asked = ask_for_role(
        user_id=make_user("n").pk, organisation_id=world.korday.pk, role=Role.ADMINISTRATOR, by=by
    )
    assert "Test n" in ministry.get("/facilities/people/").content.decode()
    assert "Test n" not in browser(world.users["foreign"]).get("/facilities/people/").content.decode()
    answer = ministry.post(f"/facilities/people/roles/{asked.pk}/", {"decision": "refuse"}, follow=True)
    assert "The role is not given." in answer.content.decode()
    again = ministry.post(f"/facilities/people/roles/{asked.pk}/", {"decision": "confirm"})
    assert again.status_code == 404
    Organisation.objects.filter(pk=world.korday.pk).update(active=False)
    assert timezone.now() < asked.expires_at
    with pytest.raises(NotKnown):
        ask_for_role(user_id=make_user("m").pk, organisation_id=world.korday.pk, role=Role.CLINICIAN, by=by)
