"""The words of the catalogues: each language's own letters, signs and manners, and the glossary's terms."""

import csv
import re
import unicodedata

import pytest
from babel.messages.catalog import Message

from tests.unit.catalogues import LANGUAGES, PLACEHOLDER, entries
from tools import messages

RUSSIAN = set("абвгдежзийклмнопрстуфхцчшщъыьэюяё")
ALPHABETS = {"ru": RUSSIAN, "kk": RUSSIAN | set("әғқңөұүһі"), "ky": RUSSIAN | set("ңөү"), "uz": set()}
# Words that stay in another script: examples of what may be typed.
FOREIGN = {"митральная", "недостаточность", "ID"}


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", PLACEHOLDER.sub(" ", text))


def script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_mixes_scripts_and_no_letter_is_another_alphabets(language: str) -> None:
    for _message, pairs in entries(language):
        for source, text in pairs:
            assert text == unicodedata.normalize("NFC", text)
            for word in words(text):
                scripts = {script(letter) for letter in word} - {"MODIFIER"}
                assert len(scripts) == 1, (word, text)
                if scripts == {"CYRILLIC"} and word not in FOREIGN:
                    assert set(word.lower()) <= ALPHABETS[language], (word, text)
                elif scripts == {"LATIN"} and language != "uz":
                    # A Latin word in a Cyrillic text is one of the English text: a code, a name of a field.
                    assert word in source or word in FOREIGN, (word, text)


def test_homoglyphs_would_be_found() -> None:
    assert {script(letter) for letter in words("Пaциент")[0]} == {"CYRILLIC", "LATIN"}  # a Latin a
    assert not set("шаѳ") <= ALPHABETS["ky"]  # U+0473, which stands for ө on some pages


def test_uzbek_letters_are_written_with_their_own_signs() -> None:
    for _message, pairs in entries("uz"):
        for _source, text in pairs:
            assert not re.search(r"[^\W\d_]['‘’`´][^\W\d_]|[OoGg]['‘’`´]", text), text
            for place in (match.start() for match in re.finditer("ʻ", text)):
                assert text[place - 1] in "OoGg", text
            assert "ʻ" not in re.sub("[OoGg]ʻ", "", text), text


@pytest.mark.parametrize(("language", "marks"), [("ru", "«»"), ("kk", "«»"), ("ky", "«»"), ("uz", "“”")])
def test_quotation_marks_are_the_languages_own(language: str, marks: str) -> None:
    others = set('«»“”„"') - set(marks)
    for message, pairs in entries(language):
        for _source, text in pairs:
            left = PLACEHOLDER.sub(" ", text)
            if "JSON" in text or "“allowed”" in text or "“blocking”" in text:
                continue  # names of fields are quoted as in the documentation
            assert not others & set(left), message.id


def test_russian_is_official_and_polite() -> None:
    for message, pairs in entries("ru"):
        for source, text in pairs:
            assert "киргиз" not in text.lower()
            letter_to_the_patient = "our referral %(number)s" in source
            capital = re.search(r"(?<![.!?:»] )(?<!^)\bВ(?:ы|ас|ам|ами|аш[а-я]*)\b", text)
            if letter_to_the_patient:
                assert not re.search(r"\bв(?:ы|ас|ам|ами|аш[а-я]*)\b", text), text
            else:
                assert not capital, (message.id, text)


def glossary() -> list[dict[str, str]]:
    with (messages.LOCALE / "glossary.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# Texts whose English is a word of the glossary, but which mean something else.
OTHER_MEANING = {
    "Closed": "of a border crossing, not of a referral",
    "Hospital": "whichever facility is chosen, a clinic as well",
    "Outpatient care": "a noun among the forms of care; the glossary has an adverb",
    "appointment": "a booked stay, not a visit to a doctor",
    "Appointment": "a booked stay, not a visit to a doctor",
    "page|Next": "page, which is feminine in Russian",
    "subject": "of a row of the audit log, not of a letter",
    "unread": "of one message",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_the_glossarys(language: str) -> None:
    terms: dict[str, set[str]] = {}
    for row in glossary():
        terms.setdefault(row["en"].casefold(), set()).add(row[language].casefold())
    compared = 0
    for message, pairs in entries(language):
        expected = terms.get(pairs[0][0].casefold())
        if message.pluralizable or expected is None or key_text(message) in OTHER_MEANING:
            continue
        compared += 1
        assert any(term in pairs[0][1].casefold() for term in expected), (key_text(message), pairs, expected)
    assert compared > 60


def key_text(message: Message) -> str:
    return f"{message.context}|{message.id}" if message.context else str(message.id)
