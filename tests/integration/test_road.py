"""The whole road by actions, on the real database."""

import pytest

from core.audit.models import AuditRow
from core.errors import Denied, IllegalTransition, NotKnown, Stale
from core.outbox import work
from core.outbox.models import Message
from referrals import actions
from referrals.models import Referral, StatusChange
from tests.factories import referrals as make
from tests.factories.facilities import World


@pytest.mark.django_db
def test_a_referral_walks_the_whole_road(world: World) -> None:
    clinician, officer = world.actor("clinician_kz"), world.actor("officer_kz")
    desk, outsider = world.actor("host_desk_kg"), world.actor("outsider")
    referral = actions.submit(make.make_draft(world).pk, by=clinician)
    assert referral.number is not None and referral.number.startswith("KZ-")
    with pytest.raises(NotKnown):
        actions.withdraw(referral.pk, by=outsider, reason_code="patient_wish")
    with pytest.raises(NotKnown):
        actions.accept(referral.pk, by=desk, **make.dates())

    work.drain()
    referral = Referral.objects.get(pk=referral.pk)
    assert referral.state == "in_review"
    assert referral.checks.get().results.count() == 10
    with pytest.raises(Denied):
        actions.grant(referral.pk, by=clinician, reason_code="undue_delay", reason_text="x", **make.window())
    with pytest.raises(Stale):
        actions.request_information(referral.pk, by=officer, questions=["Fit for the road?"], version=1)
    actions.request_information(referral.pk, by=officer, questions=["Fit for the road?"])
    actions.answer(referral.pk, by=clinician, answers={1: "Yes, by ambulance."})
    work.drain()
    granted = actions.grant(
        referral.pk, by=officer, reason_code="undue_delay", reason_text="Too long a wait.", **make.window()
    )
    assert granted.state == "sent" and granted.authorisation.state == "granted"
    with pytest.raises(IllegalTransition) as refused:
        actions.admit(referral.pk, by=desk)
    assert refused.value.allowed == ["accept", "decline"]
    actions.accept(referral.pk, by=desk, **make.dates())
    actions.schedule(referral.pk, by=desk, place="Bed 4", **make.dates(9))
    actions.admit(referral.pk, by=desk)
    actions.discharge(referral.pk, by=desk, **make.summary())
    closed = actions.close(referral.pk, by=clinician)
    assert closed.state == "closed" and closed.over_at is not None
    work.drain()

    events = list(
        StatusChange.objects.filter(referral=referral, machine="referral").values_list("event", flat=True)
    )
    assert events == [
        "submit",
        "begin_screening",
        "finish_screening",
        "request_information",
        "answer",
        "finish_screening",
        "send",
        "accept",
        "schedule",
        "admit",
        "discharge",
        "close",
    ]
    assert AuditRow.objects.filter(subject_id=str(referral.pk), action="referral.accept").count() == 1
    assert (
        Message.objects.filter(recipient=f"user:{desk.user_id}", kind="referral.staff:referral.send").count()
        == 2
    )
