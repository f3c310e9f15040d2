"""The shared form fields: what they take, and what they say to what they don't."""

import datetime
import unicodedata

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from core.forms import (
    Choice,
    CleanCharField,
    CleanTextField,
    PortalForm,
    SearchChoiceField,
    SplitDateField,
)
from core.forms.dates import problem_with


def refusal(field: forms.Field, value: object) -> tuple[str, str]:
    """(code, sentence) with which the field refuses the value."""
    with translation.override("en"), pytest.raises(ValidationError) as caught:
        field.clean(value)
    error = caught.value.error_list[0]
    return error.code, str(caught.value.messages[0])


# --- text -----------------------------------------------------------------------------------------------------------
def test_text_is_composed_and_trimmed() -> None:
    assert CleanCharField().clean("  Ерлан \u00a0  Тест\t") == "Ерлан Тест"
    decomposed = unicodedata.normalize("NFD", "Йўлдош")
    assert CleanCharField().clean(decomposed) == "Йўлдош"
    assert CleanTextField().clean(" one \r\n\r\ntwo\u2028three \n") == "one\n\ntwo\nthree"


@pytest.mark.parametrize("letters", ["ӘәҒғҚқҢңӨөҰұҮүҺһІі", "Oʻzbekiston gʻalaba ʼ", "Ңң Өө Үү"])
def test_letters_of_the_five_languages_pass(letters: str) -> None:
    assert CleanCharField().clean(letters) == letters


@pytest.mark.parametrize(
    "character", ["\u200b", "\u200d", "\u202e", "\u2066", "\ufeff", "\u00ad", "\x00", "\x07", "\ue000"]
)
def test_an_invisible_character_is_named_with_its_place(character: str) -> None:
    for field in (CleanCharField(label="Family name"), CleanTextField(label="Family name")):
        code, sentence = refusal(field, f"Тест{character}ова")
        assert code == "unseen"
        assert f"U+{ord(character):04X}" in sentence
        assert "“Тест”" in sentence
    assert refusal(CleanCharField(label="Family name"), f"{character}ова")[0] == "unseen_first"


def test_too_long_says_the_limit_and_the_count() -> None:
    assert CleanTextField(label="Reason", max_length=4000).clean("a" * 4000) == "a" * 4000
    code, sentence = refusal(CleanTextField(label="Reason", max_length=4000), "a" * 10_000)
    assert code == "too_long"
    assert "10000" in sentence
    assert "4000" in sentence
    assert sentence.startswith("Reason")


def test_empty_text() -> None:
    assert CleanCharField(required=False).clean(None) == ""
    assert refusal(CleanCharField(label="Family name"), " \u00a0 ") == (
        "required",
        "Family name: fill this in.",
    )


# --- dates ----------------------------------------------------------------------------------------------------------
def test_a_real_date_and_nothing() -> None:
    assert SplitDateField().clean(["29", "02", "2024"]) == datetime.date(2024, 2, 29)
    assert SplitDateField(required=False).clean(["", "", ""]) is None


@pytest.mark.parametrize(
    ("parts", "code", "at_fault", "words"),
    [
        (["27", "", "1984"], "no_month", ("month",), "Date of birth must include a month."),
        (["", "3", "1984"], "no_day", ("day",), "Date of birth must include a day."),
        (["", "", "1984"], "no_day_month", ("day", "month"), "a day and a month"),
        (["31", "2", "2024"], "not_real", ("day",), "Date of birth must be a real date."),
        (["1", "13", "2024"], "not_real", ("month",), "real date"),
        (["1", "3", "84"], "short_year", ("year",), "four digits"),
        (["1", "3", "0000"], "short_year", ("year",), "four digits"),
        (["1", "марта", "1984"], "not_a_number", ("month",), "digits"),
        (["1", "٣", "1984"], "not_a_number", ("month",), "digits"),
        (["9" * 5000, "3", "1984"], "not_real", ("day",), "real date"),
    ],
)
def test_each_mistake_in_a_date_has_its_sentence_and_its_box(
    parts: list[str], code: str, at_fault: tuple[str, ...], words: str
) -> None:
    assert problem_with(parts) == (code, at_fault)
    found, sentence = refusal(SplitDateField(label="Date of birth"), parts)
    assert found == code
    assert words in sentence


def test_bounds_are_inclusive_and_asked_each_time() -> None:
    today = datetime.date(2026, 11, 21)
    field = SplitDateField(label="Date of birth", latest=lambda: today)
    assert field.clean(["21", "11", "2026"]) == today
    code, sentence = refusal(field, ["22", "11", "2026"])
    assert code == "too_late"
    assert "21 November 2026" in sentence
    assert refusal(SplitDateField(label="From", earliest=today), ["20", "11", "2026"])[0] == "too_early"


def test_an_initial_date_fills_the_boxes_and_is_unchanged() -> None:
    field = SplitDateField()
    assert field.widget.texts(datetime.date(2026, 3, 1)) == ["1", "3", "2026"]
    assert not field.has_changed(datetime.date(2026, 3, 1), ["1", "3", "2026"])
    assert field.has_changed(datetime.date(2026, 3, 1), ["2", "3", "2026"])


# --- search ---------------------------------------------------------------------------------------------------------
CODES = [
    Choice("I34.0", "Mitral insufficiency", code="I34.0"),
    Choice("I05.0", "Mitral stenosis", code="I05.0"),
]


def find(value: str) -> Choice | None:
    return next((choice for choice in CODES if choice.value == value.upper()), None)


class DiagnosisForm(PortalForm):
    diagnosis = SearchChoiceField(
        label="Diagnosis",
        search=lambda query: [choice for choice in CODES if query.lower() in choice.label.lower()],
        find=find,
    )
    goal = CleanTextField(label="What should the treatment achieve?", noun="The goal")


def diagnosis(**data: str) -> DiagnosisForm:
    return DiagnosisForm({"goal": "Repair", **data})


def test_a_chosen_result_is_the_value() -> None:
    form = diagnosis(diagnosis="I34.0", diagnosis_query="mitral", diagnosis_searched="mitral")
    assert form.is_valid()
    assert form.cleaned_data["diagnosis"] == "I34.0"


def test_a_code_typed_in_full_is_enough() -> None:
    form = diagnosis(diagnosis_query="i34.0")
    assert form.is_valid()
    assert form.cleaned_data["diagnosis"] == "I34.0"


def test_a_choice_is_void_once_the_text_was_changed() -> None:
    form = diagnosis(diagnosis="I34.0", diagnosis_query="stenosis", diagnosis_searched="mitral")
    assert not form.is_valid()
    assert form.errors["diagnosis"].as_data()[0].code == "choose"
    assert "Mitral stenosis" in str(form["diagnosis"])
    assert "insufficiency" not in str(form["diagnosis"])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "required"),
        ({"diagnosis_query": "xyz"}, "nothing"),
        ({"diagnosis": "Z99.9"}, "unknown"),
        ({"diagnosis_query": "mit\u200bral"}, "unseen"),
        ({"diagnosis_query": "m" * 10_000}, "too_long"),
    ],
)
def test_what_a_search_refuses(data: dict[str, str], code: str) -> None:
    form = diagnosis(**data)
    assert not form.is_valid()
    assert form.errors["diagnosis"].as_data()[0].code == code


def test_the_search_button_searches_and_judges_nothing_else() -> None:
    form = DiagnosisForm({"diagnosis_query": "mitral", "diagnosis_search": "1", "goal": ""})
    assert form.is_search
    assert not form.is_valid()
    assert not form.errors
    assert str(form["diagnosis"]).count('type="radio"') == 2
    none = DiagnosisForm({"diagnosis_query": "xyz", "diagnosis_search": "1", "goal": ""})
    assert not none.is_valid()
    assert list(none.errors) == ["diagnosis"]


def test_a_stored_value_is_shown_with_its_words() -> None:
    assert "I34.0 Mitral insufficiency" in str(DiagnosisForm(initial={"diagnosis": "I34.0"})["diagnosis"])


# --- the form's own sentences ---------------------------------------------------------------------------------------
class PlainForm(PortalForm):
    payer = forms.ChoiceField(label="Who pays?", choices=[("fund", "The fund")])
    told = forms.BooleanField(label="The patient was told")
    note = forms.CharField(label="Note")


def test_required_says_which_field_and_what_to_do() -> None:
    with translation.override("en"):
        errors = PlainForm({}).errors
    assert errors["payer"] == ["Who pays: choose one."]
    assert errors["told"] == ["The patient was told: tick the box to go on."]
    assert errors["note"] == ["Note: fill this in."]
