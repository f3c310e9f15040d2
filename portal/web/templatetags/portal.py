"""Tags and filters of the portal's pages: tags, countries, times, money, addresses that keep a filter."""

import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.http import QueryDict
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from core import languages

register = template.Library()

# The sign of each kind of tag: readable without colour, silent to a screen reader.
SIGNS = {"ok": "✓", "warn": "?", "bad": "✕", "info": "!", "wait": "…", "emergency": "!"}


@register.simple_tag
def tag(kind: str, text: Any) -> SafeString:
    """A state in a word. `kind` is ok, warn, bad, info, wait or emergency; an unknown one is like wait."""
    known = kind if kind in SIGNS else "wait"
    return format_html(
        '<strong class="pm-tag pm-tag--{}">'
        '<span class="pm-tag__sign" aria-hidden="true">{}</span>{}</strong>',
        known,
        SIGNS[known],
        text,
    )


@register.filter
def sign_of(kind: str) -> str:
    """The sign of a kind of tag or notice."""
    return SIGNS.get(kind, SIGNS["wait"])


@register.simple_tag
def country_code(country: Any, name: str = "") -> SafeString:
    """The two-letter code in a frame. `country` is a code or has `code` and `name`; nothing for none."""
    code = getattr(country, "code", country) or ""
    if not code:
        return SafeString("")
    title = name or getattr(country, "name", "")
    if title:
        return format_html('<abbr class="pm-country" title="{}">{}</abbr>', title, code)
    return format_html('<span class="pm-country">{}</span>', code)


@register.filter
def money(amount: Decimal | int | None, currency: str) -> str:
    """An amount with its currency: `412 000 KGS`. Tiyins and the like only where there are some."""
    if amount is None or amount == "":
        return ""
    number = Decimal(amount)
    decimals = 0 if number == number.to_integral_value() else 2
    text = formats.number_format(number, decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return f"{text}\xa0{currency}"


@register.filter
def kilometres(distance: float | None) -> str:
    """A distance rounded to whole kilometres, with its unit; empty for none."""
    if distance is None:
        return ""
    number = formats.number_format(round(distance), force_grouping=True)
    return gettext("%(number)s km") % {"number": number}


@register.filter
def relative_time(moment: datetime.datetime | None, now: datetime.datetime | None = None) -> str:
    """When something was, as one says it: “today 09:12”, “yesterday 16:40”, “3 days ago”, “31 October”."""
    if moment is None:
        return ""
    here = timezone.localtime(moment)
    today = timezone.localtime(now)
    days = (today.date() - here.date()).days
    seconds = (today - here).total_seconds()
    if 0 <= seconds < 60:
        return gettext("just now")
    if 0 <= seconds < 3600:
        minutes = int(seconds // 60)
        return ngettext("%(number)s minute ago", "%(number)s minutes ago", minutes) % {"number": minutes}
    return _by_day(here, days, today)


def _by_day(here: datetime.datetime, days: int, today: datetime.datetime) -> str:
    """The same for what lies an hour or more away; `days` is negative for the future."""
    time = formats.time_format(here, "TIME_FORMAT")
    if days == 0:
        return gettext("today %(time)s") % {"time": time}
    if days == 1:
        return gettext("yesterday %(time)s") % {"time": time}
    if days == -1:
        return gettext("tomorrow %(time)s") % {"time": time}
    if 1 < days <= 6:
        return ngettext("%(number)s day ago", "%(number)s days ago", days) % {"number": days}
    same_year = here.year == today.year
    return formats.date_format(here, "MONTH_DAY_FORMAT" if same_year else "DATE_FORMAT")


@register.filter
def moment(value: datetime.datetime | None) -> SafeString:
    """An exact time in a `<time>` element: 18 November 2026, 10:04."""
    if value is None:
        return SafeString("")
    here = timezone.localtime(value)
    text = formats.date_format(here, "DATETIME_FORMAT")
    return format_html('<time datetime="{}">{}</time>', here.isoformat(timespec="minutes"), text)


@register.simple_tag(takes_context=True)
def address_with(context: template.Context, **changes: Any) -> str:
    """This page's query string with keys changed, or removed by an empty value: `address_with page=2`."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    return "?" + query.urlencode()


@register.simple_tag
def portal_languages() -> list[dict[str, str]]:
    """The languages: `code`, own `name`, and that name in two parts for phones, `short` and `rest`."""
    rows = []
    for code, name in languages.own_names():
        cut = 4 if name[1:2] == "ʻ" else 3
        rows.append({"code": code, "name": name, "short": name[:cut], "rest": name[cut:]})
    return rows
