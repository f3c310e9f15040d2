"""Every remedy that a rule names leads whoever can take it to its control, and tells everybody else who that is."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.db import transaction
from django.urls import resolve, reverse

from eligibility import RULES, MendedIn
from facilities.models import FacilityService
from referrals import actions
from referrals.models import EligibilityCheck, Referral, RuleResult
from referrals.presentation.remedies import Control, Reader, control_of
from referrals.presentation.rules import check_panel
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.integration.filing_pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
VALUES = {
    "date": "2026-11-20",
    "offered": "2026-11-20",
    "first": "2026-11-20",
    "until": "2026-11-20",
    "equipment": ["ct"],
    "care": {"en": "Valves"},
    "area": {"en": "Korday"},
    "needed_by": "2026-12-20",
    "parties": ["KZ"],
    "country": "KZ",
    "system": "passport",
    "district": {},
    "agreement": {"en": "Another"},
}


def findings(referral: Referral) -> Iterator[tuple[RuleResult, MendedIn]]:
    """Every finding that has a remedy, as a check of the referral would hold it, and where it is mended."""
    check = EligibilityCheck(
        referral=referral, rule_set_version="1", agreement_code="x", recommendation="review"
    )
    check.checked_at = referral.created_at
    for code, rule in RULES.items():
        for finding in rule.findings.values():
            if finding.remedy:
                names = re.findall(r"%\((\w+)\)", str(finding.sentence))
                yield (
                    RuleResult(
                        check_run=check,
                        position=1,
                        rule=code,
                        outcome=finding.outcome,
                        message=finding.key,
                        params={name: VALUES.get(name, 1) for name in names},
                    ),
                    finding.mended_in or rule.mended_in,
                )


def controls(world: World, name: str, referral: Referral) -> dict[MendedIn, Control]:
    """What one of the cast is offered; of a place all findings have the same."""
    reader = Reader.of(world.actor(name), referral)
    found: dict[MendedIn, Control] = {}
    for result, place in findings(referral):
        control = control_of(result, referral, reader)
        assert control is not None, "a remedy without a control says who has one"
        assert control.text
        assert found.setdefault(place, control) == control
    return found


def works(browser: Any, control: Control) -> None:
    """The page opens for this reader, and the control is there to be used."""
    answer = browser.get(control.page)
    assert answer.status_code == 200, control
    page = unescape(answer.content.decode())
    anchor = control.page.partition("#")[2]
    assert f'id="{anchor}"' in page if anchor else "<form" in page or "/confirm/" in control.page, control


def test_every_remedy_leads_to_its_control_in_every_state_for_whoever_can(world: World) -> None:
    clinician = signed_in(world, "clinician_kz")
    referral = make.make_in_review(world)
    for result, _place in findings(referral):
        shown = check_panel(
            result.check_run, [result], referral, reader=Reader.of(world.actor("clinician_kz"), referral)
        )
        assert shown is not None
        assert shown.rules[0].remedy_text
    own = controls(world, "clinician_kz", referral)
    assert {place for place, control in own.items() if not control.page} == {MendedIn.OFFICER}
    for control in own.values():
        if control.page:
            works(clinician, control)
    # The officer decides, and may ask the hospital; who does the rest is said.
    officer = controls(world, "officer_kz", referral)
    assert {place for place, control in officer.items() if control.page} == {
        MendedIn.OFFICER,
        MendedIn.HOSTS_WORD,
        MendedIn.HOST_FACILITY,
    }
    for control in officer.values():
        if control.page:
            works(signed_in(world, "officer_kz"), control)
    assert officer[MendedIn.COVERAGE].text == "The clinician who refers can do this."
    # A coordinator doesn't decide; the host's desk neither mends nor asks.
    assert controls(world, "coordinator_kz", referral)[MendedIn.OFFICER].page == ""
    # On a draft the controls are the filing's own pages.
    draft = make.make_draft(world)
    for place, control in controls(world, "clinician_kz", draft).items():
        assert bool(control.page) == (place != MendedIn.OFFICER), place
        if control.page:
            works(clinician, control)
    sent = make.make_in_care(world)
    desk = controls(world, "host_desk_kg", sent)
    works(signed_in(world, "host_desk_kg"), desk[MendedIn.HOSTS_WORD])
    assert all(not control.page for place, control in desk.items() if place not in _HOSTS), desk
    assert all(control.operation is None for control in desk.values())
    # In care nothing is withdrawn and no other hospital is asked for; what is over needs nothing.
    in_care = controls(world, "clinician_kz", sent)
    assert in_care[MendedIn.WITHDRAWAL].text == "This can’t be done in the referral’s present state."
    assert "/confirm/" in in_care[MendedIn.HOST_FACILITY].page
    actions.withdraw(referral.pk, by=world.actor("clinician_kz"), reason_code="not_needed")
    over = controls(world, "clinician_kz", Referral.objects.get(pk=referral.pk))
    assert {control.page for control in over.values()} == {""}
    assert {control.operation for control in over.values()} == {None}


_HOSTS = {MendedIn.HOSTS_WORD, MendedIn.HOST_FACILITY}


def test_the_api_gives_each_remedy_as_a_link_that_it_takes(world: World) -> None:
    FacilityService.objects.filter(facility=world.bishkek).update(verified=False)
    patient = make.make_patient(world, world.actor("clinician_kz"), covered=False)
    referral, draft = make.make_in_review(world, patient=patient), make.make_draft(world)
    api = make_api(world.korday)
    rows = {
        row["rule"]: row for row in api.get(f"referrals/{referral.pk}/").data["clinical"]["check"]["results"]
    }
    assert rows["CON-01"]["remedy_control"] is None
    coverage = rows["COV-01"]["remedy_control"]
    assert coverage["operation"] == {"method": "POST", "href": f"/api/v1/patients/{patient.pk}/coverages/"}
    assert coverage["page"].startswith(reverse("patients:coverage", args=[patient.pk]))
    asked = rows["PRV-01"]["remedy_control"]
    assert (asked["by"], asked["operation"]["href"]) == (
        "hospital",
        f"/api/v1/facilities/{world.bishkek.pk}/ask-to-confirm/",
    )
    ahead = {row["rule"]: row for row in api.get(f"referrals/{draft.pk}/").data["ahead"]}
    assert ahead["PRV-01"]["remedy_control"]["operation"] == asked["operation"]
    # Each operation exists, takes the method, and answers with what it lacks or with what it did.
    for one in (referral, draft):
        for control in controls(world, "clinician_kz", one).values():
            if control.operation is None:
                continue
            path = control.operation.href
            assert resolve(path).url_name != "unknown", path
            with transaction.atomic():
                send = api.post if control.operation.method == "POST" else api.patch
                answer = send(path.removeprefix("/api/v1/"), {})
                assert answer.status_code in {200, 201, 422, 428}, (path, answer.data)
                transaction.set_rollback(True)
    # A token that may only read is told who does it, and no operation.
    reader = make_api(world.korday, scopes=["referrals:read", "patients:read"])
    row = next(
        row
        for row in reader.get(f"referrals/{referral.pk}/").data["clinical"]["check"]["results"]
        if row["rule"] == "COV-01"
    )
    assert (row["remedy_control"]["by"], row["remedy_control"]["operation"]) == ("clinician", None)
    # The ministry and the host read who can do it.
    officer = signed_in(world, "officer_kz").get(f"/api/v1/referrals/{referral.pk}/").json()
    row = next(row for row in officer["clinical"]["check"]["results"] if row["rule"] == "COV-01")
    assert row["remedy_control"] == {
        "by": "clinician",
        "text": "The clinician who refers can do this.",
        "page": None,
        "operation": None,
    }
