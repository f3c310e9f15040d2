"""The message catalogues: nothing lacks in Russian, placeholders and letters are right, words are the glossary's."""

import io
import re
import subprocess
import sys
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext, ngettext, pgettext, trans_real

from core.languages import FALLBACKS
from facilities.models import Icd10
from tests.unit.catalogues import LANGUAGES, PLACEHOLDER, catalogue, entries, key, sources
from tools import borrowed, messages

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_sources_is_known_and_none_that_is_gone(language: str) -> None:
    wanted = {key(text) for text in messages.texts_for(language, sources()) if text.id}
    known = {key(text) for text in catalogue(language) if text.id}
    assert len(wanted) > 1500
    assert not wanted - known, "run ./dev messages and translate"
    assert not known - wanted, "run ./dev messages"
    assert not catalogue(language).obsolete


def test_the_extraction_finds_every_way_of_marking() -> None:
    found = {key(text) for text in sources() if text.id}
    assert (None, "My referrals") in found  # gettext
    assert (None, "The patient’s identity is not known yet.") in found  # gettext_lazy
    assert (None, ("%(count)s hour left", "%(count)s hours left")) in found  # ngettext
    assert ("referral state", "Draft") in found  # pgettext_lazy
    assert (None, "Sign out") in found  # {% translate %}
    assert ("filter", "Show") in found  # {% translate … context %}
    assert (None, "All facilities") in found  # _("…") in a tag's argument
    assert (
        None,
        ("%(number)s needs you now", "%(number)s need you now"),
    ) in found  # {% blocktranslate count %}


def test_no_module_hides_texts_behind_a_name_of_its_own() -> None:
    alias = re.compile(r"\b(\w*gettext\w*) as (\w+)")
    for folder in messages.FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for name, other in alias.findall(path.read_text(encoding="utf-8")):
                assert other in messages.KEYWORDS, f"{path}: {name} as {other} is not extracted"


@pytest.mark.parametrize("language", messages.COMPLETE)
def test_nothing_lacks_or_is_a_guess(language: str) -> None:
    assert messages.untranslated(catalogue(language)) == []
    assert [text.id for text in catalogue(language) if text.id and text.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_check_of_the_command_agrees(language: str) -> None:
    assert messages.missing(catalogue(language), messages.texts_for(language, sources())) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_djangos_and_complete(language: str) -> None:
    own, django = catalogue(language), messages.django_catalogue(language)
    assert own.num_plurals == django.num_plurals == {"ru": 4, "kk": 2, "uz": 1, "ky": 1}[language]
    assert re.sub(r"\s", "", own.plural_expr) == re.sub(r"\s", "", django.plural_expr)
    for message in own:
        if message.id and message.pluralizable:
            # Half a plural would be compiled with English in its place.
            assert len(message.string) == own.num_plurals, message.id
            assert all(message.string), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_agree(language: str) -> None:
    for message, pairs in entries(language):
        for source, text in pairs:
            assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(source)), message.id
            assert text[-1].isspace() == source[-1].isspace(), message.id
            assert text.count("\n") == source.count("\n"), message.id


@pytest.mark.parametrize("language", FALLBACKS)
def test_what_every_reader_meets_is_translated(language: str) -> None:
    """Navigation, sign-in, states, priorities, the frame of every page and every notice to a patient."""
    frame = {"templates/base.html", "templates/accounts/sign_in.html", "portal/web/context.py"}
    contexts = {
        "referral state",
        "authorisation state",
        "priority",
        "rule outcome",
        "decision",
        "payer",
        "timeline",
    }
    for message in catalogue(language):
        if not message.id:
            continue
        places = {name for name, _line in message.locations}
        to_patient = "our referral %(number)s" in str(message.id)
        if places & frame or message.context in contexts or to_patient:
            assert messages.is_translated(message.string), message.id
        if any(name.startswith("templates/components/") for name in places):
            assert messages.is_translated(message.string), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_compile_and_speak(language: str) -> None:
    buffer = io.BytesIO()
    write_mo(buffer, catalogue(language))
    buffer.seek(0)
    compiled = GNUTranslations(buffer)
    for message, pairs in entries(language):
        if message.context or message.pluralizable:
            continue
        assert compiled.gettext(message.id) == pairs[0][1]


def test_the_loader_of_django_finds_them() -> None:
    with translation.override("ru"):
        assert gettext("My referrals") == "Мои направления"
        assert pgettext("referral state", "Draft") == "Черновик"
        counted = [ngettext("%(count)s day", "%(count)s days", n) % {"count": n} for n in (1, 3, 5, 21)]
        assert counted == ["1 день", "3 дня", "5 дней", "21 день"]
    with translation.override("uz"):
        assert gettext("My referrals") == "Mening yoʻllanmalarim"
    with translation.override("en"):
        assert gettext("My referrals") == "My referrals"


def test_russian_stands_in_for_what_a_language_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """No catalogue lacks a text now; one that a release adds first in Russian must be readable all the same."""
    text, russian = "A text that Russian alone has", "Текст, который есть только по-русски"
    lacking = "The day of death lies elsewhere: a text that no catalogue has"
    monkeypatch.setitem(trans_real.translation("ru")._catalog._catalogs[0], text, russian)
    assert set(FALLBACKS) | {"ru", "en"} == {code for code, _name in settings.LANGUAGES}
    for language in FALLBACKS:
        with translation.override("ru"):
            assert gettext(text) == russian
        with translation.override(language):
            assert gettext(text) == russian
            assert gettext(lacking) == lacking
        with translation.override("en"):
            assert gettext(text) == text


def test_django_speaks_politely_where_a_page_shows_its_texts() -> None:
    for language, polite in {"kk": "енгізіңіз", "uz": "kiriting", "ky": "киргизиңиз"}.items():
        with translation.override(language):
            assert polite in gettext("Enter a valid value.")
            assert "'" not in gettext("This field is required.")
    assert len(set(borrowed.TEXTS)) == len(borrowed.TEXTS)


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("en", "21 November 2026"),
        ("ru", "21 ноября 2026 года"),
        ("kk", "2026 жылғы 21 қараша"),
        ("uz", "2026-yil 21-noyabr"),
        ("ky", "2026-жылдын 21-ноябрь"),
    ],
)
def test_dates_are_written_as_official_texts_write_them(language: str, day: str) -> None:
    from datetime import date

    with translation.override(language):
        assert formats.date_format(date(2026, 11, 21), "DATE_FORMAT") == day
        assert formats.date_format(date(2026, 11, 21), "SHORT_DATE_FORMAT") in {"21.11.2026", "21 Nov 2026"}


def test_the_command_finds_nothing_to_do() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.messages", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_reference_rows_follow_the_same_order() -> None:
    row = Icd10(
        code="I34.0",
        titles={"en": "Mitral (valve) insufficiency", "ru": "Митральная (клапанная) недостаточность"},
    )
    shown = {}
    for language in ("en", "ru", "kk"):
        with translation.override(language):
            shown[language] = row.title
    assert shown == {"en": row.titles["en"], "ru": row.titles["ru"], "kk": row.titles["ru"]}
