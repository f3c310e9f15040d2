"""The directory's pages, the suggestions, and the choice of the organisation one acts for."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.actors import SYSTEM
from core.permissions import Role
from facilities import access
from facilities.lookups.facility_text import facility_search_text
from facilities.models import Facility, FacilityService, Membership, Organisation, ServiceBasis
from tests.counting import statements
from tests.factories.facilities import make_facility, make_member, make_organisation, make_unit, make_user

LIST = reverse("facilities:list")


@pytest.fixture
def searchable(world):
    """The world with its search texts written, as the loader and the admin write them."""
    for facility in Facility.objects.select_related("organisation", "admin_unit__parent"):
        text = facility_search_text(facility, facility.organisation, facility.admin_unit)
        Facility.objects.filter(pk=facility.pk).update(search=text)
    return world


@pytest.fixture
def reader(client, searchable):
    client.force_login(searchable.users["clinician_kz"])
    return client


def many_facilities(number):
    """`number` facilities in all, made in bulk."""
    unit = make_unit("KG", "41711000000000", "Bishkek")
    start = Organisation.objects.count()
    rows = Organisation.objects.bulk_create(
        Organisation(kind="facility", country_id="KG", code=f"B{start + i:05}", name=f"Hospital {i}")
        for i in range(number)
    )
    place = {"admin_unit": unit, "lat": 42.87, "lon": 74.59, "search": " hospital"}
    kind = {"facility_type": "city_hospital", "care_level": "secondary"}
    facilities = Facility.objects.bulk_create(Facility(organisation=row, **place, **kind) for row in rows)
    specialty = access.visible_specialties(SYSTEM).first()
    FacilityService.objects.bulk_create(
        FacilityService(facility=row, specialty=specialty, basis=ServiceBasis.TYPE) for row in facilities
    )


def texts(response):
    return response.content.decode()


def test_directory_needs_a_sign_in_and_a_role(client, world):
    addresses = [
        LIST,
        reverse("facilities:detail", args=[world.bishkek.pk]),
        reverse("facilities:icd10_suggest") + "?q=i34",
        reverse("facilities:district_suggest") + "?q=korday",
    ]
    for address in addresses:
        assert client.get(address).status_code == 302, address
    client.force_login(make_user("nobody"))
    assert client.get(LIST).status_code == 403
    for name in ("clinician_kz", "officer_kg", "host_desk_uz", "auditor_kz", "administrator"):
        client.force_login(world.users[name])
        for address in addresses:
            assert client.get(address).status_code == 200, (name, address)


def test_search_finds_by_name_place_and_service_in_both_scripts(reader, searchable):
    for text in (
        "bishkek",
        "Бишкек",
        "бишк",
        "National hosp",
        "F0100",
        "cardiac surgery bishkek",
        "кардиохирургия Бишкек",
    ):
        shown = texts(reader.get(LIST, {"q": text}))
        assert "National Hospital" in shown, text
        assert "Andijan regional hospital" not in shown, text
    assert "No facility matches" in texts(reader.get(LIST, {"q": "abracadabra"}))


def test_filters_narrow_and_distance_orders(reader, searchable):
    oncology = searchable.specialties["oncology"]
    FacilityService.objects.filter(facility=searchable.bishkek, specialty=oncology).update(active=False)
    shown = texts(reader.get(LIST, {"specialty": oncology.pk}))
    assert "National Hospital" not in shown
    assert "Andijan regional hospital" in shown
    shown = texts(reader.get(LIST, {"country": "UZ"}))
    assert "Andijan regional hospital" in shown
    assert "National Hospital" not in shown
    shown = texts(reader.get(LIST, {"level": "tertiary"}))
    assert "National Hospital" in shown
    assert "Andijan regional hospital" not in shown
    shown = texts(reader.get(LIST, {"region": "KZ-310000000"}))
    assert "Taraz city hospital" in shown
    assert "National Hospital" not in shown
    near = texts(reader.get(LIST, {"near": "KZ-314800000"}))
    order = [
        "Korday district hospital",
        "National Hospital",
        "Taraz city hospital",
        "Andijan regional hospital",
    ]
    assert [near.index(name) for name in order] == sorted(near.index(name) for name in order)
    assert "81" in near


def test_unknown_filter_values_are_named_and_harm_nothing(reader):
    response = reader.get(
        LIST, {"country": "XX", "level": "magic", "region": "'", "near": "KZ-0", "page": "-3"}
    )
    assert response.status_code == 200
    assert "There is a problem" in texts(response)
    assert "National Hospital" in texts(response)
    assert reader.get(LIST, {"q": "x" * 10_000}).status_code == 200
    assert reader.get(LIST, {"q": "%_'\"\\"}).status_code == 200
    assert reader.get(LIST, {"q": "a b\u200b"}).status_code == 200
    assert reader.get(LIST, {"page": "999999"}).status_code == 200


@pytest.mark.in_turn
def test_directory_takes_as_many_queries_for_1000_as_for_10(reader, world):
    counts = []
    for number in (10, 990):
        many_facilities(number)
        with CaptureQueriesContext(connection) as captured:
            response = reader.get(LIST, {"q": "hospital", "near": "KZ-314800000"})
        assert response.status_code == 200
        counts.append(len(statements(captured)))
    assert counts[0] == counts[1]
    assert counts[0] <= 8, [query["sql"] for query in captured]


def test_facility_page_tells_the_ground_of_everything(reader, world):
    Facility.objects.filter(pk=world.bishkek.pk).update(
        coord_precision="settlement_centroid(GeoNames)", source="a public list", licence="facts only"
    )
    response = reader.get(reverse("facilities:detail", args=[world.bishkek.pk]))
    shown = texts(response)
    assert "The position is the centre of the town." in shown
    assert "Inferred from the facility’s name; not confirmed by the facility." in shown
    assert "a public list" in shown
    assert "facts only" in shown
    assert "Kordayskiy" in shown
    assert "Confirmed by the facility" not in shown
    FacilityService.objects.filter(facility=world.bishkek).update(verified=True)
    assert "Confirmed by the facility" in texts(
        reader.get(reverse("facilities:detail", args=[world.bishkek.pk]))
    )


def test_facility_page_takes_constant_queries(reader, world):
    address = reverse("facilities:detail", args=[world.bishkek.pk])
    with CaptureQueriesContext(connection) as few:
        reader.get(address)
    for number in range(20):
        make_unit("KZ", f"9{number}", f"District {number}", parent=world.units["zhambyl"], lat=42.9, lon=74.6)
    with CaptureQueriesContext(connection) as many:
        reader.get(address)
    assert len(statements(few)) == len(statements(many))
    assert len(statements(few)) <= 12


def test_unknown_and_closed_facilities_look_alike(reader, world):
    Organisation.objects.filter(pk=world.taraz.pk).update(active=False)
    for pk in (world.taraz.pk, 10**12, world.ministries["KZ"].pk):
        assert reader.get(reverse("facilities:detail", args=[pk])).status_code == 404
    assert "Taraz city hospital" not in texts(reader.get(LIST))


def test_names_with_markup_are_text(reader, world):
    make_facility("KG", "<script>alert(1)</script>", unit=world.units["bishkek"], code="F0999")
    shown = texts(reader.get(LIST))
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown


def test_diagnoses_are_suggested(reader, world):
    found = reader.get(reverse("facilities:icd10_suggest"), {"q": "i34"}).json()["results"]
    assert [row["value"] for row in found] == ["I34.0"]
    assert found[0]["label"] == "Mitral (valve) insufficiency"
    found = reader.get(reverse("facilities:icd10_suggest"), {"q": "митральная"}).json()["results"]
    assert [row["value"] for row in found] == ["I34.0"]
    assert reader.get(reverse("facilities:icd10_suggest")).json() == {"results": []}
    assert reader.post(reverse("facilities:icd10_suggest")).status_code == 405


def test_suggestion_for_a_cyrillic_code_says_so(reader, world):
    found = reader.get(reverse("facilities:icd10_suggest"), {"q": "А15"}).json()["results"]
    assert [row["value"] for row in found] == ["A15.0"]
    assert "Cyrillic" in found[0]["hint"]


def test_districts_are_suggested_in_both_scripts(reader, world):
    for text in ("корд", "Kord", "KORDAY"):
        found = reader.get(reverse("facilities:district_suggest"), {"q": text}).json()["results"]
        assert [row["value"] for row in found] == ["KZ-314800000"], text
    assert "Zhambyl region" in found[0]["hint"]


def test_a_person_switches_between_own_organisations_only(client, world):
    user = world.users["clinician_kz"]
    Membership.objects.create(user=user, organisation=world.taraz.organisation, role=Role.HOST_DESK)
    client.force_login(user)
    address = reverse("facilities:switch_organisation")
    assert client.get(LIST).wsgi_request.actor.organisation_id == world.korday.pk
    assert client.get(address).status_code == 405
    response = client.post(address, {"organisation": world.taraz.pk, "next": LIST})
    assert response.headers["Location"] == LIST
    actor = client.get(LIST).wsgi_request.actor
    assert actor.organisation_id == world.taraz.pk
    assert actor.roles == {Role.HOST_DESK}
    for foreign in (world.bishkek.pk, "", "x", 10**15):
        assert client.post(address, {"organisation": foreign}).status_code == 422
    response = client.post(address, {"organisation": world.korday.pk, "next": "https://evil.example/"})
    assert response.headers["Location"] == "/"


def test_ended_membership_and_closed_organisation_leave_no_role(client, world):
    user = world.users["clinician_kz"]
    client.force_login(user)
    assert client.get(LIST).status_code == 200
    Membership.objects.filter(user=user).update(active=False)
    assert client.get(LIST).status_code == 403
    Membership.objects.filter(user=user).update(active=True)
    Organisation.objects.filter(pk=world.korday.pk).update(active=False)
    assert client.get(LIST).status_code == 403


def test_everybody_reads_the_directory_and_strangers_nothing(world):
    assert access.visible_facilities(world.actor("officer_uz")).count() == 4
    assert access.visible_facilities(SYSTEM).count() == 4
    assert not access.visible_facilities(None).exists()
    assert not access.visible_admin_units(None).exists()
    assert not access.visible_specialties(None).exists()
    assert not access.visible_crossings(None).exists()
    assert not access.visible_countries(None).exists()
    assert not access.visible_organisations(None).exists()


def test_actor_of_one_person_takes_one_query(world, django_assert_num_queries):
    user = world.users["clinician_kg"]
    with django_assert_num_queries(1):
        actor = world.actor("clinician_kg")
    assert (actor.user_id, actor.organisation_id, actor.country) == (user.pk, world.bishkek.pk, "KG")


def test_a_person_without_a_role_is_an_actor_who_may_nothing(world):
    other = make_organisation("facility", "KZ", "F0888", "Closed", active=False)
    world.users["idle"] = make_member("idle", other, Role.CLINICIAN)
    actor = world.actor("idle")
    assert not actor.roles
    assert not actor.permissions
