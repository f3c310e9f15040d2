"""The patient's journey on one paper: when, where, what to bring, which crossing, whom to call."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core import languages
from core.zones import zone_name
from facilities.crossing_words import day_lines, warning
from facilities.models import Facility
from facilities.presentation import hours_words, place_of
from referrals.models import Appointment
from referrals.presentation import when
from referrals.presentation.case import Case
from referrals.presentation.papers import has_itinerary, true_address
from referrals.presentation.route import crossing_name

__all__ = ["has_itinerary", "parts", "sheet"]


def parts(case: Case) -> list[dict[str, Any]]:
    """Title, sentences and rows of each part. Times are by the host hospital's clock, which they say."""
    referral, appointment = case.referral, case.appointment
    host = referral.host_facility
    assert appointment is not None and host is not None, "has_itinerary was asked"
    return [
        {"title": _("When and where"), "words": _firm(appointment), "rows": _where(case, host, appointment)},
        {"title": _("What to bring"), "words": _bring(case, appointment), "rows": []},
        *_crossing(case),
        {"title": _("Whom to call"), "words": [], "rows": _call(case, host)},
    ]


def sheet(case: Case) -> dict[str, Any]:
    """The same for printing, in the active language."""
    appointment, zone = case.appointment, case.referral.host_zone
    assert appointment is not None
    made = timezone.localdate(appointment.offered_at, zone)
    return {
        "language": languages.active(),
        "made_on": [made.year, made.month, made.day],
        "above": str(case.referral.directing_facility.name),
        "title": _("Your journey"),
        "lead": [],
        "rows": [
            (_("Patient"), case.referral.patient.full_name),
            (_("Number"), case.referral.number),
        ],
        "parts": parts(case),
        "codes": [],
        "ending": [true_address()],
    }


def _firm(appointment: Appointment) -> list[str]:
    if appointment.confirmed:
        return []
    return [_("The hospital has offered this date and has not confirmed it yet. Wait until it does.")]


def _where(case: Case, host: Facility, appointment: Appointment) -> list[tuple[str, str]]:
    zone = case.referral.host_zone
    assert zone is not None
    address = ", ".join(filter(None, (host.address, place_of(host), host.country.name)))
    starts, ends = (
        _("%(moment)s, by the host hospital’s clock: %(zone)s")
        % {"moment": when.full_moment(moment.astimezone(zone)), "zone": zone_name(zone, moment)}
        for moment in (appointment.period.lower, appointment.period.upper)
    )
    return _kept(
        [
            (_("Arrive"), starts),
            (_("End of the stay"), ends),
            (_("Hospital"), host.name),
            (_("Address"), address),
            (_("Telephone"), host.organisation.phone),
            (_("Bed, theatre or doctor"), appointment.place),
        ]
    )


def _bring(case: Case, appointment: Appointment) -> list[str]:
    authorisation = case.authorisation
    words = [_("Your passport or identity document, the one that the border accepts.")]
    if authorisation is not None and authorisation.is_in_force:
        words.append(_("The certificate of authorisation with its QR code."))
    words.append(_("Your medical papers, pictures and the list of the medicines that You take."))
    if appointment.note:
        words.append(_("The hospital writes: %(note)s") % {"note": appointment.note})
    return words


def _crossing(case: Case) -> list[dict[str, Any]]:
    found = case.crossing_day
    if found is None:
        return []
    name = crossing_name(found.crossing)
    words = [*day_lines(found), *filter(None, [warning(found, name)])]
    words = words or [_("Nobody has told its hours for that day. Ask before You travel.")]
    said = "\n".join(hours_words(row) for row in case.hours)
    rows = _kept([(_("Crossing"), name), (_("What sources say of its hours"), said)])
    return [{"title": _("At the border"), "words": words, "rows": rows}]


def _call(case: Case, host: Facility) -> list[tuple[str, str]]:
    sender = case.referral.directing_facility
    unknown = _("The directory knows no telephone.")
    return [(str(one.name), one.organisation.phone or unknown) for one in (host, sender)]


def _kept(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(str(key), str(value)) for key, value in rows if value]
