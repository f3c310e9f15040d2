"""The one list of languages, and names in them."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation

from core import languages
from core.forms.names import NamesFormField
from core.names import NamesField, check_names, in_active_language, in_language, names_in_row
from tools import messages

ROOT = Path(__file__).resolve().parents[2]


def test_everything_takes_its_languages_from_the_list() -> None:
    assert [code for code, _label in settings.LANGUAGES] == list(languages.CODES)
    assert set(messages.LANGUAGES) == set(languages.CODES) - {languages.SOURCE}
    for code in languages.TRANSLATED:
        assert (ROOT / "locale" / code / "LC_MESSAGES" / "django.po").exists(), code
        assert (ROOT / "portal/formats" / code / "formats.py").exists(), code


def test_no_other_place_lists_them() -> None:
    """A second list would be forgotten: two codes of languages in a row stand in the list and in no other code."""
    code = "|".join(languages.CODES)
    listed = re.compile(
        rf"""["'](?:{code})["'](?:\s*[,:]\s*|\s*:\s*["'][^"']*["']\s*,\s*)["'](?:{code})["']"""
    )
    # Names of synthetic patients are made for the languages that it knows.
    allowed = {"core/languages.py", "patients/synthetic.py"}
    assert listed.search((ROOT / "core/languages.py").read_text("utf-8"))
    found = [
        name
        for folder in (
            "core",
            "agreements",
            "disclosure",
            "eligibility",
            "facilities",
            "patients",
            "portal",
            "referrals",
            "tools",
        )
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (name := str(path.relative_to(ROOT))) not in allowed
        and "migrations" not in path.parts
        and listed.search(path.read_text("utf-8"))
    ]
    assert not found


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({"kk": "Бір", "ru": "Один", "en": "One"}, {"kk": "Бір", "ky": "Один", "en": "One"}),
        ({"ru": "Один", "en": "One"}, {"kk": "Один", "uz": "Один", "en": "One"}),
        ({"en": "One"}, {"kk": "One", "ru": "One"}),
        ({"ru": "Один"}, {"en": "Один"}),
        ({"uz": "Bir"}, {"en": "?", "kk": "?", "uz": "Bir"}),
        ({}, {"en": "?", "ru": "?"}),
    ],
)
def test_a_name_in_the_reader_s_language_or_one_that_they_know(
    names: dict[str, str], shown: dict[str, str]
) -> None:
    for code, name in shown.items():
        assert in_language(names, code, "?") == name
        with translation.override(code):
            assert in_active_language(names, "?") == name
    with translation.override("de"):
        assert in_active_language(names, "?") == in_language(names, "en", "?"), "none of ours"


def test_names_of_a_file_s_row() -> None:
    row = {"code": "1", "name_en": "One", "name_kk": "", "name_xx": "?", "title_en": "Title"}
    assert names_in_row(row) == {"en": "One"}
    assert names_in_row(row, "title") == {"en": "Title"}


@pytest.mark.parametrize(
    "wrong", [None, [], "One", {"xx": "One"}, {"en": ""}, {"en": " "}, {"en": 1}, {1: "One"}]
)
def test_what_is_no_names_is_refused(wrong: object) -> None:
    check_names({})
    check_names({"en": "One", "ky": "Бир"})
    with pytest.raises(ValidationError):
        check_names(wrong)


def test_a_field_asks_for_what_it_needs() -> None:
    field = NamesField(needed=("en", "ru"), longest=5)
    field.clean({"en": "One", "ru": "Один"}, None)  # type: ignore[arg-type]
    for wrong in ({"en": "One"}, {"en": "Onerous", "ru": "Один"}, {"en": "One", "ru": "Один", "xx": "?"}):
        with pytest.raises(ValidationError):
            field.clean(wrong, None)  # type: ignore[arg-type]
    assert set(field.deconstruct()[3]) == {"default", "blank"}, (
        "what a form asks for is no matter of the table"
    )
    form = field.formfield()
    assert isinstance(form, NamesFormField)
    box = dict(zip(languages.CODES, form.fields, strict=True))
    assert [code for code, part in box.items() if part.required] == ["ru", "en"]
    assert {part.max_length for part in form.fields} == {5}
