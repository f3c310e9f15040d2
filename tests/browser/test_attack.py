"""The quick part of `./dev attack` against the demonstration, as anybody would run it."""

import pytest

from tests.demonstration import Demo
from tools.attack.__main__ import NOT_HERE, TOP_TEN, declared, run
from tools.attack.target import Target


@pytest.mark.thorough
def test_the_demonstration_withstands_the_quick_attacks(demo: Demo) -> None:
    attacks = declared()
    covered = {number for one in attacks for number in one.covers}
    assert covered | set(NOT_HERE) == set(TOP_TEN)
    assert not covered & set(NOT_HERE)
    assert run(Target(demo.url, demo.credentials), [one for one in attacks if one.quick]) == 0
