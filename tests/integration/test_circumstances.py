"""What the rules read beside the report: stated on the pages, by the API and after filing, and what follows."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Denied, IllegalTransition, Invalid
from core.outbox import work
from eligibility import RULES
from facilities.actions import confirm_facility, end_alert, sign_alert
from facilities.models import FacilityEquipment, PublicHealthAlert
from referrals import actions, facts
from referrals.models import ErasedReferral, Referral
from referrals.models.circumstances import value_of
from tests.factories import referrals as make
from tests.factories.alerts import make_alert, make_listed
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.integration.filing_pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
EVERY = {code: {"blocking": False} for code in RULES}


def found(referral: Referral, *codes: str) -> dict[str, tuple[str, str]]:
    """What the newest check says by these rules."""
    check = referral.checks.order_by("-id").first()
    assert check is not None
    rows = {row.rule: (row.outcome, row.message) for row in check.results.all()}
    return {code: rows[code] for code in codes}


def in_review(world: World, **content: Any) -> Referral:
    make.make_agreement(rules=EVERY)
    return make.make_in_review(world, **content)


def test_a_draft_states_them_on_its_pages_and_by_the_api_alike(world: World) -> None:
    make.make_agreement(rules=EVERY)
    draft, browser = make.make_draft(world), signed_in(world, "clinician_kz")
    page = reverse("referrals:file_page", args=[draft.pk, "care"])
    assert "Equipment that the care needs" in browser.get(page).content.decode()
    data = {
        "version": draft.version,
        "specialty": draft.specialty_id,
        "service": draft.service,
        "care_mode": "inpatient",
        "equipment": ["ct", "angiography"],
    }
    wrong = browser.post(page, {**data, "equipment": ["ct", "a microscope"]})
    assert wrong.status_code == 422
    assert browser.post(page, data).status_code == 302
    draft.refresh_from_db()
    assert value_of(draft.circumstances, "equipment") == ["ct", "angiography"]
    check = browser.get(reverse("referrals:file_page", args=[draft.pk, "check"])).content.decode()
    for words in ("Computed tomography, Angiography", "The wait at home is not stated.", "(SAF-01)"):
        assert words in check
    api = make_api(world.korday)
    url = f"referrals/{draft.pk}/"
    tag = api.get(url)["ETag"]
    bad = api.patch(url, {"circumstances": {"home_wait_days": 4000, "risk": "none"}}, if_match=tag)
    assert bad.status_code == 422, bad.data
    good = api.patch(url, {"circumstances": {"home_wait_days": 40, "risk": "usual"}}, if_match=tag)
    assert good.status_code == 200, good.data
    part = good.data["clinical"]["circumstances"]
    assert (part["home_wait_days"], part["risk"], part["equipment"]) == (40, "usual", ["ct", "angiography"])
    taken = api.patch(url, {"circumstances": {"risk": None}}, if_match=good["ETag"])
    assert taken.data["clinical"]["circumstances"]["risk"] == ""


def test_after_filing_they_are_stated_anew_and_nobodys_word_is_lost(world: World) -> None:
    referral, clinician = in_review(world), world.actor("clinician_kz")
    assert found(referral, "AVL-01", "SAF-01")["AVL-01"] == ("needs_review", "avl_unknown")
    given = {"home_wait_days": 90, "risk": "higher", "risk_note": "Worth it."}
    with pytest.raises(Denied):
        actions.complete_facts(referral.pk, by=world.actor("officer_kz"), circumstances=given)
    with pytest.raises(Invalid):
        actions.complete_facts(referral.pk, by=clinician, circumstances={"home_wait_days": -1})
    actions.complete_facts(referral.pk, by=clinician, circumstances=given)
    work.drain()
    assert found(referral, "AVL-01", "SAF-01") == {
        "AVL-01": ("pass", "avl_too_long"),
        "SAF-01": ("needs_review", "saf_higher"),
    }
    page = reverse("referrals:step", args=[referral.pk, "complete_facts"])
    browser = signed_in(world, "clinician_kz")
    shown = browser.get(page).content.decode()
    assert 'value="90"' in shown
    referral.refresh_from_db()
    data = {"version": referral.version, "home_wait_days": "soon", "risk": "usual"}
    assert browser.post(page, data).status_code == 422
    assert (
        browser.post(
            page, {**data, "home_wait_days": "20", "estimate_amount": "412 000", "estimate_currency": "KZT"}
        ).status_code
        == 302
    )
    work.drain()
    assert found(referral, "AVL-01", "FIN-01") == {
        "AVL-01": ("fail", "avl_in_time"),
        "FIN-01": ("pass", "fin_stated"),
    }
    detail = signed_in(world, "officer_kz").get(reverse("referrals:detail", args=[referral.pk]))
    text = detail.content.decode()
    assert "20; before: 90" in text
    assert "Before: Passed." in text
    # Nothing new is no step; the API answers the same.
    api = make_api(world.korday)
    tag = api.get(f"referrals/{referral.pk}/")["ETag"]
    same = api.post(
        f"referrals/{referral.pk}/complete-facts/", {"circumstances": {"risk": "usual"}}, if_match=tag
    )
    assert same.status_code == 422


def test_a_consilium_says_whether_the_patient_may_travel(world: World) -> None:
    referral, clinician, today = in_review(world), world.actor("clinician_kz"), timezone.localdate()
    assert found(referral, "MED-02")["MED-02"] == ("needs_review", "fit_no_record")
    terms = {
        "held_on": today,
        "members": "Dr. A, cardiologist\n\nDr. B",
        "text": "Stable.",
        "finding": "with_escort",
    }
    for wrong in (
        {**terms, "escort": ""},
        {**terms, "finding": "perhaps"},
        {**terms, "escort": "A nurse", "held_on": today + timedelta(days=1)},
        {**terms, "escort": "A nurse", "members": "  "},
    ):
        with pytest.raises(Invalid):
            actions.record_consilium(referral.pk, by=clinician, **{"escort": "", **wrong})
    assert not referral.consilia.exists()
    actions.record_consilium(referral.pk, by=clinician, **terms, escort="A nurse")
    work.drain()
    assert found(referral, "MED-02")["MED-02"] == ("pass", "fit_with_escort")
    assert referral.consilia.get().members_count == 2
    api = make_api(world.korday)
    case = api.get(f"referrals/{referral.pk}/")
    assert case.data["clinical"]["consilia"][0]["escort"] == "A nurse"
    unfit = {**terms, "held_on": today.isoformat(), "finding": "unfit"}
    assert (
        api.post(f"referrals/{referral.pk}/record-consilium/", unfit, if_match=case["ETag"]).status_code
        == 200
    )
    work.drain()
    assert found(referral, "MED-02")["MED-02"] == ("fail", "fit_unfit")


def test_an_alert_is_signed_touches_cases_and_ends(world: World) -> None:
    referral = in_review(world)
    assert found(referral, "PUB-01")["PUB-01"] == ("pass", "pub_none")
    officer, browser = world.actor("officer_kz"), signed_in(world, "officer_kz")
    today = timezone.localdate()
    new = reverse("referrals:alert_new")
    data = {
        "area": f"KZ-{world.units['korday'].code}",
        "group": "A00",
        "measure": "stop",
        "text": "Cholera.",
        "source": "Letter 12.",
        "since_day": today.day,
        "since_month": today.month,
        "since_year": today.year,
    }
    before = today - timedelta(days=1)
    gone = {"until_day": before.day, "until_month": before.month, "until_year": before.year}
    assert browser.post(new, {**data, **gone}).status_code == 422
    last = today + timedelta(days=9)
    ahead = {"until_day": last.day, "until_month": last.month, "until_year": last.year}
    assert browser.post(new, {**data, **ahead, "group": "cholera"}).status_code == 422
    assert signed_in(world, "coordinator_kz").post(new, {**data, **ahead}).status_code == 403
    assert browser.post(new, {**data, **ahead}).status_code == 302
    alert = PublicHealthAlert.objects.get()
    work.drain()
    assert found(referral, "PUB-01")["PUB-01"] == ("fail", "pub_stop")
    page = reverse("referrals:alert", args=[alert.pk])
    assert str(referral.number) in browser.get(page).content.decode()
    assert str(referral.number) not in signed_in(world, "clinician_kz").get(page).content.decode()
    # It expires by itself: the day after the last one is when the check is run again.
    referral.refresh_from_db()
    assert referral.recheck_on is not None
    assert referral.recheck_on <= last + timedelta(days=1)
    assert referral.agreement_version is not None
    gathered = facts.gather(referral, referral.agreement_version, today=last + timedelta(days=1))
    assert RULES["PUB-01"](gathered, {}).outcome == "pass"
    # Another country's officer signs for their own alone, and ends none of ours.
    with pytest.raises(Denied):
        end_alert(alert_id=alert.pk, reason="x", by=world.actor("officer_kg"))
    with pytest.raises(Invalid):
        make_alert_of(world, "officer_kg", area=world.units["korday"])
    assert browser.post(page, {"reason": " "}).status_code == 422
    assert browser.post(page, {"reason": "No more cases."}).status_code == 302
    work.drain()
    assert found(referral, "PUB-01")["PUB-01"] == ("pass", "pub_none")
    with pytest.raises(IllegalTransition):
        end_alert(alert_id=alert.pk, reason="Again.", by=officer)


def make_alert_of(world: World, who: str, **changes: Any) -> PublicHealthAlert:
    today = timezone.localdate()
    terms = {"group": "A00", "since": today, "until": today, "measure": "stop", "text": "x", "source": "x"}
    return sign_alert(by=world.actor(who), **{"area": None, **terms, **changes})


def test_equipment_is_declared_and_lost(world: World) -> None:
    FacilityEquipment.objects.create(facility=world.bishkek, kind="ct", for_group=True, source="A list.")
    referral = in_review(world, circumstances={"equipment": ["ct"]})
    desk = world.actor("host_desk_kg")
    today = timezone.localdate()
    values = {"licence_number": "12345", "licence_valid_from": today - timedelta(days=9)}
    fields = ["licence_number", "licence_valid_from"]
    services = [row.pk for row in world.bishkek.services.all()]

    def confirm(*equipment: str) -> None:
        confirm_facility(
            facility_id=world.bishkek.pk,
            values=values,
            fields=fields,
            services=services,
            equipment=equipment,
            source="Licence 12345",
            by=desk,
        )
        work.drain()

    FacilityEquipment.objects.filter(for_group=True).update(since=today - timedelta(days=400))
    confirm("ct")
    assert found(referral, "PRV-01")["PRV-01"] == ("pass", "prv_licensed")
    FacilityEquipment.objects.filter(for_group=False).update(since=today - timedelta(days=40))
    confirm()
    assert found(referral, "PRV-01")["PRV-01"] == ("fail", "prv_equipment_lost")
    row = FacilityEquipment.objects.get(for_group=False)
    assert row.until is not None
    with pytest.raises(Invalid):
        confirm("a microscope")


def test_the_hosts_date_is_a_day_where_the_host_is_and_an_extension_asks_again(world: World) -> None:
    """Half an hour past midnight in Bishkek is the evening before in Korday."""
    make.make_agreement(rules=EVERY)
    sent = make.make_sent(world, needed_by=timezone.localdate() + timedelta(days=30))
    work.drain()
    assert found(sent, "WIN-01")["WIN-01"] == ("needs_review", "win_no_date")
    day = timezone.localdate() + timedelta(days=58)
    start = datetime.combine(day, datetime.min.time(), ZoneInfo("Asia/Bishkek")) + timedelta(minutes=30)
    # The window of the grant lasts sixty days; the stay begins in it and goes on beyond it.
    stay = {"starts_at": start, "ends_at": start + timedelta(days=4)}
    actions.accept(sent.pk, by=world.actor("host_desk_kg"), **stay)
    work.drain()
    late = {"WIN-01": ("fail", "win_after"), "CAP-01": ("fail", "cap_offer_late")}
    assert found(sent, "WIN-01", "CAP-01") == late
    referral = Referral.objects.get(pk=sent.pk)
    assert referral.agreement_version is not None
    offer = facts.gather(referral, referral.agreement_version).offer
    assert offer is not None
    assert offer.first == day
    last = day + timedelta(days=4)
    actions.extend(
        sent.pk, by=world.actor("officer_kz"), valid_until=last, reason_text="The date lies later."
    )
    asked = {"WIN-01": ("pass", "win_inside"), "FIN-02": ("not_applicable", "quo_not_kept")}
    assert found(sent, "WIN-01", "FIN-02") == asked


def test_the_list_of_treatment_abroad_is_data_that_the_checks_follow(world: World) -> None:
    entry = make_listed()
    referral, clinician = in_review(world), world.actor("clinician_kz")
    assert found(referral, "KZL-01")["KZL-01"] == ("needs_review", "kzl_may_invite")
    minutes = {
        "kind": "commission_minutes",
        "dated_on": timezone.localdate() - timedelta(days=2),
        "author": "Commission",
        "text": "x",
    }
    actions.add_evidence(referral.pk, by=clinician, **minutes)
    actions.complete_facts(referral.pk, by=clinician, circumstances={"commission": "invite"})
    work.drain()
    assert found(referral, "KZL-01")["KZL-01"] == ("fail", "kzl_invite")
    entry.delete()
    assert make_alert(world).pk


def test_what_was_stated_goes_with_an_erased_case(world: World) -> None:
    referral, clinician = in_review(world), world.actor("clinician_kz")
    given = {"home_wait_days": 90, "risk_note": "Zqmarkrisk"}
    actions.complete_facts(referral.pk, by=clinician, circumstances=given)
    terms = {"held_on": timezone.localdate(), "members": "Dr. A\nDr. B", "text": "Stable.", "finding": "fit"}
    actions.record_consilium(referral.pk, by=clinician, **terms)
    actions.withdraw(referral.pk, by=clinician, reason_code="not_needed")
    ErasedReferral.objects.create(referral_id=referral.pk, erased_at=timezone.now(), ground="period")
    referral.refresh_from_db()
    assert referral.circumstances == {}
    assert not referral.consilia.exists()
