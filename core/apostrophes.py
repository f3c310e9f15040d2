"""Every mark that people type as an apostrophe, and for Uzbek oʻ gʻ: in names, places and searches alike."""

from typing import Final

APOSTROPHES: Final = "'‘’‚‛`´ʻʼʽʹʾʿˀˁˈˊˋ′‵＇ꞌ՚׳᾽᾿"
