"""Two records of one person are merged by a person, and parted again: what comes over, what refuses, what is undone."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.actors import SYSTEM
from core.audit.models import AuditRow
from core.errors import Denied, IllegalTransition, Invalid, Moved, NotKnown, Stale
from core.outbox import work
from core.outbox.models import Message
from patients import access, actions
from patients.cleaning import PersonFields
from patients.comparing import APART, UNITS
from patients.lookup import known_anywhere
from patients.models import Coverage, Identifier, Merge, Patient, Registration
from patients.models.standing import STANDS
from patients.relations import RELATIONS, STAYS
from referrals import actions as referral_actions
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.factories.merging import BORN, merge, record, state, undo
from tests.factories.patients import make_consent, make_coverage

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


def test_every_relation_to_a_patient_and_every_field_has_a_rule() -> None:
    known = {(rule.name, rule.field) for rule in RELATIONS.values()} | STAYS
    found = {
        (model._meta.label_lower, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is Patient
    }
    assert found == known, "say in a `patients.relations.Relation` what becomes of it in a merge"
    standing = {
        model._meta.label_lower
        for model in apps.get_models()
        if any(trigger.name == STANDS for trigger in getattr(model._meta, "triggers", []))
    }
    assert standing == {*RELATIONS}, "a row could come to a record that was merged"
    of_units = {name.removesuffix("_id") for unit in UNITS for name in unit.fields} - {"birth_precision"}
    assert of_units | {*APART} == {*PersonFields.__annotations__}


def test_all_comes_over_and_all_goes_back(world: World) -> None:
    clinician = world.actor("clinician_kz")
    make.make_agreement()
    survivor = record(world, identifiers=[("kz-iin", "", "850706499020")], phone="+77010000001", email="")
    merged = record(
        world,
        identifiers=[("passport", "KZ", "N10000007")],
        patronymic="Серікқызы",
        phone="+77010000002",
        email="test@example.org",
    )
    coverage = make_coverage(clinician, merged, world.funds["KZ"].pk)
    actions.correct_coverage(by=clinician, patient_id=merged.pk, coverage_id=coverage.pk, number="77")
    over = make_consent(clinician, merged, "UZ")
    actions.withdraw_consent(by=clinician, patient_id=merged.pk, consent_id=over.pk)
    referral = make.make_in_review(world, patient=merged)
    draft = make.make_draft(world, patient=survivor)
    Registration.objects.create(patient=merged, facility=world.taraz)
    work.drain()
    before = state(survivor, merged)
    told = Message.objects.filter(recipient=f"patient:{merged.pk}").count()
    assert told

    with pytest.raises(Invalid) as asked:
        merge(world, survivor, merged)
    assert set(asked.value.fields) == {"choices.phone"}
    done = merge(world, survivor, merged, choices={"phone": "merged"})
    survivor.refresh_from_db()
    assert (survivor.patronymic, survivor.phone, survivor.email) == (
        "Серікқызы",
        "+77010000002",
        "test@example.org",
    )
    assert "seriq" in survivor.name_key or "serik" in survivor.name_key
    assert {row.system for row in survivor.identifiers.all()} == {"kz-iin", "passport"}
    assert (survivor.coverages.count(), survivor.consents.filter(withdrawn_at__isnull=False).count()) == (
        2,
        1,
    )
    assert {*survivor.referrals.values_list("pk", flat=True)} == {referral.pk, draft.pk}
    assert {row.facility for row in survivor.registrations.all()} == {world.korday, world.taraz}
    assert [rule.name for rule in RELATIONS.values() if rule.of(merged).exists()] == ["patients.registration"]
    assert Message.objects.filter(recipient=f"patient:{survivor.pk}").count() == told
    # Nobody finds the other record any more, and whoever has its address is led on.
    assert [*access.search_patients(clinician, "Тестова")] == [survivor]
    known = known_anywhere(("passport", "KZ", "N10000007"))
    assert {(one.patient_id, one.proves) for one in known} == {(survivor.pk, survivor.born)}
    for who in ("clinician_kz", "outsider"):
        with pytest.raises(Moved) as led:
            access.get_visible(world.actor(who), merged.pk)
        assert led.value.new == str(survivor.pk)
    with pytest.raises(NotKnown) as nothing:
        access.get_visible(world.actor("clinician_uz"), merged.pk)
    assert not isinstance(nothing.value, Moved)
    # An audit row for each country that either record concerns: where it is known, and where it is referred to.
    rows = AuditRow.objects.filter(action="patient.merged", subject_id=str(survivor.pk))
    assert sorted(rows.values_list("country", flat=True)) == ["KG", "KZ"]
    assert AuditRow.objects.filter(action="patient.merged", subject_id=str(merged.pk)).count() == 2
    work.drain()
    inbox = Message.objects.filter(channel="inbox")
    assert {*inbox.filter(kind="patients.patient.merged").values_list("user__username", flat=True)} == {
        world.users["outsider"].username
    }
    assert inbox.filter(
        kind="referral.staff:referral.patient_merged", user=world.users["officer_kz"]
    ).exists()

    # The hospital that was told may undo it as well.
    undo(world, done, by="outsider")
    assert state(survivor, merged) == before
    assert Message.objects.filter(recipient=f"patient:{merged.pk}").count() == told
    assert AuditRow.objects.filter(action="patient.merge_undone", subject_id=str(survivor.pk)).count() == 2
    work.drain()
    assert inbox.filter(kind="patients.patient.merge_undone", user=world.users["clinician_kz"]).exists()
    with pytest.raises(IllegalTransition) as twice:
        undo(world, done)
    assert twice.value.code == "undone"
    assert merge(world, merged, survivor, choices={"phone": "survivor"}).survivor == merged, (
        "the other way round"
    )


def test_what_stands_against_a_merge(world: World) -> None:
    number = [("kz-iin", "", "850706499020")]
    one = record(world, identifiers=number)
    make.make_agreement()
    today = timezone.localdate()
    for code, other in {
        "two_national_numbers": record(world, identifiers=[("kz-iin", "", "850706499139")]),
        "born_differently": record(world, birth_date=BORN + timedelta(days=1)),
        "one_is_dead": record(world, deceased_on=today),
        "one_is_synthetic": record(world, is_synthetic=False),
    }.items():
        with pytest.raises(IllegalTransition) as refused:
            merge(world, one, other)
        assert refused.value.code == code
    assert not Merge.objects.exists()
    # An estimate and a part of a date contradict nothing that agrees with them; the better one stands.
    estimate = record(world, birth_date=date(1990, 1, 1), birth_date_estimated=True)
    merge(world, estimate, one)
    estimate.refresh_from_db()
    assert (estimate.birth_date, estimate.birth_date_estimated) == (BORN, False)
    # The same care is active once for a person, a draft may be filed for it still.
    second = record(world)
    make.make_in_review(world, patient=estimate)
    referral = make.make_in_review(world, patient=second)
    with pytest.raises(IllegalTransition) as twice:
        merge(world, estimate, second)
    assert twice.value.code == "two_active_referrals"
    referral_actions.withdraw(referral.pk, by=world.actor("clinician_kz"), reason_code="not_needed")
    merge(world, estimate, second)


def test_who_may_and_what_is_no_pair(world: World) -> None:
    one, other = record(world), record(world)
    elsewhere = record(world, by="outsider")
    for by in (SYSTEM, world.actor("officer_kz"), world.actor("host_desk_kg")):
        with pytest.raises(Denied):
            actions.merge_patients(
                by=by,
                survivor_id=one.pk,
                merged_id=other.pk,
                survivor_version=1,
                merged_version=1,
                ground="said",
                choices={},
            )
    # Of two hospitals' records the one that isn't one's own is not there, until it is linked by number and birth.
    for pair in ((one, elsewhere), (elsewhere, one)):
        with pytest.raises(NotKnown):
            merge(world, *pair)
    with pytest.raises(Invalid) as same:
        merge(world, one, one)
    assert same.value.code == "same_record"
    for wrong, error in (
        ({"survivor_version": 7}, Stale),
        ({"merged_version": 7}, Stale),
        ({"ground": "whim"}, Invalid),
        ({"choices": {"name": "both"}}, Invalid),
        ({"choices": {"shoe_size": "merged"}}, Invalid),
        ({"decided_by": "x" * 201}, Invalid),
    ):
        with pytest.raises(error):
            merge(world, one, other, **wrong)
    assert not Merge.objects.exists()


def test_a_chain_leads_to_its_end_and_is_parted_from_there(world: World) -> None:
    first, second, third = record(world), record(world), record(world)
    early = merge(world, second, first)
    for pair in (
        (second, first),
        (third, first),
        (first, third),
    ):  # merged once more, or into what was merged
        with pytest.raises(Moved):
            merge(world, *pair)
    late = merge(world, third, second)
    clinician = world.actor("clinician_kz")
    for gone in (first, second):
        with pytest.raises(Moved) as led:
            access.get_visible(clinician, gone.pk)
        assert led.value.new == str(third.pk)
    assert third.identifiers.count() == 3
    with pytest.raises(Moved):
        undo(world, early)
    undo(world, late)
    undo(world, early)
    assert [one.identifiers.count() for one in (first, second, third)] == [1, 1, 1]
    assert access.visible_patients(clinician).count() == 3


def test_nothing_comes_to_a_record_that_was_merged(world: World) -> None:
    survivor, merged = record(world), record(world)
    consent = make_consent(world.actor("clinician_kz"), merged, "KG")
    referral = make.make_draft(world, patient=survivor)
    merge(world, survivor, merged)
    attempts: list[Any] = [
        lambda: Identifier.objects.create(patient=merged, system="passport", country="KZ", value="N1234567"),
        lambda: Registration.objects.create(patient=merged, facility=world.taraz),
        lambda: Coverage.objects.create(
            patient=merged, kind="self", valid_from=BORN, checked_on=BORN, source="stated"
        ),
        lambda: Referral.objects.filter(pk=referral.pk).update(patient=merged),
        lambda: consent.__class__.objects.filter(pk=consent.pk).update(patient=merged),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            attempt()
        assert refused.value.__cause__.diag.constraint_name == STANDS  # type: ignore[union-attr]
    # And a consent goes nowhere without a merge.
    third = record(world)
    with pytest.raises(Exception, match="with a merge alone"), transaction.atomic():
        consent.__class__.objects.filter(pk=consent.pk).update(patient=third)
