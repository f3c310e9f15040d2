"""What the clinician does after filing without withdrawing, and how a draft is discarded."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Denied, IllegalTransition, Invalid, NotKnown
from core.outbox import work
from core.outbox.models import Message
from facilities.memberships import actor_for_user
from facilities.models import Membership
from patients.actions import withdraw_consent
from referrals import actions
from referrals.models import Referral, StatusChange
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World, make_member
from tests.factories.situations import second_host
from tests.integration.filing_pages import signed_in

pytestmark = pytest.mark.in_turn


def fresh(referral: Referral) -> Referral:
    return Referral.objects.select_related("authorisation").get(pk=referral.pk)


def day(name: str, value: object) -> dict[str, object]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}  # type: ignore[attr-defined]


def test_evidence_is_added_beside_what_was_filed(world: World) -> None:
    referral = make.make_sent(world)
    client = signed_in(world)
    address = reverse("referrals:step", args=[referral.pk, "add_evidence"])
    today = timezone.localdate()
    sent = {
        "version": referral.version,
        "kind": "test_result",
        "author": "Laboratory",
        "text": "Creatinine 90",
        **day("dated_on", today),
    }
    tomorrow = client.post(address, {**sent, **day("dated_on", today + timedelta(days=1))})
    assert tomorrow.status_code == 422
    assert referral.evidence.count() == 1
    assert client.post(address, sent).status_code == 302
    assert referral.evidence.count() == 2
    html = client.get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    assert "Evidence was added" in html
    assert fresh(referral).state == "sent"
    work.drain()
    assert Message.objects.filter(kind="referral.staff:referral.add_evidence").exists()
    wrong = {"dated_on": today + timedelta(days=1), "author": " ", "text": "x", "kind": "novel"}
    with pytest.raises(Invalid):
        actions.add_evidence(referral.pk, by=world.actor("clinician_kz"), **wrong)
    with pytest.raises(Denied):
        actions.add_evidence(
            referral.pk, by=world.actor("host_desk_kg"), **{**wrong, "dated_on": today, "kind": "other"}
        )
    api = make_api(world.facility_of("KZ"))
    version = fresh(referral).version
    body = {"dated_on": str(today), "author": "Laboratory", "text": "Potassium 4", "kind": "test_result"}
    url = f"referrals/{referral.pk}/add-evidence/"
    assert api.post(url, body, If_Match=f'"{version - 1}"').status_code == 412
    done = api.post(url, body, If_Match=f'"{version}"')
    assert done.status_code == 200, done.content
    assert referral.evidence.count() == 3
    assert "add_evidence" in done.data["links"]["steps"]


def test_urgency_goes_up_and_the_limits_become_shorter(world: World) -> None:
    by = world.actor("clinician_kz")
    referral = make.make_in_review(world, priority="routine")
    before = fresh(referral).authorisation
    for wrong in ("routine", "nonsense"):
        with pytest.raises(Invalid) as error:
            actions.raise_urgency(referral.pk, by=by, priority=wrong, reason_text=" ")
        assert set(error.value.fields) == {"priority", "reason_text"}
    actions.raise_urgency(referral.pk, by=by, priority="asap", reason_text="The valve got worse.")
    after = fresh(referral)
    assert (after.priority, after.state, after.authorisation.state) == ("asap", "in_review", "in_review")
    assert after.authorisation.due_at is not None
    assert before.due_at is not None
    assert after.authorisation.due_at < before.due_at
    assert after.authorisation.hard_due_at == before.hard_due_at
    change = StatusChange.objects.get(referral=referral, event="raise_urgency")
    assert change.reason_text == "The valve got worse."
    # As an emergency it goes to the host at once, and needs what an emergency needs.
    with pytest.raises(Invalid) as error:
        actions.raise_urgency(referral.pk, by=by, priority="stat", reason_text="Shock.")
    assert set(error.value.fields) == {"triage_note"}
    actions.raise_urgency(referral.pk, by=by, priority="stat", reason_text="Shock.", triage_note="Shock.")
    now = fresh(referral)
    assert (now.state, now.authorisation.state) == ("sent", "not_required")
    assert now.sent_at is not None
    assert now.host_reply_due_at == now.sent_at + timedelta(minutes=30)
    with pytest.raises(IllegalTransition, match="emergency already"):
        actions.raise_urgency(referral.pk, by=by, priority="stat", reason_text="More.")
    work.drain()
    kinds = set(Message.objects.values_list("kind", flat=True))
    assert {"referral.staff:referral.raise_urgency", "referral.patient:referral.raise_urgency"} <= kinds


def test_an_emergency_is_never_sent_blind(world: World) -> None:
    by = world.actor("clinician_kz")
    referral = make.make_in_review(world)
    withdraw_consent(by=by, patient_id=referral.patient_id, consent_id=referral.consent_id)
    given = {"priority": "stat", "reason_text": "Shock.", "triage_note": "Shock."}
    with pytest.raises(Invalid) as error:
        actions.raise_urgency(referral.pk, by=by, **given)
    assert set(error.value.fields) == {"emergency_ground"}
    actions.raise_urgency(referral.pk, by=by, **given, emergency_ground="Unconscious.")
    desk = signed_in(world, "host_desk_kg")
    html = desk.get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    assert referral.patient.family_name in html, "the host reads the case on the emergency ground"


def test_while_a_question_is_open_the_stopped_clock_stays_right(world: World) -> None:
    by = world.actor("clinician_kz")
    referral = make.make_in_review(world, priority="routine")
    actions.request_information(referral.pk, by=world.actor("officer_kz"), questions=["Fit?"])
    actions.raise_urgency(referral.pk, by=by, priority="urgent", reason_text="Worse.")
    due = fresh(referral).authorisation.due_at
    assert due is not None
    actions.answer(referral.pk, by=by, answers={1: "Yes"})
    again = fresh(referral).authorisation.due_at
    assert again is not None
    assert again - due < timedelta(minutes=5)


def test_another_host_is_asked_and_the_first_one_is_told(world: World) -> None:
    by = world.actor("clinician_kz")
    referral = make.make_sent(world)
    other = second_host(world)
    desk = make_member("second_desk", other.organisation, "host_desk")
    form = signed_in(world).get(reverse("referrals:step", args=[referral.pk, "change_host"]))
    assert other.name in form.content.decode()
    for wrong in (world.bishkek, world.taraz, "NOWHERE"):
        with pytest.raises(Invalid):
            actions.change_host(referral.pk, by=by, host_facility=wrong, reason_text="Nearer.")
    actions.change_host(referral.pk, by=by, host_facility=other, reason_text="It has the surgeon.")
    now = fresh(referral)
    assert (now.state, now.host_facility_id, now.authorisation.facility_id) == ("sent", other.pk, other.pk)
    with pytest.raises(NotKnown):
        actions.decline(
            referral.pk, by=world.actor("host_desk_kg"), reason_code="no_capacity", reason_text="x"
        )
    work.drain()
    former = Message.objects.filter(kind="referral.former:referral.change_host")
    here = Membership.objects.filter(organisation_id=world.bishkek.pk, role="host_desk")
    assert {message.user_id for message in former} == set(here.values_list("user_id", flat=True))
    assert Message.objects.filter(kind="referral.staff:referral.change_host", user=desk).exists()
    second = actor_for_user(desk)
    assert second is not None
    actions.accept(referral.pk, by=second, **make.dates())
    with pytest.raises(IllegalTransition):
        actions.change_host(referral.pk, by=by, host_facility=world.bishkek, reason_text="Back.")


def test_a_draft_is_discarded_once_in_two_windows(world: World) -> None:
    draft = make.make_draft(world)
    client = signed_in(world)
    address = reverse("referrals:step", args=[draft.pk, "discard"])
    ask = client.get(address).content.decode()
    assert "Discard this draft?" in ask
    assert signed_in(world, "outsider").post(address, {"version": draft.version}).status_code == 404
    check = reverse("referrals:file_page", args=[draft.pk, "check"])
    assert address in client.get(check).content.decode()
    assert client.post(address, {"version": draft.version}).status_code == 302
    assert fresh(draft).state == "entered_in_error"
    again = client.post(address, {"version": draft.version}, follow=True)
    assert "The second click changed nothing" in again.content.decode()
    detail = client.get(reverse("referrals:detail", args=[draft.pk])).content.decode()
    assert detail.count("The draft was discarded") == 2, "as its state and in its history"
    for tab in ("mine", "others", "over"):
        page = client.get(f"{reverse('referrals:worklist')}?tab={tab}").content.decode()
        assert str(draft.pk) not in page
    patient = reverse("referrals:start") + f"?patient={draft.patient_id}"
    assert str(draft.pk) not in client.get(patient).content.decode()
    # The other window goes on typing: nothing comes back, and its text is kept.
    other = client.post(reverse("referrals:file_page", args=[draft.pk, "care"]), {"service": "Typed late"})
    assert other.status_code == 409
    api = make_api(world.facility_of("KZ"))
    second = make.make_draft(world)
    url = f"referrals/{second.pk}/"
    assert api.call("DELETE", url).status_code == 428
    assert api.call("DELETE", url, If_Match=f'"{second.version}"').status_code == 204
    assert fresh(second).state == "entered_in_error"
    filed = make.make_sent(world)
    refused = api.call("DELETE", f"referrals/{filed.pk}/", If_Match=f'"{filed.version}"')
    assert refused.status_code == 409
