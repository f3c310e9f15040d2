"""How many of the project's files a request passes through: what somebody must read to follow it.

Those through which every page of somebody who is signed in passes are left out, since they are read once for all: who
asks, in which transaction and language, with which text of a session that was over, under which menu.
"""

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import referrals as make
from tests.factories.facilities import World

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = ("tests/", "portal/settings/", ".venv/", "var/")
#: What it costs today, held so that it doesn't grow. The aim is 30 (docs/architecture.md), which is NOT reached.
#: Seven of them keep what the officer types (core/kept/), six lead along the chain of approval, three to what is stated
#: for the rules.
MOST = 72


def files_of(call: Any) -> set[str]:
    """The project's files in which a function runs while `call` does, without the tests and the settings."""
    seen: set[str] = set()

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            seen.add(frame.f_code.co_filename)

    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(None)
    inside = (path for path in seen if path.startswith(f"{ROOT}/"))
    names = {str(Path(path).relative_to(ROOT)) for path in inside}
    return {name for name in names if not name.startswith(LEFT_OUT)}


def test_opening_a_decision_passes_through_few_files(world: World) -> None:
    referral = make.make_in_review(world)
    officer = Client()
    officer.force_login(world.users["officer_kz"], backend="django.contrib.auth.backends.ModelBackend")
    url, any_page = reverse("referrals:decide", args=[referral.pk]), reverse("messages:inbox")
    for address in (url, any_page):
        assert officer.get(address).status_code == 200  # what is made once in a process is made
    passed = files_of(lambda: officer.get(url)) - files_of(lambda: officer.get(any_page))
    assert {"referrals/pages/deciding.py", "referrals/reading/case.py", "disclosure/ledger.py"} <= passed
    assert len(passed) <= MOST, sorted(passed)
