"""The outcome of a rule as somebody reads it."""

import pytest
from django.utils import translation

from referrals.models import RuleResult
from referrals.wording import describe


@pytest.mark.parametrize(
    ("estimate", "language", "words"),
    [
        ("971500.00", "en", "the estimate is 971,500 KZT."),
        ("971500.50", "en", "the estimate is 971,500.50 KZT."),
        ("971500.00", "ru", "971\u00a0500 KZT"),
    ],
)
def test_a_sum_is_grouped_as_its_reader_groups_it(estimate: str, language: str, words: str) -> None:
    params = {"estimate": estimate, "currency": "KZT"}
    row = RuleResult(rule="FIN-01", message="fin_stated", outcome="pass", params=params, evidence=[])
    with translation.override(language):
        assert words in describe(row).sentence
