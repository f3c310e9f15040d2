"""Synthetic patients for the demonstration and the tests. Nobody real can be meant by any of them.

Names are the words "test patient" and an ordinal number, in the language and script of the country:
«Тестова Пациентка Первая», «Сынақ Науқас Екінші», "Sinov Bemor Uchinchi", «Сыноо Бейтап Төртүнчү».
National numbers are computed in serial blocks set apart for tests, which each kind of number knows for itself.
Telephone numbers lie in codes that are assigned to nobody (+7 799, +998 10, +996 100).
"""

from datetime import date, timedelta
from typing import Any

from patients.identifiers import NATIONAL_OF, PASSPORT
from patients.identifiers.base import Sex

_RU_ONES = (
    "Перв Втор Трет Четверт Пят Шест Седьм Восьм Девят Десят Одиннадцат Двенадцат Тринадцат Четырнадцат"
)
_RU_ONES += " Пятнадцат Шестнадцат Семнадцат Восемнадцат Девятнадцат"
_RU_TENS = {
    2: ("Двадцать", "Двадцат"),
    3: ("Тридцать", "Тридцат"),
    4: ("Сорок", "Сороков"),
    5: ("Пятьдесят", "Пятидесят"),
    6: ("Шестьдесят", "Шестидесят"),
    7: ("Семьдесят", "Семидесят"),
    8: ("Восемьдесят", "Восьмидесят"),
    9: ("Девяносто", "Девяност"),
}
_KK = (
    "Бірінші Екінші Үшінші Төртінші Бесінші Алтыншы Жетінші Сегізінші Тоғызыншы",
    "Он Жиырма Отыз Қырық Елу Алпыс Жетпіс Сексен Тоқсан",
    "Оныншы Жиырмасыншы Отызыншы Қырқыншы Елуінші Алпысыншы Жетпісінші Сексенінші Тоқсаныншы",
)
_KY = (
    "Биринчи Экинчи Үчүнчү Төртүнчү Бешинчи Алтынчы Жетинчи Сегизинчи Тогузунчу",
    "Он Жыйырма Отуз Кырк Элүү Алтымыш Жетимиш Сексен Токсон",
    "Онунчу Жыйырманчы Отузунчу Кыркынчы Элүүнчү Алтымышынчы Жетимишинчи Сексенинчи Токсонунчу",
)
_UZ = (
    "Birinchi Ikkinchi Uchinchi Toʻrtinchi Beshinchi Oltinchi Yettinchi Sakkizinchi Toʻqqizinchi",
    "Oʻn Yigirma Oʻttiz Qirq Ellik Oltmish Yetmish Sakson Toʻqson",
    "Oʻninchi Yigirmanchi Oʻttizinchi Qirqinchi Ellikinchi Oltmishinchi Yetmishinchi Saksoninchi Toʻqsoninchi",
)
_TURKIC = {"kk": _KK, "ky": _KY, "uz": _UZ}
_WORDS = {"kk": ("Сынақ", "Науқас"), "ky": ("Сыноо", "Бейтап"), "uz": ("Sinov", "Bemor")}
_PHONES = {"KZ": "+77990{:06d}", "UZ": "+99810{:07d}", "KG": "+996100{:06d}"}
_DAYS = 27_000  # dates of birth over 74 years; 10_007 shares no factor with it, so each n below it has its own day
FIRST_BIRTH = date(1945, 1, 1)


def synthetic_person(
    n: int,
    country: str,
    *,
    sex: Sex | None = None,
    birth_date: date | None = None,
    residence_district: int | None = None,
    with_passport: bool = False,
) -> dict[str, Any]:
    """Arguments of `register_patient` (without `by`) for the n-th synthetic person of a country, n from 1.

    The same n gives the same person; up to 27,000 differ in date of birth and national number. Kazakhstan's
    are Russian for odd n and Kazakh for even n. `residence_district`: key of a district.
    """
    sex = sex or ("female" if n % 2 else "male")
    born = birth_date or FIRST_BIRTH + timedelta(days=n * 10_007 % _DAYS)
    language = {"UZ": "uz", "KG": "ky"}.get(country) or ("ru" if n % 2 else "kk")
    family, given, patronymic = synthetic_name(n, language, sex)
    numbers = [(NATIONAL_OF[country].code, country, national_number(country, born, sex, n))]
    if with_passport:
        numbers.append((PASSPORT, country, f"TEST{n:07d}"))
    return {
        "family_name": family,
        "given_name": given,
        "patronymic": patronymic,
        "birth_date": born,
        "sex": sex,
        "citizenships": [country],
        "residence_district": residence_district,
        "phone": _PHONES[country].format(n % 999_999 or 999_999),
        "email": f"patient.{country.lower()}.{n}@example.org",
        "preferred_language": language,
        "next_of_kin_name": {"ru": "Тестов Родственник", "kk": "Сынақ Туыс", "uz": "Sinov Qarindosh"}.get(
            language, "Сыноо Тууган"
        ),
        "is_synthetic": True,
        "identifiers": numbers,
    }


def synthetic_coverage(country: str, fund: int, today: date) -> dict[str, Any]:
    """Arguments of `record_coverage` for insurance with the country's fund (its key), this year and the next."""
    return {
        "kind": "insurance",
        "fund": fund,
        "number": f"TEST-{country}",
        "valid_from": date(today.year, 1, 1),
        "valid_to": date(today.year + 1, 12, 31),
        "source": "register",
    }


def synthetic_name(n: int, language: str, sex: Sex) -> tuple[str, str, str]:
    """(family name, given name, patronymic) of the n-th person: test, patient, ordinal number."""
    series, number = divmod(n - 1, 99)
    number += 1
    if language == "ru":
        female = sex == "female"
        family, given = ("Тестова", "Пациентка") if female else ("Тестов", "Пациент")
        ordinal = _russian_ordinal(number, female)
    else:
        family, given = _WORDS[language]
        ones, tens, round_tens = (words.split() for words in _TURKIC[language])
        ten, one = divmod(number, 10)
        ordinal = (
            ones[one - 1] if ten == 0 else f"{tens[ten - 1]}-{ones[one - 1]}" if one else round_tens[ten - 1]
        )
    return family + _series_letters(series, latin=language == "uz"), given, ordinal


def _russian_ordinal(number: int, female: bool) -> str:
    ones = _RU_ONES.split()
    if number < 20:
        stem, prefix = ones[number - 1], ""
    else:
        ten, one = divmod(number, 10)
        stem, prefix = (ones[one - 1], f"{_RU_TENS[ten][0]}-") if one else (_RU_TENS[ten][1], "")
    if stem == "Трет":
        return f"{prefix}Третья" if female else f"{prefix}Третий"
    stressed = stem in {"Втор", "Шест", "Седьм", "Восьм", "Сороков"}
    return prefix + stem + ("ая" if female else "ой" if stressed else "ый")


def _series_letters(series: int, *, latin: bool) -> str:
    """Nothing for the first 99 persons, then -А, -Б … -АА …"""
    alphabet = "ABCDEFGHJKLMNOPRST" if latin else "АБВГДЕЖЗИКЛМНОПРСТ"
    letters = ""
    while series > 0:
        series, index = divmod(series - 1, len(alphabet))
        letters = alphabet[index] + letters
    return f"-{letters}" if letters else ""


def national_number(country: str, born: date, sex: Sex, n: int) -> str:
    """A number in the country's test block, right by its control digit where one is known."""
    synthetic = NATIONAL_OF[country].synthetic
    assert synthetic is not None, "every national number can be made for tests"
    return synthetic(born, sex, n)
