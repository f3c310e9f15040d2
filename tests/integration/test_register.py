"""Keeping the register of agreements: plain forms, errors before saving, a second person, and what would change."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.models import AgreementVersion
from core.audit.models import AuditRow
from core.outbox import work
from core.outbox.models import Message
from core.permissions import Role
from facilities.models import Membership
from referrals.models import EligibilityCheck
from tests.clock import WEDNESDAY, Clock
from tests.factories import referrals as make
from tests.factories.chains import both_ministries
from tests.factories.facilities import World
from tests.factories.sign_ins import signed_in_as

CODE = "cis4-1998-care"


def url(name: str, *args: Any) -> str:
    return reverse(f"agreements:{name}", args=[CODE, *args])


def keeper(world: World, name: str = "officer_kz") -> Client:
    return signed_in_as(world.users[name])


def draft(client: Client) -> AgreementVersion:
    assert client.post(url("draft")).status_code == 302
    return AgreementVersion.objects.get(standing="draft")


def sent(answer: Any) -> dict[str, Any]:
    """What a form that is shown would send: each field as it stands there."""
    form, data = answer.context["form"], {}
    for name, field in form.fields.items():
        value = form[name].value()
        if hasattr(value, "year"):
            data |= {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}
        elif value is not False and value not in (None, "") and field.__class__.__name__ != "SplitDateField":
            data[name] = "on" if value is True else value
    return data


def day(name: str, value: Any) -> dict[str, Any]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def errors(answer: Any) -> str:
    assert answer.status_code == 422
    return str(answer.context["form"].errors)


def test_a_version_is_written_looked_through_and_approved_by_another(clock: Clock, world: World) -> None:
    clock.set(WEDNESDAY)
    agreement = make.make_agreement(rules={"MED-01": {"blocking": True, "max_age_days": 30}})
    referral = make.make_in_review(world)
    today = timezone.localdate()
    writer, second = keeper(world), keeper(world, "administrator")
    # Who doesn't keep the register reads what is approved, and nothing of a draft.
    reader = keeper(world, "clinician_kz")
    version = draft(writer)
    assert reader.get(url("detail")).status_code == 200
    assert reader.get(url("version", 2)).status_code == 404
    assert reader.post(url("draft")).status_code == 403
    # Its rules: a report of five days is too old now.
    page = writer.get(url("edit", 2, "rules"))
    data = sent(page) | {"set_MED-01_max_age_days": "3", "basis_MED-01": "Article 5"}
    assert writer.post(url("edit", 2, "rules"), data).status_code == 302
    terms = sent(writer.get(url("edit", 2, "terms")))
    terms |= day("in_force_from", today + timedelta(days=10))
    assert writer.post(url("edit", 2, "terms"), terms).status_code == 302
    version.refresh_from_db()
    assert version.rules["MED-01"] == {"blocking": True, "max_age_days": 3, "needs_position": False}
    assert version.bases["MED-01"] == {"en": "Article 5"}
    assert writer.post(url("act", 2, "hand-over"), {"revision": version.revision}).status_code == 302
    work.drain()
    page = second.get(url("version", 2)).content.decode()
    for words in (
        "1 open referral rests on this agreement.",
        "becomes “The rules recommend refusing”",
        "Article 5",
    ):
        assert words in page
    told = Message.objects.filter(kind="agreement.to_approve", channel="inbox").values_list(
        "user__username", flat=True
    )
    assert {"administrator", "officer2_kz", "officer_kg"} <= set(told)
    assert "officer_kz" not in told
    version.refresh_from_db()
    # Not by who wrote it; not by an old page; then by the other.
    approve = url("act", 2, "approve")
    assert writer.post(approve, {"revision": version.revision}).status_code == 403
    assert second.post(approve, {"revision": version.revision - 1}).status_code == 302
    version.refresh_from_db()
    assert version.standing == "waiting"
    second.post(approve, {"revision": version.revision})
    version.refresh_from_db()
    first = agreement.versions.get(number=1)
    assert (version.standing, version.approved_by_label) == (
        "approved",
        world.users["administrator"].full_name,
    )
    assert first.in_force_until == today + timedelta(days=9)
    assert AuditRow.objects.filter(action="agreement.approve").exists()
    # Until its day the old rules hold; from then on the new ones, by the calendar alone, and each check names its own.
    work.drain()
    assert EligibilityCheck.objects.filter(referral=referral).latest("id").agreement_version == 1
    from referrals.tasks import follow_calendar

    clock.go_on(timedelta(days=10))
    assert follow_calendar() == 1
    work.drain()
    newest = EligibilityCheck.objects.filter(referral=referral).latest("id")
    assert (newest.agreement_version, newest.recommendation) == (2, "refuse")


def test_what_is_wrong_is_said_before_it_is_saved(clock: Clock, world: World) -> None:
    clock.set(WEDNESDAY)
    agreement, today = make.make_agreement(), timezone.localdate()
    make.change_version(agreement, in_force_until=today + timedelta(days=30))
    client = keeper(world)
    version = draft(client)
    page = url("edit", 2, "terms")
    terms = sent(client.get(page)) | day("in_force_from", today + timedelta(days=40))
    for wrong, said in (
        (day("in_force_from", today + timedelta(days=20)), "Version 1 is in force in these days"),
        (day("in_force_from", today - timedelta(days=1)), "takes force today at the earliest"),
        (day("in_force_until", today + timedelta(days=39)), "lies before the first"),
        ({"parties": "KZ,ZZ"}, "no country with this code: ZZ"),
        ({"parties": "KZ"}, "two different countries"),
        ({"zones": "KZ:000"}, "no district with this code: KZ:000"),
        ({"hard_stop_days": "many"}, "whole number"),
    ):
        assert said in errors(client.post(page, terms | wrong)), wrong
    assert client.post(page, terms).status_code == 302
    rules = sent(client.get(url("edit", 2, "rules")))
    for wrong_number in ("0", "30.5", "thirty", "99999999999999999999"):
        assert (
            client.post(
                url("edit", 2, "rules"), rules | {"set_MED-01_max_age_days": wrong_number}
            ).status_code
            == 422
        )
    # Chains: a body nobody works for, signatures in a circle, a chain without a stage, one that is never used.
    add, first = url("stage", 2, 1, 2), url("stage", 2, 1, 1)
    new = sent(client.get(add)) | {"name": "Fund", "body": "fund", "organisation": "FSMS"}
    assert "Nobody decides at this body now" in errors(client.post(add, new))
    assert "another country" in errors(client.post(add, new))
    host = sent(client.get(add)) | {"name": "Host ministry", "side": "host", "calendar": "host"}
    host |= {"body": "ministry", "organisation": ""}
    assert client.post(add, host).status_code == 302
    ceiling = {"ceiling": "5 000 000", "currency": "KZT"}
    assert "Give the amount" in errors(client.post(first, sent(client.get(first)) | {"ceiling": "5"}))
    signs = sent(client.get(first)) | ceiling
    assert client.post(first, signs | {"signed_by": "2"}).status_code == 302
    back = sent(client.get(add)) | ceiling | {"signed_by": "1"}
    assert "in a circle" in errors(client.post(add, back))
    never = sent(client.get(url("chain", 2, 2))) | {"directing": "KZ", "host": "KZ"}
    assert "never used" in errors(client.post(url("chain", 2, 2), never))
    version.refresh_from_db()
    revision = {"revision": version.revision}
    assert client.post(url("remove_stage", 2, 1, 2), revision).status_code == 422
    gone = client.post(url("remove_chain", 2, 1), revision)
    assert gone.status_code == 422
    assert "without one nobody could decide" in gone.content.decode()
    version.refresh_from_db()
    assert len(version.chains[0]["stages"]) == 2
    Membership.objects.filter(role=Role.OFFICER, organisation=world.ministries["KG"]).delete()
    refused = client.post(url("act", 2, "hand-over"), revision)
    assert refused.status_code == 422
    assert "Nobody decides at the ministry of this country now: Kyrgyzstan" in refused.content.decode()
    # A draft on an old page, and one that is discarded.
    old = client.post(page, terms | {"revision": "1"})
    assert old.status_code == 412, old.context["form"].errors
    assert client.post(url("act", 2, "discard"), revision).status_code == 302
    assert not AgreementVersion.objects.filter(number=2).exists()


def test_a_chain_in_words_and_the_basis_that_fits(world: World) -> None:
    make.make_agreement(
        chains=[both_ministries()],
        basis_planned={"en": "Article 1 on planned care"},
        basis_emergency={"en": "Article 2 on emergencies"},
        bases={"CIT-01": {"en": "Article 1 of this agreement"}},
    )
    page = keeper(world, "clinician_kz").get(url("detail")).content.decode()
    for words in (
        "Host ministry",
        "An officer of the ministry of the host country",
        "15 working days",
        "Silence decides nothing.",
    ):
        assert words in page
    referral = make.make_in_review(world)
    case = keeper(world).get(reverse("referrals:decide", args=[referral.pk])).content.decode()
    assert "Article 1 on planned care" in case
    assert "Article 1 of this agreement" in case
    for foreign in ("Article 2 on emergencies", "ZOAST", "European", "Emergency care is free of charge"):
        assert foreign not in case


@pytest.mark.parametrize("who", ["officer_uz", "officer_kg"])
def test_a_ministry_keeps_the_agreements_of_its_own_country(world: World, who: str) -> None:
    make.make_agreement(parties=["KZ", "UZ"])
    assert keeper(world, who).post(url("draft")).status_code == (302 if who == "officer_uz" else 403)
