"""Every remedy that a rule names leads whoever can take it to its control, and tells everybody else who that is."""

import re
from html import unescape

import pytest
from django.urls import reverse

from eligibility import RULES
from referrals.models import EligibilityCheck, RuleResult
from referrals.presentation.actions import offered
from referrals.presentation.rules import check_panel
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.integration.filing_pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
#: Remedies that no control helps with: they tell the officer, or what was done at the filing already.
WITHOUT_A_CONTROL = {"emg_no_triage_note", "med_incomplete"}
VALUES = {
    "date": "2026-11-20",
    "needed_by": "2026-12-20",
    "parties": ["KZ"],
    "country": "KZ",
    "system": "passport",
}


def test_every_remedy_leads_to_its_control(world: World) -> None:
    referral = make.make_in_review(world)
    actor, browser = world.actor("clinician_kz"), signed_in(world)
    check = EligibilityCheck(
        referral=referral, rule_set_version="1", agreement_code="x", recommendation="review"
    )
    check.checked_at = referral.submitted_at
    steps, reached = offered(actor, referral), set()
    for code, rule in RULES.items():
        for finding in rule.findings.values():
            if not finding.remedy:
                continue
            names = re.findall(r"%\((\w+)\)", str(finding.sentence))
            params = {name: VALUES.get(name, {} if name == "district" else 1) for name in names}
            result = RuleResult(
                check_run=check,
                position=1,
                rule=code,
                outcome=finding.outcome,
                message=finding.key,
                params=params,
            )
            shown = check_panel(check, [result], referral, steps=steps)
            told = check_panel(check, [result], referral)
            assert shown is not None
            assert told is not None
            assert told.rules[0].remedy_text == "The clinician who refers can do this."
            url = shown.rules[0].remedy_url
            if not url:
                assert finding.key in WITHOUT_A_CONTROL, finding.key
                continue
            reached.add(finding.key)
            answer = browser.get(url)
            assert answer.status_code == 200, url
            page = unescape(answer.content.decode())
            anchor = url.partition("#")[2]
            assert f'id="{anchor}"' in page if anchor else "<form" in page or "/confirm/" in url, url
    assert len(reached) > 20
    assert (
        reverse("referrals:step", args=[referral.pk, "add_evidence"])
        in browser.get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    )
