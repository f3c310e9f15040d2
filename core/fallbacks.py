"""The language that stands in where a text of a catalogue is lacking.

Django would show the text of LANGUAGE_CODE, which is English; readers of Kazakh, Uzbek and Kyrgyz read Russian with
more ease.
"""

from typing import Any

from django.utils.translation import trans_real

from core.languages import FALLBACKS


class _Translation(trans_real.DjangoTranslation):
    """One language's texts; what they lack is looked up in the language that `FALLBACKS` names."""

    def _add_fallback(self, localedirs: Any = None) -> None:
        fallback = FALLBACKS.get(self.language())
        if fallback and self.domain == "django":
            self.add_fallback(trans_real.translation(fallback))
        else:
            super()._add_fallback(localedirs)  # type: ignore[misc]


def use_fallbacks() -> None:
    """Let Django build its translations with the fallbacks. It has no setting for this, so a test guards it."""
    trans_real.DjangoTranslation = _Translation  # type: ignore[misc]
    trans_real._translations = {}  # type: ignore[attr-defined]
