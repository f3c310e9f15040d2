"""A hospital across the border as an answer to “where”: its name, the way there, and the ground of its offer."""

from datetime import date, datetime

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from facilities.access import Host, today_in
from facilities.confirming import confirmed
from facilities.crossing_day import read_day
from facilities.crossing_words import day_lines, warning
from facilities.presentation import operating_words, place_of
from referrals.models import Referral
from referrals.presentation import when
from referrals.presentation.route import as_of, crossing_name


def host_label(host: Host) -> SafeString:
    """The country's code in a frame, and the name."""
    country = host.facility.country
    return format_html(
        '<abbr class="pm-country" title="{}">{}</abbr> {}', country.name, country.code, host.facility.name
    )


def host_hint(host: Host, *, day: date | None = None, declined_at: datetime | None = None) -> SafeString:
    """Where it is, how far, over which crossing, and on what ground the directory lists the specialty.

    A hospital that declined this very referral before carries the day first. `day` is that of the journey.
    """
    found = read_day(host.crossing, host.crossing.hours.all(), day) if host.crossing and day else None
    closed = warning(found, crossing_name(host.crossing))
    lines = [
        declined_words(declined_at),
        host.facility.short_name,
        way_words(host),
        crossing_words(host),
        *([closed] if closed else day_lines(found) if found else []),
        basis_words(host),
        confirmed(host.facility).words,
        desk_words(host),
    ]
    shown = format_html_join("", "<span>{}</span>", ((line,) for line in lines if line))
    return format_html('<span class="pm-dots">{}</span>', shown)


def journey_day(referral: Referral) -> date:
    """The day for which a host is looked for: that of the need, else today where the referral comes from."""
    today = today_in(referral.directing_country_id)
    return max(referral.needed_by or today, today)


def declined_words(moment: datetime | None) -> str:
    """When the hospital declined the referral; empty where it didn't."""
    return _("Declined this referral on %(day)s.") % {"day": when.short_day(moment)} if moment else ""


def desk_words(host: Host) -> str:
    """That nobody there can answer in the portal, and the number to call; empty where somebody can."""
    if host.has_desk:
        return ""
    if phone := host.facility.organisation.phone:
        return _("Nobody there can answer in the portal: call %(phone)s.") % {"phone": phone}
    return _("Nobody there can answer in the portal, and the directory knows no telephone.")


def way_words(host: Host) -> str:
    """“Bishkek, 195 km”."""
    place = place_of(host.facility)
    if host.distance_km is None:
        return place
    number = number_format(round(host.distance_km), force_grouping=True)
    return (
        _("%(place)s, %(number)s km") % {"place": place, "number": number}
        if place
        else _("%(number)s km") % {"number": number}
    )


def crossing_words(host: Host) -> str:
    """The crossing on the way with its status and of when that is."""
    crossing = host.crossing
    if crossing is None:
        return ""
    status = operating_words(crossing)[1]
    name, date = crossing_name(crossing), as_of(crossing)
    if not date:
        return _("Crossing %(name)s: %(status)s.") % {"name": name, "status": status}
    return _("Crossing %(name)s: %(status)s (as of %(date)s).") % {
        "name": name,
        "status": status,
        "date": date,
    }


def basis_words(host: Host) -> str:
    """Whether the hospital confirmed the offer, else on what ground the directory infers it; and the wait."""
    service = host.service
    basis = _("Confirmed by the hospital.") if service.verified else str(service.get_basis_display())
    if service.wait_days is None:
        return basis
    wait = ngettext("Published wait: %(count)s day.", "Published wait: %(count)s days.", service.wait_days)
    return f"{basis} {wait % {'count': service.wait_days}}"
