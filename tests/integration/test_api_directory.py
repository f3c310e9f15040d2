"""The directory by API: facilities, hosts, places and codes."""

import pytest

from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World

pytestmark = pytest.mark.django_db


def test_facilities_are_searched_paged_and_read(world: World) -> None:
    api = make_api(world.korday)
    page = api.get("facilities/?limit=2")
    assert [row["code"] for row in page.data["results"]] == ["F0001", "F0010"]
    rest = api.get(page.data["next"].partition("/api/v1/")[2])
    assert [row["code"] for row in rest.data["results"]] == ["F0060", "F0100"]
    assert rest.data["next"] is None
    near = api.get("facilities/?district=KZ-314800000&fields=code,distance_km").data["results"]
    assert [row["distance_km"] for row in near] == sorted(row["distance_km"] for row in near)
    found = api.get("facilities/?country=KG&specialty=394579002").data["results"]
    assert [row["code"] for row in found] == ["F0100"]
    assert found[0]["specialties"][0]["display"] == "Cardiac surgery"
    one = api.get(found[0]["self"])
    assert one.data["position"]["precision"] == "admin_unit_point"
    assert {row["basis"] for row in one.data["services"]} == {"name"}
    assert api.get("facilities/99999999/").status_code == 404
    assert api.get("facilities/?district=KZ-000").data["errors"][0]["code"] == "unknown_code"
    assert api.get("facilities/?specialty=1").data["errors"][0]["field"] == "specialty"


def test_hosts_are_across_the_border_with_the_crossing(world: World) -> None:
    rows = make_api(world.korday).get("hosts/?specialty=408466002&district=KZ-314800000").data["results"]
    assert [row["facility"]["country"] for row in rows] == ["KG", "UZ"]
    assert rows[0]["crossing"]["id"] == world.akzhol.pk
    assert rows[0]["distance_km"] < rows[1]["distance_km"]


def test_places_and_codes_are_read_in_the_language_asked_for(world: World) -> None:
    make.make_agreement()
    api = make_api(world.korday)
    district = api.get("districts/?q=кордай", Accept_Language="ru").data["results"][0]
    assert (district["country"], district["code"], district["display"]) == (
        "KZ",
        "314800000",
        "Кордайский район",
    )
    crossing = api.get("crossings/?country=KZ&operating=true").data["results"]
    assert [row["countries"] for row in crossing] == [["KG", "KZ"]]
    names = {
        row["code"]: row["display"] for row in api.get("specialties/", Accept_Language="ru").data["results"]
    }
    assert names["394579002"] == "Кардиология"
    found = api.get("icd10/?q=i34").data
    assert [row["code"] for row in found["results"]] == ["I34.0"]
    typo = api.get("icd10/?q=А15.0").data  # a Cyrillic letter
    assert typo["results"] == []
    assert "A15.0" in typo["did_you_mean"]
    assert {row["code"] for row in api.get("funds/").data["results"]} == {"FSMS", "MHIF", "SHIF"}
    agreement = api.get("agreements/").data["results"][0]
    assert (agreement["code"], agreement["verified"]) == ("cis4-1998-care", False)
