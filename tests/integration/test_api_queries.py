"""Queries of the API: few, and as many for a long list as for a short one."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.models import Referral
from tests.counting import statements
from tests.factories import referrals as make
from tests.factories.api import Api, make_api
from tests.factories.facilities import World
from tests.integration.test_api_directing import registered

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
# Of a case two are what the law lets a host read, and the reader's own number.
LIST, CASE = 6, 14


def queries(api: Api, path: str) -> int:
    """How many queries a request needs; marks of a transaction aren't queries."""
    with CaptureQueriesContext(connection) as captured:
        response = api.get(path)
    assert response.status_code == 200, response.content
    return len(statements(captured))


def many(world: World, number: int) -> None:
    """So many drafts of one facility, written straight into the table."""
    draft = Referral.objects.get(pk=make.make_draft(world).pk)
    fields = {
        field.attname: getattr(draft, field.attname)
        for field in Referral._meta.concrete_fields
        if field.name not in {"id", "number"}
    }
    Referral.objects.bulk_create(Referral(**fields) for _number in range(number - 1))


def test_a_list_needs_as_many_queries_for_1000_rows_as_for_10(world: World) -> None:
    api = make_api(world.korday)
    many(world, 10)
    few = queries(api, "referrals/?limit=10")
    many(world, 990)
    assert queries(api, "referrals/?limit=100") == few <= LIST
    first = api.get("referrals/?limit=100&sort=created_at")
    assert len(first.data["results"]) == 100
    assert queries(api, f"referrals/?limit=100&sort=created_at&cursor={first.data['next_cursor']}") == few


def test_a_case_needs_at_most_fourteen(world: World) -> None:
    referral = make.make_in_care(world)
    for facility in (world.bishkek, world.korday):
        assert queries(make_api(facility), f"referrals/{referral.pk}/") <= CASE


@pytest.mark.parametrize(
    "path",
    [
        "facilities/?limit=100",
        "facilities/?q=hospital&district=KZ-314800000",
        "hosts/?specialty=394579002&district=KZ-314800000",
        "funds/",
        "districts/",
        "districts/?q=korday",
        "crossings/?country=KZ",
        "specialties/",
        "icd10/?q=mitral",
        "agreements/",
        "patients/",
        "patients/?name=Testova&birth_date=1990-02-03",
    ],
)
def test_every_other_list_needs_at_most_six(world: World, path: str) -> None:
    api: Any = make_api(world.korday)
    registered(api)
    # Whom a search may mean is one question more.
    assert queries(api, path) <= LIST + ("name=" in path)


def test_a_person_s_session_stays_within_the_bounds_too(world: World) -> None:
    referral = make.make_in_care(world)
    api = make_api(world.korday)
    api.token = ""
    api.http.force_login(world.users["clinician_kz"])
    assert queries(api, "referrals/") <= LIST
    # The session, the person and the membership take the place of the token.
    assert queries(api, f"referrals/{referral.pk}/") <= CASE + 2
