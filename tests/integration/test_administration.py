"""The administration: its door, what is written down of it, what it never shows, which rights it doesn't give."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from core.accounts.sessions import SIGN_IN
from core.audit.models import AuditRow
from core.errors import Denied
from core.outbox import work
from core.outbox.models import Event, Job, Message
from core.permissions import Role
from facilities.models import CalendarDay, FacilityService, Membership, RoleRequest
from tests.clock import Clock, set_to
from tests.factories import referrals as make
from tests.factories.alerts import make_listed
from tests.factories.facilities import World, make_member, make_partner_client, make_user
from tests.factories.sign_ins import code_of, make_authenticator, sign_in, signed_in_as, whole

pytestmark = pytest.mark.in_turn

COUNTRIES, ROOMS = ["KG", "KZ", "UZ"], {"core", "facilities", "agreements", "disclosure"}
COUNTRY_PAGE = "/admin/facilities/country/"


def chief(world: World) -> Client:
    return signed_in_as(world.users["administrator"])


def rows(action: str, **where: Any) -> list[AuditRow]:
    return list(AuditRow.objects.filter(action=action, **where).order_by("country", "pk"))


def posted(world: World) -> Any:
    """A request of the administrator, past the step."""
    request: Any = RequestFactory().post("/")
    request.user, request.actor, request.session = (
        world.users["administrator"],
        world.actor("administrator"),
        {},
    )
    request._dont_enforce_csrf_checks = True
    request.session[SIGN_IN] = whole()
    return request


def test_the_door_asks_for_the_second_factor_anew_and_not_for_ever(world: World) -> None:
    me, browser = world.users["administrator"], Client()
    assert browser.get(COUNTRY_PAGE)["Location"] == f"/accounts/sign-in/?next={COUNTRY_PAGE}"
    assert signed_in_as(world.users["officer_kz"]).get("/admin/login/").status_code == 403
    make_authenticator(me)
    sign_in(browser, me)
    assert "/accounts/second-step/" in browser.get(COUNTRY_PAGE)["Location"]
    with set_to(Clock().now) as clock:
        assert browser.post("/accounts/second-step/", {"code": code_of()}).status_code == 302
        assert browser.get(COUNTRY_PAGE).status_code == 200
        clock.go_on(timedelta(minutes=16))
        browser.get("/messages/")
        clock.go_on(timedelta(minutes=15))
        door = browser.get(COUNTRY_PAGE)["Location"]
        assert door == f"/admin/login/?next={COUNTRY_PAGE}", "the step is over, the session is not"
        step = browser.get(door)["Location"]
        assert step.startswith("/accounts/second-step/?next=")
        assert browser.post(step, {"code": "000000"}).status_code == 422
        assert browser.get(COUNTRY_PAGE).status_code == 302
        assert browser.post(step, {"code": code_of()})["Location"] == door
        assert browser.get(door)["Location"] == COUNTRY_PAGE
        assert browser.get(COUNTRY_PAGE).status_code == 200
        assert browser.get("/admin/login/?next=https://example.org/")["Location"] == "/admin/"
        assert browser.get("/admin/password_change/")["Location"] == "/accounts/password/"
        assert browser.post("/admin/logout/").status_code == 302
        assert "_auth_user_id" not in browser.session
    Membership.objects.filter(user=me).update(active=False)
    assert chief(world).get(COUNTRY_PAGE).status_code == 302, "the role has ended"


def test_it_answers_at_its_own_host_alone(world: World, settings: Any) -> None:
    settings.ADMIN_URL, settings.ADMIN_HOST = "https://admin.portal.example/admin/", "admin.portal.example"
    settings.ALLOWED_HOSTS = ["testserver", "admin.portal.example"]
    browser = chief(world)
    for path in ("/admin/", "/admin/login/", "/admin/no/such/"):
        assert browser.get(path).status_code == 404
        assert Client().get(path).status_code == 404
    assert browser.get("/admin/", headers={"host": "admin.portal.example"}).status_code == 200
    page = browser.get("/facilities/people/").content.decode()
    assert 'href="https://admin.portal.example/admin/"' in page
    settings.ADMIN_URL = settings.ADMIN_HOST = ""
    assert "/admin/" not in browser.get("/facilities/people/").content.decode()


def test_every_model_that_is_registered_is_the_portals_and_is_watched(world: World) -> None:
    """Saved, updated past the signals, deleted: whichever model, and whatever its own admin does."""
    make_partner_client(world.bishkek.organisation, secret="x", scopes=[])
    make.make_sent(world)
    work.drain()
    CalendarDay.objects.create(country_id="KZ", day="2027-01-01", names={"en": "New Year"})
    asked = {"user": make_user("asked"), "organisation": world.korday.organisation, "role": Role.CLINICIAN}
    moment = {"asked_at": timezone.now(), "expires_at": timezone.now(), "asked_for": world.operator}
    RoleRequest.objects.create(**asked, **moment, asked_by=world.users["administrator"])
    make.make_agreement()
    make_listed()
    request = posted(world)
    assert len(admin.site._registry) > 14
    for model, own in admin.site._registry.items():
        assert model._meta.app_config.name.partition(".")[0] in ROOMS, model
        if model is AuditRow:
            assert not any(own.get_model_perms(request)[what] for what in ("add", "change", "delete"))
            continue
        row = model._base_manager.first()
        assert row is not None, model
        for write in (lambda row=row: row.save(), lambda row=row: _touch(row)):
            view = own.admin_site.admin_view(_view(own, write))
            before = AuditRow.objects.count()
            with transaction.atomic():
                assert view(request).content == b"done"
            new = AuditRow.objects.filter(actor_id=str(world.users["administrator"].pk)).order_by("-pk")
            assert AuditRow.objects.count() > before, f"{model} was written unseen"
            assert new[0].action.split(".")[0] in {"admin", "reference", "transfer_policy"}, model
            assert new[0].country in COUNTRIES, model


def _touch(row: Any) -> None:
    field = next(f for f in row._meta.concrete_fields if not f.primary_key)
    type(row)._base_manager.filter(pk=row.pk).update(**{field.attname: getattr(row, field.attname)})


def _view(own: Any, write: Any) -> Any:
    def view(self: Any, request: Any) -> HttpResponse:
        write()
        return HttpResponse("done")

    return view.__get__(own)


def test_what_changed_stands_in_the_log_of_the_countries_concerned(world: World) -> None:
    browser = chief(world)
    service = FacilityService.objects.filter(facility=world.bishkek).first()
    assert service is not None
    url = reverse("admin:facilities_facilityservice_change", args=[service.pk])
    form = browser.get(url).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    wrong = browser.post(url, data | {"wait_days": "many"})
    assert (wrong.status_code, rows("reference.change")) == (200, [])
    answer = browser.post(url, {**data, "active": "", "wait_days": "12"})
    assert answer.status_code == 302, answer.context and answer.context["adminform"].form.errors
    (row,) = rows("reference.change")
    assert (row.country, row.subject_type, row.subject_id) == (
        "KG",
        "facilities.facilityservice",
        str(service.pk),
    )
    assert row.details == {
        "fields": ["wait_days", "active"],
        "from": {"active": True},
        "to": {"active": False},
    }
    assert row.actor_label == "Test administrator"
    # A row of no single country is read by the auditors of all.
    specialty = world.specialties["oncology"]
    url = reverse("admin:facilities_specialty_change", args=[specialty.pk])
    data = {
        "system": specialty.system,
        "code": specialty.code,
        "selectable": "on",
        "names_en": "Oncology too",
    }
    assert browser.post(url, data).status_code == 302
    assert [row.country for row in rows("reference.change", subject_id=str(specialty.pk))] == COUNTRIES
    # An action on chosen rows says which.
    member = Membership.objects.get(user=world.users["clinician_kg"])
    chosen = {"action": "end_roles", "_selected_action": [member.pk]}
    assert browser.post(reverse("admin:facilities_membership_changelist"), chosen).status_code == 302
    (row,) = rows("admin.action")
    assert (row.country, row.details["action"], row.details["chosen"]) == (
        "KG",
        "end_roles",
        [str(member.pk)],
    )
    (row,) = rows("membership.end")
    assert row.country == "KG"
    own = Membership.objects.get(user=world.users["administrator"])
    browser.post(reverse("admin:facilities_membership_changelist"), chosen | {"_selected_action": [own.pk]})
    own.refresh_from_db()
    assert own.active, "nobody ends their own"
    assert len(rows("admin.action")) == 1, "and nothing is said of what was not done"


def test_no_form_gives_rights_or_a_password(world: World) -> None:
    browser, me = chief(world), world.users["administrator"]
    accounts, other = get_user_model().objects, world.users["clinician_kz"]
    url = reverse("admin:accounts_user_change", args=[other.pk])
    group = Group.objects.create(name="all")
    data = {
        "username": other.username, "full_name": "Other Name", "email": other.email, "preferred_language": "ru",
        "is_active": "on", "is_staff": "on", "is_superuser": "on", "groups": [group.pk], "password": "x",
    }  # fmt: skip
    assert browser.post(url, data).status_code == 302
    after = accounts.get(pk=other.pk)
    assert after.full_name == "Other Name"
    assert (after.is_staff, after.is_superuser, after.groups.count()) == (False, False, 0)
    assert after.password == other.password
    browser.post(f"/admin/accounts/user/{other.pk}/password/", {"password1": "y" * 20, "password2": "y" * 20})
    assert accounts.get(pk=other.pk).password == other.password
    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_user_password_change", args=[other.pk])
    assert (
        browser.post(reverse("admin:accounts_user_delete", args=[other.pk]), {"post": "yes"}).status_code
        == 403
    )
    own = reverse("admin:accounts_user_change", args=[me.pk])
    assert (
        browser.post(own, data | {"username": "new", "is_active": "", "email": "x@example.org"}).status_code
        == 302
    )
    now = accounts.get(pk=me.pk)
    assert (now.username, now.is_active, now.email) == (me.username, True, me.email)
    # Whatever a view of the admin may try, the watch refuses it.
    request = posted(world)
    site, after.is_superuser = admin.site, True
    with pytest.raises(Denied), transaction.atomic():
        site.admin_view(_view(site, after.save))(request)
    assert not accounts.get(pk=other.pk).is_superuser
    # A closed account has no role any more, and opening it gives none back.
    assert browser.post(url, data | {"is_active": ""}).status_code == 302
    assert not Membership.objects.filter(user=other, active=True).exists()
    assert browser.post(url, data).status_code == 302
    assert not Membership.objects.filter(user=other, active=True).exists()
    assert [row.country for row in rows("account.close") + rows("account.open")] == ["KZ", "KZ"]


def test_a_role_is_asked_for_in_the_admin_and_never_for_oneself(world: World) -> None:
    browser, url = chief(world), reverse("admin:facilities_rolerequest_add")
    newcomer, ministry = make_user("newcomer"), world.ministries["KZ"]
    data = {"user": newcomer.pk, "organisation": ministry.pk, "role": "officer"}
    own = browser.post(url, data | {"user": world.users["administrator"].pk})
    assert own.status_code == 200
    assert "Nobody gives a role to themselves." in own.content.decode()
    assert browser.post(url, data | {"role": "clinician"}).status_code == 200
    assert browser.post(url, data).status_code == 302
    assert browser.post(url, data).status_code == 302, "the same request again is the same"
    (asked,) = RoleRequest.objects.all()
    assert not Membership.objects.filter(user=newcomer).exists()
    (row,) = rows("membership.ask")
    assert (row.country, row.details["role"]) == ("KZ", "officer")
    assert rows("admin.add", subject_type="facilities.rolerequest")[0].country == "KZ"
    # Nothing else gives one: neither the list of memberships nor the page of the organisation.
    assert browser.get(reverse("admin:facilities_membership_add")).status_code == 403
    page = browser.get(reverse("admin:facilities_organisation_change", args=[ministry.pk]))
    assert 'name="memberships-0-role"' not in page.content.decode()
    # The operator's only administrator can't be the second person; a ministry's can.
    assert browser.post(f"/facilities/people/roles/{asked.pk}/", {"decision": "confirm"}).status_code == 403
    second = Client()
    second.force_login(make_member("second", ministry, Role.ADMINISTRATOR))
    assert second.post(f"/facilities/people/roles/{asked.pk}/", {"decision": "confirm"}).status_code == 302
    assert Membership.objects.get(user=newcomer).active


CANARY = "Canary-7Q2X"


def test_it_shows_nothing_of_a_patient(world: World) -> None:
    clinician = world.actor("clinician_kz")
    patient = make.make_patient(
        world, clinician, phone="+77015550199", email="canary.7q2x@example.org", family_name="Canarysevenq"
    )
    referral = make.make_sent(world, clinician, patient=patient, clinical_reason=f"{CANARY} in the reason.")
    hidden = [CANARY, "5550199", "canary.7q2x", "Canarysevenq"]
    hidden += [number.value for number in patient.identifiers.all()]
    event = Event.objects.create(kind="test", subject_type="x", subject_id="1", payload={"a": CANARY})
    Job.objects.create(event=event, handler="test", last_error=f"ValueError: {CANARY}")
    Job.objects.create(event=event, handler="test2", last_error=CANARY)
    Message.objects.create(
        event=event, kind="referral.patient:x", params={"a": CANARY}, link=f"/{CANARY}", language="en",
        recipient=f"patient:{patient.pk}", channel="email", address="canary.7q2x@example.org",
    )  # fmt: skip
    AuditRow.objects.create(at=timezone.now(), action="test.x", subject_id="1", details={"a": CANARY})
    assert referral.patient_id == patient.pk
    browser, seen = chief(world), 0
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages = [reverse(f"{name}_changelist"), reverse(f"{name}_changelist") + "?all="]
        for row in model._base_manager.order_by("-pk")[:4]:
            pages += [reverse(f"{name}_change", args=[row.pk]), reverse(f"{name}_history", args=[row.pk])]
        for page in pages:
            text = browser.get(page, follow=True).content.decode()
            assert not [word for word in hidden if word in text], page
            seen += 1
    assert seen > 40
    assert "ValueError" in browser.get(reverse("admin:outbox_job_changelist")).content.decode()
    assert not admin.site._registry.keys() & set(apps.get_app_config("patients").get_models())
