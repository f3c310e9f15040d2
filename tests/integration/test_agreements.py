"""The agreements' pages."""

from datetime import date

from django.test import Client
from django.urls import reverse

from tests.factories.facilities import World
from tests.factories.referrals import make_agreement

LIST = reverse("referrals:agreements")


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def test_an_agreement_says_what_it_rests_on_and_how_sure_that_is(world: World) -> None:
    make_agreement(rules={"MED-01": {"blocking": True, "max_age_days": 30}, "RES-01": {"blocking": False}})
    make_agreement(
        code="other",
        names={"en": "A later agreement"},
        verified=True,
        in_force_from=date(2020, 1, 2),
        rules={},
    )
    client = signed_in(world, "clinician_uz")
    listed = client.get(LIST).content.decode()
    assert listed.index("Agreement of 26 June 1998") < listed.index("A later agreement")
    page = client.get(reverse("referrals:agreement", args=["cis4-1998-care"])).content.decode()
    for words in (
        "Present force not verified",
        "Kazakhstan, Tajikistan, Uzbekistan",
        "The dates of its force are not known.",
        "The report may be at most 30 days old.",
        "Where it fails, the officer weighs it.",
    ):
        assert words in page
    other = client.get(reverse("referrals:agreement", args=["other"])).content.decode()
    assert "Present force verified" in other
    assert "not verified" not in other
    assert "In force since 2 January 2020." in other
    assert "No rule is checked under this agreement." in other
    assert client.get(reverse("referrals:agreement", args=["none"])).status_code == 404
    assert Client().get(LIST).status_code == 302


def test_an_agreement_in_russian(world: World) -> None:
    make_agreement()
    client = signed_in(world, "officer_kz")
    client.cookies["django_language"] = "ru"
    assert "Соглашение от 26 июня 1998 года" in client.get(LIST).content.decode()
