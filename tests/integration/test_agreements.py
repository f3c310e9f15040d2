"""The agreements: their pages, and how they are loaded."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from agreements.loading import SOURCE, load
from agreements.models import Agreement, AgreementVersion
from facilities.reference import LoadReport
from tests.factories.facilities import World, make_country
from tests.factories.referrals import make_agreement

LIST = reverse("agreements:list")


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
    page = client.get(reverse("agreements:detail", args=["cis4-1998-care"])).content.decode()
    for words in (
        "Present force not verified",
        "Kazakhstan, Tajikistan, Uzbekistan",
        "The dates of its force are not known.",
        "The report may be at most 30 days old.",
        "Where it fails, the officer weighs it.",
    ):
        assert words in page
    other = client.get(reverse("agreements:detail", args=["other"])).content.decode()
    assert "Present force verified" in other
    assert "not verified" not in other
    assert "In force since 2 January 2020." in other
    assert "No rule is checked under this agreement." in other
    assert client.get(reverse("agreements:detail", args=["none"])).status_code == 404
    assert Client().get(LIST).status_code == 302


def test_an_agreement_in_russian(world: World) -> None:
    make_agreement()
    client = signed_in(world, "officer_kz")
    client.cookies["django_language"] = "ru"
    assert "Соглашение от 26 июня 1998 года" in client.get(LIST).content.decode()


@pytest.mark.django_db
def test_the_loaded_agreements_set_only_what_the_rules_declare(tmp_path: Path) -> None:
    for code in ("KZ", "UZ", "KG"):
        make_country(code)
    rows = json.loads(SOURCE.read_text("utf-8"))
    wrong = tmp_path / "agreements.json"

    def version(**values: object) -> str:
        first = {**rows[0]["versions"][0], **values}
        return json.dumps([{**rows[0], "versions": [first]}, *rows[1:]])

    for rules, words in (
        ({"MED-99": {}}, "cis4-1998-care: There is no rule “MED-99”"),
        (
            {"MED-01": {"max_age_days": 0}},
            "cis4-1998-care: MED-01: “max_age_days” is a whole number from 1 to 3650",
        ),
        ({"EMG-01": {"max_age_days": 3}}, "cis4-1998-care: EMG-01: there is no setting “max_age_days”"),
    ):
        wrong.write_text(version(rules=rules), "utf-8")
        with pytest.raises(ValueError, match=words):
            load(LoadReport(), wrong)
        assert not Agreement.objects.exists()
    wrong.write_text(version(chains=[{"stages": []}]), "utf-8")
    with pytest.raises(ValueError, match="Chain 1 has no stage"):
        load(LoadReport(), wrong)
    load(LoadReport())
    assert Agreement.objects.count() == len(rows)
    loaded = AgreementVersion.objects.get(agreement__code="cis4-1998-care")
    assert loaded.rules == rows[0]["versions"][0]["rules"]
    # Loading again changes nothing, and the database keeps an approved version from whoever tries.
    load(LoadReport())
    assert AgreementVersion.objects.count() == len(rows)
    loaded.source = "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        loaded.save()
