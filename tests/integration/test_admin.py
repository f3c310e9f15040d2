"""The admin of agreements; and that the admin holds no clinical content."""

import json
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from agreements.admin import check_rules
from agreements.models import Agreement
from core.audit.models import AuditRow
from facilities.models import PartnerClient
from tests.factories.facilities import World, make_partner_client
from tests.factories.referrals import make_agreement


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def form_data(agreement: Agreement, **changes: Any) -> dict[str, Any]:
    return {
        "name_en": agreement.name_en,
        "name_ru": agreement.name_ru,
        "says_en": agreement.says_en,
        "says_ru": agreement.says_ru,
        "parties": "KG,KZ",
        "precedence": "10",
        "rules": json.dumps(agreement.rules),
        "source": agreement.source,
        "covers_planned": "on",
        **changes,
    }


def test_an_administrator_corrects_an_agreement_and_others_do_not(world: World) -> None:
    agreement = make_agreement()
    url = reverse("admin:agreements_agreement_change", args=[agreement.pk])
    data = form_data(agreement, verified="on", in_force_from_0="", rules='{"MED-01": {"max_age_days": 20}}')
    assert signed_in(world, "officer_kz").post(url, data).status_code == 302
    assert not Agreement.objects.get().verified
    administrator = signed_in(world, "administrator")
    assert administrator.get(url).status_code == 200
    answer = administrator.post(url, data)
    assert answer.status_code == 302, answer.context and answer.context["adminform"].form.errors
    changed = Agreement.objects.get()
    assert changed.verified
    assert changed.rules == {"MED-01": {"max_age_days": 20}}
    assert changed.code == "cis4-1998-care"
    assert AuditRow.objects.filter(action="reference.change", subject_id=str(agreement.pk)).exists()
    assert (
        administrator.post(reverse("admin:agreements_agreement_delete", args=[agreement.pk])).status_code
        == 403
    )


def test_an_unknown_rule_is_told_and_changes_nothing(world: World) -> None:
    agreement = make_agreement()
    url = reverse("admin:agreements_agreement_change", args=[agreement.pk])
    answer = signed_in(world, "administrator").post(url, form_data(agreement, rules='{"MED-99": {}}'))
    assert answer.status_code == 200
    assert "There is no rule “MED-99”." in answer.content.decode()
    assert "MED-99" not in Agreement.objects.get().rules


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([], "Write an object"),
        ({"MED-99": {}}, "There is no rule"),
        ({"MED-01": True}, "write its settings as an object"),
        ({"MED-01": {"blocking": "yes"}}, "true or false"),
        ({"MED-01": {"max_age_days": 0}}, "whole number"),
        ({"MED-01": {"max_age_days": True}}, "whole number"),
        ({"MED-01": {"max_age_day": 3}}, "no setting"),
    ],
)
def test_wrong_rules(rules: Any, words: str) -> None:
    check_rules({"MED-01": {"blocking": True, "max_age_days": 30}})
    with pytest.raises(ValidationError) as found:
        check_rules(rules)
    with translation.override("en"):
        assert words in str(found.value.messages)


def test_the_reference_is_restored(world: World) -> None:
    agreement = make_agreement()
    agreement.loaded_values = {"name_en": "The name in the reference"}
    agreement.save()
    data = {"action": "restore_reference", "_selected_action": [agreement.pk]}
    signed_in(world, "administrator").post(reverse("admin:agreements_agreement_changelist"), data)
    assert Agreement.objects.get().name_en == "The name in the reference"


def test_the_admin_holds_no_referral_and_no_patient() -> None:
    names = {model._meta.label for model in admin.site._registry}
    assert "agreements.Agreement" in names
    assert not {name for name in names if name.startswith("patients.")}
    assert not {name for name in names if name.startswith("referrals.")}
    with pytest.raises(NoReverseMatch):
        reverse("admin:referrals_referral_changelist")


def test_a_superuser_without_a_role_is_told_why_nothing_is_revoked(world: World) -> None:
    client = make_partner_client(world.bishkek.organisation, secret="x" * 40, scopes=["referrals:read"])
    superuser = get_user_model().objects.create_superuser(
        username="root", password="not for signing in", preferred_language="en"
    )
    browser, url = Client(), reverse("admin:facilities_partnerclient_changelist")
    browser.force_login(superuser)
    asked = {"action": "revoke", "_selected_action": [client.pk]}
    answer = browser.post(url, asked, follow=True)
    assert answer.status_code == 200
    assert "Nothing was done" in answer.content.decode()
    assert PartnerClient.objects.get(pk=client.pk).revoked_at is None
    done = signed_in(world, "administrator").post(url, asked, follow=True).content.decode()
    assert "is revoked" in done
    assert PartnerClient.objects.get(pk=client.pk).revoked_at is not None
