"""Each event is one record, and a record that lacks a part never gets as far as a person."""

import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from referrals import actions
from referrals.events import BY_KIND, BY_NAME, WITH_PAGE, part, registered
from referrals.events.record import (
    CLINICIAN,
    MINISTRY,
    NOBODY,
    SYSTEM,
    E,
    Endpoint,
    Event,
    Notice,
    S,
    To,
    move,
)
from referrals.guards import GUARDS
from referrals.states import AuthorisationEvent, Guard, ReferralEvent

ROOT = Path(__file__).resolve().parents[2]
ROW = move(E.CANCEL, S.SENT, S.CANCELLED, MINISTRY)
WORDS = _("Cancelled")
NOTICE = Notice(know=(To.DESK,), subject=_("A subject"), body=_("A body."))
PAGE = BY_NAME["cancel"].page
assert PAGE is not None


def event(**parts: Any) -> Event:
    """A record with all of its parts, but for the changes."""
    whole: dict[str, Any] = {"action": "cancel", "words": WORDS, "told": NOTICE, "page": PAGE}
    return Event(parts.pop("row", ROW), **{**whole, **parts})


def test_each_event_of_both_machines_has_one_record() -> None:
    kinds = [f"referral.{one}" for one in ReferralEvent] + [
        f"authorisation.{one}" for one in AuthorisationEvent
    ]
    assert sorted(BY_KIND) == sorted(kinds)
    assert all(kind == record.kind for kind, record in BY_KIND.items())
    records = list(BY_KIND.values())
    assert registered(records) == BY_KIND
    with pytest.raises(ImproperlyConfigured, match=f"The event {records[-1].kind} has no record"):
        registered(records[:-1])
    with pytest.raises(ImproperlyConfigured, match=f"The event {records[3].kind} has two records"):
        registered([*records, records[3]])
    alone = [replace(one, brings=()) if one.name == "answer" else one for one in records]
    with pytest.raises(ImproperlyConfigured, match=r"The event authorisation\.restart_clock has no action"):
        registered(alone)


def test_a_part_that_is_forgotten_fails_where_the_record_is_written() -> None:
    assert event().kind == "referral.cancel"
    for forgotten in ("words", "told"):
        parts = {"words": WORDS, "told": NOBODY}
        del parts[forgotten]
        with pytest.raises(TypeError, match=f"'{forgotten}'"):
            Event(ROW, action="cancel", page=PAGE, **parts)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="'body'"):
        Notice(know=(To.DESK,), subject=_("A subject"))  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("parts", "mistake"),
    [
        ({"words": ""}, "has no words"),
        ({"row": move(E.CANCEL, set(), S.CANCELLED, MINISTRY)}, "has no sources"),
        ({"row": move(E.CANCEL, S.SENT, S.CANCELLED, frozenset())}, "has no parties"),
        ({"told": replace(NOTICE, body="")}, "has a Notice without body"),
        ({"told": replace(NOTICE, know=())}, "has a Notice that nobody of the staff gets"),
        ({"page": replace(PAGE, button="")}, "has a Page without button"),
        ({"page": replace(PAGE, follows=())}, "has a Page without follows"),
        ({"page": replace(PAGE, form="")}, "has a Page without form"),
        ({"page": None}, "has an action that no page and no endpoint offers"),
        ({"action": ""}, "has no action"),
        ({"api": Endpoint("Cancel")}, "is no hospital's and has an endpoint"),
        ({"row": move(E.CANCEL, S.SENT, S.CANCELLED, CLINICIAN)}, "is a hospital's and has no endpoint"),
    ],
)
def test_a_part_that_is_empty_or_missing_fails_at_import(parts: dict[str, Any], mistake: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"^The event referral\.cancel {mistake}"):
        event(**parts)


def test_a_name_that_nothing_has_is_told_with_its_place() -> None:
    record = BY_NAME["decline"]
    assert part(record, "referrals.actions", "decline") is actions.decline
    for module, name in (("referrals.actions", "deline"), ("referrals.forms", "stops.DeclineForm")):
        with pytest.raises(ImproperlyConfigured, match=r"The event referral\.decline names "):
            part(record, module, name)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("referrals.forms.steps", "DeclineForm"),
        ("referrals.actions", "decline"),
        ("referrals.serializers.inputs", "DeclineInput"),
        ("referrals.pages.step_rows", "decline_rows"),
    ],
)
def test_the_portal_does_not_start_without_a_part(module: str, name: str) -> None:
    code = textwrap.dedent(f"""
        import importlib
        import django
        from referrals.apps import ReferralsConfig

        whole = ReferralsConfig.ready

        def ready(self):
            delattr(importlib.import_module({module!r}), {name!r})
            whole(self)

        ReferralsConfig.ready = ready
        django.setup()
    """)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"names {name}, which {module} does not have." in done.stderr


def test_an_action_bears_its_events_name_and_every_person_is_offered_it() -> None:
    for name, record in BY_NAME.items():
        assert record.action == name
        assert name in actions.__all__
        assert record.parties == SYSTEM or record in WITH_PAGE or record.api or record.decided is not None


def test_what_ends_something_stands_last() -> None:
    ends = [record.page.ends for record in WITH_PAGE if record.page]
    assert ends == sorted(ends)
    assert {record.name for record in WITH_PAGE if record.page and record.page.ends} == {
        "decline_by_telephone",
        "discard",
        "decline",
        "withdraw",
        "uphold",
        "revoke",
        "cancel",
        "record_death",
        "enter_in_error",
    }


def test_every_guard_has_a_code_of_its_own_and_is_asked_by_somebody() -> None:
    assert {hindrance.code for _stands, hindrance in GUARDS.values()} == {guard.value for guard in Guard}
    assert {guard for record in BY_NAME.values() for guard in record.guards} == set(Guard)
