"""Every event of both machines, one record each; the tables that the road asks are made from them.

What leads from where to where, by whom (written here by `manage.py state_diagrams`):

event                 from                               to                who

discard               draft                              entered_in_error  directing_clinician
submit                draft                              submitted         directing_clinician
send_at_once          filed, not sent                    sent              system
begin_screening       submitted                          screening         system
finish_screening      screening                          in_review         system
request_information   screening, in_review               info_requested    body or directing_coordinator or directing_officer
answer                info_requested                     screening         directing_clinician
add_evidence          active, not discharged             as before         directing_clinician
complete_facts        any active state before care       as before         directing_clinician
record_consilium      any active state before care       as before         directing_clinician
raise_urgency         any active state before care       as before         directing_clinician
change_host           filed, not accepted                as before         directing_clinician
take_consent          any active state                   as before         system
send                  in_review                          sent              body or directing_coordinator or directing_officer or system
refuse                in_review                          refused           body or directing_officer
reopen                refused                            in_review         directing_officer
accept                sent                               accepted          host_desk
decline               sent                               declined          host_desk
accept_by_telephone   sent                               accepted          directing_coordinator or directing_officer
decline_by_telephone  sent                               declined          directing_coordinator or directing_officer
re_route              sent, declined                     sent              directing_coordinator or directing_officer
schedule              accepted                           scheduled         host_desk
reschedule            scheduled                          scheduled         host_desk
admit                 accepted, scheduled                in_care           host_desk
discharge             in_care                            discharged        host_desk
close                 discharged                         closed            directing_clinician
withdraw              any active state before care       withdrawn         directing_clinician
cancel                any active state before care       cancelled         directing_coordinator or directing_officer
record_death          any active state                   deceased          directing_clinician or host_desk or system
enter_in_error        filed, not in error                entered_in_error  directing_clinician

open_review           pending                            in_review         system
waive                 not decided                        not_required      system
stop_clock            pending, in_review, overturned     clock_stopped     body or directing_coordinator or directing_officer
restart_clock         clock_stopped                      in_review         directing_clinician
grant                 in_review, overturned              granted           body or directing_officer
partly_grant          in_review, overturned              partly_granted    body or directing_officer
refuse                in_review, overturned              refused           body or directing_officer
approve_stage         in_review, overturned              in_review         body or directing_officer or system
sign_first            in_review, overturned              as before         body or directing_officer
sign_second           in_review, overturned              as before         body or directing_officer
silence_grants        in_review, overturned              granted           system
extend                granted, partly_granted, extended  extended          directing_officer
revoke                granted, partly_granted, extended  revoked           directing_officer
expire                granted, partly_granted, extended  expired           system
appeal                refused                            appealed          directing_clinician
uphold                appealed                           upheld            directing_officer
overturn              appealed                           overturned        directing_officer
review_emergency      not_required                       not_required      directing_officer
"""

from collections.abc import Iterable
from enum import StrEnum
from importlib import import_module
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from core.road import Transition
from referrals.events import amending, authorisation, deciding, ending, filing, hosting
from referrals.events.record import Event, kind_of
from referrals.states import AuthorisationEvent, ReferralEvent


def registered(records: Iterable[Event]) -> dict[str, Event]:
    """The records by kind. Raises ImproperlyConfigured unless each event of both machines has exactly one."""
    found: dict[str, Event] = {}
    names: set[str] = set()
    for record in records:
        if record.kind in found or (record.action and record.name in names):
            raise ImproperlyConfigured(f"The event {record.kind} has two records in referrals/events.")
        found[record.kind] = record
        names.update([record.name] if record.action else [])
    within = {kind_of(event) for record in found.values() for event in (*record.brings, *record.then)}
    for event in (*ReferralEvent, *AuthorisationEvent):
        kind = kind_of(event)
        if kind not in found:
            raise ImproperlyConfigured(f"The event {kind} has no record in referrals/events.")
        if not found[kind].action and kind not in within:
            raise ImproperlyConfigured(f"The event {kind} has no action, and no other event brings it.")
    return found


def _of_machine(events: type[StrEnum]) -> tuple[Transition, ...]:
    return tuple(BY_KIND[kind_of(event)].transition for event in events)


#: All records by kind, in the order of the road.
BY_KIND = registered(
    (
        *filing.EVENTS,
        *deciding.EVENTS,
        *hosting.EVENTS,
        *authorisation.EVENTS,
        *amending.EVENTS,
        *ending.EVENTS,
    )
)
#: Those that somebody causes by an action, by name, in the same order.
BY_NAME: dict[str, Event] = {record.name: record for record in BY_KIND.values() if record.action}
#: Those with a page of their own, in the order of their links: what ends something stands last.
WITH_PAGE = sorted(
    (record for record in BY_NAME.values() if record.page),
    key=lambda record: bool(record.page and record.page.ends),
)

REFERRAL_TRANSITIONS = _of_machine(ReferralEvent)
AUTHORISATION_TRANSITIONS = _of_machine(AuthorisationEvent)
REFERRAL_TABLE: dict[StrEnum, Transition] = {row.event: row for row in REFERRAL_TRANSITIONS}
AUTHORISATION_TABLE: dict[StrEnum, Transition] = {row.event: row for row in AUTHORISATION_TRANSITIONS}


def part(of: Event, module: str, name: str) -> Any:
    """A part that the record names in a higher room. Raises ImproperlyConfigured where there is none."""
    *inner, name = name.split(".")
    where = ".".join((module, *inner))
    try:
        return getattr(import_module(where), name)
    except (ModuleNotFoundError, AttributeError) as error:
        raise ImproperlyConfigured(
            f"The event {of.kind} names {name}, which {where} does not have."
        ) from error
