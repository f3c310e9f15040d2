"""Schemathesis over the whole description: no server error, and no answer that isn't described.

The normal run takes a few examples of each operation; API_FUZZ_EXAMPLES=200 takes many.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.management import call_command
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from portal.wsgi import application
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import make_world_with_cast

# One worker makes what the requests speak of.
pytestmark = [pytest.mark.xdist_group("fuzz"), pytest.mark.any_time, pytest.mark.thorough]
EXAMPLES = int(os.environ.get("API_FUZZ_EXAMPLES", "2"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    ignored_auth,
    unsupported_method,
]
schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
_settings = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES < 20,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def made(moment: object, django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """A draft and a sent referral, and a token; the ids of what exists, by the collection that they stand in.

    Made once and committed, since a world costs more than a request; gone again at the end.
    """
    with django_db_blocker.unblock():
        world = make_world_with_cast()
        make.make_agreement()
        draft = make.make_draft(world)
        make.make_sent(world)
        yield {
            "token": make_api(world.korday).token,
            "referrals": str(draft.pk),
            "patients": str(draft.patient_id),
            "facilities": str(world.bishkek.pk),
        }
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0, reset_sequences=False)


@pytest.fixture
def prepared(made: dict[str, Any], db: None) -> Iterator[dict[str, Any]]:
    """What was made, in a transaction of the test's own that the requests don't end."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield made
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@_settings
def test_every_operation(case: schemathesis.Case, prepared: dict[str, Any]) -> None:
    _lead_somewhere(case, prepared)
    headers = {"Authorization": f"Bearer {prepared['token']}", "Accept-Encoding": "identity"}
    case.call_and_validate(checks=CHECKS, headers=headers)


def _lead_somewhere(case: Any, prepared: dict[str, Any]) -> None:
    """Most cases speak of something that exists; a random id only ever meets 404."""
    if "id" not in (case.path_parameters or {}) or str(case.path_parameters["id"]).endswith(
        ("0", "4", "8", "c")
    ):
        return
    collection = case.path.removeprefix("/api/v1/").partition("/")[0]
    case.path_parameters["id"] = prepared[collection]


class Walk(schema.as_state_machine()):  # type: ignore[misc]
    """Follows the description's links: what one answer gave goes into the next request."""

    token = ""

    def get_call_kwargs(self, case: Any) -> dict[str, Any]:
        return {"headers": {"Authorization": f"Bearer {self.token}", "Accept-Encoding": "identity"}}

    def validate_response(self, response: Any, case: Any, **_kwargs: Any) -> None:
        case.validate_response(response, checks=[check for check in CHECKS if check is not ignored_auth])


TestWalk = pytest.mark.usefixtures("walking")(Walk.TestCase)
TestWalk.settings = settings(_settings, max_examples=EXAMPLES * 2, stateful_step_count=6)


@pytest.fixture
def walking(prepared: dict[str, Any]) -> None:
    Walk.token = prepared["token"]
