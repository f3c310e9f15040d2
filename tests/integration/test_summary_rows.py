"""Every page that sums something up in rows shows them: a template that names another variable would show none."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import referrals as make
from tests.factories.facilities import World

pytestmark = pytest.mark.django_db


def rows_of(world: World, who: str, url: str) -> set[str]:
    """The keys of the rows that this person is shown there."""
    client = Client()
    client.force_login(world.users[who], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(url)
    assert page.status_code == 200
    keys = re.findall(r'<dt class="govuk-summary-list__key">(.*?)</dt>', page.content.decode(), re.DOTALL)
    return {key.strip() for key in keys}


def test_the_rows_of_a_case_stand_on_its_pages(world: World) -> None:
    referral = make.make_in_review(world)
    detail = reverse("referrals:detail", args=[referral.pk])
    assert {"Specialty", "Care needed", "Goal"} <= rows_of(world, "clinician_kz", detail)
    decide = reverse("referrals:decide", args=[referral.pk])
    assert {"Specialty", "Care needed", "Goal"} <= rows_of(world, "officer_kz", decide)
    step = reverse("referrals:step", args=[referral.pk, "withdraw"])
    assert {"Patient", "Care needed", "From", "To"} <= rows_of(world, "clinician_kz", step)
    # The host's ministry knows of the referral and not of the care.
    assert not {"Care needed", "Goal"} & rows_of(world, "officer_kg", detail)


def test_the_rows_of_a_facility_stand_on_its_page(world: World) -> None:
    url = reverse("facilities:detail", args=[world.bishkek.pk])
    assert rows_of(world, "clinician_kz", url)
