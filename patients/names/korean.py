"""Family names of Koreans: one character, written in one way by the Koreans of the region and in others elsewhere.

Each line is one family name: as Russian documents have it, then as the passports of Korea do. Sources: the revised
romanisation of 2000, McCune-Reischauer, and the spellings that passports of Korea mostly have. A spelling that stands
for two family names is in both lines; two names are then like one another, which is only a question.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from patients.names.keys import match_key

_FAMILIES: Final = (
    "Ли И Ни Лигай Lee Yi Rhee Ri",
    "Цой Чой Цхой Choi Choe Chwe",
    "Пак Park Bak",
    "Тен Чен Чон Чжон Тё Jeong Jung Chung Chong Cheong",
    "Тян Чан Чжан Jang Chang",
    "Кан Kang Gang",
    "Ким Kim Gim",
    "Юн Ён Yoon Yun",
    "Но Ро Roh Noh",
    "Ю Югай Yoo Yu You",
    "Лю Рю Ryu Yoo",
    "О Огай Oh",
    "Хан Han Hahn",
    "Хван Фан Hwang",
    "Шин Син Shin Sin",
    "Сон Song Sohn",
    "Шо Со Шегай Seo Suh",
    "Ан Ahn",
    "Лим Им Lim Im Rim Yim",
    "Ян Лян Yang Ryang",
    "Тё Цо Чо Чжо Дё Cho Jo",
    "Квон Квен Kwon Gwon",
    "Мун Moon",
    "Пэ Бэ Бя Пя Bae Pae",
    "Ко Коо Когай Koh Go",
    "Чу Тю Дю Joo Ju Chu",
)


def _by_key() -> dict[str, frozenset[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, line in enumerate(_FAMILIES):
        for spelling in line.split():
            found[match_key(spelling)].add(number)
    return {key: frozenset(numbers) for key, numbers in found.items()}


_FAMILIES_OF: Final[Mapping[str, frozenset[int]]] = _by_key()


def one_family(one: str, other: str) -> bool:
    """Whether two match keys may be spellings of one Korean family name."""
    return not _FAMILIES_OF.get(one, frozenset()).isdisjoint(_FAMILIES_OF.get(other, frozenset()))


def spellings_of(key: str) -> frozenset[str]:
    """The match keys that may be spellings of one Korean family name with this one, itself too; none for others."""
    own = _FAMILIES_OF.get(key, frozenset())
    return frozenset(other for other, numbers in _FAMILIES_OF.items() if not numbers.isdisjoint(own))
