"""What tells facilities apart, who may host and answer, and who stands for a facility's data."""

from datetime import date

import pytest
from django.forms import model_to_dict, modelform_factory
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.audit.models import AuditRow
from core.errors import Invalid
from core.permissions import Role
from facilities.access import has_desk, hosts_for, offers
from facilities.forms import OrganisationForm
from facilities.lookups.namesakes import tell_apart
from facilities.models import Facility, FacilityConfirmation, FacilityService, Membership, Organisation
from facilities.reference.report import TableReport
from facilities.reference.sync import sync
from facilities.telephones import first_phone
from referrals import actions as referral_actions
from referrals.forms.steps_information import declines
from referrals.models import TelephoneAnswer
from tests.factories.api import make_api
from tests.factories.facilities import World, make_facility, make_member
from tests.factories.referrals import make_draft
from tests.factories.situations import SITUATIONS, STEPS

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_namesakes_are_told_apart_by_the_least_that_does(world: World) -> None:
    rows = []
    for code, town, street in (
        ("A1", "Osh", ""),
        ("A2", "Bishkek", "Sverdlov"),
        ("A3", "Bishkek", "Sverdlov"),
    ):
        rows.append(make_facility("KG", "Family doctors №1", code=code))
        Facility.objects.filter(pk=rows[-1].pk).update(settlement=town, address=street)
    tell_apart()
    names = [Organisation.objects.get(pk=row.pk).display_name for row in rows]
    assert names == [
        "Family doctors №1 (Osh)",
        "Family doctors №1 (Bishkek, Sverdlov, A2)",
        "Family doctors №1 (Bishkek, Sverdlov, A3)",
    ]
    assert Organisation.objects.get(pk=world.bishkek.pk).told_apart_by == ""
    read = make_api(world.korday).get(f"facilities/{rows[1].pk}/").data
    assert (read["name"], read["label"]) == ("Family doctors №1", names[1])
    assert read["settlement"] == "Bishkek"
    assert tell_apart() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"role": "origin"},
        {"role": "none"},
        {"status": "under_construction"},
        {"retired_on": date(2026, 1, 1)},
        {"accepts_referrals": False},
    ],
)
def test_only_what_can_host_is_offered(world: World, change: dict) -> None:
    heart = world.specialties["cardiac_surgery"]

    def found() -> list[int]:
        return [host.facility.pk for host in hosts_for(home="KZ", specialty=heart, district=None)]

    assert world.bishkek.pk in found()
    Facility.objects.filter(pk=world.bishkek.pk).update(**change)
    facility = Facility.objects.select_related("organisation").get(pk=world.bishkek.pk)
    assert world.bishkek.pk not in found()
    assert not facility.may_host
    assert not offers(facility, heart, home="KZ")


def test_a_desk_is_somebody_who_can_answer_and_an_emergency_asks_them_first(world: World) -> None:
    heart = world.specialties["cardiac_surgery"]
    near = make_facility("KG", "Near", unit=world.units["ysyk_ata"], specialties=(heart,), code="F0802")
    asked = {"home": "KZ", "specialty": heart, "district": world.units["korday"], "countries": ["KG"]}
    desk = make_member("desk_there", world.bishkek.organisation, Role.HOST_DESK)
    Membership.objects.filter(organisation_id=world.bishkek.pk, role="host_desk").exclude(user=desk).delete()
    assert has_desk(world.bishkek.pk)
    Facility.objects.filter(pk=near.pk).update(lat=42.9, lon=74.8)
    assert next(host.facility.pk for host in hosts_for(**asked)) == near.pk
    assert next(host.facility.pk for host in hosts_for(**asked, emergency=True)) == world.bishkek.pk
    api = make_api(world.korday).get(f"hosts/?specialty={heart.code}&country=KG&priority=stat")
    assert [row["answers_in_portal"] for row in api.data["results"]] == [True, False]
    for end in ("membership", "account"):
        if end == "membership":
            Membership.objects.filter(user=desk).update(active=False)
        else:
            Membership.objects.filter(user=desk).update(active=True)
            desk.is_active = False
            desk.save()
        assert not has_desk(world.bishkek.pk), end


def test_a_facility_s_data_are_confirmed_by_who_answers_for_it(world: World) -> None:
    address = reverse("facilities:confirm", args=[world.bishkek.pk])
    service = FacilityService.objects.filter(facility=world.bishkek).first()
    FacilityService.objects.filter(facility=world.bishkek).update(verified=False)
    data = {
        "name": world.bishkek.organisation.name,
        "phone": "+996 312 900100",
        "role": "both",
        "accepts_referrals": "on",
        "whole": "on",
        "services": [service.pk],
        "source": "Licence 12 of 2026",
    }
    for name in ("clinician_kz", "host_desk_uz", "officer_kz", "auditor_kz"):
        client = signed_in(world.users[name])
        assert client.get(address).status_code == 200, name
        assert client.post(address, data).status_code == 403, name
    desk = signed_in(world.users["host_desk_kg"])
    wrong = desk.post(address, {**data, "source": " ", "name": ""})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"source", "name"}
    short = desk.post(address, {**data, "phone": "64-45-40"})
    assert set(short.context["form"].errors) == {"phone"}
    Organisation.objects.filter(pk=world.bishkek.pk).update(phone="64-45-40")
    listed = {**data, "phone": "64-45-40"}
    assert "phone" in desk.post(address, listed).context["form"].errors, "nobody confirms what can’t be rung"
    Organisation.objects.filter(pk=world.bishkek.pk).update(phone="")
    assert not FacilityConfirmation.objects.exists()
    assert desk.post(address, data).status_code == 302
    row = FacilityConfirmation.objects.get()
    assert (row.values["phone"], row.before["phone"]) == ("+996312900100", "")
    assert row.by_label == world.users["host_desk_kg"].full_name
    assert AuditRow.objects.filter(action="facility.confirm", country="KG").count() == 1
    service.refresh_from_db()
    assert service.verified
    read = make_api(world.korday)
    path = f"facilities/{world.bishkek.pk}/"
    assert read.get(path).data["confirmation"] == "confirmed"
    page = signed_in(world.users["clinician_kz"]).get(address).content.decode()
    assert "Licence 12 of 2026" in page

    officer = signed_in(world.users["officer_kg"])
    part = {**data, "phone": "0312 111111; 0 555 123 457", "whole": "", "fields_confirmed": ["role"]}
    assert officer.post(address, part).status_code == 302
    answer = read.get(path).data
    assert answer["confirmation"] == "partly_confirmed", "a changed value waits to be confirmed again"
    assert "phone" not in answer["confirmed_fields"]
    assert answer["phone"] == "+996312111111, +996555123457"
    assert first_phone(answer["phone"]) == "+996312111111"


def test_a_reload_keeps_what_was_confirmed_and_retires_what_left(world: World) -> None:
    row = world.bishkek
    Facility.objects.filter(pk=row.pk).update(
        loaded_values={"settlement": row.settlement}, confirmed={"settlement": row.settlement}
    )
    Facility.objects.filter(pk=world.taraz.pk).update(loaded_values={"settlement": "x"})
    report = TableReport("facilities")

    def gone(left: Facility) -> bool:
        left.retired_on = timezone.localdate()
        return True

    sync(
        Facility,
        [{"organisation_id": row.pk, "settlement": "Elsewhere"}],
        key=("organisation_id",),
        report=report,
        held=lambda one: one.confirmed,
        gone=gone,
    )
    row.refresh_from_db()
    world.taraz.refresh_from_db()
    assert row.settlement != "Elsewhere"
    assert [kept.field for kept in report.kept] == ["settlement"]
    assert world.taraz.retired_on is not None


def test_a_second_listing_is_hidden_beside_the_first_on_every_road(world: World) -> None:
    heart = world.specialties["cardiac_surgery"]
    twin = make_facility("KG", "National Hospital again", specialties=(heart,), code="F0803")
    Facility.objects.filter(pk=twin.pk).update(possible_duplicate_of=world.bishkek)
    twin = Facility.objects.select_related("organisation").get(pk=twin.pk)
    assert not offers(twin, heart, home="KZ")
    origin = make_facility("KG", "Village post", specialties=(heart,), code="F0804")
    Facility.objects.filter(pk=origin.pk).update(role="origin")
    draft = make_draft(world)
    for wrong in ("F0803", "F0804"):
        with pytest.raises(Invalid):
            referral_actions.save_draft(
                draft.pk,
                by=world.actor("clinician_kz"),
                page="where",
                content={"host_facility": Facility.objects.get(organisation__code=wrong)},
            )


def test_a_coordinator_records_what_the_hospital_said_by_telephone(world: World) -> None:
    referral = SITUATIONS["sent"](world)
    address = reverse("referrals:step", args=[referral.pk, "decline_by_telephone"])
    now = timezone.localtime()
    data = {
        "version": referral.version,
        "spoke_with": "Dr. Aidarova",
        "phone": "0312 900100",
        "spoken_on_0": now.day,
        "spoken_on_1": now.month,
        "spoken_on_2": now.year,
        "spoken_time": "00:00",
        "said": "No bed until spring.",
        "reason_code": "no_capacity",
    }
    assert signed_in(world.users["host_desk_kg"]).get(address).status_code == 403
    assert signed_in(world.users["clinician_kz"]).post(address, data).status_code == 403
    coordinator = signed_in(world.users["coordinator_kz"])
    assert coordinator.get(address).status_code == 200
    wrong = coordinator.post(address, {**data, "phone": "12", "spoke_with": ""})
    assert wrong.status_code == 422
    for phone, said in (("701 123 45 67", "+77011234567"), ("0000000", "Give the telephone number")):
        with pytest.raises(Invalid) as refused:
            referral_actions.decline_by_telephone(
                referral.pk,
                by=world.actor("coordinator_kz"),
                reason_code="no_capacity",
                spoke_with="Dr. Aidarova",
                phone=phone,
                spoken_at=timezone.now(),
                said="No bed.",
            )
        assert said in str(refused.value.fields["phone"][0]), "another country’s number is asked about"
    taken = STEPS["decline_by_telephone"].take(world, referral.pk, world.actor("coordinator_kz"))
    assert taken.state == "declined"
    call = TelephoneAnswer.objects.get(change__referral=referral)
    assert (call.facility_id, call.phone) == (world.bishkek.pk, "+996312900100")
    page = coordinator.get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    assert "as reported by telephone" in page
    assert "+996312900100" in page
    assert declines(taken) == {world.bishkek.pk: call.change.at}
    assert AuditRow.objects.filter(action="referral.decline_by_telephone").count() == 1

    second = SITUATIONS["stat_sent"](world)
    accepted = STEPS["accept_by_telephone"].take(world, second.pk, world.actor("coordinator_kz"))
    assert accepted.state == "accepted"
    assert accepted.appointments.filter(active=True).count() == 1


def test_the_admin_holds_a_changed_telephone_to_the_same(world: World) -> None:
    row = world.bishkek.organisation
    Organisation.objects.filter(pk=row.pk).update(phone="64-45-40")
    row.refresh_from_db()
    data = {**model_to_dict(row), "country": "KG"}
    for phone, error in (("0000000", "phone"), ("0312 62-00-01; 0555 123 457", ""), ("64-45-40", "")):
        form = modelform_factory(Organisation, OrganisationForm, fields=["country", "phone"])(
            {**data, "phone": phone}, instance=Organisation.objects.get(pk=row.pk)
        )
        assert list(form.errors) == [error] * bool(error), phone
        if phone.startswith("0312"):
            assert form.cleaned_data["phone"] == "+996312620001, +996555123457"
