"""Template tags: tags, countries, times, money, addresses."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import timezone, translation

from portal.web.templatetags import portal

NOW = datetime.datetime(2026, 11, 21, 7, 0, tzinfo=datetime.UTC)  # 12:00 in Almaty


def draw(source: str, **context: object) -> str:
    return Template("{% load portal portal_tables %}" + source).render(Context(context))


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


CASES = """
{% table rows caption look=look %}
  {% column "Number" %}{% if wide %}{% column "What to do" hidden=True %}{% endif %}
{% body %}
  {% for one in rows %}{% row %}
    {% rowhead "id" also="pm-number" %}{{ one }}{% endrowhead %}
    {% cell label=place lang="ru" %}{% endcell %}
  {% endrow %}{% endfor %}
{% otherwise %}
  <p>None yet.</p>
{% endtable %}
"""


def test_a_table_says_what_it_is_to_those_who_listen() -> None:
    html = draw(
        CASES, rows=["<1>", "2"], caption="Cases <of> today", look="worklist", wide=True, place="A & B"
    )
    assert html.count("<table") == html.count('role="table"') == 1
    assert 'class="pm-table pm-table--cards pm-table--worklist pm-table--last-open"' in html
    assert '<caption class="govuk-visually-hidden">Cases &lt;of&gt; today</caption>' in html
    assert '<th scope="col" role="columnheader">Number</th>' in html
    assert (
        '<th scope="col" role="columnheader"><span class="govuk-visually-hidden">What to do</span></th>'
        in html
    )
    assert '<th scope="row" role="rowheader" class="pm-cell--id pm-number">&lt;1&gt;</th>' in html
    assert '<td role="cell" lang="ru" data-label="A &amp; B"></td>' in html, (
        "an empty cell takes no room on a card"
    )
    assert html.count('<tr role="row">') == 3
    assert "None yet." not in html


def test_a_table_without_rows_gives_way_to_a_sentence() -> None:
    html = draw(CASES, rows=[], look="open")
    assert html.strip() == "<p>None yet.</p>"
    assert 'class="pm-table pm-table--cards"' in draw(CASES, rows=[1], look="open")


@pytest.mark.parametrize(
    "source",
    [
        "{% table rows %}{% body %}{% endtable %}",
        '{% table rows "Cases" size="large" %}{% body %}{% endtable %}',
        '{% table rows "Cases" %}{% endtable %}',
        "{% cell kind %}{% endcell %}",
        '{% cell size="large" %}{% endcell %}',
        '{% cell "id" "next" %}{% endcell %}',
    ],
)
def test_a_table_that_lacks_a_part_is_refused(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        draw(source, rows=[1])
