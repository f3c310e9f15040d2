"""The admin of agreements; and that the admin holds no clinical content."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import NoReverseMatch, reverse

from agreements.models import Agreement
from core import languages
from core.audit.models import AuditRow
from facilities.models import PartnerClient
from tests.factories.facilities import World, make_partner_client
from tests.factories.referrals import make_agreement
from tests.factories.sign_ins import signed_in_as


def signed_in(world: World, name: str) -> Client:
    return signed_in_as(world.users[name])


def form_data(agreement: Agreement, **changes: Any) -> dict[str, Any]:
    return {
        **{f"names_{language}": name for language, name in agreement.names.items()},
        **{f"says_in_{language}": text for language, text in agreement.says_in.items()},
        "precedence": "10",
        **changes,
    }


def test_an_administrator_corrects_an_agreement_and_others_do_not(world: World) -> None:
    agreement = make_agreement()
    url = reverse("admin:agreements_agreement_change", args=[agreement.pk])
    data = form_data(agreement, precedence="20")
    assert signed_in(world, "officer_kz").post(url, data).status_code == 302
    assert Agreement.objects.get().precedence == 10
    administrator = signed_in(world, "administrator")
    assert administrator.get(url).status_code == 200
    answer = administrator.post(url, data)
    assert answer.status_code == 302, answer.context and answer.context["adminform"].form.errors
    changed = Agreement.objects.get()
    assert changed.precedence == 20
    assert changed.code == "cis4-1998-care"
    assert AuditRow.objects.filter(action="reference.change", subject_id=str(agreement.pk)).exists()
    assert (
        administrator.post(reverse("admin:agreements_agreement_delete", args=[agreement.pk])).status_code
        == 403
    )


def test_the_reference_is_restored(world: World) -> None:
    agreement = make_agreement()
    agreement.loaded_values = {"names": {**agreement.names, "en": "The name in the reference"}}
    agreement.save()
    data = {"action": "restore_reference", "_selected_action": [agreement.pk]}
    signed_in(world, "administrator").post(reverse("admin:agreements_agreement_changelist"), data)
    assert Agreement.objects.get().names == {**agreement.names, "en": "The name in the reference"}


def test_names_are_edited_with_a_box_for_each_language(world: World) -> None:
    row = world.specialties["oncology"]
    row.loaded_values = {"names": {"en": "Oncology", "ru": "Онкология"}}
    row.save()
    url = reverse("admin:facilities_specialty_change", args=[row.pk])
    administrator = signed_in(world, "administrator")
    page = administrator.get(url).content.decode()
    for code, name in languages.own_names():
        box = re.search(rf'<label for="(\w+)">{name}</label>\s*<input[^>]* name="names_{code}"[^>]*>', page)
        assert box
        assert f'id="{box[1]}"' in box[0]
    data = {"system": row.system, "code": row.code, "selectable": "on"}
    data |= {f"names_{code}": "" for code in languages.CODES}
    assert signed_in(world, "officer_kz").post(url, data | {"names_en": "Other"}).status_code == 302
    for missing, words in (
        (data, "This field is required."),
        (data | {"names_en": "  "}, "This field is required."),
        (data | {"names_ru": "Онкология"}, "English: This field is required."),
    ):
        refused = administrator.post(url, missing)
        assert refused.status_code == 200
        assert words in refused.content.decode()
    row.refresh_from_db()
    assert row.names == {"en": "Oncology", "ru": "Онкология"}
    assert administrator.post(url, data | {"names_en": "x" * 121}).status_code == 200

    answer = administrator.post(url, data | {"names_en": "Oncology", "names_kk": " Онкология (kk) "})
    assert answer.status_code == 302, answer.context and answer.context["adminform"].form.errors
    row.refresh_from_db()
    assert row.names == {"en": "Oncology", "kk": "Онкология (kk)"}
    assert row.changed_by_person() == {"names.ru": "Онкология", "names.kk": ""}
    changed = AuditRow.objects.filter(action="reference.change", subject_id=str(row.pk)).latest("pk")
    assert changed.details == {"fields": ["names"]}
    assert "names.ru: Онкология" in administrator.get(url).content.decode()


def test_rows_are_found_by_a_name_in_any_language(world: World) -> None:
    administrator = signed_in(world, "administrator")
    for model, words, found in (
        ("specialty", "Онкология", 1),
        ("specialty", "oncology", 1),
        ("country", "Қырғызстан", 1),
        ("adminunit", "Кордайский", 1),
        ("icd10", "Туберкулез", 1),
        ("districtadjacency", "Ысык-Атинский", 1),
        ("organisation", "no such name", 0),
    ):
        url = reverse(f"admin:facilities_{model}_changelist")
        shown = administrator.get(url, {"q": words})
        assert shown.status_code == 200
        assert shown.context["cl"].result_count == found, (model, words)
        assert administrator.get(url, {"o": "2"}).status_code == 200, "ordered by its second column"


def test_the_admin_holds_no_referral_and_no_patient() -> None:
    names = {model._meta.label for model in admin.site._registry}
    assert "agreements.Agreement" in names
    assert not {name for name in names if name.startswith("patients.")}
    assert not {name for name in names if name.startswith("referrals.")}
    with pytest.raises(NoReverseMatch):
        reverse("admin:referrals_referral_changelist")


def test_a_superuser_without_a_role_comes_no_further_than_the_door(world: World) -> None:
    client = make_partner_client(world.bishkek.organisation, secret="x" * 40, scopes=["referrals:read"])
    superuser = get_user_model().objects.create_superuser(
        username="root", password="not for signing in", preferred_language="en"
    )
    made = AuditRow.objects.get(action="account.create_superuser")
    assert (made.subject_id, made.details) == (str(superuser.pk), {"by": "command line"})
    url = reverse("admin:facilities_partnerclient_changelist")
    asked = {"action": "revoke", "_selected_action": [client.pk]}
    answer = signed_in_as(superuser).post(url, asked, follow=True)
    assert answer.status_code == 403
    assert PartnerClient.objects.get(pk=client.pk).revoked_at is None
    done = signed_in(world, "administrator").post(url, asked, follow=True).content.decode()
    assert "is revoked" in done
    assert PartnerClient.objects.get(pk=client.pk).revoked_at is not None
