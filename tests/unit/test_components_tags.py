"""Template tags: tags, countries, times, money, addresses."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from portal.web.templatetags import portal

NOW = datetime.datetime(2026, 11, 21, 7, 0, tzinfo=datetime.UTC)  # 12:00 in Almaty


def draw(source: str, **context: object) -> str:
    return Template("{% load portal %}" + source).render(Context(context))


def test_a_tag_is_a_sign_and_an_escaped_text() -> None:
    html = portal.tag("ok", "<b>Granted</b>")
    assert "pm-tag--ok" in html
    assert "✓" in html
    assert "&lt;b&gt;Granted" in html
    assert "pm-tag--wait" in portal.tag("nonsense", "x")


def test_a_country_is_its_code_with_its_name_as_title() -> None:
    assert portal.country_code(SimpleNamespace(code="KG", name="Kyrgyzstan")) == (
        '<abbr class="pm-country" title="Kyrgyzstan">KG</abbr>'
    )
    assert portal.country_code("KG") == '<span class="pm-country">KG</span>'
    assert portal.country_code(None) == ""


@pytest.mark.parametrize(
    ("language", "amount", "text"),
    [
        ("en", 412000, "412,000\xa0KGS"),
        ("ru", 412000, "412\xa0000\xa0KGS"),
        ("ru", Decimal("0.5"), "0,50\xa0KGS"),
        ("en", Decimal("10.00"), "10\xa0KGS"),
        ("en", None, ""),
    ],
)
def test_money(language: str, amount: object, text: str) -> None:
    with translation.override(language):
        assert portal.money(amount, "KGS") == text


def test_kilometres() -> None:
    with translation.override("en"):
        assert (portal.kilometres(195.4), portal.kilometres(1190), portal.kilometres(None)) == (
            "195 km",
            "1,190 km",
            "",
        )


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (datetime.timedelta(seconds=30), "just now"),
        (datetime.timedelta(minutes=1), "1 minute ago"),
        (datetime.timedelta(minutes=12), "12 minutes ago"),
        (datetime.timedelta(hours=3), "today 09:00"),
        (datetime.timedelta(hours=13), "yesterday 23:00"),
        (datetime.timedelta(days=3), "3 days ago"),
        (datetime.timedelta(days=21), "31 October"),
        (datetime.timedelta(days=400), "17 October 2025"),
        (datetime.timedelta(days=-1), "tomorrow 12:00"),
        (datetime.timedelta(days=-10), "1 December"),
    ],
)
def test_relative_time_in_the_zone_of_the_portal(ago: datetime.timedelta, text: str) -> None:
    with translation.override("en"), timezone.override("Asia/Almaty"):
        assert portal.relative_time(NOW - ago, NOW) == text


def test_relative_time_of_nothing() -> None:
    assert portal.relative_time(None) == ""
    assert portal.moment(None) == ""


def test_an_exact_moment() -> None:
    with translation.override("en"), timezone.override("Asia/Almaty"):
        assert portal.moment(NOW) == '<time datetime="2026-11-21T12:00+05:00">21 November 2026, 12:00</time>'


def test_an_address_keeps_the_rest_of_the_query() -> None:
    request = RequestFactory().get("/referrals/?tab=mine&page=2&q=a%26b")
    assert draw("{% address_with page=3 %}", request=request) == "?tab=mine&amp;q=a%26b&amp;page=3"
    assert draw("{% address_with page='' %}", request=request) == "?tab=mine&amp;q=a%26b"


def test_languages_are_named_in_themselves() -> None:
    rows = portal.portal_languages()
    assert [row["code"] for row in rows] == ["kk", "ru", "uz", "ky", "en"]
    assert all(row["short"] + row["rest"] == row["name"] for row in rows)
    assert rows[2]["short"] == "Oʻzb"
