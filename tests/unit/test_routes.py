"""Distances, crossings' states, folding of texts, and what a diagnosis search means: no database."""

import csv

import pytest

from facilities.lookups.icd10_query import stem, understand
from facilities.reference.crossing_status import cargo_only, operating
from facilities.reference.files import DATA, number
from facilities.reference.service_rules import (
    CARDIAC_SURGERY,
    GENERAL_SURGERY,
    NEUROLOGY,
    PAEDIATRICS,
    RADIOTHERAPY,
    codes_in,
    is_for_children,
    services_of,
)
from facilities.routes import distance_between, distance_km
from facilities.textsearch import fold, icd10_search_text, reading_key

BISHKEK, KORDAY, ANTIPODE = (42.87, 74.59), (43.56753, 74.85955), (-42.87, -105.41)


def test_distance_of_known_pairs():
    assert distance_km(*BISHKEK, *KORDAY) == pytest.approx(80.5, abs=0.5)
    assert distance_km(0, 0, 0, 1) == pytest.approx(111.195, abs=0.001)
    assert distance_km(*BISHKEK, *ANTIPODE) == pytest.approx(20015.1, abs=0.2)


def test_distance_is_symmetric_and_zero_to_itself():
    assert distance_km(*BISHKEK, *KORDAY) == distance_km(*KORDAY, *BISHKEK)
    assert distance_km(*BISHKEK, *BISHKEK) == 0


def test_distance_without_a_point_is_unknown_and_not_zero():
    assert distance_between(None, BISHKEK) is None
    assert distance_between(BISHKEK, None) is None
    assert distance_between(BISHKEK, KORDAY) == distance_km(*BISHKEK, *KORDAY)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("operating (2023-05-06)", True),
        ("operating for pedestrians (2025-02); closed for repair in 2024", True),
        ("reopened 2024-09 (closed since 2009)", True),
        ("daylight hours; protocol for 24-hour operation under ratification (2024-09)", True),
        ("closed 2010; reopening prepared 2023-05; named as operating checkpoint 2025-02-22", True),
        ("closed from 2025-02-05 for reconstruction; reopening announced for 2026-07-31", None),
        ("closed 2010; reopening prepared 2023-05 (later state not verified)", None),
        ("to become international 24/7 (bill approved in 1st reading 2026-02-25)", None),
        ("bilateral (2019-12)", None),
        ("existed (undated source)", None),
        ("", None),
        ("closed since 2010", False),
    ],
)
def test_operating_is_read_from_the_words(status, expected):
    assert operating(status) is expected


def test_only_goods_is_told_from_persons():
    assert cargo_only("operating for trucks (2025-02)", "")
    assert not cargo_only("operating (2025-02)", "pedestrians and trucks")
    assert not cargo_only("operating (2025-02)", "")


def test_every_crossing_of_the_data_is_read():
    with (DATA / "border_crossings.csv").open(encoding="utf-8") as stream:
        found = [operating(row["status"]) for row in csv.DictReader(stream)]
    assert len(found) == 29
    assert {True, None} <= set(found)


def test_fold_keeps_letters_and_drops_marks():
    assert fold("Oʻzbekiston, «Лёгкие»  I34.0.") == "ozbekiston легкие i34.0"
    assert fold("_ % ' \"") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Бишкек", "Bishkek"),
        ("Тараз", "Taraz"),
        ("Шу", "Shu"),
        ("Андижан", "ANDIZHAN"),
        ("Хорезм", "Khorezm"),
        ("Хорезм", "Xorezm"),
        ("Қызылорда", "Qyzylorda"),
        ("Farg'ona", "Fargʻona"),
        ("Қўрғонтепа", "Qoʽrgʽontepa"),
        ("Қўрғонтепа", "Qo＇rgꞌontepa"),
        ("Ҷиргатол", "Jirgatol"),
    ],
)
def test_both_scripts_meet_in_one_reading_key(one, other):
    assert reading_key(one) == reading_key(other)


def test_search_text_has_latin_letters_only():
    text = icd10_search_text({"en": "Mitral insufficiency", "ru": "Митральная недостаточность"})
    assert text.isascii()
    assert " mitralnaya" in text


@pytest.mark.parametrize(
    ("typed", "code"),
    [("i34", "i34"), ("I34.0", "i34.0"), ("I340", "i34.0"), ("I34,0", "i34.0"), (" c5 ", "c5")],
)
def test_codes_are_understood_in_any_spelling(typed, code):
    assert understand(typed).code == code


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("А15", ("A15", "F15")),
        ("С50", ("C50",)),
        ("в20.1", ("B20.1", "D20.1")),
        ("Ш34", ("I34",)),
        ("Е11", ("E11", "T11")),
    ],
)
def test_cyrillic_letter_in_a_code_is_a_question(typed, meant):
    query = understand(typed)
    assert query.did_you_mean == meant
    assert query.empty


def test_words_are_words():
    assert understand("Митральный клапан").words == ("mitralnyy", "klapan")
    assert understand("с").words == ("s",)  # a Cyrillic word of one letter isn't a code
    assert understand("a" * 10_000 + "\x00").words
    assert understand("   ").empty
    assert len(understand("one two three four five six seven eight nine ten").words) == 8


def test_stem_cuts_only_long_words():
    assert stem("rak") == "rak"
    assert stem("mitralnyy") == "mitral"


def test_number_of_an_empty_cell_is_none_and_of_a_word_an_error():
    assert number("") is None
    assert number("42.5") == 42.5
    with pytest.raises(ValueError, match="could not convert"):
        number("north")


def test_services_from_source_name_and_type():
    found = services_of("National Center", "national_center", "tertiary", "cardiac surgery")
    assert found == {CARDIAC_SURGERY: "source"}
    assert services_of("ТОО Кардиохирургическая клиника", "specialised_clinic", "tertiary", "") == {
        CARDIAC_SURGERY: "name"
    }
    hospital = services_of("Областная клиническая больница", "regional_hospital", "secondary/tertiary", "")
    assert hospital
    assert set(hospital.values()) == {"type"}


def test_what_is_planned_or_being_built_is_no_service():
    assert NEUROLOGY not in codes_in("")
    found = services_of(
        "Центр", "specialised_center", "tertiary", "neurology (50 beds under construction per source)"
    )
    assert NEUROLOGY not in found
    planned = services_of(
        "Oncology Center", "national_center", "tertiary", "oncology; proton therapy (planned per source)"
    )
    assert planned[RADIOTHERAPY] == "type"


def test_heart_surgery_is_not_general_surgery_too():
    assert codes_in("Research Institute of Heart Surgery") == {CARDIAC_SURGERY}
    assert codes_in("Национальный хирургический центр") == {GENERAL_SURGERY}


def test_childrens_facilities_get_childrens_codes():
    found = services_of("Городская детская больница № 2", "city_hospital", "secondary", "paediatrics")
    assert found[PAEDIATRICS] == "source"
    assert GENERAL_SURGERY not in found
    assert is_for_children("Bolalar onkologiyasi markazi")
    assert not is_for_children("National Center for Maternal and Child Health")


def test_support_services_offer_nothing():
    assert services_of("Viloyat qon quyish stansiyasi", "blood_center", "support", "blood transfusion") == {}
