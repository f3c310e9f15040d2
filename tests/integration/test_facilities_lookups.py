"""Hosts across the border, crossings on the way, diagnoses and districts: on the small world."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from facilities.access import (
    crossings_near,
    diagnosis,
    districts_across,
    hosts_for,
    search_districts,
    search_icd10,
)
from facilities.models import BorderCrossing, DistrictAdjacency, Facility, Icd10, Organisation
from facilities.routes import crossing_for
from tests.factories.facilities import make_facility, make_icd10, make_unit


@pytest.mark.parametrize("home", ["KZ", "UZ", "KG"])
def test_hosts_lie_abroad_and_come_by_distance(world, home, django_assert_max_num_queries):
    district = {"KZ": "korday", "UZ": "andijan_city", "KG": "bishkek"}[home]
    with django_assert_max_num_queries(3):
        hosts = hosts_for(
            home=home, specialty=world.specialties["cardiology"], district=world.units[district]
        )
        countries = {host.facility.country_code for host in hosts}
        names = [host.facility.name for host in hosts]
    assert countries == {"KZ", "UZ", "KG"} - {home}
    assert len(names) == len(set(names))
    distances = [host.distance_km for host in hosts]
    assert distances == sorted(distances)


def test_hosts_leave_out_who_takes_nobody(world):
    def found():
        rows = hosts_for(home="KZ", specialty=world.specialties["cardiology"], district=world.units["korday"])
        return [host.facility.pk for host in rows]

    assert found() == [world.bishkek.pk, world.andijan.pk]
    Facility.objects.filter(pk=world.bishkek.pk).update(accepts_referrals=False)
    assert found() == [world.andijan.pk]
    Organisation.objects.filter(pk=world.andijan.pk).update(active=False)
    assert found() == []


def test_hosts_leave_out_what_may_be_the_same_and_keep_the_unplaced_last(world):
    heart = world.specialties["cardiac_surgery"]
    twin = make_facility("KG", "National Hospital again", specialties=(heart,), code="F0800")
    lost = make_facility("KG", "Hospital without a place", specialties=(heart,), code="F0801")
    Facility.objects.filter(pk=twin.pk).update(possible_duplicate_of=world.bishkek)
    hosts = hosts_for(home="KZ", specialty=heart, district=world.units["korday"], countries=["KG"])
    assert [host.facility.pk for host in hosts] == [world.bishkek.pk, lost.pk]
    assert hosts[-1].distance_km is None


def test_hosts_without_a_district_have_no_distance(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        hosts = hosts_for(home="KZ", specialty=world.specialties["oncology"], district=None)
    assert [(host.facility.country_code, host.distance_km, host.crossing) for host in hosts] == [
        ("KG", None, None),
        ("UZ", None, None),
    ]


def test_crossing_of_the_own_district_goes_first(world):
    assert crossing_for(world.units["korday"], world.bishkek) == world.akzhol
    assert crossing_for(world.units["korday"], world.korday) is None


def crossing(world, name, **values):
    fields = {
        "country_a_id": "KG",
        "country_b_id": "KZ",
        "mode": "road",
        "operating": True,
        "status": "operating",
    }
    return BorderCrossing.objects.create(name_a=name, **{**fields, **values})


def test_crossing_comes_by_place_then_by_state(world):
    other = make_unit("KZ", "315000000", "Ryskulov", parent=world.units["zhambyl"])
    assert crossing_for(other, world.bishkek) == world.akzhol  # same region
    next_door = make_unit("KG", "41707225000000", "Manas", parent=world.units["chui"])
    DistrictAdjacency.objects.create(a=other, b=next_door, method="test", confidence="high")
    across = crossing(world, "Across", admin_unit_a=next_door, operating=None)
    assert crossing_for(other, world.bishkek) == across
    own = crossing(world, "Own", admin_unit_b=other, operating=False)
    assert crossing_for(other, world.bishkek) == across  # a closed one comes last
    BorderCrossing.objects.filter(pk=own.pk).update(operating=None)
    assert crossing_for(other, world.bishkek) == own


def test_crossing_for_goods_only_is_never_named(world):
    BorderCrossing.objects.filter(pk=world.akzhol.pk).update(
        status="operating for trucks (2025-02)", persons=""
    )
    assert crossing_for(world.units["korday"], world.bishkek) is None


def test_crossing_elsewhere_on_the_border_is_not_named(world):
    assert crossing_for(world.units["taraz"], world.andijan) is None
    far = make_unit("KZ", "470000000", "Mangystau")
    assert crossing_for(far, world.bishkek) is None


def test_district_without_a_point_takes_its_region_s(world):
    inner = make_unit("KG", "41711201000000", "Leninskiy", parent=world.units["bishkek"])
    assert inner.point == (42.87, 74.59)


def test_unit_without_a_name_in_a_language_takes_one_its_readers_know(world):
    unit = make_unit(
        "KZ",
        "614400000",
        "",
        parent=world.units["zhambyl"],
        ru="Келесский район",
        name_latin="Kelesskiy rayon",
    )
    for language, name in (
        ("en", "Kelesskiy rayon"),
        ("kk", "Келесский район"),
        ("ru", "Келесский район"),
        ("uz", "Kelesskiy rayon"),
    ):
        with translation.override(language):
            assert unit.name == name


def test_borders_of_a_district(world):
    assert world.units["korday"].borders == {"KG"}
    assert world.units["ysyk_ata"].borders == {"KZ"}
    assert world.units["andijan_city"].borders == set()


def test_neighbourhood_of_a_facility(world, django_assert_num_queries):
    facility = Facility.objects.select_related("organisation", "admin_unit").get(pk=world.korday.pk)
    with django_assert_num_queries(3):
        across = districts_across(facility, within_km=120)
        crossings = crossings_near(facility)
    assert [row.district.pk for row in across] == [world.units["ysyk_ata"].pk]
    assert across[0].distance_km == pytest.approx(95.5, abs=0.5)
    assert crossings == [world.akzhol]


def test_diagnoses_by_code_and_by_words_in_two_languages(world):
    make_icd10(
        "I34",
        "Nonrheumatic mitral valve disorders",
        "Неревматические поражения митрального клапана",
        level="category",
    )
    make_icd10("IX", "Diseases of the circulatory system", "Болезни системы кровообращения", level="chapter")
    for typed, codes in (
        ("i34", ["I34", "I34.0"]),
        ("I340", ["I34.0"]),
        ("mitral valve", ["I34.0", "I34"]),  # the shorter title first
        ("митральная недостаточность", ["I34.0"]),
        ("недостаточность митральная", ["I34.0"]),
        ("митральный клапан", ["I34.0", "I34"]),  # other forms of the words
        ("mitrall insuficiency", ["I34.0"]),  # slips of the pen
        ("рак молочной железы", ["C50.9"]),  # what ICD-10 calls otherwise
        ("circulatory system", []),  # a chapter is no diagnosis
        ("mitral tuberculosis", []),
        ("%", []),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert [row.code for row in search_icd10(typed).rows] == codes, typed
        assert len(queries) <= 3


def test_code_on_the_wrong_keyboard_is_asked_back(world):
    found = search_icd10("А15")
    assert found.rows == []
    assert found.did_you_mean == ("A15", "F15")
    assert [row.code for row in found.meant] == ["A15.0"]
    assert diagnosis("А15.0") is None
    assert diagnosis(" a15.0 ").code == "A15.0"


def test_title_is_in_the_active_language_with_a_fallback(world):
    row = Icd10.objects.get(pk="I34.0")
    with translation.override("ru"):
        assert row.title == "Митральная (клапанная) недостаточность"
    with translation.override("ky"):
        assert row.title == "Митральная (клапанная) недостаточность"
        del row.titles["ru"]
        assert row.title == "Mitral (valve) insufficiency"


def test_districts_by_name_in_any_script(world):
    assert search_districts("кордай") == [world.units["korday"]]
    assert search_districts("korday zhambyl") == [world.units["korday"]]
    assert search_districts("Бишкек") == [world.units["bishkek"]]  # a city of a region's rank
    # The name that Taraz had until 1997; the region of that name isn't a district.
    assert search_districts("Zhambyl") == [world.units["taraz"]]
    assert world.units["zhambyl"] in search_districts("Zhambyl", regions=True)
    assert search_districts("korday", country="UZ") == []
    assert search_districts("") == []
