"""Places and dates of the reference data in words."""

from types import SimpleNamespace

import pytest
from django.utils import translation

from facilities.presentation import place_of, source_dates


@pytest.mark.parametrize(
    ("town", "names", "words"),
    [
        ("Bishkek", ["город Бишкек", None], "город Бишкек"),
        ("Almaty", ["г.Алматы", None], "г.Алматы"),
        ("Bishkek", ["Чуйская область", None], "Bishkek, Чуйская область"),
        ("Korday", ["Korday district", "Zhambyl region"], "Korday, Zhambyl region"),
        ("", ["город Бишкек", None], "город Бишкек"),
    ],
)
def test_a_town_is_named_once(town: str, names: list[str | None], words: str) -> None:
    parent = SimpleNamespace(name=names[1]) if names[1] else None
    unit = SimpleNamespace(name=names[0], parent=parent)
    facility = SimpleNamespace(settlement=town, admin_unit=unit)
    assert place_of(facility) == words  # type: ignore[arg-type]


def test_the_dates_of_sources_are_written_in_words() -> None:
    with translation.override("ru"):
        assert source_dates("2024-09 2022-01-07") == ["сентябрь 2024", "7 января 2022 года"]
    with translation.override("en"):
        assert source_dates("2026 2025-02") == ["2026", "February 2025"]
        assert source_dates("(undated excerpt)") == []
        assert source_dates("2025-99") == ["2025-99"], "what is no date stays"
