"""What every partner's system is told of the agreements."""

from collections.abc import Iterable, Mapping
from typing import Any

from agreements.models import AGREEMENT_FACTS
from core.actors import Actor
from core.feed.registry import About, when
from facilities.feed import EVERYBODY


def _agreements(row: Any, payload: Mapping[str, Any], by: Actor) -> Iterable[About]:
    return [About("agreements", EVERYBODY)]


when(AGREEMENT_FACTS, "directory.changed", _agreements)
