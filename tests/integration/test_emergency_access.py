"""Opening a case in an emergency: who may, what they see and for how long, who is told, and the review."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.audit.models import AuditRow
from core.outbox import work
from core.outbox.models import Message
from core.permissions import Role
from disclosure.models import Disclosure, TransferPolicy
from patients.actions import withdraw_consent
from referrals.models import EmergencyAccess, Referral
from referrals.tasks import remind_of_emergency_reviews
from tests import clock
from tests.factories import referrals as make
from tests.factories.api import Api, make_api
from tests.factories.facilities import World, make_member
from tests.integration.filing_pages import signed_in
from tests.integration.patient_forms import text_of

pytestmark = pytest.mark.django_db
SAID = {"reason": "Unconscious after a fall.", "hours": "4"}


def closed_case(world: World) -> Referral:
    """A referral whose consent is withdrawn while the host has it."""
    referral = make.make_accepted(world)
    assert referral.consent is not None
    withdraw_consent(
        by=world.actor("clinician_kz"), patient_id=referral.patient_id, consent_id=referral.consent.pk
    )
    return referral


def session_api(world: World, name: str) -> Api:
    return Api(signed_in(world, name))


def test_a_person_of_the_treating_hospital_opens_it_for_hours_and_it_is_reviewed(world: World) -> None:
    with clock.set_to(clock.WEDNESDAY) as now:
        referral = closed_case(world)
        name, colleague = (
            referral.patient.family_name,
            make_member("colleague", world.bishkek.organisation, Role.HOST_DESK),
        )
        world.users["colleague"] = colleague
        detail = reverse("referrals:detail", args=[referral.pk])
        opens = reverse("referrals:emergency_open", args=[referral.pk])
        desk = signed_in(world, "host_desk_kg")
        assert opens in desk.get(detail).content.decode()
        assert name not in text_of(desk.get(opens))
        for wrong in (
            {},
            {"reason": " ", "hours": "4"},
            {"reason": "x", "hours": "25"},
            {"reason": "x", "hours": "-1"},
        ):
            assert desk.post(opens, wrong).status_code == 422, wrong
        assert not EmergencyAccess.objects.exists()
        assert desk.post(opens, SAID).status_code == 302
        page = text_of(desk.get(detail))
        assert name in page
        assert "Unconscious after a fall." in page
        row = Disclosure.objects.filter(subject_id=str(referral.pk), clinical=True).first()
        assert row is not None
        assert (row.basis, row.patients) == (["break_glass"], [referral.patient_id])
        audit = AuditRow.objects.filter(action="referral.emergency_opened")
        assert set(audit.values_list("country", flat=True)) == {"KZ", "KG"}
        assert desk.post(opens, SAID).status_code == 409
        # It is this person's alone, on this case alone.
        assert name not in text_of(signed_in(world, "colleague").get(detail))
        assert make_api(world.bishkek).get(f"referrals/{referral.pk}/").data["clinical"] is None
        assert (
            session_api(world, "host_desk_kg").get(f"referrals/{referral.pk}/").data["clinical"] is not None
        )
        assert name not in text_of(desk.get(f"{reverse('referrals:desk')}?part=preparation"))
        assert name not in text_of(signed_in(world, "officer_kg").get(detail))
        assert "Unconscious" not in text_of(signed_in(world, "officer_kg").get(detail))
        work.drain()
        told = set(
            Message.objects.filter(kind__endswith="emergency_opened").values_list("user__username", flat=True)
        )
        assert {"officer_kz", "coordinator_kz", "officer_kg", "clinician_kz", None} <= told, (
            "None is the patient"
        )

        # The review: the directing ministry's, once, found in a list, overdue after a day.
        officer, waits = signed_in(world, "officer_kz"), reverse("referrals:emergency_accesses")
        assert str(referral.number) in text_of(officer.get(waits))
        assert str(referral.number) not in text_of(signed_in(world, "officer_kg").get(waits))
        assert remind_of_emergency_reviews() == 0
        now.go_on(timedelta(hours=5))
        assert name not in text_of(signed_in(world, "host_desk_kg").get(detail)), "the time is over"
        now.go_on(timedelta(hours=20))
        assert "Review overdue" in text_of(signed_in(world, "officer_kz").get(waits))
        assert [remind_of_emergency_reviews(), remind_of_emergency_reviews()] == [1, 0]
        opened = EmergencyAccess.objects.get()
        api, path = (
            session_api(world, "officer_kz"),
            f"referrals/{referral.pk}/emergency-accesses/{opened.pk}/review/",
        )
        assert api.post(path, {"verdict": "fine", "review_text": "x"}).status_code == 422
        for other in ("officer_kg", "clinician_kz", "host_desk_kg"):
            said = {"verdict": "justified", "review_text": "x"}
            assert session_api(world, other).post(path, said).status_code == 403, other
        review = reverse("referrals:emergency_review", args=[referral.pk, opened.pk])
        officer = signed_in(world, "officer_kz")
        assert "Unconscious after a fall." in text_of(officer.get(review))
        assert (
            officer.post(review, {"verdict": "not_justified", "review_text": "He could speak."}).status_code
            == 302
        )
        assert officer.post(review, {"verdict": "justified", "review_text": "x"}).status_code == 409
        assert "He could speak." in text_of(signed_in(world, "clinician_kz").get(detail))
        (told_of,) = (
            session_api(world, "officer_kz").get(f"referrals/{referral.pk}/").data["emergency_accesses"]
        )
        assert (told_of["verdict"], told_of["reason"]) == ("not_justified", "Unconscious after a fall.")
        with pytest.raises(DatabaseError), transaction.atomic():
            EmergencyAccess.objects.update(reason="Another one.")


def test_nobody_else_opens_it_and_the_law_goes_before_it(world: World) -> None:
    open_one, referral = make.make_accepted(world), closed_case(world)
    path, said = f"referrals/{referral.pk}/emergency-accesses/", {"reason": "x", "hours": 4}
    for name, status in (
        ("outsider", 404),  # a stranger learns not even that there is one
        ("host_desk_uz", 404),
        ("clinician_kz", 403),
        ("officer_kz", 403),
        ("officer_kg", 403),
    ):
        assert session_api(world, name).post(path, said).status_code == status, name
    assert make_api(world.bishkek).post(path, said).status_code == 403, "a system is no person"
    desk = session_api(world, "host_desk_kg")
    assert desk.post(path, {"reason": "x", "hours": 25}).status_code == 422
    assert desk.post(path, {"reason": "x", "hours": 0}).status_code == 422
    assert desk.post(path, {"hours": 1}).status_code == 422
    already = desk.post(f"referrals/{open_one.pk}/emergency-accesses/", said)
    assert (already.status_code, already.data["code"]) == (409, "open_already")
    TransferPolicy.objects.filter(purpose="emergency").update(kinds=[])
    assert desk.post(path, said).data["code"] == "law_forbids"
    TransferPolicy.objects.filter(purpose="emergency").update(kinds=["care"])
    opened = desk.post(path, said, Idempotency_Key="one")
    assert (opened.status_code, opened.data["kinds"]) == (201, ["care"])
    # A declined referral is nobody's to open.
    declined = make.make_sent(world)
    desk.step(declined, "decline", {"reason_code": "no_capacity", "reason_text": "x"})
    assert desk.post(f"referrals/{declined.pk}/emergency-accesses/", said).status_code == 403
    assert EmergencyAccess.objects.count() == 1
