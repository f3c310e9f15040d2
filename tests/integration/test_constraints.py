"""The database itself refuses illegal states, whoever writes: constraints and triggers, tried by plain SQL and ORM."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from core.audit.models import AuditRow
from core.outbox.models import Event, Job, Message
from patients.models import Consent
from referrals.models import Appointment, Authorisation, InformationRequest, Referral, StatusChange
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.factories.situations import SITUATIONS

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


@contextmanager
def refused(name: str) -> Iterator[None]:
    """The block breaks the constraint of that name."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        yield
    assert name in str(error.value)


def change(referral: Referral, **values: Any) -> None:
    Referral.objects.filter(pk=referral.pk).update(**values)


def decide(referral: Referral, **values: Any) -> None:
    Authorisation.objects.filter(referral=referral).update(**values)


def test_one_active_referral_for_a_patient_and_care(world: World) -> None:
    first = make.make_submitted(world)
    second = make.make_draft(world, patient=first.patient)
    filed = {
        "number": "KZ-99-000001",
        "submitted_at": timezone.now(),
        "agreement": first.agreement,
        "agreement_version": first.agreement_version,
        "state": "submitted",
    }
    with refused("one_active_referral_per_patient_and_care"):
        change(second, **filed)
    change(first, state="withdrawn", over_at=timezone.now())
    change(second, **filed)  # the first one is over: the way is free


def test_a_filed_referral_is_complete_and_crosses_a_border(world: World) -> None:
    draft, filed = make.make_draft(world), make.make_submitted(world)
    with refused("filed_referral_is_complete"):
        change(draft, state="submitted")
    for field in ("number", "submitted_at", "host_facility", "specialty", "diagnosis", "agreement"):
        with refused("filed_referral_is_complete"):
            change(filed, **{field: None})
    with refused("filed_referral_has_consent_or_ground"):
        change(filed, consent=None)
    with refused("referral_crosses_a_border"):
        change(filed, host_country_id="KZ")
    with refused("referral_"):  # breaks more than one rule
        change(filed, state="nowhere")
    change(filed, consent=None, priority="stat", emergency_ground="Unconscious.")


def test_states_and_dates_agree(world: World) -> None:
    referral = make.make_submitted(world)
    with refused("referral_with_the_host_was_sent"):
        change(referral, state="accepted")
    with refused("referral_over_has_its_date"):
        change(referral, state="withdrawn")
    with refused("referral_over_has_its_date"):
        change(referral, over_at=timezone.now())
    with refused("estimate_has_a_currency"):
        change(referral, estimate_amount=100)
    with refused("estimate_has_a_currency"):
        change(referral, estimate_amount=0, estimate_currency="KZT")
    change(referral, state="withdrawn", over_at=timezone.now(), estimate_amount=100, estimate_currency="KZT")


def test_a_decision_has_an_officer_a_date_and_reasons(world: World) -> None:
    referral = make.make_sent(world)
    for missing in ({"decided_at": None}, {"decided_by": None}, {"reason_text": ""}):
        with refused("decision_has_officer_date_and_reason"):
            decide(referral, **missing)
    for missing in ({"valid_from": None}, {"facility": None}):
        with refused("grant_has_dates_and_facility"):
            decide(referral, **missing)
    with refused("authorisation_dates_in_order"):
        decide(referral, valid_until=timezone.localdate() - timedelta(days=400))
    with refused("stopped_clock_has_its_time"):
        decide(referral, stopped_at=timezone.now())
    with refused("ceiling_has_a_currency"):
        decide(referral, ceiling_amount=5)
    with refused("review_has_officer_date_and_text"):
        decide(referral, review_text="Looked at.")
    with refused("authorisation_state_known"):
        decide(referral, state="perhaps")
    decide(referral, ceiling_amount=5, ceiling_currency="KZT")


def test_one_open_request_for_information(world: World) -> None:
    referral = SITUATIONS["asked"](world)
    officer = world.users["officer_kz"]
    with refused("one_open_request_for_information"):
        InformationRequest.objects.create(
            referral=referral, asked_at=timezone.now(), asked_by=officer, asked_by_label="x"
        )
    with refused("answer_has_time_and_person"):
        referral.information_requests.update(answered_at=timezone.now())
    referral.information_requests.update(answered_at=timezone.now(), answered_by_label="Test")


def test_one_place_has_one_patient_at_a_time(world: World) -> None:
    first, second = make.make_accepted(world), make.make_accepted(world)
    start = timezone.now() + timedelta(days=3)
    shared: dict[str, Any] = {"facility": world.bishkek, "place": "Bed 4", "offered_by_label": "Test"}
    for referral in (first, second):
        referral.appointments.update(active=False)
    kept = Appointment.objects.create(referral=first, period=(start, start + timedelta(days=2)), **shared)
    overlapping = (start + timedelta(days=1), start + timedelta(days=3))
    with refused("no_two_patients_in_one_place_at_once"):
        Appointment.objects.create(referral=second, period=overlapping, **shared)
    with refused("one_active_appointment"):
        Appointment.objects.create(referral=first, period=overlapping, **(shared | {"place": "Bed 5"}))
    with refused("appointment_has_both_ends"):
        Appointment.objects.create(referral=second, period=(start, None), **(shared | {"place": "Bed 6"}))
    touching = (start + timedelta(days=2), start + timedelta(days=4))  # one leaves as the other comes
    Appointment.objects.create(referral=second, period=touching, **shared)
    Appointment.objects.filter(pk=kept.pk).update(active=False)


@pytest.mark.parametrize("model", [StatusChange, AuditRow])
def test_history_and_audit_rows_are_append_only(model: Any, world: World) -> None:
    make.make_submitted(world)
    row = model.objects.order_by("id").first()
    table = model._meta.db_table
    label = "by_label" if model is StatusChange else "actor_label"
    attempts = [
        lambda: model.objects.filter(pk=row.pk).update(**{label: "Somebody else"}),
        lambda: row.delete(),
        lambda: row.save(),
        lambda: connection.cursor().execute(f"UPDATE {table} SET {label} = 'x' WHERE id = %s", [row.pk]),
        lambda: connection.cursor().execute(f"DELETE FROM {table}"),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError, match=r"Cannot (update|delete)"), transaction.atomic():
            attempt()
    assert model.objects.filter(pk=row.pk).exists()


def test_a_consents_terms_are_fixed_and_its_withdrawal_is_final(world: World) -> None:
    consent = make.make_submitted(world).consent
    assert consent is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(recipient_country_id="UZ")
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).delete()
    Consent.objects.filter(pk=consent.pk).update(withdrawn_at=timezone.now(), withdrawn_by_label="Test")
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(withdrawn_at=None, withdrawn_by_label="")


def test_effects_are_single(world: World) -> None:
    referral = make.make_submitted(world)
    event = Event.objects.filter(subject_id=str(referral.pk)).first()
    assert event is not None
    job = event.jobs.first()
    assert job is not None
    with refused("job_once"):
        Job.objects.create(event=event, handler=job.handler, key=job.key)
    with refused("job_finished_or_failed"):
        Job.objects.filter(pk=job.pk).update(finished_at=timezone.now(), failed_at=timezone.now())
    words: dict[str, Any] = {"event": event, "kind": "referral.staff:referral.submit", "language": "ru"}
    person = world.users["officer_kz"]
    Message.objects.create(**words, recipient="user:1", channel="inbox", user=person)
    with refused("message_once"):
        Message.objects.create(**words, recipient="user:1", channel="inbox", user=person)
    with refused("inbox_has_a_user"):
        Message.objects.create(**words, recipient="user:2", channel="inbox")
    with refused("sent_message_has_an_address"):
        Message.objects.create(**words, recipient="user:1", channel="email")
