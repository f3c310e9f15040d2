"""What stands for no answer, in five languages and more, and what only looks like it."""

import pytest

from core.phones import phone_error, read_phone
from core.placeholders import names_no_place, names_nobody, says_nothing, stands_for_none
from patients import identifiers
from patients.names import check_name


def _list(said: str) -> list[str]:
    return said.split("|")


NONE = _list(
    "нет|Нет.|«нет»|НЕТУ|нeт|-|—|- -|...|?|*|0|000|0-00|хх|XXX|ххх|ааа|999999|no|No.|none|N/A|n.a.|NULL|unknown|no data"
    "|no name|don’t know|not known|жоқ|ЖОҚ|жок|мәлімет жоқ|аты жоқ|көрсетілмеген|білмеймін|yoʻq|yo'q|yo‘q|Yoq|bilmayman"
    "|nomaʼlum|maʼlumot yoʻq|kiritilmagan|йўқ|маълумот йўқ|номаълум|билбейм|маалымат жок|дареги жок|белгисиз|эч ким"
    "|не знаю|Не  знаю!|незнаю|не указан|не указано|не указана|неизвестно|неизвестна|неизвестен|не известен"
    "|не установлено|не определён|не имеется|отсутствует|нет данных|данных нет|без отчества|б/о|Н/Д|прочерк|никто"
    "|хз|нест"
)
SOMETHING = _list(
    "Нетаева|Неизвестных героев 5|без определённого места жительства|Norm|5|7|111|Абая 5|кв. 0|5-12-43|Но|Ли|Он|Ан"
    "|Несторов|Жокенов|Ноқай|сестра|нет, сестра мужа|тест|Безымянный|Ксения|Unknowntown|Нур|Xo|нет аллергии|орын жоқ"
)


@pytest.mark.parametrize("text", NONE)
def test_a_placeholder_is_one_in_every_kind_of_field(text: str) -> None:
    assert stands_for_none(text)
    assert names_nobody(text)
    assert names_no_place(text)
    assert identifiers.check("passport", text).errors in (("placeholder",), ("empty",))
    read = read_phone(text, "KZ")
    assert (read.number, read.fault) == (None, "placeholder")
    assert "Leave the field empty" in str(phone_error(read))
    if text.isalpha():
        assert check_name(text.lower()).errors == (
            ("mixed_scripts",) if text == "нeт" else ("stands_for_none",)
        )


def test_what_only_looks_like_one_is_taken() -> None:
    assert [text for text in SOMETHING if stands_for_none(text)] == []
    assert [
        text for text in ("", "  ") if stands_for_none(text) or names_nobody(text) or says_nothing(text)
    ] == []
    assert [names_no_place(text) for text in ("123", "5", "5-12-43", "Абая 5")] == [True, True, False, False]
    assert [names_nobody(text) for text in ("12", "+7 701", "О", "No", "Но")] == [
        True,
        True,
        False,
        True,
        False,
    ]
    # “No” may be the answer to what is asked, dashes never are.
    assert [says_nothing(text) for text in ("нет", "no", "-", "...", "xxx", "0")] == [
        False,
        False,
        *[True] * 4,
    ]


def test_a_name_that_is_a_word_for_no_elsewhere_stays_a_name() -> None:
    for name, part in (
        ("No", "family_name"),
        ("НО", "family_name"),
        ("Na", "given_name"),
        ("Nil", "given_name"),
    ):
        assert check_name(name, part).errors == (), name
    for name, part in (
        ("no", "family_name"),
        ("No", "given_name"),
        ("No", "patronymic"),
        ("Na", "patronymic"),
    ):
        assert check_name(name, part).errors == ("stands_for_none",), name
