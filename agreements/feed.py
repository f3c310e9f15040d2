"""What every partner's system is told of the agreements."""

from collections.abc import Iterable, Mapping
from typing import Any

from agreements.models import ABROAD_FACTS, AGREEMENT_FACTS
from core.actors import Actor
from core.feed.registry import About, when
from facilities.feed import EVERYBODY


def _agreements(row: Any, payload: Mapping[str, Any], by: Actor) -> Iterable[About]:
    return [About("agreements", EVERYBODY)]


for kind in (AGREEMENT_FACTS, ABROAD_FACTS):
    when(kind, "directory.changed", _agreements)
