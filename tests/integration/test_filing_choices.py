"""Filing page by page: answers that depend on others: hospital, consent, emergency."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from patients import actions as patient_actions
from patients.models import Consent
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.integration.filing_pages import answers, fresh, new_draft, page, send, signed_in

pytestmark = pytest.mark.in_turn


def test_pages_that_depend_on_another_one_say_so(world: World) -> None:
    draft = new_draft(world)
    client = signed_in(world)
    where = client.get(page(draft, "where")).content.decode()
    assert "Choose the specialty first." in where
    assert page(draft, "care") in where
    consent = client.get(page(draft, "consent")).content.decode()
    assert "Choose the hospital first." in consent
    assert send(client, draft, "consent", answers(world)["consent"]).status_code == 200
    assert not Consent.objects.exists()


def test_the_nearest_hospital_across_the_border_stands_first(world: World) -> None:
    draft = new_draft(world)
    client = signed_in(world)
    send(client, draft, "care", answers(world)["care"])
    html = client.get(page(draft, "where")).content.decode()
    assert html.index("National Hospital") < html.index("Andijan regional hospital")
    assert "Taraz" not in html
    assert "81 km" in html
    assert "Ак-Жол / Кордай" in html
    assert "not confirmed by the facility" in html
    only = client.get(page(draft, "where", "?country=UZ")).content.decode()
    assert "National Hospital" not in only
    assert "Andijan regional hospital" in only
    assert (
        "No hospital across the border fits."
        in client.get(page(draft, "where", "?q=nowhere")).content.decode()
    )
    hidden = send(client, draft, "where", {"host_facility": world.bishkek.pk}, "?country=UZ")
    assert hidden.status_code == 302, "a filter narrows what is shown, not what may be chosen"
    own = send(client, draft, "where", {"host_facility": world.taraz.pk})
    assert own.status_code == 422
    assert fresh(draft).host_facility == world.bishkek


def test_a_consent_for_another_country_patient_purpose_or_day_does_not_count(world: World) -> None:
    by = world.actor("clinician_kz")
    draft = make.make_draft(world)
    client = signed_in(world)
    foreign = make.make_consent(draft.patient, by, "UZ")
    stranger = make.make_consent(make.make_patient(world, by), by, "KG")
    for_money = make.make_consent(draft.patient, by, "KG", purpose="payment")
    not_yet = make.make_consent(draft.patient, by, "KG", valid_from=timezone.localdate() + timedelta(days=1))
    withdrawn = make.make_consent(draft.patient, by, "KG", how="electronic")
    patient_actions.withdraw_consent(by=by, patient_id=draft.patient_id, consent_id=withdrawn.pk)
    html = client.get(page(draft, "consent")).content.decode()
    assert f'name="answer" value="{draft.consent_id}"' in html
    for consent in (foreign, stranger, for_money, not_yet, withdrawn):
        assert f'name="answer" value="{consent.pk}"' not in html
        assert send(client, draft, "consent", {"answer": consent.pk}).status_code == 422
    assert send(client, draft, "consent", {"answer": draft.consent_id}).status_code == 302
    to_andijan = send(client, draft, "where", {"host_facility": world.andijan.pk})
    assert to_andijan.status_code == 302
    assert fresh(draft).consent is None, "another country needs another consent"


def test_the_same_consent_page_sent_twice_records_one_consent(world: World) -> None:
    draft = new_draft(world)
    client = signed_in(world)
    good = answers(world)
    for step in ("care", "where"):
        send(client, draft, step, good[step])
    old = {"version": fresh(draft).version, **good["consent"]}
    assert client.post(page(draft, "consent"), old)["Location"] == page(draft, "check")
    assert client.post(page(draft, "consent"), old)["Location"] == page(draft, "check")
    assert Consent.objects.count() == 1


def test_an_emergency_goes_without_report_day_and_consent(world: World) -> None:
    draft = new_draft(world)
    client = signed_in(world)
    good = answers(world)
    nothing = {"dated_on_day": "", "dated_on_month": "", "dated_on_year": "", "author": "", "text": ""}
    emergency = {
        **good,
        "time": {"priority": "stat", "triage_note": "Cardiogenic shock."},
        "evidence": nothing,
        "consent": {"answer": "ground", "emergency_ground": "Unconscious, no representative in reach."},
    }
    for step, data in emergency.items():
        if step == "consent":
            assert send(client, draft, step, {"answer": "ground", "emergency_ground": ""}).status_code == 422
        if step == "evidence":
            assert send(client, draft, step, {**nothing, "author": "Somebody"}).status_code == 422
        assert send(client, draft, step, data).status_code == 302, step
    assert (
        client.post(
            reverse("referrals:submit", args=[draft.pk]), {"version": fresh(draft).version}
        ).status_code
        == 302
    )
    filed = fresh(draft)
    assert (filed.state, filed.consent) == ("sent", None)
    planned = new_draft(world)
    assert send(client, planned, "evidence", nothing).status_code == 422
    for step in ("care", "where"):
        send(client, planned, step, good[step])
    refused = send(client, planned, "consent", emergency["consent"])
    assert refused.status_code == 422
    assert fresh(planned).emergency_ground == ""


def test_another_specialty_drops_a_hospital_that_does_not_offer_it(world: World) -> None:
    draft = make.make_draft(world)
    client = signed_in(world)
    care = answers(world)["care"]
    kept = send(client, draft, "care", {**care, "specialty": world.specialties["cardiology"].pk})
    assert kept.status_code == 302
    assert fresh(draft).host_facility == world.bishkek
    world.bishkek.services.filter(specialty=world.specialties["oncology"]).delete()
    assert (
        send(client, draft, "care", {**care, "specialty": world.specialties["oncology"].pk}).status_code
        == 302
    )
    changed = fresh(draft)
    assert (changed.host_facility, changed.consent) == (None, None)
