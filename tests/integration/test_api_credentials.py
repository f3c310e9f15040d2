"""Tokens, and the pages on which an administrator makes, rotates and revokes credentials."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from core.audit.models import AuditRow
from core.permissions import Role
from facilities.models import PartnerClient
from tests.factories.api import SECRET, Api, get_token, make_api
from tests.factories.facilities import World, make_member, make_partner_client

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


def test_a_token_is_short_lived_narrowed_and_kept_as_a_hash(world: World) -> None:
    client = make_partner_client(
        world.bishkek.organisation, secret=SECRET, scopes=["referrals:read", "directory:read"]
    )
    response = get_token(client.client_id)
    given = response.json()
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert given["token_type"] == "Bearer"
    assert given["expires_in"] <= 900
    assert set(given["scope"].split()) == {"referrals:read", "directory:read"}
    row = get_access_token_model().objects.get()
    assert row.token == ""
    assert given["access_token"] not in repr(row.__dict__)
    assert AuditRow.objects.filter(action="partner_client.token", subject_id=str(client.pk)).count() == 1
    narrow = get_token(client.client_id, scope="directory:read").json()
    api = Api(Client(), narrow["access_token"])
    assert api.get("specialties/").status_code == 200
    refused = api.get("referrals/")
    assert refused.status_code == 403
    assert 'scope="referrals:read"' in refused["WWW-Authenticate"]
    api.token = given["access_token"]
    assert api.get("referrals/").status_code == 200
    assert api.post("referrals/", {}).data["code"] == "insufficient_scope"


def test_wrong_requests_for_a_token_are_refused_as_oauth2_says(world: World) -> None:
    client = make_partner_client(world.bishkek.organisation, secret=SECRET, scopes=["referrals:read"])
    for form, error, status in (
        ({"secret": "wrong"}, "invalid_client", 401),
        ({"scope": "referrals:write"}, "invalid_scope", 400),
        ({"grant_type": "password"}, "unsupported_grant_type", 400),
    ):
        response = get_token(client.client_id, **form)
        assert (response.status_code, response.json()["error"]) == (status, error)
    response = Client().post("/oauth/token", {"grant_type": "client_credentials"})
    assert response.status_code == 400
    assert Client().get("/oauth/token").status_code == 405


def test_an_expired_unknown_foreign_or_revoked_token_is_401(world: World) -> None:
    api = make_api(world.bishkek)
    assert api.get("referrals/").status_code == 200
    get_access_token_model().objects.update(expires=timezone.now() - timedelta(seconds=1))
    expired = api.get("referrals/")
    assert expired.status_code == 401
    assert 'error="invalid_token"' in expired["WWW-Authenticate"]
    for token in ("unknown", "ä", "two words", ""):
        assert Api(Client(), token).get("referrals/").status_code == 401
    other = make_api(world.bishkek, name="Second system")
    PartnerClient.objects.filter(name="Second system").update(revoked_at=timezone.now())
    assert other.get("referrals/").status_code == 401
    third = make_api(world.bishkek, name="Third system")
    world.bishkek.organisation.__class__.objects.filter(pk=world.bishkek.pk).update(active=False)
    assert third.get("referrals/").status_code == 401


def test_an_administrator_makes_rotates_and_revokes_credentials(world: World) -> None:
    make_member("admin_kg", world.bishkek.organisation, Role.ADMINISTRATOR)
    http, stranger = Client(), Client()
    http.force_login(make_member("admin2_kg", world.bishkek.organisation, Role.ADMINISTRATOR))
    stranger.force_login(make_member("admin_kz", world.korday.organisation, Role.ADMINISTRATOR))
    clinician = Client()
    clinician.force_login(world.users["clinician_kg"])
    assert clinician.get("/facilities/clients/").status_code == 403
    assert clinician.post("/facilities/clients/new/", {}).status_code == 403

    assert http.post("/facilities/clients/new/", {"name": ""}).status_code == 422
    made = http.post("/facilities/clients/new/", {"name": "Our system", "scopes": ["referrals:read"]})
    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    client_id, secret = _shown(made.content.decode())
    token = get_token(client_id, secret=secret).json()["access_token"]
    api = Api(Client(), token)
    assert api.get("referrals/").status_code == 200

    client = PartnerClient.objects.get(client_id=client_id)
    assert client.organisation_id == world.bishkek.pk
    assert secret not in client.client_secret
    listed = http.get("/facilities/clients/").content.decode()
    assert client_id in listed
    assert secret not in listed
    assert client_id not in stranger.get("/facilities/clients/").content.decode()
    for step in ("rotate", "revoke"):
        assert stranger.post(f"/facilities/clients/{client.pk}/{step}/").status_code == 404
        assert http.get(f"/facilities/clients/{client.pk}/{step}/").status_code == 200

    rotated = http.post(f"/facilities/clients/{client.pk}/rotate/")
    _same, new = _shown(rotated.content.decode())
    assert new != secret
    assert api.get("referrals/").status_code == 401
    assert get_token(client_id, secret=secret).status_code == 401
    api.token = get_token(client_id, secret=new).json()["access_token"]
    assert api.get("referrals/").status_code == 200

    assert http.post(f"/facilities/clients/{client.pk}/revoke/").status_code == 302
    assert api.get("referrals/").status_code == 401
    assert get_token(client_id, secret=new).status_code == 401
    assert http.post(f"/facilities/clients/{client.pk}/rotate/").status_code == 409


def test_the_operator_s_administrator_asks_for_any_facility_and_its_own_one_accepts(world: World) -> None:
    http = Client()
    http.force_login(world.users["administrator"])
    form = {"name": "Their system", "scopes": ["directory:read"], "organisation": "f0060"}
    assert http.post("/facilities/clients/new/", {**form, "organisation": "MOH-KZ"}).status_code == 422
    asked = http.post("/facilities/clients/new/", form, follow=True).content.decode()
    client = PartnerClient.objects.get()
    assert client.organisation_id == world.andijan.pk
    assert "Andijan" in asked
    assert "Waits to be accepted" in asked
    assert http.post(f"/facilities/clients/{client.pk}/rotate/").status_code == 403
    assert http.post(f"/facilities/clients/{client.pk}/accept/").status_code == 403
    own = Client()
    own.force_login(make_member("admin_uz", world.andijan.organisation, Role.ADMINISTRATOR))
    assert own.get(f"/facilities/clients/{client.pk}/accept/").status_code == 200
    made = own.post(f"/facilities/clients/{client.pk}/accept/")
    assert "no-store" in made["Cache-Control"]
    client_id, secret = _shown(made.content.decode())
    assert "access_token" in get_token(client_id, secret=secret).json()


def _shown(page: str) -> tuple[str, str]:
    found = dict(re.findall(r'<code id="(client_id|client_secret)">([^<]+)</code>', page))
    return found["client_id"], found["client_secret"]
