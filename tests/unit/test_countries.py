"""The countries of the world: their names, their order, and what people type for them."""

import pycountry
import pytest
from django import forms
from django.utils import translation

from core import languages
from core.kept.compare import differences
from facilities.countries import ISO_CODES, country_name, country_names, likely_country, read_country
from patients.forms.base import CountryField


@pytest.mark.parametrize("language", languages.CODES)
def test_every_country_has_its_own_name_in_every_language_and_is_read_by_it(language: str) -> None:
    with translation.override(language):
        names = country_names()
        assert len(names) == len(set(names)) == len(pycountry.countries)
        for code in ISO_CODES:
            assert country_name(code) in names
            assert read_country(country_name(code)) == code
            assert not set(country_name(code)) & set("‘’'`")
    assert country_name("XX") == "XX"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("TJ", "TJ"),
        ("tjk", "TJ"),
        (" Таджикистан ", "TJ"),
        ("Тоҷикистон", "TJ"),
        ("Tojikiston", "TJ"),
        ("Afg'oniston", "AF"),
        ("Afgʻoniston", "AF"),
        ("Российская Федерация", "RU"),
        ("russian federation", "RU"),
        ("Киргизия", "KG"),
        ("Кыргызстан", "KG"),
        ("u.s.a.", "US"),
        ("ОАЭ", "AE"),
        ("Türkiye", "TR"),
        ("Viet Nam", "VN"),
        ("XX", None),
        ("ZZZ", None),
        ("", None),
    ],
)
def test_what_people_write_for_a_country(typed: str, code: str | None) -> None:
    assert read_country(typed) == code


def test_a_name_that_is_nearly_one_is_asked_about() -> None:
    assert likely_country("Таджикистон") == "TJ"
    assert likely_country("Germny") == "DE"
    assert likely_country("Атлантида на дне") is None


def test_letters_stand_in_their_own_alphabet() -> None:
    with translation.override("kk"):
        names = country_names()
        assert names.index("Әзірбайжан") < names.index("Бахрейн")
    with translation.override("uz"):
        assert country_names().index("Oʻzbekiston") < country_names().index("Portugaliya")


def test_a_country_typed_in_another_language_is_the_same_text() -> None:
    """Kept while the page was Russian, it stands in an Uzbek one as what it means, and differs from nothing."""

    class Form(forms.Form):
        country = CountryField(label="Country", required=False)

    form = Form()
    with translation.override("uz"):
        assert form.fields["country"].prepare_value("Казахстан") == country_name("KZ")
        assert differences(form, {"country": "Казахстан"}, {"country": "KZ"}) == ()
        assert [row.mine for row in differences(form, {"country": "Narnia"}, {"country": "KZ"})] == ["Narnia"]
