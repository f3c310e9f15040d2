"""Memberships, partner systems and the admin: success and denial together."""

import pytest
from django.contrib import admin
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.audit.models import AuditRow
from core.errors import Denied, Invalid, NotKnown
from core.permissions import Permission, Role
from facilities.actions import create_partner_client, end_membership, grant_membership, revoke_partner_client
from facilities.memberships import actor_for_client
from facilities.models import (
    AdminUnit,
    Facility,
    FacilityService,
    Membership,
    Organisation,
    PartnerClient,
    ReferenceRow,
)
from tests.factories.facilities import make_member, make_partner_client, make_user


def test_administrator_makes_and_revokes_a_partner_system(world):
    administrator = world.actor("administrator")
    made = create_partner_client(
        organisation_id=world.bishkek.pk, name="Ward system", scopes={"referrals:read"}, by=administrator
    )
    assert check_password(made.secret, made.client.client_secret)
    actor = actor_for_client(made.client, scopes=frozenset({"referrals:read", "referrals:write"}))
    assert actor.scopes == {"referrals:read"}
    assert actor.has(Permission.HOST)
    assert actor.country == "KG"
    for name in ("clinician_kg", "officer_kg", "host_desk_kg"):
        with pytest.raises(Denied):
            create_partner_client(organisation_id=world.bishkek.pk, name="X", scopes=(), by=world.actor(name))
        with pytest.raises(Denied):
            revoke_partner_client(client_pk=made.client.pk, by=world.actor(name))
    revoked = revoke_partner_client(client_pk=made.client.pk, by=administrator)
    assert not revoked.is_usable(None)
    assert actor_for_client(revoked, scopes=frozenset()) is None
    assert [
        row.action for row in AuditRow.objects.filter(action__startswith="partner_client").order_by("pk")
    ] == [
        "partner_client.create",
        "partner_client.revoke",
    ]
    assert made.secret not in str(list(AuditRow.objects.values()))


def test_partner_systems_belong_to_facilities_and_have_names(world):
    administrator = world.actor("administrator")
    with pytest.raises(NotKnown):
        create_partner_client(
            organisation_id=world.ministries["KZ"].pk, name="X", scopes=(), by=administrator
        )
    with pytest.raises(Invalid):
        create_partner_client(organisation_id=world.bishkek.pk, name="  ", scopes=(), by=administrator)
    with pytest.raises(NotKnown):
        revoke_partner_client(client_pk=10**9, by=administrator)


def test_a_facility_s_own_administrator_stays_at_home(world):
    make_member("local", world.bishkek.organisation, Role.ADMINISTRATOR)
    world.users["local"] = Membership.objects.get(user__username="local").user
    local = world.actor("local")
    assert create_partner_client(organisation_id=world.bishkek.pk, name="Own", scopes=(), by=local).client.pk
    with pytest.raises(NotKnown):
        create_partner_client(organisation_id=world.andijan.pk, name="Foreign", scopes=(), by=local)
    foreign = make_partner_client(world.andijan.organisation, secret="x", scopes=[])
    with pytest.raises(NotKnown):
        revoke_partner_client(client_pk=foreign.pk, by=local)


def test_memberships_are_granted_and_ended_by_administrators(world):
    user, administrator = make_user("newcomer"), world.actor("administrator")
    given = {"user_id": user.pk, "organisation_id": world.korday.pk, "role": Role.CLINICIAN}
    with pytest.raises(Denied):
        grant_membership(**given, by=world.actor("officer_kz"))
    membership = grant_membership(**given, by=administrator)
    world.users["newcomer"] = user
    assert world.actor("newcomer").is_role(Role.CLINICIAN)
    end_membership(membership_id=membership.pk, by=administrator)
    assert not world.actor("newcomer").roles
    assert grant_membership(**given, by=administrator).pk == membership.pk
    assert world.actor("newcomer").is_role(Role.CLINICIAN)
    with pytest.raises(Denied):
        end_membership(membership_id=membership.pk, by=world.actor("newcomer"))


def test_a_role_fits_its_organisation(world):
    user, administrator = make_user(), world.actor("administrator")
    for role, organisation in (
        (Role.OFFICER, world.korday.organisation),
        (Role.CLINICIAN, world.ministries["KZ"]),
        (Role.PARTNER_SYSTEM, world.korday.organisation),
    ):
        with pytest.raises(Invalid):
            grant_membership(user_id=user.pk, organisation_id=organisation.pk, role=role, by=administrator)
        with pytest.raises(ValidationError):
            Membership(user=user, organisation=organisation, role=role).full_clean()


@pytest.mark.parametrize(
    "broken",
    [
        lambda world: AdminUnit.objects.create(country_id="KZ", code="1", level=2, kind="district"),
        lambda world: AdminUnit.objects.create(
            country_id="KZ", code="1", level=1, kind="region", lat=91, lon=0
        ),
        lambda world: Facility.objects.filter(pk=world.korday.pk).update(lat=None),
        lambda world: Facility.objects.filter(pk=world.korday.pk).update(
            licence_valid_from="2026-02-01", licence_valid_until="2026-01-01"
        ),
        lambda world: Organisation.objects.create(kind="facility", code="F9", name="Nowhere"),
        lambda world: FacilityService.objects.create(
            facility=world.korday, specialty=world.specialties["cardiology"]
        ),
        lambda world: Membership.objects.create(
            user=world.users["clinician_kz"], organisation=world.korday.organisation, role=Role.CLINICIAN
        ),
    ],
)
def test_the_database_refuses_what_cannot_be(world, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        broken(world)


@pytest.mark.in_turn
def test_admin_pages_open_for_administrators_only(client, world):
    models = [model for model in admin.site._registry if model._meta.app_label == "facilities"]
    assert len(models) == 12
    for model in models:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        client.force_login(world.users["officer_kz"])
        assert client.get(address).status_code == 302, address
        client.force_login(world.users["administrator"])
        assert client.get(address, {"q": "a"}).status_code == 200, address
        first = model._default_manager.first()
        if first is not None:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            assert client.get(reverse(f"{name}_change", args=[first.pk])).status_code == 200, model
            assert (
                client.post(reverse(f"{name}_delete", args=[first.pk]), {"post": "yes"}).status_code == 403
            ), model
        if issubclass(model, ReferenceRow):
            assert "restore_reference" in client.get(address).content.decode() or first is None


def test_admin_restores_a_row_and_finds_a_renamed_facility(client, world):
    client.force_login(world.users["administrator"])
    organisation = world.bishkek.organisation
    organisation.loaded_values = {"name": "Национальный госпиталь"}
    organisation.save()
    address = reverse("admin:facilities_organisation_changelist")
    response = client.post(
        address, {"action": "restore_reference", "_selected_action": [organisation.pk]}, follow=True
    )
    assert "1 row was restored." in response.content.decode()
    organisation.refresh_from_db()
    assert organisation.name == "Национальный госпиталь"
    world.bishkek.refresh_from_db()
    assert " nacionalnyy" in world.bishkek.search


def test_partner_client_page_shows_no_secret(client, world):
    row = make_partner_client(world.bishkek.organisation, secret="a very secret thing", scopes=["x"])
    client.force_login(world.users["administrator"])
    shown = client.get(reverse("admin:facilities_partnerclient_change", args=[row.pk])).content.decode()
    row.refresh_from_db()
    assert "a very secret thing" not in shown
    assert row.client_secret not in shown
    client.post(
        reverse("admin:facilities_partnerclient_changelist"),
        {"action": "revoke", "_selected_action": [row.pk]},
    )
    assert PartnerClient.objects.get(pk=row.pk).revoked_at is not None
